"""How `jazzgen train` handles each kind of model: options, data, training, messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jazzgen.cli.progress import ProgressBar
from jazzgen.corpus import Corpus
from jazzgen.corpus.split import Split
from jazzgen.errors import OptionError
from jazzgen.learning.grammar import training
from jazzgen.learning.options import BassFitOptions, FitOptions, SoloistFitOptions, TouchFitOptions
from jazzgen.learning.soloist import training as training_soloist
from jazzgen.learning.soloist.bundle import Config, load_soloist

if TYPE_CHECKING:  # they bring TensorFlow
    from jazzgen.learning.grammar.fit import State
    from jazzgen.learning.soloist.fit import SoloistState

# Going on from a trained soloist takes few epochs and small steps, so that it does not forget; set by hand.
_TUNING: dict[str, Any] = {"epochs": 6, "learning_rate": 0.001}
MAX_UNITS = 4096  # set by hand


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as the user gave them; None for the kind's default."""

    base: Path | None
    epochs: int | None
    patience: int | None
    units: int | None
    tx: int | None
    grid: int | None
    batch_size: int | None
    learning_rate: float | None
    validation: float
    seed: int

    def given(self, *names: str) -> dict[str, Any]:
        """Return those of the named options that were given."""
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True)
class Job:
    """How to train one kind of model.

    Attributes:
        options: of the training.
        build: makes the data from a corpus and a split or None.
        train: trains on data into a folder with options; returns the report.
        is_trained: tells if nothing is left to do in a folder.
        show: shows an epoch on a progress bar.
        summary: makes a line from folder and report.
        curve: returns losses, held-out losses and their unit from a report.
        solos: whether `jazzgen generate --model` plays solos with it.
    """

    options: FitOptions | SoloistFitOptions | BassFitOptions | TouchFitOptions
    build: Callable[[Corpus, Split | None], Any]
    train: Callable[..., dict[str, Any]]
    is_trained: Callable[[Path], bool]
    show: Callable[..., None]
    summary: Callable[[Path, Mapping[str, Any]], str]
    curve: Callable[[Mapping[str, Any]], tuple[list[float], list[float | None], str]]
    solos: bool = True

    @property
    def batch_size(self) -> int:
        return self.options.batch_size


def grammar_job(asked: Asked) -> Job:
    """Return the job for a grammar model."""
    fit_options = FitOptions(**asked.given("epochs", "batch_size", "learning_rate", "patience", "seed"))
    data_options = training.DataOptions(**asked.given("units", "tx", "grid", "validation", "seed"))
    return Job(
        fit_options,
        lambda corpus, split: training.build_data(corpus, data_options, split),
        training.train,
        partial(training.is_trained, options=fit_options if asked.epochs else None),
        _show_grammar,
        _grammar_summary,
        _grammar_curve,
    )


def soloist_job(asked: Asked) -> Job:
    """Return the job for a soloist.

    Raises:
        OptionError: when options do not go together, or are out of range.
    """
    refuse(asked.given("patience", "grid"), "a soloist")
    if asked.base:
        refuse(asked.given("units"), "a soloist that goes on from another")
    require_in_range(asked)
    base = load_soloist(asked.base) if asked.base else None
    given = asked.given("epochs", "tx", "batch_size", "learning_rate", "seed")
    sizes = Config(n_a=asked.units) if asked.units else Config()
    build = partial(training_soloist.build_soloist_data, sizes=sizes, validation=asked.validation, seed=asked.seed)
    return Job(
        SoloistFitOptions(**(_TUNING if base else {}) | given),
        lambda corpus, split: build(corpus, split=split, base=base),
        training_soloist.train_soloist,
        training_soloist.is_trained,
        _show_soloist,
        _soloist_summary,
        _soloist_curve,
    )


def require_in_range(asked: Asked) -> None:
    """Raise OptionError for a share of held-out tunes, or a number of units, that cannot be."""
    if not 0 <= asked.validation < 1:
        raise OptionError(f"validation {asked.validation:g}: the share of tunes to hold out is 0 to below 1")
    if asked.units is not None and not 1 <= asked.units <= MAX_UNITS:
        raise OptionError(f"units {asked.units}: they are 1 to {MAX_UNITS}")


def refuse(given: Mapping[str, Any], what: str) -> None:
    for name in given:
        raise OptionError(f"--{name.replace('_', '-')}: {what} has no such option; leave it out")


def _show_grammar(bar: ProgressBar, state: "State") -> None:
    last = state.history[-1]
    bar.update(last.number, f"{last.loss:.3f}", None if last.validation is None else f"{last.validation:.3f}")


def _grammar_summary(out: Path, report: Mapping[str, Any]) -> str:
    held_out = report["validation_loss"]
    quality = f"{held_out:.3f} on tunes held out" if held_out is not None else "no tunes held out"
    return (
        f"Trained {out}: {report['notes']} notes of {report['files']} pieces, {report['n_values']} tokens, "
        f"best epoch {report['best_epoch']} of {report['epochs']}, loss {report['loss']:.3f} ({quality})."
    )


def _show_soloist(bar: ProgressBar, state: "SoloistState") -> None:
    last = state.history[-1]
    held_out = None if last.validation is None else f"{sum(last.validation):.3f}"
    bar.update(last.number, f"{sum(last.training):.3f}", held_out)


def _soloist_summary(out: Path, report: Mapping[str, Any]) -> str:
    held_out = report["held_out"]
    before = report["before"]
    quality = "no tunes held out"
    if held_out:
        parts = ", ".join(f"{part} {held_out[f'{part}_bits']:.3f}" for part in ("ioi", "pitch", "duration"))
        was = f", {before['total_bits']:.3f} before" if before else ""
        quality = f"{held_out['total_bits']:.3f} bits a note on tunes held out{was} ({parts})"
    return (
        f"Trained {out}: {report['notes']} notes of {report['files']} pieces, best epoch {report['best_epoch']} of "
        f"{len(report['history'])}, {quality}."
    )


def _grammar_curve(report: Mapping[str, Any]) -> tuple[list[float], list[float | None], str]:
    history = report["history"]
    return [epoch["loss"] for epoch in history], [epoch["validation"] for epoch in history], "nats a token"


def _soloist_curve(report: Mapping[str, Any]) -> tuple[list[float], list[float | None], str]:
    history = report["history"]
    held_out = [sum(epoch["validation"]) if epoch["validation"] else None for epoch in history]
    return [sum(epoch["training"]) for epoch in history], held_out, "bits a note"

"""How `jazzgen train` handles a bassist: options, data, training, messages."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jazzgen.cli.progress import ProgressBar
from jazzgen.cli.train_kinds import Asked, Job, refuse, require_in_range
from jazzgen.learning.bass import training
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.options import BassFitOptions

if TYPE_CHECKING:  # it brings TensorFlow
    from jazzgen.learning.bass.fit import BassState


def bass_job(asked: Asked) -> Job:
    """Return the job for a bassist.

    Raises:
        OptionError: when options do not go together, or are out of range.
    """
    refuse(asked.given("patience", "grid"), "a bassist")
    require_in_range(asked)
    sizes = BassConfig(n_a=asked.units) if asked.units else BassConfig()
    build = partial(training.build_bass_data, sizes=sizes, validation=asked.validation, seed=asked.seed)
    return Job(
        BassFitOptions(**asked.given("epochs", "tx", "batch_size", "learning_rate", "seed")),
        lambda corpus, split: build(corpus, split=split),
        training.train_bass,
        training.is_trained,
        _show,
        _summary,
        _curve,
        solos=False,
    )


def _show(bar: ProgressBar, state: "BassState") -> None:
    last = state.history[-1]
    bar.update(last.number, f"{last.training:.3f}", None if last.validation is None else f"{last.validation:.3f}")


def _summary(out: Path, report: Mapping[str, Any]) -> str:
    held_out = report["held_out"]
    quality = f"{held_out['bassist']:.3f} bits a beat on tunes held out" if held_out["beats"] else "no tunes held out"
    return (
        f"Trained {out}: {report['beats']} bass notes of {report['files']} pieces, best epoch {report['best_epoch']} "
        f"of {len(report['history'])}, {quality}."
    )


def _curve(report: Mapping[str, Any]) -> tuple[list[float], list[float | None], str]:
    history = report["history"]
    return [epoch["training"] for epoch in history], [epoch["validation"] for epoch in history], "bits a beat"

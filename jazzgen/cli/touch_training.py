"""How `jazzgen train` handles a model of touch: options, data, training, messages."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jazzgen.cli.progress import ProgressBar
from jazzgen.cli.train_kinds import Asked, Job, refuse, require_in_range
from jazzgen.learning.options import TouchFitOptions
from jazzgen.learning.touch import training
from jazzgen.learning.touch.bundle import Config

if TYPE_CHECKING:  # it brings TensorFlow
    from jazzgen.learning.touch.fit import TouchState


def touch_job(asked: Asked) -> Job:
    """Return the job for a model of touch.

    Raises:
        OptionError: when options do not go together, or are out of range.
    """
    refuse(asked.given("patience", "grid"), "touch")
    require_in_range(asked)
    sizes = Config(n_a=asked.units, n_d=asked.units) if asked.units else Config()
    build = partial(training.build_touch_data, sizes=sizes, validation=asked.validation, seed=asked.seed)
    return Job(
        TouchFitOptions(**asked.given("epochs", "tx", "batch_size", "learning_rate", "seed")),
        lambda corpus, split: build(corpus, split=split),
        training.train_touch,
        training.is_trained,
        _show,
        _summary,
        _curve,
        solos=False,
    )


def _show(bar: ProgressBar, state: "TouchState") -> None:
    last = state.history[-1]
    held_out = None if last.validation is None else f"{sum(last.validation):.3f}"
    bar.update(last.number, f"{sum(last.training):.3f}", held_out)


def _summary(out: Path, report: Mapping[str, Any]) -> str:
    held_out = report["held_out"]
    quality = "no tunes held out"
    if held_out:
        parts = (f"{name.replace('late_ms', 'lateness')} {held_out['bits'][name]:.3f}" for name in report["measured"])
        quality = f"bits a note on tunes held out: {', '.join(parts)}"
    return (
        f"Trained {out}: {report['notes']} notes of {report['files']} pieces, best epoch {report['best_epoch']} of "
        f"{len(report['history'])}, {quality}."
    )


def _curve(report: Mapping[str, Any]) -> tuple[list[float], list[float | None], str]:
    history = report["history"]
    held_out = [None if epoch["validation"] is None else sum(epoch["validation"]) for epoch in history]
    return [sum(epoch["training"]) for epoch in history], held_out, "bits a note"

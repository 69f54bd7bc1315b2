"""Critics: how far a solo's figures lie from those of the solos that people played, to choose among takes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from jazzgen.errors import OptionError, ScoreError
from jazzgen.metrics.figures import FIGURE_LABELS, measure
from jazzgen.metrics.line import Line
from jazzgen.music.score import Score

Human = Mapping[str, tuple[float, float]]
# What the changes and the performance decide, and not the notes.
_NOT_JUDGED = ("chord_irregularity", "swing_ratio")
# Further out than this is all the same: else one odd figure would drown the others.
_FURTHEST = 5.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the critics say of a solo.

    Attributes:
        distance: mean over the figures of how far each lies from the human mean, in human standard deviations.
        figures: by name; NaN where the solo is too short for one.
        bits: mean surprise of the model at a choice.
    """

    distance: float
    figures: Mapping[str, float]
    bits: float


def check_human(human: Human | None, model: str) -> Human:
    """The figures of human solos that a model carries; OptionError if it has none that can be judged by."""
    if not human or not any(sd > 0 for _, sd in human.values()):
        raise OptionError(
            f"model '{model}' holds no figures of human solos to choose by; train it anew, or take one solo"
        )
    return human


def judge(score: Score, human: Human, log_probability: float) -> Verdict:
    """Measures a solo as written; `log_probability` is the mean of its choices."""
    try:
        figures = asdict(measure(Line.of(score)))
    except ScoreError:  # too few notes
        figures = dict.fromkeys(FIGURE_LABELS, np.nan)
    apart = [
        min(abs(figures[name] - mean) / sd, _FURTHEST)
        for name, (mean, sd) in human.items()
        if name in figures and name not in _NOT_JUDGED and sd > 0 and not np.isnan(figures[name])
    ]
    return Verdict(float(np.mean(apart)) if apart else np.inf, figures, -log_probability / np.log(2))

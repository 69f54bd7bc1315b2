"""Critics: rank takes by how far their figures are from those of human solos."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from jazzgen.errors import OptionError, ScoreError
from jazzgen.metrics.figures import FIGURE_LABELS, measure
from jazzgen.metrics.line import Line
from jazzgen.music.score import Score

Human = Mapping[str, tuple[float, float]]
# Figures that the changes and the performance decide, not the notes.
_NOT_JUDGED = ("chord_irregularity", "swing_ratio")
# Standard deviations at which a figure's distance is clipped, so that one odd figure does not dominate; set by hand.
_FURTHEST = 5.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the critics say of a solo.

    Attributes:
        distance: mean distance of the figures from their human means, in human standard deviations.
        figures: by name; NaN where the solo is too short for one.
        bits: the model's mean surprisal of a choice, in bits.
    """

    distance: float
    figures: Mapping[str, float]
    bits: float


def check_human(human: Human | None, model: str) -> Human:
    """Return the figures of human solos that a model holds; raise OptionError if it holds none to judge by."""
    if not human or not any(sd > 0 for _, sd in human.values()):
        raise OptionError(
            f"model '{model}' holds no figures of human solos to choose by; train it anew, or take one solo"
        )
    return human


def judge(score: Score, human: Human, log_probability: float) -> Verdict:
    """Judge a solo as written; `log_probability` is the mean over its choices."""
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

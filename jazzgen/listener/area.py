"""How well scores tell two sides apart: the area under the ROC curve, and how sure that is.

Source: the area is the probability that a solo of one side scores higher than one of the other, ties counting half
(J. Hanley and B. McNeil, Radiology 143, 1982). The interval is a bootstrap by tune: what is over one tune hangs
together, so tunes are drawn with replacement, all their solos with them (percentiles of 2.5 and 97.5).
"""

from dataclasses import dataclass

import numpy as np

_DRAWS = 1000
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Area:
    """0.5 where nothing tells, 1 where everything does; `low` to `high` holds 95 of 100 bootstraps."""

    area: float
    low: float
    high: float
    count: int


def area_by_tune(scores: np.ndarray, people: np.ndarray, tunes: np.ndarray, *, rng: np.random.Generator) -> Area:
    """The area, and its interval.

    Args:
        scores: (n,), higher for people.
        people: (n,), whether a person played it.
        tunes: (n,), a number for the tune of each, from 0.
        rng: of the bootstrap.
    """
    ranked = _Ranked(scores, people)
    count = int(tunes.max(initial=-1)) + 1
    draws = [ranked.area(np.bincount(rng.integers(count, size=count), minlength=count)[tunes]) for _ in range(_DRAWS)]
    low, high = np.nanpercentile(draws, _PERCENTILES) if np.isfinite(draws).any() else (np.nan, np.nan)
    return Area(ranked.area(np.ones(len(scores))), float(low), float(high), len(scores))


class _Ranked:
    """Scores in order, to weigh again and again."""

    def __init__(self, scores: np.ndarray, people: np.ndarray) -> None:
        levels, self._places = np.unique(scores, return_inverse=True)
        self._count, self._people = len(levels), people

    def area(self, weights: np.ndarray) -> float:
        """NaN where one side weighs nothing."""
        ours = np.bincount(self._places, weights * ~self._people, self._count)
        theirs = np.bincount(self._places, weights * self._people, self._count)
        pairs = ours.sum() * theirs.sum()
        if not pairs:
            return float("nan")
        return float(theirs @ (np.cumsum(ours) - ours / 2) / pairs)

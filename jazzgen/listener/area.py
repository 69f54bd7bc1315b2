"""Measure how well scores separate two sides: the area under the ROC curve, with a confidence interval.

Source: the area is the probability that a solo of one side scores higher than one of the other, ties counting half
(J. Hanley and B. McNeil, Radiology 143, 1982). The interval is a bootstrap by tune: solos over one tune are not
independent, so tunes are drawn with replacement, all their solos with them (2.5th and 97.5th percentiles).
"""

from dataclasses import dataclass

import numpy as np

_DRAWS = 1000  # bootstraps, set by hand
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Area:
    """Area under the ROC curve: 0.5 for chance, 1 for perfect; `low` to `high` is the 95% interval."""

    area: float
    low: float
    high: float
    count: int


def area_by_tune(scores: np.ndarray, people: np.ndarray, tunes: np.ndarray, *, rng: np.random.Generator) -> Area:
    """Return the area and its interval.

    Args:
        scores: (n,), higher for people.
        people: (n,), whether a person played it.
        tunes: (n,), the number of each one's tune, from 0.
        rng: draws the bootstraps.
    """
    ranked = _Ranked(scores, people)
    count = int(tunes.max(initial=-1)) + 1
    draws = [ranked.area(np.bincount(rng.integers(count, size=count), minlength=count)[tunes]) for _ in range(_DRAWS)]
    low, high = np.nanpercentile(draws, _PERCENTILES) if np.isfinite(draws).any() else (np.nan, np.nan)
    return Area(ranked.area(np.ones(len(scores))), float(low), float(high), len(scores))


class _Ranked:
    """Scores sorted once, to be weighted again and again."""

    def __init__(self, scores: np.ndarray, people: np.ndarray) -> None:
        levels, self._places = np.unique(scores, return_inverse=True)
        self._count = len(levels)
        self._people = people

    def area(self, weights: np.ndarray) -> float:
        """Return the area under weights (n,); NaN if one side has no weight."""
        ours = np.bincount(self._places, weights * ~self._people, self._count)
        theirs = np.bincount(self._places, weights * self._people, self._count)
        pairs = ours.sum() * theirs.sum()
        if not pairs:
            # Each human level wins against all generated scores below it, and half against ties.
            return float("nan")
        return float(theirs @ (np.cumsum(ours) - ours / 2) / pairs)

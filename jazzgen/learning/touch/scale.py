"""The three quantities of a touch, and the bins in which they are learnt.

    loudness  standard deviations above the mean of the solo
    late_ms   milliseconds behind the written place, on the swung grid if the solo swings
    length    how long the note sounds, as a share of the time to the next onset as played, at most `REACH_BEATS`

A quantity is cut into bins of equal width on the scale of normal scores, so that bins are narrow where values are
frequent. Within a bin, values follow the quantiles of the corpus; so what is drawn is continuous.
"""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Literal

import numpy as np

Quantity = Literal["loudness", "late_ms", "length"]
QUANTITIES: tuple[Quantity, ...] = ("loudness", "late_ms", "length")
REACH_BEATS = 4  # set by hand: beyond it, a rest does not shorten the note before it any more
N_BINS = 32
MISSING = N_BINS  # the bin of a value that was not measured
_STEPS = 4  # quantiles within a bin
_WIDEST = 3.3  # normal score of the outermost quantile: 1 value in 2,000 lies beyond; set by hand
N_KNOTS = N_BINS * _STEPS + 1
_RANKS = np.array([NormalDist().cdf(score) for score in np.linspace(-_WIDEST, _WIDEST, N_KNOTS)])
_SHARES = np.diff(_RANKS) / np.ptp(_RANKS)  # of the corpus, between neighbouring quantiles


@dataclass(frozen=True, eq=False)
class Scale:
    """Quantiles of each quantity in a corpus; (3, N_KNOTS), each row increasing."""

    knots: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> "Scale":
        """Take the quantiles of values (n, 3), NaN where not measured; a quantity without any gets -1 to 1."""
        rows = []
        for column in values.T:
            known = column[np.isfinite(column)]
            quantiles = np.quantile(known, _RANKS) if len(known) else np.linspace(-1, 1, N_KNOTS)
            least = 1e-6 * max(float(np.ptp(quantiles)), 1e-3)  # equal quantiles are set apart
            rows.append(np.maximum.accumulate(quantiles) + least * np.arange(N_KNOTS))
        return cls(np.array(rows, np.float32))

    def bins(self, values: np.ndarray) -> np.ndarray:
        """Return the bins (n, 3) of values (n, 3); `MISSING` for NaN. Values beyond the outermost are in the last."""
        found = np.full(values.shape, MISSING, np.int64)
        for place, knots in enumerate(self.knots):
            edges = knots[_STEPS:-1:_STEPS]
            known = np.isfinite(values[:, place])
            found[known, place] = np.searchsorted(edges, values[known, place], side="right")
        return found

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Return values (n, 3) as normal scores, 0 for NaN; what follows the corpus is standard normal."""
        found = np.zeros(values.shape)
        grid = np.linspace(-_WIDEST, _WIDEST, N_KNOTS)
        for place, knots in enumerate(self.knots):
            known = np.isfinite(values[:, place])
            found[known, place] = np.interp(values[known, place], knots, grid)
        return found

    def value(self, place: int, bins: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Return the value of quantity `place` at a share, 0 to 1, of the way through each bin."""
        return np.asarray(np.interp((bins + share) * _STEPS, np.arange(N_KNOTS), self.knots[place]))

    def standardised(self, values: np.ndarray) -> np.ndarray:
        """Return values (n, 3), clipped, in standard deviations above the corpus's mean; NaN gives 0."""
        clipped = np.clip(values, self.knots[:, 0], self.knots[:, -1])
        return np.nan_to_num((clipped - self.mean) / self.deviation)

    def restored(self, standardised: np.ndarray) -> np.ndarray:
        """Return the values (n, 3) of standardised ones; the inverse of `standardised`."""
        return standardised * self.deviation + self.mean

    @cached_property
    def mean(self) -> np.ndarray:
        """The mean of each quantity (3,)."""
        return np.asarray(_middles(self.knots) @ _SHARES)

    @cached_property
    def deviation(self) -> np.ndarray:
        """The standard deviation of each quantity (3,)."""
        return np.sqrt((_middles(self.knots) - self.mean[:, None]) ** 2 @ _SHARES)


def _middles(knots: np.ndarray) -> np.ndarray:
    return (knots[:, :-1] + knots[:, 1:]) / 2


def score_of(bins: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the normal score at a share of the way through each bin; 0 for `MISSING`."""
    found = ((bins + share) / N_BINS * 2 - 1) * _WIDEST
    return np.where(bins == MISSING, 0.0, found)

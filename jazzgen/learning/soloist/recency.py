"""How long ago each pitch was last played: lines return to a pitch soon, or leave it alone for long."""

import copy
from typing import Self

import numpy as np

from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.profile import N_PITCHES

_STEPS = np.arange(2 * WIDEST + 1)
_LONG_AGO = 33  # notes, set by hand as the levels are
# Level by age in notes: one for each of the last ten notes, then two wider ones; 0 for long ago or never.
_LEVELS = np.array([0, *range(1, 11), *[11] * 6, *[12] * 16, 0], np.uint8)
N_LEVELS = int(_LEVELS.max()) + 1


class Recency:
    """The pitches of m solos so far."""

    def __init__(self, m: int) -> None:
        self._last = np.full((m, N_PITCHES + 2 * WIDEST), -_LONG_AGO)  # index of the last note at each pitch
        self._n = 0

    def levels(self, pitch: np.ndarray) -> np.ndarray:
        """Return levels (m, steps): how long ago the pitch each step from the last pitches (m,) leads to was played."""
        place = (pitch - LOWEST)[:, None] + _STEPS
        ages = self._n - np.take_along_axis(self._last, place, axis=1)
        return np.asarray(_LEVELS[np.minimum(ages, _LONG_AGO)])

    def add(self, pitch: np.ndarray) -> None:
        """Append the pitches (m,) of the next note."""
        self._last[np.arange(len(pitch)), pitch - LOWEST + WIDEST] = self._n
        self._n += 1

    def take(self, rows: np.ndarray) -> Self:
        """Select some of the solos (k,)."""
        taken = copy.copy(self)
        taken._last = self._last[rows]
        return taken


def recency_of(pitch: np.ndarray, start: int) -> np.ndarray:
    """Return the levels (n, steps) before each note of a solo.

    Args:
        pitch: (n,) of its notes, as scored.
        start: the pitch that the first step is from.
    """
    recency = Recency(1)
    levels = []
    for last, now in zip([start, *pitch[:-1].tolist()], pitch[:, None], strict=True):
        levels.append(recency.levels(np.array([last])))
        recency.add(now)
    return np.concatenate(levels)

"""Cut solos into windows of a few notes, a network's input."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jazzgen.learning.soloist.ear import COLUMNS, WINDOW
from jazzgen.listener.solos import LEAST_NOTES, Heard

_HOP = WINDOW // 2  # between windows to judge, set by hand


class Windows(NamedTuple):
    """Windows of notes, zero-padded where a solo is shorter.

    Attributes:
        columns: (m, WINDOW, len(COLUMNS)), int32.
        notes: (m, WINDOW), whether there is a note.
        solos: (m,) index of each one's solo.
        starts: (m,) index of its first note.
    """

    columns: np.ndarray
    notes: np.ndarray
    solos: np.ndarray
    starts: np.ndarray

    def take(self, rows: np.ndarray) -> "Windows":
        return Windows(*(field[rows] for field in self))


def judged_windows(solos: Sequence[Heard]) -> Windows:
    """Cut the windows to judge by: whole ones that overlap by half; a solo shorter than a window gives one."""
    cuts = [(i, start) for i, solo in enumerate(solos) for start in range(0, max(len(solo) - WINDOW, 0) + 1, _HOP)]
    return _cut(solos, cuts)


def shuffled_windows(solos: Sequence[Heard], rng: np.random.Generator) -> Windows:
    """Cut consecutive windows from a random first note on, and shuffle them."""
    cuts = []
    for i, solo in enumerate(solos):
        first = int(rng.integers(min(WINDOW, max(len(solo) - WINDOW, 0) + 1)))
        starts = range(first, len(solo), WINDOW)
        cuts += [(i, start) for start in starts if start == first or len(solo) - start >= LEAST_NOTES]
    return _cut(solos, [cuts[place] for place in rng.permutation(len(cuts))])


def _cut(solos: Sequence[Heard], cuts: Sequence[tuple[int, int]]) -> Windows:
    columns = np.zeros((len(cuts), WINDOW, len(COLUMNS)), np.int32)
    notes = np.zeros((len(cuts), WINDOW), bool)
    for row, (solo, start) in enumerate(cuts):
        part = solos[solo].columns[start : start + WINDOW]
        columns[row, : len(part)] = part
        notes[row, : len(part)] = True
    places = np.array(cuts, np.int64).reshape(-1, 2)
    return Windows(columns, notes, places[:, 0], places[:, 1])

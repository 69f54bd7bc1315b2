"""Measure what solos share: runs of steps repeated within a solo, and runs heard in solos over other tunes.

A step is the interval from one note to the next, so a run is the same in every key. Every place of a solo at which n
steps start counts as a run of n.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from jazzgen.system.hashing import scrambled

RUNS = range(3, 13)  # steps, set by hand


def run_codes(steps: np.ndarray, n: int) -> np.ndarray:
    """Hash the run of n steps at each place, (len(steps) - n + 1,); equal runs have equal codes."""
    if len(steps) < n:
        return np.empty(0, np.uint64)
    codes = np.zeros(len(steps) - n + 1, np.uint64)
    for place in range(n):
        codes = scrambled((codes + steps[place : place + len(codes)].astype(np.uint64)).view(np.int64))
    return codes


def said_again(steps: np.ndarray, n: int) -> float:
    """Return the share of n-step runs that occurred earlier in the solo; NaN if it is too short."""
    codes = run_codes(steps, n)
    return 1 - len(np.unique(codes)) / len(codes) if len(codes) else float("nan")


class Vocabulary:
    """The runs that occur in the solos over each tune."""

    def __init__(self, solos: Iterable[tuple[str, np.ndarray]]) -> None:
        """Take (tune, steps) of each solo."""
        self._by_tune: dict[str, list[np.ndarray]] = {}
        for tune, steps in solos:
            self._by_tune.setdefault(tune, []).append(steps)

    @cached_property
    def _tables(self) -> Mapping[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """By length: sorted codes, the number of tunes each occurs on, and the index of one of these tunes."""
        return {n: self._table(n) for n in RUNS}

    def _table(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        per_tune = [
            np.unique(np.concatenate([run_codes(steps, n) for steps in solos])) for solos in self._by_tune.values()
        ]
        numbers = np.repeat(np.arange(len(per_tune)), [len(codes) for codes in per_tune])
        codes, first, counts = np.unique(np.concatenate(per_tune), return_index=True, return_counts=True)
        return codes, counts, numbers[first]

    def heard(self, steps: np.ndarray, n: int, without: str) -> float:
        """Return the share of n-step runs that occur over tunes other than `without`; NaN if the solo is too short."""
        asked = run_codes(steps, n)
        if not len(asked):
            return float("nan")
        codes, counts, tunes = self._tables[n]
        if not len(codes):
            return 0.0
        places = np.minimum(np.searchsorted(codes, asked), len(codes) - 1)
        # Leave out runs whose only tune is `without`.
        own = list(self._by_tune).index(without) if without in self._by_tune else -1
        others = counts[places] - (tunes[places] == own) * (counts[places] == 1)
        return float(((codes[places] == asked) & (others > 0)).mean())


def sharing_table(solos: Sequence[tuple[str, np.ndarray]], vocabulary: Vocabulary) -> Mapping[int, tuple[float, float]]:
    """Return, by run length, the shares over all solos of runs heard on other tunes and of runs repeated.

    Args:
        solos: (tune, steps) of each.
        vocabulary: of the other solos.
    """
    found: dict[int, tuple[float, float]] = {}
    for n in RUNS:
        weights = np.array([max(len(steps) - n + 1, 0) for _, steps in solos])
        heard = np.array([vocabulary.heard(steps, n, tune) for tune, steps in solos])
        again = np.array([said_again(steps, n) for _, steps in solos])
        counted = weights > 0
        shares = [float((weights * part)[counted].sum() / max(weights.sum(), 1)) for part in (heard, again)]
        found[n] = (shares[0], shares[1])
    return found

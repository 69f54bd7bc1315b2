"""Combine both memories, the corpus's licks and the solo's own motifs, into advice on each choice of a note."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import numpy as np

from jazzgen.learning.soloist.licks import EXPERTS, Advice, Licks, hash_contexts
from jazzgen.learning.soloist.moments import CLASSES, COLUMNS, INDEX, PARTS, PartName
from jazzgen.learning.soloist.motifs import Motifs


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of motif: what counts as the same place, and what is predicted there.

    Attributes:
        key: columns that are equal where the music is the same.
        absolute: predicts pitches, not steps.
    """

    key: tuple[str, ...]
    absolute: bool = False


MOTIFS: dict[PartName, tuple[Kind, ...]] = {
    "ioi": (Kind(("ioi1",)), Kind(("beat", "tatum")), Kind(("tatum", "ioi1", "step1"))),
    "pitch": (Kind(("step1",)), Kind(("pitch",), absolute=True), Kind(("quality", "degree")), Kind(("step1", "ioi1"))),
    "duration": (Kind(("duration1",)), Kind(("tatum", "ioi1")), Kind(("ioi1", "duration1"))),
}
N_ADVISERS = {part: len(EXPERTS[part]) + len(MOTIFS[part]) for part in PARTS}
Memory = dict[PartName, Licks]
_BATCH = 512  # moments at a time, set by hand
_SIDE_BY_SIDE = 32  # solos at a time, set by hand


def learn(moments: np.ndarray, choices: np.ndarray) -> Memory:
    """Learn the licks of notes: moments (n, 3, columns) and choices (n, 3)."""
    return {
        part: Licks.of(part, hash_contexts(part, moments[:, index]), choices[:, index])
        for index, part in enumerate(PARTS)
    }


def lick_advice(licks: Licks, moments: np.ndarray) -> Advice:
    """Advise on n moments (n, columns) of one part, in batches; log-probabilities in float16."""
    hashes = hash_contexts(licks.part, moments)
    batches = [licks.ask(hashes[start : start + _BATCH]) for start in range(0, len(hashes), _BATCH)]
    probabilities = [advice.log_probabilities.astype(np.float16) for advice in batches]
    return Advice(np.concatenate(probabilities), np.concatenate([advice.orders for advice in batches]))


class SoloMotifs:
    """The motifs of m solos for one part."""

    def __init__(self, part: PartName, m: int, capacity: int = 512) -> None:
        kinds = MOTIFS[part]
        self._factors = _key_factors(part)
        self._absolute = [index for index, kind in enumerate(kinds) if kind.absolute]
        self._shifts = np.zeros((len(kinds), m), np.int64)
        widest_shift = COLUMNS["pitch"] if self._absolute else 0
        self._motifs = Motifs(len(kinds), m, CLASSES[part], widest_shift, capacity)

    def ask(self, columns: np.ndarray) -> Advice:
        """Advise (m, kinds of motif, classes) at moments (m, columns)."""
        return Advice(*self._motifs.ask(*self._now(columns)))

    def fill(self, columns: np.ndarray, probabilities: np.ndarray, longest: np.ndarray) -> None:
        """Write probabilities and longest matches, instead of log-probabilities, into arrays of the advice's shapes."""
        self._motifs.fill(*self._now(columns), probabilities, longest)

    def _now(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return keys and shifts (kinds, m)."""
        keys = columns.dot(self._factors).T
        if not self._absolute:
            return keys, None
        self._shifts[self._absolute] = columns[:, INDEX["pitch"]]
        return keys, self._shifts

    def add(self, classes: np.ndarray) -> None:
        """Append the chosen classes (m,)."""
        self._motifs.add(classes + self._shifts)

    def take(self, rows: np.ndarray) -> Self:
        """Select some of the solos (k,)."""
        taken = copy.copy(self)
        taken._motifs = self._motifs.take(rows)
        taken._shifts = self._shifts[:, rows]
        return taken


def advise(
    licks: Licks, motifs: SoloMotifs, columns: np.ndarray, *, motif_strength: float | np.ndarray = 1.0
) -> Advice:
    """Return the advice of all of a part's advisers at moments (m, columns), experts before motifs.

    Args:
        licks: of that part.
        motifs: of the m solos.
        columns: of the moments.
        motif_strength: factor, or factors (m, 1, 1), on the motifs' log-probabilities.
    """
    m = len(columns)
    part = licks.part
    experts = len(EXPERTS[part])
    scores = np.empty((m, N_ADVISERS[part], CLASSES[part]), np.float32)
    orders = np.empty((m, N_ADVISERS[part]), np.float32)
    licks.fill(hash_contexts(part, columns), scores[:, :experts], orders[:, :experts])
    motifs.fill(columns, scores[:, experts:], orders[:, experts:])
    np.log(scores, out=scores)
    scores[:, experts:] *= motif_strength
    return Advice(scores, orders)


@cache
def _key_factors(part: PartName) -> np.ndarray:
    """Return factors (columns, kinds) that make a key a number whose digits are its columns."""
    factors = np.zeros((len(COLUMNS), len(MOTIFS[part])), np.int64)
    for index, kind in enumerate(MOTIFS[part]):
        weight = 1
        for name in kind.key:
            factors[INDEX[name], index] = weight
            weight *= COLUMNS[name] + 1
    return factors


def motif_advice(
    part: PartName, solos: Sequence[tuple[np.ndarray, np.ndarray]], dtype: type[np.floating[Any]] = np.float16
) -> list[Advice]:
    """Advise on one part of every note of some solos.

    Args:
        part: of a note.
        solos: their moments (n, columns) and chosen classes (n,).
        dtype: of the log-probabilities.
    """
    answers: dict[int, Advice] = {}
    by_length = sorted(range(len(solos)), key=lambda i: len(solos[i][1]))
    for start in range(0, len(solos), _SIDE_BY_SIDE):
        rows = by_length[start : start + _SIDE_BY_SIDE]
        moments, classes = (padded([solos[i][what] for i in rows]) for what in (0, 1))
        motifs = SoloMotifs(part, len(rows), len(moments) + 1)
        advice = []
        for columns, chosen in zip(moments, classes, strict=True):
            answer = motifs.ask(columns)
            advice.append(Advice(answer.log_probabilities.astype(dtype), answer.orders))
            motifs.add(chosen)
        for row, i in enumerate(rows):
            n = len(solos[i][1])
            answers[i] = Advice(*(np.stack([a[field][row] for a in advice[:n]]) for field in (0, 1)))
    return [answers[i] for i in range(len(solos))]


def padded(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Stack arrays as (longest, arrays, ...), zero-padded."""
    longest = max(map(len, arrays))
    return np.stack([np.pad(a, [(0, longest - len(a))] + [(0, 0)] * (a.ndim - 1)) for a in arrays], axis=1)

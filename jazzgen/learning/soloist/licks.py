"""Lick memory: what came next in the corpus after the same notes, by n-grams of many kinds.

Each expert is a chain of contexts, from none to many columns. A context's distribution is its counts, discounted
(modified Kneser-Ney discounts by count), and what that frees goes to the context before it in the chain (absolute
discounting: S. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling", 1999). The
first backs off to all classes alike. How far to trust each expert is the network's business.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from jazzgen.learning.soloist.moments import CLASSES, COLUMNS, INDEX, N_FIRST, PartName
from jazzgen.system.hashing import scrambled

# By count 1, 2 and more. A single sighting says little by itself: several experts tell of it.
_DISCOUNTS = np.array([0.0, 0.95, 1.6, 2.2], np.float32)


@dataclass(frozen=True, slots=True)
class Expert:
    """A chain of contexts; each level adds columns to the one before."""

    name: str
    levels: tuple[tuple[str, ...], ...]


def _chain(name: str, *steps: str) -> Expert:
    """Each word of `steps` is what a level adds, `+` between columns that come together."""
    levels: list[tuple[str, ...]] = []
    for step in steps:
        levels.append((*(levels[-1] if levels else ()), *filter(None, step.split("+"))))
    return Expert(name, tuple(levels))


EXPERTS: dict[PartName, tuple[Expert, ...]] = {
    "ioi": (
        _chain("place", "", "tatum", "ioi1", "ioi2", "ioi3", "ioi4"),
        _chain("tempo", "tempo+tatum", "ioi1+duration1", "ioi2"),
        _chain("line", "tatum+step1", "ioi1", "step2", "ioi2"),
        _chain("bar", "beat+tatum+duration1", "ioi1", "ioi2", "ioi3"),
        _chain("player", "performer+tatum", "ioi1", "duration1", "ioi2"),
    ),
    "pitch": (
        _chain("line", "", "step1", "step2", "step3", "step4", "step5"),
        _chain("chord", "degree", "quality", "step1", "step2", "step3"),
        _chain("next chord", "next_root+degree", "until", "quality+next_quality", "step1", "step2"),
        _chain("rhythm", "ioi1+tatum", "step1+ioi2", "step2+ioi3", "step3"),
        _chain("register", "pitch", "step1", "step2", "step3"),
    ),
    "duration": (
        _chain("rhythm", "", "ioi1", "duration1", "tatum", "ioi2", "duration2"),
        _chain("tempo", "tempo+tatum", "ioi1", "duration1", "duration2"),
        _chain("player", "performer", "ioi1", "tatum", "duration1"),
        _chain("line", "step1+tatum", "ioi1", "duration1"),
        _chain("bar", "beat+tatum", "duration1", "ioi1", "duration2", "duration3"),
    ),
}
_CLASS_BITS, _HALF = np.uint64(8), np.uint64(32)


class Advice(NamedTuple):
    """What the experts of one part say of n moments.

    Attributes:
        log_probabilities: (n, experts, classes), float32.
        orders: (n, experts), how many levels of each chain the corpus knows.
    """

    log_probabilities: np.ndarray
    orders: np.ndarray


def hash_contexts(part: PartName, columns: np.ndarray) -> np.ndarray:
    """Hashes (n, experts, levels) of the contexts of all levels, from columns (n, columns); 0 fills short chains up.

    A hash is the upper half of a sum of products with odd numbers modulo 2^64 (multiply-shift hashing:
    M. Dietzfelbinger et al., 1997), so that all of them are one product of matrices.
    """
    factors, seeds, odd = _hash_factors(part)
    sums = columns.astype(np.uint64).dot(factors)
    sums += seeds
    sums >>= _HALF
    hashes = sums.astype(np.uint32)
    hashes |= odd
    return hashes.reshape(len(columns), *_shape(part))


@cache
def _shape(part: PartName) -> tuple[int, int]:
    return len(EXPERTS[part]), max(len(expert.levels) for expert in EXPERTS[part])


@cache
def _is_filler(part: PartName) -> np.ndarray:
    _, levels = _shape(part)
    return np.arange(levels) >= np.array([[len(expert.levels)] for expert in EXPERTS[part]])


@cache
def _hash_factors(part: PartName) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(columns, levels) factors, 0 where a level does not take the column; for each level a number, and its last bit.

    All are 0 for what fills short chains up, and no hash of a context is.
    """
    experts, depth = _shape(part)
    factors = np.zeros((len(COLUMNS), experts * depth), np.uint64)
    is_level = ~_is_filler(part).ravel()
    for e, expert in enumerate(EXPERTS[part]):
        for d, level in enumerate(expert.levels):
            rows = [INDEX[name] for name in level]
            factors[rows, e * depth + d] = scrambled(np.array(rows) + N_FIRST * (e * depth + d)) | np.uint64(1)
    seeds = np.where(is_level, scrambled(-1 - np.arange(experts * depth)), np.uint64(0))
    return factors, seeds, is_level.astype(np.uint32)


@dataclass(frozen=True, eq=False)
class Licks:
    """What a corpus holds for one part: sorted hashes of contexts, and after each the classes that came.

    Attributes:
        part: which of a note's.
        keys: (rows,) uint32, sorted, none twice.
        sizes: (rows,) how many classes each has.
        classes: (pairs,) uint8, row after row.
        counts: (pairs,) how often each came.
    """

    part: PartName
    keys: np.ndarray
    sizes: np.ndarray
    classes: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, part: PartName, hashes: np.ndarray, classes: np.ndarray) -> "Licks":
        """Counts the classes (n,) that came in contexts whose hashes (n, experts, levels) `hash_contexts` gave."""
        kept = hashes[:, ~_is_filler(part)].astype(np.uint64)
        pairs, counts = np.unique((kept << _CLASS_BITS) | classes[:, None].astype(np.uint64), return_counts=True)
        return cls._of_pairs(part, pairs, counts)

    @classmethod
    def _of_pairs(cls, part: PartName, pairs: np.ndarray, counts: np.ndarray) -> "Licks":
        contexts = (pairs >> _CLASS_BITS).astype(np.uint32)
        first = np.flatnonzero(np.diff(contexts, prepend=contexts[:1] + np.uint32(1)))
        sizes = np.diff(first, append=len(pairs))
        return cls(part, contexts[first], sizes, (pairs & np.uint64(255)).astype(np.uint8), counts)

    @cached_property
    def _pairs(self) -> np.ndarray:
        return (np.repeat(self.keys, self.sizes).astype(np.uint64) << _CLASS_BITS) | self.classes

    def __add__(self, other: "Licks") -> "Licks":
        pairs, places = np.unique(np.concatenate([self._pairs, other._pairs]), return_inverse=True)
        counts = np.bincount(places, np.concatenate([self.counts, other.counts])).astype(np.int64)
        return self._of_pairs(self.part, pairs, counts)

    def __sub__(self, other: "Licks") -> "Licks":
        """Without counts that are all among these; rows that are empty then stay, and count as unseen."""
        counts = self.counts.astype(np.int64)
        counts[np.searchsorted(self._pairs, other._pairs)] -= other.counts
        return replace(self, counts=counts)

    def ask(self, hashes: np.ndarray) -> Advice:
        """What the experts say of contexts by their hashes (n, experts, levels)."""
        n, experts, _ = hashes.shape
        probabilities = np.empty((n, experts, CLASSES[self.part]), np.float32)
        orders = np.empty((n, experts), np.float32)
        self.fill(hashes, probabilities, orders)
        return Advice(np.log(probabilities), orders)

    def fill(self, hashes: np.ndarray, probabilities: np.ndarray, orders: np.ndarray) -> None:
        """Writes what the experts say of contexts by their hashes (n, experts, levels).

        Args:
            hashes: of the contexts.
            probabilities: (n, experts, classes), written to.
            orders: (n, experts), written to.
        """
        n, experts, levels = hashes.shape
        n_classes, rows = CLASSES[self.part], self._rows(hashes)
        backoff = self._table.backoff.take(rows)
        orders[...] = np.add.reduce(backoff < 1, axis=-1)
        # [..., k]: what the k deepest levels leave to those before them.
        reach = np.ones((n, experts, levels + 1), np.float32)
        np.multiply.accumulate(backoff[..., ::-1], axis=-1, out=reach[..., 1:])
        sizes, pairs = self._pairs_of(rows.ravel())
        shares = reach[..., -2::-1].ravel().repeat(sizes)
        shares *= self._table.shares.take(pairs)
        bins = _first_bins(n * experts, levels, n_classes).repeat(sizes)
        bins += self.classes.take(pairs)
        sums = np.bincount(bins, shares, n * experts * n_classes).reshape(n, experts, n_classes)
        np.add(sums, reach[..., -1:] / n_classes, out=probabilities, casting="same_kind")

    def seen(self, hashes: np.ndarray) -> np.ndarray:
        """Which classes (n, classes) came after contexts by their hashes (n,)."""
        sizes, pairs = self._pairs_of(self._rows(hashes))
        found = np.zeros((len(hashes), CLASSES[self.part]), bool)
        found[np.arange(len(hashes)).repeat(sizes), self.classes[pairs]] = True
        return found

    def _rows(self, hashes: np.ndarray) -> np.ndarray:
        """The rows of contexts by their hashes; that after the last for one that is not there."""
        rows = self.keys.searchsorted(hashes)
        return np.where(self.keys.take(rows, mode="clip") == hashes, rows, len(self.keys))

    def _pairs_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many pairs each of some rows (n,) has, and all their pairs, row after row."""
        sizes = self._table.sizes.take(rows)
        ends = sizes.cumsum()
        starts = self._table.ends.take(rows)
        starts -= ends
        pairs = starts.repeat(sizes)
        pairs += np.arange(len(pairs))
        return sizes, pairs

    @cached_property
    def _table(self) -> "_Table":
        """By running sums over the pairs, which are many."""
        ends = np.cumsum(self.sizes, dtype=np.intp)
        discounts = _DISCOUNTS.take(np.minimum(self.counts, len(_DISCOUNTS) - 1))
        totals, taken = (_sums(values, ends, dtype) for values, dtype in ((self.counts, np.int64), (discounts, float)))
        backoff = np.ones(len(ends) + 1, np.float32)
        np.divide(taken, totals, out=backoff[:-1], where=totals > 0, casting="same_kind")
        shares = np.subtract(self.counts, discounts, dtype=np.float32)
        shares /= np.maximum(totals, 1).astype(np.float32).repeat(self.sizes)
        return _Table(_with_none(self.sizes), _with_none(ends), backoff, shares)


class _Table(NamedTuple):
    """What is looked up.

    Attributes:
        sizes: (rows + 1,) how many pairs each row has; none after the last, which stands for what is not there.
        ends: (rows + 1,) the pair after each row's.
        backoff: (rows + 1,) what each row's discounts leave to the context before it; 1 if nothing was seen.
        shares: (pairs,) of each pair, its discounted count over the row's.
    """

    sizes: np.ndarray
    ends: np.ndarray
    backoff: np.ndarray
    shares: np.ndarray


def _sums(values: np.ndarray, ends: np.ndarray, dtype: type) -> np.ndarray:
    """Sums of values (pairs,) row by row (rows,)."""
    return np.diff(np.cumsum(values, dtype=dtype).take(ends - 1), prepend=dtype(0))


def _with_none(values: np.ndarray) -> np.ndarray:
    """Values (rows,), and after them a 0 (rows + 1,)."""
    longer = np.zeros(len(values) + 1, np.intp)
    longer[:-1] = values
    return longer


@lru_cache(maxsize=16)
def _first_bins(experts: int, levels: int, n_classes: int) -> np.ndarray:
    """For each of the levels of some experts, end to end, where its expert's classes start."""
    return np.repeat(np.arange(experts) * n_classes, levels)

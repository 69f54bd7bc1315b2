"""Lick memory: what came next in the corpus after the same notes, by n-grams of many kinds.

Each expert is a chain of contexts, from none to many columns. A context's distribution is its discounted counts
(discounts by count, as in modified Kneser-Ney); the probability freed goes to the previous context of the chain
(absolute discounting: S. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling",
1999). The first context backs off to the uniform distribution. How far to trust each expert is learnt by the network.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from jazzgen.learning.soloist.moments import CLASSES, COLUMNS, INDEX, N_FIRST, PartName
from jazzgen.system.hashing import scrambled

# For counts 0, 1, 2, and 3 or more; set by hand. A count of 1 keeps little, since several experts report the same
# sighting.
_DISCOUNTS = np.array([0.0, 0.95, 1.6, 2.2], np.float32)


@dataclass(frozen=True, slots=True)
class Expert:
    """A chain of contexts; each level adds columns to the previous one."""

    name: str
    levels: tuple[tuple[str, ...], ...]


def _chain(name: str, *steps: str) -> Expert:
    """Build a chain: each of `steps` names the columns that a level adds, joined by `+`."""
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
_CLASS_BITS = np.uint64(8)
_HALF = np.uint64(32)


class Advice(NamedTuple):
    """What the experts of one part say at n moments.

    Attributes:
        log_probabilities: (n, experts, classes), float32.
        orders: (n, experts), how many levels of each chain the corpus knows.
    """

    log_probabilities: np.ndarray
    orders: np.ndarray


def hash_contexts(part: PartName, columns: np.ndarray) -> np.ndarray:
    """Hash the contexts of all levels, (n, experts, levels), from columns (n, columns); 0 pads short chains.

    A hash is the upper half of a sum of products with odd numbers modulo 2^64 (multiply-shift hashing:
    M. Dietzfelbinger et al., 1997), so that one matrix product computes them all.
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
    """Return each level's factors (columns, levels), 0 for columns it lacks, its addend, and its last bit.

    All are 0 for the padding of short chains; the last bit makes every other hash differ from 0.
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
    """A corpus's n-grams for one part: sorted hashes of contexts, and the classes that followed each.

    Attributes:
        part: of a note.
        keys: (rows,) uint32, sorted, distinct.
        sizes: (rows,) number of classes of each.
        classes: (pairs,) uint8, row after row.
        counts: (pairs,) how often each followed.
    """

    part: PartName
    keys: np.ndarray
    sizes: np.ndarray
    classes: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, part: PartName, hashes: np.ndarray, classes: np.ndarray) -> "Licks":
        """Count the classes (n,) that followed contexts with hashes (n, experts, levels) from `hash_contexts`."""
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
        """Subtract counts that are all included in these; emptied rows stay, and count as unseen."""
        counts = self.counts.astype(np.int64)
        counts[np.searchsorted(self._pairs, other._pairs)] -= other.counts
        return replace(self, counts=counts)

    def ask(self, hashes: np.ndarray) -> Advice:
        """Return what the experts say about contexts with these hashes (n, experts, levels)."""
        n, experts, _ = hashes.shape
        probabilities = np.empty((n, experts, CLASSES[self.part]), np.float32)
        orders = np.empty((n, experts), np.float32)
        self.fill(hashes, probabilities, orders)
        return Advice(np.log(probabilities), orders)

    def fill(self, hashes: np.ndarray, probabilities: np.ndarray, orders: np.ndarray) -> None:
        """Write what the experts say about contexts with these hashes (n, experts, levels).

        Args:
            hashes: of the contexts.
            probabilities: (n, experts, classes), overwritten.
            orders: (n, experts), overwritten.
        """
        n, experts, levels = hashes.shape
        n_classes = CLASSES[self.part]
        rows = self._rows(hashes)
        backoff = self._table.backoff.take(rows)
        orders[...] = np.add.reduce(backoff < 1, axis=-1)
        # reach[..., k]: the probability that the k deepest levels leave to those before them.
        reach = np.ones((n, experts, levels + 1), np.float32)
        np.multiply.accumulate(backoff[..., ::-1], axis=-1, out=reach[..., 1:])
        # Each level's discounted shares, times what the deeper levels leave, summed by class.
        sizes, pairs = self._pairs_of(rows.ravel())
        shares = reach[..., -2::-1].ravel().repeat(sizes)
        shares *= self._table.shares.take(pairs)
        bins = _first_bins(n * experts, levels, n_classes).repeat(sizes)
        bins += self.classes.take(pairs)
        sums = np.bincount(bins, shares, n * experts * n_classes).reshape(n, experts, n_classes)
        # What all levels leave is shared evenly by the classes.
        np.add(sums, reach[..., -1:] / n_classes, out=probabilities, casting="same_kind")

    def seen(self, hashes: np.ndarray) -> np.ndarray:
        """Mark the classes (n, classes) that followed contexts with these hashes (n,)."""
        sizes, pairs = self._pairs_of(self._rows(hashes))
        found = np.zeros((len(hashes), CLASSES[self.part]), bool)
        found[np.arange(len(hashes)).repeat(sizes), self.classes[pairs]] = True
        return found

    def _rows(self, hashes: np.ndarray) -> np.ndarray:
        """Return the rows of contexts with these hashes; one past the last row if unknown."""
        rows = self.keys.searchsorted(hashes)
        return np.where(self.keys.take(rows, mode="clip") == hashes, rows, len(self.keys))

    def _pairs_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many pairs each of some rows (n,) has, and the indices of all their pairs, row after row."""
        sizes = self._table.sizes.take(rows)
        ends = sizes.cumsum()
        starts = self._table.ends.take(rows)
        starts -= ends
        pairs = starts.repeat(sizes)
        pairs += np.arange(len(pairs))
        return sizes, pairs

    @cached_property
    def _table(self) -> "_Table":
        """The look-up tables, computed with running sums because there are many pairs."""
        ends = np.cumsum(self.sizes, dtype=np.intp)
        discounts = _DISCOUNTS.take(np.minimum(self.counts, len(_DISCOUNTS) - 1))
        totals, taken = (_sums(values, ends, dtype) for values, dtype in ((self.counts, np.int64), (discounts, float)))
        backoff = np.ones(len(ends) + 1, np.float32)
        np.divide(taken, totals, out=backoff[:-1], where=totals > 0, casting="same_kind")
        shares = np.subtract(self.counts, discounts, dtype=np.float32)
        shares /= np.maximum(totals, 1).astype(np.float32).repeat(self.sizes)
        return _Table(_with_none(self.sizes), _with_none(ends), backoff, shares)


class _Table(NamedTuple):
    """Tables of rows and pairs.

    Attributes:
        sizes: (rows + 1,) number of pairs of each row; the extra row, for unknown contexts, has none.
        ends: (rows + 1,) index after each row's pairs.
        backoff: (rows + 1,) probability that each row leaves to the previous context; 1 if nothing was seen.
        shares: (pairs,) each pair's discounted count over its row's total.
    """

    sizes: np.ndarray
    ends: np.ndarray
    backoff: np.ndarray
    shares: np.ndarray


def _sums(values: np.ndarray, ends: np.ndarray, dtype: type) -> np.ndarray:
    """Sum values (pairs,) by row (rows,)."""
    return np.diff(np.cumsum(values, dtype=dtype).take(ends - 1), prepend=dtype(0))


def _with_none(values: np.ndarray) -> np.ndarray:
    """Append a 0 to values (rows,)."""
    longer = np.zeros(len(values) + 1, np.intp)
    longer[:-1] = values
    return longer


@lru_cache(maxsize=16)
def _first_bins(experts: int, levels: int, n_classes: int) -> np.ndarray:
    """Return, for each level of each expert in order, the index of its expert's first class."""
    return np.repeat(np.arange(experts) * n_classes, levels)

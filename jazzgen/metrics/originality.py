"""Find how much of a solo is copied: the longest run of notes that it shares with any solo of a corpus.

A run is shared if its intervals are, in whatever key; or, more strictly, if its inter-onset times are too, on the grid
of 12 a beat. It lies within one solo.

If L intervals are shared, so are all shorter parts of them: the longest run is found by bisection. For one length,
every stretch of the corpus has a rolling hash, a difference of two prefix sums (R. Karp and M. Rabin, "Efficient
randomized pattern-matching algorithms", IBM Journal of Research and Development 31(2), 1987), here modulo 2^64: for a
solo against a corpus of a million notes a collision is less likely than 1 in 10^10.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from jazzgen.metrics.line import Array, Line
from jazzgen.music.timing import TICKS_PER_TATUM
from jazzgen.system.hashing import GOLDEN, scrambled

_MODULUS = 2**64
_FILTER_BITS = 16  # of the table that rejects most stretches, set by hand
_IOI_CODES = 2**16
# Solos mostly share runs of about this length with others (set by hand), so the search starts there.
_USUAL_LENGTH = 8


class Entry(NamedTuple):
    """A solo of a corpus, with its name and its tune."""

    name: str
    tune: str
    line: Line


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a solo that the corpus holds too.

    Attributes:
        notes: its length; 0 if not even one interval is shared, and the other fields are then unset.
        bar: the bar of the solo in which it starts.
        source, source_bar: the corpus solo that holds it, and the bar there; the first if several do.
    """

    notes: int
    bar: int = 0
    source: str = ""
    source_bar: int = 0


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps from note to note of one or more concatenated solos, coded as comparable integers.

    Attributes:
        codes: one code a step (n,).
        room: steps left in the same solo, this one included (n,).
    """

    codes: Array
    room: Array

    @cached_property
    def _prefixes(self) -> tuple[Array, Array]:
        """Prefix sums of code times power (n + 1,), and the inverse powers (n,), modulo 2^64."""
        count = len(self.codes)
        sums = np.zeros(count + 1, np.uint64)
        np.cumsum(scrambled(self.codes) * _powers(GOLDEN, count), out=sums[1:])
        return sums, _powers(pow(GOLDEN, -1, _MODULUS), count)

    def hashes(self, length: int) -> Array:
        """Return the hash of the `length` steps that start at each step."""
        sums, inverses = self._prefixes
        return (sums[length:] - sums[:-length]) * inverses[: len(self.codes) - length + 1]


@dataclass(frozen=True, eq=False)
class Index:
    """A searchable corpus. All fields but the names are arrays with one entry a step, so it can be saved as it is.

    Attributes:
        names, tunes: one a solo.
        intervals: semitones of each step.
        iois: tatums of each step, from onset to onset.
        bars: number of the bar in which each step starts.
        solos: index of the solo that each step belongs to.
    """

    names: tuple[str, ...]
    tunes: tuple[str, ...]
    intervals: Array
    iois: Array
    bars: Array
    solos: Array

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Index":
        """Index one solo or more."""
        solos = tuple(entries)
        steps = [_steps(entry.line) for entry in solos]
        intervals, iois, bars = (np.concatenate(column) for column in zip(*steps, strict=True))
        lengths = [len(entry.line) - 1 for entry in solos]
        names, tunes = tuple(entry.name for entry in solos), tuple(entry.tune for entry in solos)
        return cls(names, tunes, intervals, iois, bars, np.repeat(np.arange(len(solos)), lengths))

    @cached_property
    def _melody(self) -> Steps:
        return Steps(self.intervals, self._room)

    @cached_property
    def _rhythm(self) -> Steps:
        return Steps(_with_rhythm(self.intervals, self.iois), self._room)

    @cached_property
    def _room(self) -> Array:
        return np.searchsorted(self.solos, self.solos, side="right") - np.arange(len(self.solos))

    def longest_run(self, line: Line, *, rhythm: bool = False, without_tune: str | None = None) -> Run:
        """Find the longest run of a solo that the corpus holds, and where it first occurs.

        Args:
            line: the solo.
            rhythm: require equal inter-onset times too.
            without_tune: skip solos on this tune, usually the solo's own.
        """
        intervals, iois, bars = _steps(line)
        codes = _with_rhythm(intervals, iois) if rhythm else intervals
        query = Steps(codes, np.arange(len(codes), 0, -1))
        left_out = np.array([tune == without_tune for tune in self.tunes], bool)[self.solos]
        found = _longest(query, self._rhythm if rhythm else self._melody, left_out)
        if not found.length:
            return Run(0)
        place = found.place
        name = self.names[self.solos[place]]
        return Run(found.length + 1, int(bars[found.query_place]), name, int(self.bars[place]))


class _Match(NamedTuple):
    length: int
    query_place: int = 0
    place: int = 0


def _longest(query: Steps, corpus: Steps, left_out: Array) -> _Match:
    """Bisect on the length: a run shared at one length is shared at all below it."""
    best = _Match(0)
    too_long = min(len(query.codes), len(corpus.codes)) + 1
    while too_long - best.length > 1:
        length = min((best.length + too_long) // 2, max(2 * best.length, _USUAL_LENGTH))
        match = _match(query, corpus, left_out, length)
        if match:
            best = match
        else:
            too_long = length
    return best


def _match(query: Steps, corpus: Steps, left_out: Array, length: int) -> _Match | None:
    """Return the first corpus stretch of this length that the query also holds, or None."""
    wanted, hashes = query.hashes(length), corpus.hashes(length)
    # A table of the hashes' leading bits rejects most stretches cheaply.
    shift = np.uint64(64 - _FILTER_BITS)
    table = np.zeros(2**_FILTER_BITS, bool)
    table[wanted >> shift] = True
    places = np.flatnonzero(table[hashes >> shift])
    # Keep stretches that end within their solo and are not on the excluded tune, then compare whole hashes.
    places = places[(corpus.room[places] >= length) & ~left_out[places]]
    places = places[np.isin(hashes[places], wanted)]
    if not len(places):
        return None
    return _Match(length, int(np.flatnonzero(wanted == hashes[places[0]])[0]), int(places[0]))


def _steps(line: Line) -> tuple[Array, Array, Array]:
    """Return each step's interval, tatums to the next onset, and bar number."""
    bar, tick = line.tatums
    iois = np.diff(line.bar_starts[bar] + tick) // TICKS_PER_TATUM
    return line.intervals, iois, np.array([bar.number for bar in line.bars])[bar[:-1]]


def _with_rhythm(intervals: Array, iois: Array) -> Array:
    return intervals * _IOI_CODES + np.minimum(iois, _IOI_CODES - 1)


def _powers(base: int, count: int) -> Array:
    powers = np.full(count, base, np.uint64)
    powers[:1] = 1
    return np.cumprod(powers)

"""Note values: what prints a stretch of a bar.

A sign is split, and tied if it is a note, where it would hide a stronger place than it starts on (`grouping`): the
middle of the bar, the beats of compound meters, and any beat behind a value off the eighths. Rests are stricter: each
is a whole beat, group or part of a beat. Times are in ticks from beat 1 of the bar.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from jazzgen.engraving.divisions import Leaf
from jazzgen.engraving.grouping import BEAT, GROUP, Grouping

_NAMES = ("128th", "64th", "32nd", "16th", "eighth", "quarter", "half", "whole", "breve")
_TICKS = dict(zip(_NAMES, (15, 30, 60, 120, 240, 480, 960, 1920, 3840), strict=True))
_SHORTEST_DOTTED = 90  # ticks of a dotted 32nd
_BEAMS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5}


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value: its name in MusicXML, and dots."""

    name: str
    dots: int = 0

    @property
    def beams(self) -> int:
        return _BEAMS.get(self.name, 0)


_UNDOTTED = {ticks: Value(name) for name, ticks in _TICKS.items() if ticks >= _TICKS["64th"]}
_DOTTED = {3 * ticks // 2: Value(name, 1) for name, ticks in _TICKS.items() if 3 * ticks // 2 >= _SHORTEST_DOTTED}
_PLAIN = {**_DOTTED, **_UNDOTTED}


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a note or rest that one sign prints; `value` is None if no sign can."""

    start: int
    end: int
    value: Value | None
    tuplet: Leaf | None = None

    @property
    def beams(self) -> int:
        return self.value.beams if self.value else 0

    @property
    def length(self) -> Fraction:
        """Ticks, unrounded in tuplets of seven and nine."""
        if self.tuplet is None:
            return Fraction(self.end - self.start)
        return self.tuplet.exact(self.end) - self.tuplet.exact(self.start)


def pieces(start: int, end: int, beats: Grouping, tuplets: Sequence[Leaf] = (), *, is_rest: bool) -> Iterator[Piece]:
    """Yield the signs that print [start, end), in order.

    >>> from jazzgen.engraving.grouping import grouping
    >>> from jazzgen.music.timing import Meter
    >>> [piece.value.name for piece in pieces(720, 1200, grouping(Meter()), is_rest=False)]
    ['eighth', 'eighth']
    """
    edges = sorted({start, end, *(edge for leaf in tuplets for edge in (leaf.start, leaf.end) if start < edge < end)})
    for first, last in pairwise(edges):
        leaf = next((leaf for leaf in tuplets if leaf.start <= first < leaf.end), None)
        yield from _in_tuplet(leaf, first, last, is_rest) if leaf else _plain(first, last, beats, is_rest)


def _plain(start: int, end: int, beats: Grouping, is_rest: bool) -> Iterator[Piece]:
    fits = _rest_fits(start, end, beats) if is_rest else _note_fits(start, end, beats)
    inside = _strongest(start, end, beats)
    if fits or not inside:
        yield Piece(start, end, _PLAIN.get(end - start))
        return
    level = beats.level(inside[0])
    cut = inside[-1] if beats.level(start) <= level else inside[0]
    yield from _plain(start, cut, beats, is_rest)
    yield from _plain(cut, end, beats, is_rest)


def _strongest(start: int, end: int, beats: Grouping) -> list[int]:
    """Return the strongest places strictly inside, all of one level; empty if there are none on the grid of 64ths."""
    grids: list[Sequence[int]] = [
        [group[0] for group in beats.groups],
        [beat[0] for beat in beats.beats],
        *(range(0, end, beats.part >> halvings) for halvings in range(4)),
    ]
    for grid in grids:
        if inside := [tick for tick in grid if start < tick < end]:
            return inside
    return []


def _note_fits(start: int, end: int, beats: Grouping) -> bool:
    if end - start not in _PLAIN:
        return False
    inside = _strongest(start, end, beats)
    if not inside:
        return True
    level, begins, stops = map(beats.level, (inside[0], start, end))
    if level <= BEAT and max(begins, stops) <= level:  # whole beats
        return True
    is_shown = (level == GROUP and not _is_common(beats)) or (
        level == BEAT and any(beats.is_compound(beats.beat(tick)) for tick in (start, end - 1))
    )
    is_syncopation = begins == level + 1 and len(inside) == 1
    return not is_shown and stops <= level + 1 and (begins <= level or is_syncopation)


def _is_common(beats: Grouping) -> bool:
    """Return whether groups are of two simple beats, as in 4/4."""
    return all(
        len(beats.beats_in(group)) == 2 and not beats.is_compound(beats.beat(group[0])) for group in beats.groups
    )


def _rest_fits(start: int, end: int, beats: Grouping) -> bool:
    """Return whether one rest prints a silence: a group of two beats, a beat, a part of one or a half of that."""
    if end - start not in _PLAIN:
        return False
    if (start, end) == beats.group(start):
        return len(beats.beats_in((start, end))) <= 2
    first, last = beats.beat(start)
    return end <= last and _rest_fits_in_beat(start - first, end - start, last - first, beats.part)


def _rest_fits_in_beat(inside: int, length: int, beat: int, part: int) -> bool:
    sizes = [part >> halvings for halvings in range(4)]
    if beat == 3 * part:
        opens = length in (beat, 2 * part)  # the beat, or its first two parts
    else:
        sizes.append(2 * part)
        opens = 2 * length == 3 * part  # a dotted rest before the beat's last quarter
    return (opens and not inside) or (length in sizes and inside % length == 0)


def _in_tuplet(leaf: Leaf, start: int, end: int, is_rest: bool) -> Iterator[Piece]:
    """Yield the signs of a stretch of a tuplet, counted in its parts: as few as can be, the longest on even ones."""
    division = leaf.division
    first, last = (division.part(tick - leaf.start) for tick in (start, end))
    singles = (8, 4, 2, 1) if is_rest else (8, 6, 4, 3, 2, 1)
    while first < last:
        size = next(size for size in singles if size <= last - first)
        if last - first not in singles and first % 2:
            size = 1
        stop = first + size
        yield Piece(leaf.start + division.point(first), leaf.start + division.point(stop), _in_parts(leaf, size), leaf)
        first = stop


def _in_parts(leaf: Leaf, size: int) -> Value:
    """Return the value of so many parts of a tuplet."""
    unit = _NAMES.index(leaf.division.unit)
    dots = size % 3 == 0
    return Value(_NAMES[unit + (size // 3 if dots else size).bit_length() - 1 + dots], int(dots))

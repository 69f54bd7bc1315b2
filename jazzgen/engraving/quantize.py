"""From ticks to notation: where the notes of a line are printed.

Each stretch of a bar gets the division that fits best (`divisions`): the least sum of what it costs to read and of the
squared distances between notes as they are and as printed, in milliseconds, so that at a fast tempo, where they sound
alike, the simpler is printed. Dynamic programming over the line weighs these together (compare C. Raphael, "Automated
Rhythm Transcription", ISMIR 2001). A short note for which no place is left becomes a grace note of the next. Ends are
less exact than onsets, in playing and in hearing, and follow from them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from jazzgen.engraving.division_table import Division
from jazzgen.engraving.divisions import (
    GRACE,
    NOTE,
    NOTHING,
    Fit,
    Leaf,
    exact_leaves,
    leaves_in,
    reading_cost,
    tile,
)
from jazzgen.music.melody import TOGETHER_TICKS, Notes, apart
from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Bar

# Standard deviation of onsets around where they are meant; set by hand: soloists' are 20 to 30 ms (Friberg and
# Sundström, 2002), and those that jazzgen learnt from lie on a grid of 12 a beat.
DEVIATION_MS = 30.0
_GRACE_MS = 110.0  # longest that a grace note may precede its note; set by hand
_GRACE_COST = 4.0
# Values shorter than this are seldom meant, and cost the more the shorter they are; set by hand.
_SHORT_MS = 100.0
_HASTE_COST = 1.5
_EIGHTH = TICKS_PER_BEAT // 2
_GRACE_TICKS = TICKS_PER_BEAT // 6
Tempos = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """Notes where they are printed; `graces` are the grace notes before a note, by its onset, first to last."""

    notes: Notes
    graces: Mapping[int, Notes]


def is_exact(notes: Iterable[Note], bars: Sequence[Bar]) -> bool:
    """Return whether notation holds the notes of one voice as they are, each tuplet for the sake of an onset in it.

    So are lines from notation programs; those that were played are not.
    """
    ordered = sorted(notes)
    onsets = {note.onset for note in ordered}
    places = sorted(onsets | {note.end for note in ordered})
    for bar in bars:
        first, last = bisect_right(places, bar.onset), bisect_right(places, bar.end - 1)
        leaves = exact_leaves(places[first:last], bar) if first < last else ()
        if not all(
            _is_written(leaf, [p for p in places[first:last] if leaf.start < p < leaf.end], onsets) for leaf in leaves
        ):
            return False
    return True


def _is_written(leaf: Leaf, inside: Sequence[int], onsets: set[int]) -> bool:
    """Return whether somebody would have written the division for the places in it."""
    if not inside:
        return True
    is_plain = leaf.division.unit != "" and leaf.division.cost < 1
    has_enough = leaf.division.unit != "" and len(inside) >= leaf.division.count // 2 and not onsets.isdisjoint(inside)
    return is_plain or has_enough


def readable(notes: Iterable[Note], bars: Sequence[Bar], tempos: Tempos, *, is_line: bool) -> Line:
    """Set notes where they are easiest to read.

    Args:
        notes: as played, but for swing; or as improvised.
        bars: that cover all of them, and one more.
        tempos: (onset in ticks, quarter notes a minute), the first at 0, in order.
        is_line: whether each note is an event of its own; else those struck together are one.
    """
    ordered = sorted(notes)
    events = [[note] for note in ordered] if is_line else list(_events(ordered))
    if not events:
        return Line((), {})
    onsets = [event[0].onset for event in events]
    chosen = tile(
        (leaf for bar in bars for leaf in leaves_in(bar)), bars[0].onset, bars[-1].end, _Setting(onsets, tempos).ways
    )
    places = [
        leaf.start + leaf.division.point(part) if leaf.division.unit else leaf.start + part
        for leaf, way in chosen
        for part in way.parts
    ]
    leaves = [leaf for leaf, _ in chosen]
    return _line(events, places, leaves)


def _events(notes: Sequence[Note]) -> Iterator[list[Note]]:
    """Yield notes that start nearly together."""
    event: list[Note] = []
    for note in notes:
        if event and note.onset - event[0].onset >= TOGETHER_TICKS:
            yield event
            event = []
        event.append(note)
    if event:
        yield event


class _Setting:
    """The ways of setting a line's onsets in a leaf."""

    def __init__(self, onsets: Sequence[int], tempos: Tempos) -> None:
        self.onsets = onsets
        self.tempos = tempos
        self.starts = [start for start, _ in tempos]

    def ways(self, leaf: Leaf, carried: int) -> Iterator[Fit]:
        first, last = (bisect_right(self.onsets, tick - 1) for tick in (leaf.start, leaf.end))
        division = leaf.division
        if first == last:
            if (division.count == 1 or not division.unit) and carried != GRACE:
                yield Fit(0.0, ())
            return
        inside = [onset - leaf.start for onset in self.onsets[first:last]]
        if not division.unit:
            yield Fit(0.0, tuple(inside))
            return
        tick_ms = 60_000 / TICKS_PER_BEAT / self.tempos[bisect_right(self.starts, leaf.start) - 1][1]
        crushed = [self._is_crushed(index, tick_ms) for index in range(first, last)]
        for way in _ways(inside, division, tick_ms, crushed, carried):
            yield replace(way, cost=way.cost + reading_cost(leaf, way.parts) + _haste(division, tick_ms))

    def _is_crushed(self, index: int, tick_ms: float) -> bool:
        """Return whether a note may be a grace note of the next."""
        if index + 1 == len(self.onsets):
            return False
        gap = self.onsets[index + 1] - self.onsets[index]
        return gap < TICKS_PER_TATUM or (gap * tick_ms <= _GRACE_MS and gap <= _GRACE_TICKS)


def _haste(division: Division, tick_ms: float) -> float:
    """Return the cost of values too short to be meant: sixteenths at fast tempos."""
    part_ms = division.length / division.count * tick_ms
    return _HASTE_COST * max(_SHORT_MS / part_ms - 1, 0) if division.count > 1 else 0.0


_Way = tuple[float, tuple[int, ...]]  # cost and parts
_NO_WAY: _Way = (float("inf"), ())


def _ways(
    offsets: Sequence[int], division: Division, tick_ms: float, crushed: Sequence[bool], carried: int
) -> Iterator[Fit]:
    """Yield the cheapest parts in order for the offsets, one way for each thing that may be handed over.

    Args:
        offsets: of notes from the leaf's start, in ticks.
        division: of the leaf.
        tick_ms: milliseconds a tick.
        crushed: whether each note may share the part of the next as its grace note.
        carried: what the leaf before hands over.
    """
    points = [division.length * part / division.count for part in range(division.count + 1)]
    rows: list[_Way] = []  # by the last part used, without the distance of the last note, which may be a grace note
    set_there: list[_Way] = []  # the same with it
    for index, offset in enumerate(offsets):
        rows = list(_extended(rows, set_there, crushed[index - 1]) if index else _first(points, carried))
        misses = (((offset - point) * tick_ms / DEVIATION_MS) ** 2 for point in points)
        set_there = [(cost + miss, parts) for (cost, parts), miss in zip(rows, misses, strict=True)]
    found = [(min(set_there[:-1]), NOTHING), (set_there[-1], NOTE)]
    if crushed[-1]:
        cost, parts = rows[-1]
        found.append(((cost + _GRACE_COST, parts), GRACE))
    yield from (Fit(cost, parts, over) for (cost, parts), over in found if cost < _NO_WAY[0])


def _first(points: Sequence[float], carried: int) -> Iterator[_Way]:
    """Yield the ways of setting a leaf's first note on each part, where the leaf before leaves room."""
    for part in range(len(points)):
        is_free = carried == NOTHING or (carried == NOTE) == (part > 0)
        yield (0.0, (part,)) if is_free else _NO_WAY


def _extended(rows: Sequence[_Way], set_there: Sequence[_Way], is_crushed: bool) -> Iterator[_Way]:
    """Yield the cheapest ways of setting one more note on each part: after the last, or with that as its grace note."""
    least = _NO_WAY
    for part, (cost, parts) in enumerate(rows):
        shared = (cost + _GRACE_COST, parts) if is_crushed else _NO_WAY
        cheaper = min(least, shared)
        yield cheaper[0], (*cheaper[1], part)
        least = min(least, set_there[part])


def _line(events: Sequence[Sequence[Note]], places: Sequence[int], leaves: Sequence[Leaf]) -> Line:
    """Return the events' notes at their places, events before the last at one place as its grace notes."""
    mains = [index for index, place in enumerate(places) if index + 1 == len(places) or places[index + 1] != place]
    starts = [leaf.start for leaf in leaves]
    end_of = partial(_neat_end, leaves, starts)
    notes: list[Note] = []
    graces: dict[int, Notes] = {}
    for rank, index in enumerate(mains):
        after = places[mains[rank + 1]] if rank + 1 < len(mains) else None
        onset = places[index]
        end = end_of(onset, max(note.end for note in events[index]), after)
        notes += (replace(note, onset=onset, duration=end - onset) for note in events[index])
        first = mains[rank - 1] + 1 if rank else 0
        if first < index:
            graces[onset] = tuple(note for event in events[first:index] for note in event)
    return Line(apart(notes), graces)


def _neat_end(leaves: Sequence[Leaf], starts: Sequence[int], onset: int, end: int, after: int | None) -> int:
    """Return where a note ends: where the next starts if that is near, else at a part of its tuplet or beat."""
    last = max(end, onset + 1)
    leaf = leaves[min(bisect_right(starts, last - 1), len(leaves)) - 1]
    neat = leaf.end
    if leaf.is_tuplet:
        points = (leaf.start + leaf.division.point(part) for part in range(1, leaf.division.count + 1))
        neat = next((point for point in points if point >= last), leaf.end)
    if after is None:
        return neat
    is_near = after - end <= _EIGHTH or after - onset <= TICKS_PER_BEAT
    return after if is_near or neat > after else neat

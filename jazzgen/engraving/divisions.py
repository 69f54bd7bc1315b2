"""Divisions of time at their places in the music, chosen at the least cost to a reader.

`tile` covers a line with divisions (`division_table`) at the least cost, by dynamic programming: the cost of each
division, of what `fit` says of its notes, and of changes between twos, threes, fives and sevens from one to the next.
`exact_leaves` does so for places that must be met exactly. Costs are in the table's unit and set as those are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from jazzgen.engraving.division_table import DIVISIONS, Division
from jazzgen.engraving.grouping import Grouping, grouping, place_in_bar
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

_EIGHTH = TICKS_PER_BEAT // 2

_BY_LENGTH: Mapping[int, tuple[Division, ...]] = {
    length: tuple(d for d in DIVISIONS if d.length == length) for length in {d.length for d in DIVISIONS}
}
_LONGEST = max(_BY_LENGTH)
_ODD = 100.0  # what no division prints, such as the rest of a bar cut short
_OFF_BEAT = 1.0  # a tuplet that starts off the beat, or goes over the middle of the bar
_TIE = 1.5  # a note within the stretch that no single value prints
_NO_START = 1.0  # a tuplet without a note on its first part
_TIE_INTO = 4.0  # the same within a beat: a tie, or a rest that starts there
_CHANGE = 0.4  # from one family to another
_SINGLE = {1, 2, 3, 4, 6, 8, 12, 16}  # parts that one value prints, with a dot or without


@dataclass(frozen=True, slots=True)
class Leaf:
    """A division at its place in the music.

    Attributes:
        start: tick in the music.
        extra: what the place costs.
        splits: whether it starts within a beat.
    """

    start: int
    division: Division
    extra: float = 0.0
    splits: bool = False

    @property
    def end(self) -> int:
        return self.start + self.division.length

    @property
    def is_tuplet(self) -> bool:
        return self.division.normal > 0

    def exact(self, tick: int) -> Fraction:
        """Return the unrounded place of the part nearest to a tick."""
        division = self.division
        return self.start + Fraction(division.part(tick - self.start) * division.length, division.count)

    def holds(self, tick: int) -> bool:
        """Return whether a part starts or ends exactly at a tick."""
        inside = tick - self.start
        return self.division.point(self.division.part(inside)) == inside


# What a leaf hands to the next: its last note is set at its end, so on the first part of the next; or is a grace note
# of what the next has there.
NOTHING, NOTE, GRACE = range(3)


@dataclass(frozen=True, slots=True)
class Fit:
    """One way of setting the notes of a leaf: what it costs, the part of each, and what is handed over."""

    cost: float
    parts: tuple[int, ...]
    hands_over: int = NOTHING


def reading_cost(leaf: Leaf, used: Iterable[int]) -> float:
    """Return the cost of a leaf's division of which the parts `used` have a note of their own."""
    division = leaf.division
    points = sorted({0, division.count, *used})
    ties = sum(_TIE for first, last in pairwise(points) if last - first not in _SINGLE)
    if not division.normal:
        return division.cost + ties
    missing = division.count + 1 - len(points)
    no_start = (_TIE_INTO if leaf.splits else _NO_START) * (0 not in used)
    return division.cost + ties + division.sparse * missing + no_start


def leaves_in(bar: Bar, *, rare: bool = False) -> Iterator[Leaf]:
    """Yield the leaves that may stand in a bar, at their ticks in the music.

    Args:
        bar: a bar or pickup.
        rare: offer also what only writers use: rare divisions, and tuplets that start off the beat.
    """
    beats = grouping(bar.meter)
    shift = bar.onset - place_in_bar(bar)
    edges = part_edges(bar)
    firsts = {beat[0] + shift for beat in beats.beats}
    for start, end in pairwise(edges):
        offered = _BY_LENGTH.get(end - start, ()) if end - start <= _EIGHTH else ()
        splits = start not in firsts
        yield from (Leaf(start, division, 0.0, splits) for division in offered if rare or not division.is_rare)
        if not offered:
            yield Leaf(start, _odd(end - start), _ODD)
    for index, start in enumerate(edges):
        for end in edges[index + 1 :]:
            if end - start > _LONGEST:
                break
            if end - start > beats.part and end - start in _BY_LENGTH:
                extra = _place_cost(beats, start - shift, end - shift)
                for division in _BY_LENGTH[end - start]:
                    if rare or not (extra or division.is_rare):
                        yield Leaf(start, division, extra)


def part_edges(bar: Bar) -> list[int]:
    """Return the ticks between which the parts of a bar's beats lie, from its start to its end."""
    part = grouping(bar.meter).part
    shift = bar.onset - place_in_bar(bar)
    first = -(-(bar.onset - shift) // part) * part + shift
    return sorted({bar.onset, *range(first, bar.end, part), bar.end})


def _odd(length: int) -> Division:
    return Division(length, length, 0, "", 0)


def _place_cost(beats: Grouping, start: int, end: int) -> float:
    """Return what it costs to have a tuplet over [start, end), in ticks from beat 1."""
    firsts = {beat[0] for beat in beats.beats} | {beats.beats[-1][1]}
    whole = start in firsts and end in firsts
    fills = (start, end) == (beats.groups[0][0], beats.groups[-1][1])
    hides = not fills and any(start < group[0] < end for group in beats.groups)
    return _OFF_BEAT * ((not whole) + hides)


_State = tuple[int, int]  # family of the last division counted; what it hands over
_START: _State = (0, NOTHING)


@dataclass(frozen=True, slots=True)
class _Step:
    """The cheapest way to a state: its cost, and the leaf and the state that it comes from."""

    cost: float
    leaf: Leaf | None = None
    way: Fit | None = None
    before: _State = _START


def tile(
    leaves: Iterable[Leaf], start: int, end: int, fit: Callable[[Leaf, int], Iterable[Fit]]
) -> list[tuple[Leaf, Fit]]:
    """Cover [start, end) with leaves at the least cost.

    Args:
        leaves: those to choose from; some of them must cover the stretch.
        start: tick where the first starts.
        end: tick where the last ends.
        fit: gives the ways in which a leaf may hold its notes; its second argument is what the leaf before hands over.
    """
    by_start: dict[int, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        by_start[leaf.start].append(leaf)
    best: dict[int, dict[_State, _Step]] = defaultdict(dict, {start: {_START: _Step(0.0)}})
    for tick in sorted(by_start):
        for carry in (NOTHING, NOTE, GRACE):
            before = [(state, step) for state, step in best[tick].items() if state[1] == carry]
            for leaf in by_start[tick] if before else ():
                for way in fit(leaf, carry):
                    _extend(best[leaf.end], leaf, way, before)
    return list(_path(best, start, end))[::-1]


def _extend(found: dict[_State, _Step], leaf: Leaf, way: Fit, before: Iterable[tuple[_State, _Step]]) -> None:
    """Add the states that a leaf leads to, where it is the cheapest way there."""
    family = leaf.division.family
    for state, step in before:
        last, _ = state
        change = _CHANGE if family and last and family != last else 0.0
        total = step.cost + leaf.extra + way.cost + change
        after = (family or last, way.hands_over)
        if after not in found or total < found[after].cost:
            found[after] = _Step(total, leaf, way, state)


def _path(best: Mapping[int, Mapping[_State, _Step]], start: int, end: int) -> Iterator[tuple[Leaf, Fit]]:
    """Yield the leaves of the cheapest cover, last first."""
    tick = end
    state = min(best[end], key=lambda state: best[end][state].cost)
    while tick != start:
        step = best[tick][state]
        assert step.leaf is not None  # only the start has none
        assert step.way is not None
        yield step.leaf, step.way
        tick, state = step.leaf.start, step.before


def exact_leaves(boundaries: Iterable[int], bar: Bar) -> list[Leaf]:
    """Cover a bar with divisions on whose parts all boundaries lie exactly, the easiest to read.

    Where there are none, a leaf of family 0 and unit "" stands.

    Args:
        boundaries: ticks in the music where notes and rests start and end; those outside the bar are left out.
        bar: the bar.
    """
    places = sorted({tick for tick in boundaries if bar.onset < tick < bar.end})

    def fit(leaf: Leaf, _: int) -> Iterator[Fit]:
        inside = [tick for tick in places if leaf.start <= tick < leaf.end]
        if not all(map(leaf.holds, inside)):
            return
        parts = tuple(leaf.division.part(tick - leaf.start) for tick in inside)
        is_needed = any(part > 0 for part in parts) or leaf.division.count == 1
        if is_needed or not leaf.division.unit:
            yield Fit(reading_cost(leaf, parts) if leaf.division.unit else 0.0, parts)

    if not any(_is_between(tick, bar) for tick in places):
        return _plain_leaves(places, bar)
    leaves = [*leaves_in(bar, rare=True)]
    last_resort = [Leaf(a, _odd(b - a), _ODD) for a, b in pairwise(part_edges(bar))]
    return [leaf for leaf, _ in tile([*leaves, *last_resort], bar.onset, bar.end, fit)]


def _is_between(tick: int, bar: Bar) -> bool:
    """Return whether a tick lies between the parts of beats and their halves."""
    return (tick - bar.onset + place_in_bar(bar)) % (grouping(bar.meter).part // 2) != 0


def _plain_leaves(places: Iterable[int], bar: Bar) -> list[Leaf]:
    """Cover a bar with parts of beats, halved where a place lies inside."""
    inside = set(places)
    leaves = []
    for start, end in pairwise(part_edges(bar)):
        halved = any(start < tick < end for tick in inside)
        plain = (d for d in _BY_LENGTH.get(end - start, ()) if d.count == 1 + halved and not d.normal)
        leaves.append(Leaf(start, next(plain, _odd(end - start))))
    return leaves

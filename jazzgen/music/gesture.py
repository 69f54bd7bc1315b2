"""Gestures: how a note's pitch and loudness move while it sounds, as steps that MIDI can hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, Protocol

from jazzgen.errors import ScoreError

GestureKind = Literal["scoop", "bend", "vibrato", "fall"]
Steps = tuple[tuple[int, int], ...]
# Half steps that a full pitch bend goes either way: no further than the longest fall, so that a synthesizer that keeps
# to MIDI's default of 2 still plays two fifths of every gesture.
BEND_RANGE = 5
MAX_CENTS = 100 * BEND_RANGE
FULL_LEVEL = 127  # of expression, MIDI's controller 11
_VIBRATO_TURNS = 2  # times that the pitch crosses the note's own: a scoop and a bend do so once
_HEARD_CENTS = 10  # a bend is above the note by more; set by ear


@dataclass(frozen=True, slots=True, order=True)
class Gesture:
    """What one note does. A step holds until the next one; before the first, the note is in tune and at its full level.

    Attributes:
        onset: of the note, in ticks.
        bends: (ticks after the onset, cents off the note's pitch), in order of time.
        levels: (ticks after the onset, expression from 0 to 127), in order of time.
    """

    onset: int
    bends: Steps = ()
    levels: Steps = ()

    def __post_init__(self) -> None:
        for steps in (self.bends, self.levels):
            if any(a[0] >= b[0] for a, b in pairwise(steps)) or (steps and steps[0][0] < 0):
                raise ScoreError(f"gesture at tick {self.onset}: its steps are not in order of time")
        if any(abs(cents) > MAX_CENTS for _, cents in self.bends):
            raise ScoreError(f"gesture at tick {self.onset}: it bends by more than {MAX_CENTS} cents")
        if any(not 0 <= level <= FULL_LEVEL for _, level in self.levels):
            raise ScoreError(f"gesture at tick {self.onset}: a level is 0 to {FULL_LEVEL}")

    @property
    def last(self) -> int:
        """The ticks from the onset to the last step."""
        return max((steps[-1][0] for steps in (self.bends, self.levels) if steps), default=0)

    @property
    def kinds(self) -> tuple[GestureKind, ...]:
        """What the steps are to the ear, in order of time.

        >>> Gesture(0, ((0, -60), (20, -20), (40, 0))).kinds, Gesture(0, ((200, -100), (220, -300))).kinds
        (('scoop',), ('fall',))
        """
        found: list[GestureKind] = []
        cents = [cents for _, cents in self.bends]
        if self.bends and self.bends[0][0] == 0 and cents[0] < 0:
            found.append("scoop")
        signs = [value > 0 for value in cents if value]
        if sum(a != b for a, b in pairwise(signs)) >= _VIBRATO_TURNS:
            found.append("vibrato")
        elif max(cents, default=0) > _HEARD_CENTS:
            found.append("bend")
        if cents and cents[-1] < 0:
            found.append("fall")
        return tuple(found)


Gestures = tuple[Gesture, ...]


class _Timed(Protocol):
    """A note, which lies above this module."""

    @property
    def onset(self) -> int: ...

    @property
    def duration(self) -> int: ...


def fitting(gestures: Iterable[Gesture], notes: Iterable[_Timed]) -> Gestures:
    """Keep the gestures of these notes: one starts there, and sounds longer than the gesture takes."""
    lasts = {note.onset: note.duration for note in notes}
    return tuple(gesture for gesture in gestures if gesture.last < lasts.get(gesture.onset, 0))


def shifted(gestures: Iterable[Gesture], ticks: int) -> Gestures:
    """Move gestures later by some ticks; those that would start before tick 0 are left out."""
    return tuple(replace(one, onset=one.onset + ticks) for one in gestures if one.onset + ticks >= 0)


def carried(gestures: Iterable[Gesture], before: Iterable[_Timed], after: Iterable[_Timed]) -> Gestures:
    """Move gestures along with their notes: falls keep their distance from the end, all else that from the onset.

    Args:
        gestures: of the notes `before`.
        before: notes.
        after: the same notes in the same order, moved.
    """
    moved = {old.onset: (old, new) for old, new in zip(before, after, strict=True)}
    found = (_moved(one, *moved[one.onset]) for one in gestures if one.onset in moved)
    return tuple(sorted(one for one in found if one.bends or one.levels))


def stretched(gestures: Iterable[Gesture], factor: float, notes: Iterable[_Timed]) -> Gestures:
    """Make gestures last `factor` times as many ticks, as when the tempo rises by that, on notes that stay."""
    lengths: Mapping[int, int] = {note.onset: note.duration for note in notes}
    found = (_stretched(one, factor, lengths[one.onset]) for one in gestures if one.onset in lengths)
    return tuple(one for one in found if one.bends or one.levels)


def _stretched(gesture: Gesture, factor: float, duration: int) -> Gesture:
    def from_start(tick: int) -> int:
        return round(tick * factor)

    def to_end(tick: int) -> int:
        return duration + round((tick - duration) * factor)

    return _refitted(gesture, gesture.onset, duration, from_start, to_end)


def _moved(gesture: Gesture, old: _Timed, new: _Timed) -> Gesture:
    def to_end(tick: int) -> int:
        return tick + new.duration - old.duration

    return _refitted(gesture, new.onset, new.duration, lambda tick: tick, to_end)


def _refitted(
    gesture: Gesture, onset: int, duration: int, head: Callable[[int], int], tail: Callable[[int], int]
) -> Gesture:
    """Place the steps before a fall by `head` and those of the fall by `tail`, as far as the note has room for them."""
    start = _fall_start(gesture)
    rising = _placed(gesture.bends[:start], head, range(duration))
    if rising and len(gesture.bends[:start]) > len(rising) and gesture.bends[start - 1][1] == 0:
        rising = (*rising[:-1], (rising[-1][0], 0))  # what is cut off ends in tune
    room = range(rising[-1][0] + 1 if rising else 0, duration)
    falling = _placed(gesture.bends[start:], tail, room)
    return Gesture(onset, rising + falling, _placed(gesture.levels, tail, range(duration)))


def _fall_start(gesture: Gesture) -> int:
    """Return the index of a fall's first step; the number of steps if there is no fall."""
    start = len(gesture.bends)
    if "fall" in gesture.kinds:
        while start and gesture.bends[start - 1][1] < 0:
            start -= 1
    return start


def _placed(steps: Steps, place: Callable[[int], int], room: range) -> Steps:
    """Return the steps that come to lie in the room, the last of each tick."""
    return tuple({tick: value for old, value in steps if (tick := place(old)) in room}.items())

"""Gestures: how a note's pitch and loudness move while it sounds, as steps that MIDI can hold."""

from collections.abc import Iterable, Mapping
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
_VIBRATO_TURNS = 3  # times that the pitch crosses the note's own: a bend does so once at most
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
    found = (_refitted(one, *moved[one.onset]) for one in gestures if one.onset in moved)
    return tuple(sorted(one for one in found if one.bends or one.levels))


def stretched(gestures: Iterable[Gesture], factor: float, notes: Iterable[_Timed]) -> Gestures:
    """Make gestures last `factor` times as many ticks, as when the tempo rises by that, on notes that stay."""
    lengths: Mapping[int, int] = {note.onset: note.duration for note in notes}
    found = (_stretched(one, factor, lengths[one.onset]) for one in gestures if one.onset in lengths)
    return tuple(one for one in found if one.bends or one.levels)


def _stretched(gesture: Gesture, factor: float, duration: int) -> Gesture:
    rising, falling = _halves(gesture)
    head = _scaled(rising, factor, 0)
    room = head.last + 1 if head.bends else 0
    tail = _scaled(falling, factor, duration)
    return _joined(_within(head, 0, duration), _within(tail, room, duration))


def _refitted(gesture: Gesture, old: _Timed, new: _Timed) -> Gesture:
    rising, falling = _halves(gesture)
    late = new.duration - old.duration
    tail = replace(
        falling,
        bends=tuple((tick + late, cents) for tick, cents in falling.bends),
        levels=tuple((tick + late, level) for tick, level in falling.levels),
    )
    head = _within(rising, 0, new.duration)
    joined = _joined(head, _within(tail, head.last + 1 if head.bends else 0, new.duration))
    return replace(joined, onset=new.onset)


def _halves(gesture: Gesture) -> tuple[Gesture, Gesture]:
    """Divide a gesture into what comes before its fall, and the fall; either may be empty."""
    if "fall" not in gesture.kinds:
        return gesture, Gesture(gesture.onset)
    start = len(gesture.bends)
    while start and gesture.bends[start - 1][1] < 0:
        start -= 1
    return Gesture(gesture.onset, gesture.bends[:start]), replace(gesture, bends=gesture.bends[start:])


def _scaled(gesture: Gesture, factor: float, center: int) -> Gesture:
    def scaled(steps: Steps) -> Steps:
        return tuple({center + round((tick - center) * factor): value for tick, value in steps}.items())

    return replace(gesture, bends=scaled(gesture.bends), levels=scaled(gesture.levels))


def _within(gesture: Gesture, first: int, end: int) -> Gesture:
    """Cut off what lies before `first` or at `end` and later; a scoop or vibrato that is cut ends in tune."""
    bends = tuple(step for step in gesture.bends if first <= step[0] < end)
    if bends and bends != gesture.bends and gesture.bends[-1][1] == 0:
        bends = (*bends[:-1], (bends[-1][0], 0))
    return replace(gesture, bends=bends, levels=tuple(step for step in gesture.levels if first <= step[0] < end))


def _joined(head: Gesture, tail: Gesture) -> Gesture:
    return Gesture(head.onset, (*head.bends, *tail.bends), (*head.levels, *tail.levels))

"""Write gestures as pitch bends and expression, and read them back from files by jazzgen.

A part with gestures says so in a text of its track. At tick 0 it sets how far a full bend goes (registered parameter 0,
pitch bend sensitivity, then the null parameter, so that later data entry changes nothing), the bend in the middle,
modulation (controller 1) off and expression (controller 11) full: "MIDI 1.0 Detailed Specification" (MMA, 1996). Steps
follow at their ticks. A fall is taken back in the rest after its note, as what still rings would jump up with it; all
else ends in tune by itself. Bends in files from elsewhere are no gestures: the reader of scores leaves them out.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from jazzgen.formats.midi.messages import CONTROLLER, META, PITCH_BEND, MidiBytes, Track, nearest
from jazzgen.formats.midi.texts import GESTURES_TEXT
from jazzgen.music.gesture import BEND_RANGE, FULL_LEVEL, MAX_CENTS, Gesture, Gestures, Steps
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Part

_MIDDLE = 8192  # of a pitch bend's 14 bits
_MODULATION, _DATA, _EXPRESSION, _DATA_FINE, _PARAMETER_FINE, _PARAMETER = 1, 6, 11, 38, 100, 101
_NULL, _SENSITIVITY = 127, 0
_DEFAULT_RANGE = 2  # half steps, by General MIDI
_KEPT = (_MODULATION, _DATA, _EXPRESSION, _DATA_FINE, _PARAMETER_FINE, _PARAMETER)
_TEXT = 0x01  # type of meta event
# A fall is taken back so long after its note, which most sounds have died away by, and so long before the next, as some
# synthesizers glide. Set by ear.
_RINGS_TICKS, _BEFORE_TICKS = 240, 10
# (tick, controller, value); a pitch bend, -8192 to 8191, has no controller.
Said = tuple[int, int | None, int]


def settings() -> Iterator[Said]:
    """Yield what a track with gestures sets at tick 0."""
    for control, value in (
        *((_PARAMETER, _SENSITIVITY), (_PARAMETER_FINE, _SENSITIVITY), (_DATA, BEND_RANGE), (_DATA_FINE, 0)),
        *((_PARAMETER, _NULL), (_PARAMETER_FINE, _NULL), (_MODULATION, 0), (_EXPRESSION, FULL_LEVEL)),
    ):
        yield 0, control, value
    yield 0, None, 0


def steps_of(part: Part, notes: Sequence[Note], first_tick: int) -> Iterator[Said]:
    """Yield the steps of the part's gestures, the bends first.

    Args:
        part: with gestures.
        notes: the part's, as they are written.
        first_tick: where a note at tick 0 is written.
    """
    places = {note.onset: place for place, note in enumerate(notes)}
    bends: dict[int, int] = {}
    levels: dict[int, int] = {}
    for gesture in part.gestures:
        place = places.get(max(gesture.onset, first_tick))
        if place is not None:
            note = notes[place]
            back = _back_tick(note, next((n.onset for n in notes[place + 1 :] if n.onset > note.onset), None))
            _put(bends, gesture.onset, gesture.bends, note, 0, back)
            _put(levels, gesture.onset, gesture.levels, note, FULL_LEVEL, back)
    for tick, cents in sorted(bends.items()):
        yield tick, None, min(round(cents * _MIDDLE / MAX_CENTS), _MIDDLE - 1)
    for tick, level in sorted(levels.items()):
        yield tick, _EXPRESSION, level


def _back_tick(note: Note, after: int | None) -> int:
    """Return when what a note leaves bent is taken back."""
    late = note.end + _RINGS_TICKS
    return late if after is None else max(min(late, after - _BEFORE_TICKS), note.end)


def _put(found: dict[int, int], onset: int, steps: Steps, note: Note, rest: int, back: int) -> None:
    """Add the steps inside a note, and one back to `rest` if they do not end there."""
    inside = [(max(onset + tick, note.onset), value) for tick, value in steps if onset + tick < note.end]
    found.update(inside)
    if inside and inside[-1][1] != rest:
        found[back] = rest


def has_gestures(track: Track) -> bool:
    """Return whether a track says that jazzgen wrote gestures into it."""
    return any(kind == _TEXT and content == GESTURES_TEXT.encode() for _, kind, content in track.metas)


def kept_counts(midi: MidiBytes) -> Mapping[str, int]:
    """Count the messages that are read as gestures, by what the reader calls them otherwise."""
    others = [message for track in midi.tracks if has_gestures(track) for message in track.others]
    kinds = [(status >> 4, first) for _, status, first, _ in others if status != META]
    return {
        "pitch bends": sum(kind == PITCH_BEND for kind, _ in kinds),
        "controllers": sum(kind == CONTROLLER and first in _KEPT for kind, first in kinds),
    }


def read_gestures(track: Track, channel: int, notes: Notes, midi: MidiBytes) -> Gestures:
    """Read the gestures of a channel's notes, none if they are not by jazzgen; the inverse of `steps_of`."""
    if not has_gestures(track):
        return ()
    bends, levels = _steps(track, channel, midi)
    found = (Gesture(note.onset, _of(note, bends, 0), _of(note, levels, FULL_LEVEL)) for note in _starts(notes))
    return tuple(gesture for gesture in found if gesture.bends or gesture.levels)


def _starts(notes: Iterable[Note]) -> Iterator[Note]:
    """Yield the notes, of those that start together the longest."""
    by_onset = {note.onset: note for note in notes}  # sorted: of one onset the longest is the last
    return iter(by_onset.values())


def _of(note: Note, steps: Sequence[tuple[int, int]], rest: int) -> Steps:
    """Return the steps inside a note, from the first that is not `rest` on."""
    first = bisect_left(steps, (note.onset, -_MIDDLE))
    last = bisect_left(steps, (note.end, -_MIDDLE))
    inside = [(tick - note.onset if tick > 1 else 0, value) for tick, value in steps[first:last]]
    start = next((place for place, (_, value) in enumerate(inside) if value != rest), len(inside))
    return tuple(inside[start:])


def _steps(track: Track, channel: int, midi: MidiBytes) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return (tick, cents) and (tick, expression) in order of time, the last of each tick."""
    parameter, reach = [_NULL, _NULL], [_DEFAULT_RANGE, 0]  # half steps and cents
    bends: dict[int, int] = {}
    levels: dict[int, int] = {}
    for tick, status, first, second in track.others:
        if status == META or status & 0xF != channel:
            continue
        here = nearest(tick, midi.scale)
        if status >> 4 == PITCH_BEND:
            cents = round((first + (second << 7) - _MIDDLE) * (100 * reach[0] + reach[1]) / _MIDDLE)
            bends[here] = min(max(cents, -MAX_CENTS), MAX_CENTS)
        elif status >> 4 == CONTROLLER:
            if first in (_PARAMETER, _PARAMETER_FINE):
                parameter[first == _PARAMETER_FINE] = second
            elif first in (_DATA, _DATA_FINE) and parameter == [_SENSITIVITY, _SENSITIVITY]:
                reach[first == _DATA_FINE] = second
            elif first == _EXPRESSION:
                levels[here] = min(second, FULL_LEVEL)
    return sorted(bends.items()), sorted(levels.items())

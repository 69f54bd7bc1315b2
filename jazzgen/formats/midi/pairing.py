"""Pair note-ons with note-offs, by one rule for the reader of scores and the doctor.

A note-off ends the sounding note of its channel and pitch. A pitch that starts again while it sounds ends its first
note there; a note-off that follows in the same tick belongs to that first note and does not end the new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jazzgen.formats.midi.messages import NOTE_ON, Message

LAST_PITCH = 127
# (channel, pitch, onset, end, velocity, on, off): `on` and `off` are indices of messages. `off` may be the note-on that
# starts the same pitch again; it is -1 if nothing ends the note.
Struck = tuple[int, int, int, int, int, int, int]


@dataclass(slots=True)
class Paired:
    """The notes of a track, in the order in which they end.

    Attributes:
        notes: times in the file's ticks.
        late: indices of note-offs that follow, in the same tick, a note-on of the pitch that they should end.
        stray: indices of note-offs that end nothing.
    """

    notes: list[Struck] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)


def paired(messages: Sequence[Message], end: int) -> Paired:
    """Pair note-ons and note-offs given in order of time; a note that nothing ends lasts to tick `end`.

    >>> paired([(0, 0x90, 60, 80), (480, 0x80, 60, 0)], end=960).notes
    [(0, 60, 0, 480, 80, 0, 1)]
    """
    found = Paired()
    add = found.notes.append
    sounding: dict[tuple[int, int], tuple[int, int, int]] = {}
    restarted: dict[tuple[int, int], int] = {}
    for place, (tick, status, pitch, velocity) in enumerate(messages):
        if pitch > LAST_PITCH:
            continue
        key = status & 0xF, pitch
        starts = velocity and status >= NOTE_ON
        if not starts and restarted and restarted.pop(key, None) == tick:
            found.late.append(place)
            continue
        if key in sounding:
            onset, loudness, on = sounding.pop(key)
            add((*key, onset, tick, loudness, on, place))
            if starts:
                restarted[key] = tick
        elif not starts:
            found.stray.append(place)
        if starts:
            sounding[key] = tick, velocity if velocity < LAST_PITCH else LAST_PITCH, place
    found.notes += ((*key, onset, end, loudness, on, -1) for key, (onset, loudness, on) in sounding.items())
    return found

"""Which note-off ends which note-on: the one rule that the reader of scores and the doctor both go by.

A note-off ends the note of its channel and pitch that sounds. One still on when it starts again is ended there, and its
own note-off, if it comes in the same tick, does not end the new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jazzgen.formats.midi.messages import NOTE_ON, Message

LAST_PITCH = 127
# (channel, pitch, onset, end, velocity, on, off): `on` and `off` are places among the messages. What ended the note may
# be a note-on, its own starting again; `off` is -1 for one that nothing ended.
Struck = tuple[int, int, int, int, int, int, int]


@dataclass(slots=True)
class Paired:
    """The notes of a track, in the order in which they end.

    Attributes:
        notes: times in the file's ticks.
        late: places of note-offs that come in the tick, but after the note-on, of the same pitch starting again.
        stray: places of note-offs that end nothing.
    """

    notes: list[Struck] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)


def paired(messages: Sequence[Message], end: int) -> Paired:
    """The notes among messages that are note-ons and note-offs, in order of time; what never ends lasts to `end`."""
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

"""What a MIDI file sounds like, note by note, worked out anew so that the doctor can be held to it.

A note sounds with the program that was set on its channel and port, by any track, up to its note-on, and with all else
that was said up to a tick after; what is said while it sounds changes it. How notes are paired is the
reader's rule: a channel's pitch sounds once in a track.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from jazzgen.doctor.song import Event, Song

DRUMS = 9
State = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Sound:
    """A note as it is heard; `changes` are (tick, what) while it sounds, programs left out, which wait for the next."""

    onset: int
    end: int
    pitch: int
    velocity: int
    is_drum: bool
    state: State
    changes: tuple[tuple[int, tuple[object, ...]], ...]


def sounds_of(song: Song, shortest: int = 0) -> Counter[Sound]:
    """Every note; of those that start in one place the longest, each `shortest` long if there is room for it."""
    said: dict[tuple[int, int], list[tuple[int, int, int, tuple[object, ...]]]] = defaultdict(list)
    for number, track in enumerate(song.tracks):
        for place, event in enumerate(track):
            if event.channel is not None and not event.is_note:
                said[song.port(number), event.channel].append((event.tick, number, place, _what(event)))
    notes = [note for number in range(len(song.tracks)) for note in _notes(song, number, shortest)]
    return Counter(_sound(note, sorted(said[note[0], note[1]])) for note in notes)


def _what(event: Event) -> tuple[object, ...]:
    """What an event sets, its name first."""
    data = tuple(value & 127 for value in event.data)
    kind = event.status >> 4
    named = {
        0xB: ("controller", data[0]),
        0xA: ("touch", data[0]),
        0xC: ("program",),
        0xD: ("pressure",),
        0xE: ("bend",),
    }
    return (named[kind], data)


def _notes(song: Song, number: int, shortest: int) -> list[tuple[int, ...]]:
    """(port, channel, track, place, onset, end, pitch, velocity)."""
    track, port = song.tracks[number], song.port(number)
    last = max((event.tick for event in track), default=0)
    sounding: dict[tuple[int, int], list[int]] = {}
    cut: dict[tuple[int, int], int] = {}
    found: list[list[int]] = []
    for place, event in enumerate(track):
        if not event.is_note or event.pitch > 127:
            continue
        key = event.status & 15, event.pitch
        if not event.is_note_on and cut.pop(key, None) == event.tick:
            continue
        if key in sounding:
            sounding.pop(key)[5] = event.tick
            if event.is_note_on:
                cut[key] = event.tick
        if event.is_note_on:
            note = [port, key[0], number, place, event.tick, last, event.pitch, min(event.data[1], 127)]
            sounding[key] = note
            found.append(note)
    return [tuple(note) for note in _apart(found, shortest)]


def _apart(notes: list[list[int]], shortest: int) -> list[list[int]]:
    kept: dict[tuple[int, int, int], list[int]] = {}
    for note in notes:
        key = note[1], note[6], note[4]
        if key not in kept or (note[5], note[7]) > (kept[key][5], kept[key][7]):
            kept[key] = note
    for (channel, pitch, onset), note in kept.items():
        after = min((o for c, p, o in kept if (c, p) == (channel, pitch) and o > onset), default=onset + shortest)
        note[5] = max(note[5], min(onset + shortest, after))
    return list(kept.values())


def _sound(note: tuple[int, ...], said: list[tuple[int, int, int, tuple[object, ...]]]) -> Sound:
    _, channel, number, place, onset, end, pitch, velocity = note
    state: dict[object, tuple[object, ...]] = {}
    changes = []
    for tick, *where, what in said:
        is_program = what[0] == ("program",)
        if (tick, *where) < (onset, number, place) or (tick <= onset + 1 and not is_program):
            state[what[0]] = what
        elif tick < end and not is_program:
            changes.append((tick, what))
    if channel == DRUMS:
        state.pop(("program",), None)
    return Sound(onset, end, pitch, velocity, channel == DRUMS, tuple(sorted(state.values(), key=str)), tuple(changes))

"""Mend the notes of a track: no two of a pitch overlap, each ends, and each is long enough to be heard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jazzgen.doctor.checks import room_of
from jazzgen.doctor.song import Event, Events, Song, notes_of
from jazzgen.formats.midi.messages import NOTE_OFF
from jazzgen.formats.midi.pairing import Paired, Struck
from jazzgen.formats.midi.write import MIN_NOTE_TICKS

# Order at one tick: new note-offs, moved program changes, moved notes, then the events that were there before.
_OFF, _PROGRAM, _ON, _AS_IT_STOOD = range(4)
# A note moved for a program change may run into the next, so mending is repeated up to this often. Set by hand.
_ROUNDS = 4


def with_sound_notes(track: Events, song: Song) -> Events:
    """Mend the notes of a track; one without flaws is returned unchanged."""
    for _ in range(_ROUNDS):
        before, track = track, _mended(track, song.scaled(MIN_NOTE_TICKS))
        if track == before:
            break
    return track


def _mended(track: Events, shortest: int) -> Events:
    found = notes_of(track)
    programs = _moved_programs(track)
    shifted = _after_programs(track, found, programs)
    doubled = _doubled(found)
    kept = [note for note in found.notes if note[5] not in doubled]
    ends = _new_ends(track, kept, shortest, room_of(found), shifted)
    gone = {*found.late, *found.stray, *doubled, *_own_offs(track, found.notes, {*doubled, *ends})}
    timed = [
        (event.tick, _AS_IT_STOOD, place, event)
        for place, event in enumerate(track[:-1])
        if place not in gone and place not in programs and place not in shifted
    ]
    timed += [(tick, _PROGRAM, place, replace(track[place], tick=tick)) for place, tick in programs.items()]
    timed += [(tick, _ON, on, replace(track[on], tick=tick)) for on, tick in shifted.items() if on not in doubled]
    timed += [(end, _OFF, on, _off(track[on], end)) for on, end in ends.items()]
    last = max([track[-1].tick, *(tick for tick, *_ in timed)])
    return (*(event for *_, event in sorted(timed, key=lambda entry: entry[:3])), replace(track[-1], tick=last))


def _moved_programs(track: Events) -> dict[int, int]:
    """Map program changes that follow a note-on in the same tick to a tick later, as that note has the old program."""
    struck: dict[tuple[int, int | None], int] = {}  # by (tick, channel), ticks that its notes will be delayed
    changed: set[tuple[int, int | None]] = set()
    moved: dict[int, int] = {}
    for place, event in enumerate(track):
        key = event.tick, event.channel
        if event.is_note_on:
            struck.setdefault(key, int(key in changed))
        elif event.is_program and key in struck:
            moved[place] = event.tick + 1 + struck[key]
        elif event.is_program:
            changed.add(key)
    return moved


def _after_programs(track: Events, found: Paired, moved: Mapping[int, int]) -> dict[int, int]:
    """Map note-ons that follow a program change in the same tick to a tick after it, if the note has room."""
    rooms = room_of(found)
    landed = {(tick, track[place].channel): tick for place, tick in moved.items()}
    changes: dict[tuple[int, int | None], int] = {}  # by (tick, channel), new tick of its program change
    shifted: dict[int, int] = {}
    for place, event in enumerate(track):
        key = event.tick, event.channel
        if event.is_program:
            changes[key] = moved.get(place, event.tick)
        elif event.is_note_on:
            change = changes.get(key, landed.get(key, -1))
            if 0 <= change < event.tick + rooms.get(place, 0) - 1:
                shifted[place] = change + 1
    return shifted


def _doubled(found: Paired) -> set[int]:
    """Return the note-ons to drop where a pitch starts twice in a tick; the longest stays, then the loudest."""
    longest: dict[tuple[int, int, int], Struck] = {}
    for note in found.notes:
        key = note[:3]
        rival = longest.get(key)
        if rival is None or (note[3], note[4]) > (rival[3], rival[4]):
            longest[key] = note
    stay = {note[5] for note in longest.values()}
    return {note[5] for note in found.notes} - stay


def _new_ends(
    track: Events, notes: Sequence[Struck], shortest: int, rooms: Mapping[int, float], shifted: Mapping[int, int]
) -> dict[int, int]:
    """Map note-ons to new end ticks, for notes that have no note-off of their own or end too early."""
    ends: dict[int, int] = {}
    for _, _, onset, end, _, on, off in notes:
        start = shifted.get(on, onset)
        limit = onset + rooms[on]
        wanted = int(max(end, min(start + shortest, limit)))
        if off < 0 or track[off].is_note_on or wanted != end:
            ends[on] = wanted
    return ends


def _own_offs(track: Events, notes: Sequence[Struck], ons: set[int]) -> list[int]:
    """Return the indices of the note-offs of the notes whose note-ons are in `ons`."""
    return [note[6] for note in notes if note[5] in ons and note[6] >= 0 and not track[note[6]].is_note_on]


def _off(on: Event, tick: int) -> Event:
    return Event(tick, NOTE_OFF | on.status & 0xF, bytes([on.pitch, 0]))

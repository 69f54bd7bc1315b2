"""A song made sound: what `checks.CHECKS` says can be mended is; every other event is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import mido

from jazzgen.doctor.checks import GLOBAL, channels_of, misplaced_drums
from jazzgen.doctor.song import Event, Song, is_note_off, is_note_on, notes_of
from jazzgen.formats.midi.write import MIN_NOTE_TICKS, to_ascii
from jazzgen.music.score import DRUM_CHANNEL, PITCHED_CHANNELS

# At one tick: whatever sets the scene, as it stood, then note-offs, then note-ons, then the end.
_SCENE, _OFF, _ON, _END = range(4)
_Track = tuple[Event, ...]


def mended(song: Song) -> Song:
    """The song without what can be mended."""
    song = replace(song, damage="")
    for step in (_with_conductor, _with_start, _with_drums_on_10, _with_own_channels, _with_names, _with_sound_notes):
        song = step(song)
    return song


def _with_conductor(song: Song) -> Song:
    """Tempo, meter and key in a first track that has no notes."""
    if song.kind != 1 or not song.tracks:
        return song
    first, *others = song.tracks
    if any(is_note_on(event) for event in first):
        others = [first, *others]
        first = ()
    moved = [event for track in others for event in track if event.kind in GLOBAL]
    kept = [tuple(event for event in track if event.kind not in GLOBAL) for track in others]
    return replace(song, tracks=(tuple(sorted((*first, *moved), key=lambda event: event.tick)), *kept))


def _with_start(song: Song) -> Song:
    """Tempo and meter from the start: those that programs take where none is set."""
    if not song.tracks:
        return song
    events = [event for track in song.tracks for event in track if event.tick == 0]
    missing = [kind for kind in GLOBAL[:2] if not any(event.kind == kind for event in events)]
    first = (*(Event(0, mido.MetaMessage(kind)) for kind in missing), *song.tracks[0])
    return replace(song, tracks=(first, *song.tracks[1:]))


def _on_channel(track: _Track, channels: dict[int, int]) -> _Track:
    """The track with its channels renamed."""
    return tuple(
        Event(e.tick, e.message.copy(channel=channels[e.message.channel]))
        if not e.message.is_meta and getattr(e.message, "channel", None) in channels
        else e
        for e in track
    )


def _with_drums_on_10(song: Song) -> Song:
    tracks = list(song.tracks)
    for number in misplaced_drums(song):
        tracks[number] = _on_channel(tracks[number], dict.fromkeys(channels_of(tracks[number]), DRUM_CHANNEL))
    return replace(song, tracks=tuple(tracks))


def _with_own_channels(song: Song) -> Song:
    """Each track on channels that no other has, as long as there are any left."""
    free = [c for c in PITCHED_CHANNELS if not any(c in channels_of(track) for track in song.tracks)]
    taken: set[int] = set()
    tracks: list[_Track] = []
    for track in song.tracks:
        mine = [channel for channel in channels_of(track) if channel != DRUM_CHANNEL]
        shared = [channel for channel in mine if channel in taken]
        renamed = {channel: free.pop(0) for channel in shared[: len(free)]}
        taken |= set(mine)
        tracks.append(_on_channel(track, renamed))
    return replace(song, tracks=tuple(tracks))


def _with_names(song: Song) -> Song:
    """Names in ASCII, and one for each track of notes."""

    def named(number: int, track: _Track) -> Iterator[Event]:
        if song.kind == 1 and channels_of(track) and not song.name(number):
            yield Event(0, mido.MetaMessage("track_name", name=f"Track {number}"))
        for event in track:
            if event.kind != "track_name":
                yield event
            elif event.message.name or not channels_of(track):
                yield Event(event.tick, event.message.copy(name=to_ascii(_decoded(event.message.name))))

    return replace(song, tracks=tuple(tuple(named(number, track)) for number, track in enumerate(song.tracks)))


def _decoded(name: str) -> str:
    """A name that was read as Latin-1, as what it is if that is UTF-8."""
    try:
        return name.encode("latin1").decode("utf-8")
    except UnicodeError:
        return name


@dataclass(slots=True)
class _Note:
    """A note under repair."""

    onset: int
    end: int
    on: mido.Message
    off: mido.Message


def _with_sound_notes(song: Song) -> Song:
    shortest = song.scaled(MIN_NOTE_TICKS)
    return replace(song, tracks=tuple(_rebuilt(track, shortest) for track in song.tracks))


def _rebuilt(track: _Track, shortest: int) -> _Track:
    """The track with its notes apart and long enough, in an order that no program gets wrong, and one end."""
    timed: list[tuple[int, int, mido.Message]] = [
        (event.tick, _SCENE, event.message)
        for event in track
        if not (is_note_on(event) or is_note_off(event) or event.kind == "end_of_track")
    ]
    for note in _apart(_repaired(track), shortest):
        timed += [(note.onset, _ON, note.on), (note.end, _OFF, note.off)]
    end = max([*(event.tick for event in track), *(tick for tick, _, _ in timed)], default=0)
    timed.append((end, _END, mido.MetaMessage("end_of_track")))
    return tuple(Event(tick, message) for tick, _, message in sorted(timed, key=lambda entry: entry[:2]))


def _repaired(track: _Track) -> list[_Note]:
    """The notes, each a tick later if it comes with a program change; one without an end lasts to the track's."""
    changes = {(event.tick, event.message.channel) for event in track if event.kind == "program_change"}
    notes: list[_Note] = []
    for struck in notes_of(track)[0]:
        on = track[struck.on].message
        off = mido.Message("note_off", channel=on.channel, note=on.note, velocity=0)
        if struck.off is not None and track[struck.off].kind == "note_off":
            off = track[struck.off].message
        onset = struck.onset + ((struck.onset, struck.channel) in changes)
        notes.append(_Note(onset, struck.end, on, off))
    return notes


def _apart(notes: Iterable[_Note], shortest: int) -> list[_Note]:
    """Notes of one pitch cut where the next starts; one that would be too short for that is left out."""
    kept: list[_Note] = []
    following: dict[tuple[int, int], int] = {}
    for note in sorted(notes, key=lambda note: note.onset, reverse=True):
        key = note.on.channel, note.on.note
        end = max(note.end, note.onset + shortest)
        note.end = min(end, following.get(key, end))
        if note.end - note.onset >= shortest:
            kept.append(note)
            following[key] = note.onset
    return kept[::-1]

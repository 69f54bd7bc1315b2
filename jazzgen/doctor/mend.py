"""Mend a song: remove the flaws that `checks.CHECKS` marks as mendable and leave every other event as it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jazzgen.doctor.checks import GLOBAL, channels_of, misplaced_drums
from jazzgen.doctor.notes import with_sound_notes
from jazzgen.doctor.song import KINDS, Event, Events, Song, end_at
from jazzgen.formats.midi.events import METER, TEMPO, TRACK_NAME, decoded
from jazzgen.formats.midi.messages import META
from jazzgen.formats.midi.write import to_ascii
from jazzgen.music.score import DRUM_CHANNEL, PITCHED_CHANNELS

_LAST_DATA = 127
# The defaults of "Standard MIDI Files 1.0": 120 beats a minute, and 4/4 with a click a quarter note.
_DEFAULTS = {TEMPO: bytes.fromhex("07a120"), METER: bytes.fromhex("04021808")}


def mended(song: Song) -> Song:
    """Mend a song; one without flaws is returned unchanged.

    Example:
        >>> from jazzgen.doctor.checks import examine, is_sound
        >>> song = Song(1, 480, ((), (Event(0, 0x90, bytes([60, 80])), Event(480, 0x80, bytes([60, 0])))))
        >>> is_sound(examine(song)), is_sound(examine(mended(song)))
        (False, True)
    """
    steps = (_whole, _sound, _with_sound_notes, _with_conductor, _with_start, _with_drums_on_10, _with_own_channels)
    for step in (*steps, _with_names, _with_sound_notes):  # moving to another channel may bring new program changes
        song = step(song)
    return song


def _with_sound_notes(song: Song) -> Song:
    return replace(song, tracks=tuple(with_sound_notes(track, song) for track in song.tracks))


def _whole(song: Song) -> Song:
    """Give the song a type that fits its tracks, and each track an end."""
    kind = song.kind if song.kind in KINDS and (song.kind or len(song.tracks) == 1) else 1
    return replace(song, kind=kind, tracks=tuple(map(_ended, song.tracks)), damage=(), unread=())


def _ended(track: Events) -> Events:
    if track and track[-1].is_end:
        return track
    return (*track, end_at(max((event.tick for event in track), default=0)))


def _sound(song: Song) -> Song:
    """Drop invalid meta events and notes of no MIDI pitch; bring other data into 0 to 127."""
    return replace(song, tracks=tuple(tuple(_sound_events(track)) for track in song.tracks))


def _sound_events(track: Events) -> Iterator[Event]:
    for event in track:
        if event.is_sound:
            yield event
        elif event.is_note and event.pitch <= _LAST_DATA:
            yield replace(event, data=bytes([event.pitch, _LAST_DATA]))
        elif not event.is_meta and not event.is_note:
            yield replace(event, data=bytes(value & _LAST_DATA for value in event.data))


def _with_conductor(song: Song) -> Song:
    """Move every tempo and meter to a first track without notes, adding one if need be."""
    if song.kind != 1 or not song.tracks:
        return song
    first, *others = song.tracks
    if any(event.is_note_on for event in first):
        others, first = [first, *others], (end_at(0),)
    moved = [event for track in others for event in track if _is_global(event)]
    if not moved and len(others) < len(song.tracks):
        return song
    kept = [tuple(event for event in track if not _is_global(event)) for track in others]
    return replace(song, tracks=(_merged(first[:-1], moved, first[-1].tick), *kept))


def _is_global(event: Event) -> bool:
    return event.is_meta and event.meta in GLOBAL


def _merged(track: Iterable[Event], more: Iterable[Event], end: int) -> Events:
    """Merge events in order of time, those of `track` first at one tick, and add an end at tick `end` or later."""
    events = sorted((*track, *more), key=lambda event: event.tick)
    return (*events, end_at(max(end, events[-1].tick if events else 0)))


def _with_start(song: Song) -> Song:
    """Add the default tempo and meter at tick 0 if none is set there."""
    if not song.tracks:
        return song
    set_ = {event.meta for track in song.tracks for event in track if event.tick == 0 and _is_global(event)}
    missing = tuple(Event(0, META, content, kind) for kind, content in _DEFAULTS.items() if kind not in set_)
    return replace(song, tracks=((*missing, *song.tracks[0]), *song.tracks[1:]))


def _with_drums_on_10(song: Song) -> Song:
    """Move drum kits to channel 10, with their track's settings for their old channel except programs."""
    tracks = list(song.tracks)
    for number, channel in misplaced_drums(song):
        shared = any(channel in channels_of(track) for other, track in enumerate(tracks) if other != number)
        tracks[number] = tuple(_on_drums(tracks[number], channel, keep=shared))
    return replace(song, tracks=tuple(tracks))


def _on_drums(track: Events, channel: int, *, keep: bool) -> Iterator[Event]:
    for event in track:
        if event.channel != channel or event.is_program:
            yield event
            continue
        if keep and not event.is_note:
            yield event
        yield _on_channel(event, DRUM_CHANNEL)


def _on_channel(event: Event, channel: int) -> Event:
    return replace(event, status=event.status & 0xF0 | channel)


def _with_own_channels(song: Song) -> Song:
    """Move tracks that share a channel of a port to free channels, as long as there are any."""
    owners: dict[tuple[int, int], int] = {}
    moves: dict[tuple[int, int], int] = {}  # (track, channel) to its new channel
    for number, track in enumerate(song.tracks):
        for channel in channels_of(track):
            port = song.port(number)
            if channel == DRUM_CHANNEL or owners.setdefault((port, channel), number) == number:
                continue
            free = _free_channel(song, port, set(owners), moves)
            if free is not None:
                moves[number, channel] = owners[port, free] = free
                owners[port, free] = number
    return replace(song, tracks=tuple(_moved(song, number, moves, owners) for number in range(len(song.tracks))))


def _free_channel(
    song: Song, port: int, taken: set[tuple[int, int]], moves: Mapping[tuple[int, int], int]
) -> int | None:
    """Return a channel of a port that no event uses, None if there is none."""
    heard = {event.channel for n, track in enumerate(song.tracks) if song.port(n) == port for event in track}
    gone = {new for (number, _), new in moves.items() if song.port(number) == port}
    return next((c for c in PITCHED_CHANNELS if c not in heard | gone and (port, c) not in taken), None)


def _moved(
    song: Song, number: int, moves: Mapping[tuple[int, int], int], owners: Mapping[tuple[int, int], int]
) -> Events:
    """Move a track to its own channels; settings of a shared channel are copied for each track that had it."""
    port = song.port(number)
    mine = {channel: new for (track, channel), new in moves.items() if track == number}
    given = {
        channel for (track, channel) in moves if owners.get((port, channel)) == number and song.port(track) == port
    }
    if not mine and not given:
        return song.tracks[number]
    timed = [(e.tick, number, place, moved) for place, e in enumerate(song.tracks[number]) for moved in _own(e, mine)]
    for other, track in enumerate(song.tracks):
        if other == number or song.port(other) != port:
            continue
        for place, event in enumerate(track):
            if event.channel is None or event.is_note:
                continue
            if event.channel in mine:
                timed.append((event.tick, other, place, _on_channel(event, mine[event.channel])))
            elif event.channel in given and (other, event.channel) in moves:
                timed.append((event.tick, other, place, event))
    ordered = [event for *_, event in sorted(timed, key=lambda entry: entry[:3])]
    return _merged((e for e in ordered if not e.is_end), (), max((e.tick for e in ordered), default=0))


def _own(event: Event, mine: Mapping[int, int]) -> Iterator[Event]:
    channel = event.channel
    yield _on_channel(event, mine[channel]) if channel is not None and channel in mine else event


def _with_names(song: Song) -> Song:
    """Name each track that has notes, and reduce names to ASCII."""
    return replace(song, tracks=tuple(tuple(_named(song, number)) for number in range(len(song.tracks))))


def _named(song: Song, number: int) -> Iterator[Event]:
    track = song.tracks[number]
    if song.kind == 1 and channels_of(track) and not song.name(number):
        yield Event(0, META, f"Track {number}".encode(), TRACK_NAME)
        track = tuple(event for event in track if not _is_name(event))
    for event in track:
        yield replace(event, data=to_ascii(decoded(event.data)).encode()) if _is_odd_name(event) else event


def _is_name(event: Event) -> bool:
    return event.is_meta and event.meta == TRACK_NAME


def _is_odd_name(event: Event) -> bool:
    return _is_name(event) and not event.data.isascii()

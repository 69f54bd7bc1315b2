"""Read and write a MIDI file with everything in it, at absolute ticks of the file's own division."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from jazzgen.formats.midi.events import METER, TRACK_NAME, decoded, makes_sense, read_meter
from jazzgen.formats.midi.messages import (
    END_OF_TRACK,
    META,
    NOTE_ON,
    NOTES_END,
    PROGRAM,
    SYSTEM_START,
    MidiBytes,
    Track,
    parse_midi,
)
from jazzgen.formats.midi.pairing import Paired, Struck, paired
from jazzgen.formats.midi.serial import file_bytes
from jazzgen.formats.midi.voices import port_of
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

KINDS = (0, 1, 2)
_LAST_DATA = 127
_ONE_BYTE = (0xC, 0xD)  # programs and channel pressure


@dataclass(frozen=True, slots=True)
class Event:
    """A message at its tick.

    Attributes:
        tick: in the file's own division.
        status: its first byte.
        data: the bytes after it; the content of a meta event or system message.
        meta: type of a meta event; else 0.
    """

    tick: int
    status: int
    data: bytes
    meta: int = 0

    @property
    def is_meta(self) -> bool:
        return self.status == META

    @property
    def channel(self) -> int | None:
        return self.status & 0xF if self.status < SYSTEM_START else None

    @property
    def is_note(self) -> bool:
        """True for note-ons and note-offs."""
        return self.status < NOTES_END

    @property
    def is_note_on(self) -> bool:
        return NOTE_ON <= self.status < NOTES_END and self.data[1] > 0

    @property
    def is_end(self) -> bool:
        return self.is_meta and self.meta == END_OF_TRACK

    @property
    def is_program(self) -> bool:
        return self.status >> 4 == PROGRAM

    @property
    def is_sound(self) -> bool:
        """False for data over 127, and for an invalid tempo, meter or key."""
        if self.is_meta:
            return makes_sense(self.meta, self.data)
        return self.status >= SYSTEM_START or max(self.data, default=0) <= _LAST_DATA

    @property
    def pitch(self) -> int:
        return self.data[0]


Events = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Song:
    """A file.

    Attributes:
        kind: MIDI file type, 0, 1 or 2 (or whatever its header says).
        division: ticks a quarter note; negative where times are film frames.
        tracks: the events of each, in the order of the file; the last is the end of the track, if it has one.
        damage: descriptions of what could not be read.
        unread: (track, number of bytes after its end), for tracks that have any.
    """

    kind: int
    division: int
    tracks: tuple[Events, ...]
    damage: tuple[str, ...] = ()
    unread: tuple[tuple[int, int], ...] = ()

    def name(self, track: int) -> str:
        """Return the name of a track, empty if it has none."""
        return next((decoded(e.data) for e in self.tracks[track] if e.is_meta and e.meta == TRACK_NAME), "")

    def port(self, track: int) -> int:
        """Return the MIDI port of a track, 0 if it sets none."""
        return port_of(as_track(self.tracks[track]))

    def scaled(self, ticks: int) -> int:
        """Convert ticks of 1/480 beat to the file's own, rounded up, 1 at least."""
        return max(-(-ticks * abs(self.division) // TICKS_PER_BEAT), 1)


def load_song(data: bytes) -> Song:
    """Read a file whole, or as far as it can be read.

    Raises:
        CorpusError: it is not MIDI, or too large.
    """
    midi = parse_midi(data)
    damage = [f"track {number} is {track.flaw}" for number, track in enumerate(midi.tracks) if track.flaw]
    if midi.announced > len(midi.tracks):
        damage.append(f"its header announces {midi.announced} tracks, and {len(midi.tracks)} are there")
    if midi.kind not in KINDS or (midi.kind == 0 and len(midi.tracks) > 1):
        damage.append(f"its header says type {midi.kind}, and it has {len(midi.tracks)} tracks")
    unread = tuple((number, track.unread) for number, track in enumerate(midi.tracks) if track.unread)
    return Song(midi.kind, midi.division, tuple(map(_events, midi.tracks)), tuple(damage), unread)


def _events(track: Track) -> Events:
    found = [_event(track, *message) for message in track.messages]
    return (*found, *([] if track.flaw else [end_at(track.end)]))


def _event(track: Track, tick: int, status: int, first: int, second: int) -> Event:
    if status >= SYSTEM_START:
        return Event(tick, status, track.contents[second], first)
    return Event(tick, status, bytes([first] if status >> 4 in _ONE_BYTE else [first, second]))


def end_at(tick: int) -> Event:
    """Return an end of track."""
    return Event(tick, META, b"", END_OF_TRACK)


def as_track(events: Iterable[Event]) -> Track:
    """Convert events to a track of the parser; the inverse of what `load_song` does to each."""
    track = Track()
    for event in events:
        track.end = max(track.end, event.tick)
        if event.status >= SYSTEM_START:
            if not event.is_end:
                track.messages.append((event.tick, event.status, event.meta, len(track.contents)))
                track.contents.append(event.data)
        else:
            first, second = (*event.data, 0)[:2]
            track.messages.append((event.tick, event.status, first, second))
    return track


def as_midi(song: Song) -> MidiBytes:
    """Convert a song to the parser's tracks and header."""
    return MidiBytes(tuple(map(as_track, song.tracks)), song.kind, len(song.tracks), song.division)


def song_bytes(song: Song) -> bytes:
    """Write a song as a file; every event must be sound (`Event.is_sound`)."""
    return file_bytes(as_midi(song))


def notes_of(track: Events) -> Paired:
    """Pair the notes of a track as the reader of scores does; indices are those of events in the track."""
    places = [place for place, event in enumerate(track) if event.is_note]
    end = max((event.tick for event in track), default=0)
    found = paired([(e.tick, e.status, e.data[0], e.data[1]) for e in track if e.is_note], end)
    notes: list[Struck] = [
        (channel, pitch, onset, stop, velocity, places[on], places[off] if off >= 0 else -1)
        for channel, pitch, onset, stop, velocity, on, off in found.notes
    ]
    return Paired(notes, [places[n] for n in found.late], [places[n] for n in found.stray])


class Places:
    """Bars and beats of ticks, by the file's own meters: 4/4 up to the first, as the standard says."""

    def __init__(self, song: Song) -> None:
        division = abs(song.division)
        meters = ((e.tick, read_meter(e.data)) for t in song.tracks for e in t if e.is_meta and e.meta == METER)
        found = {tick: meter for tick, meter in reversed(list(meters)) if meter}
        self._starts: list[tuple[int, int, int, int]] = []  # tick, bar, ticks a bar, ticks a beat
        for tick, meter in sorted({0: Meter(), **found}.items()):
            beat = max(4 * division // meter.denominator, 1)
            bar = 1
            if self._starts:
                before, number, length, _ = self._starts[-1]
                bar = number - (before - tick) // length
            self._starts.append((tick, bar, meter.numerator * beat, beat))

    def bar(self, tick: int) -> int:
        """Return the number of the bar that a tick is in, from 1."""
        start, bar, length, _ = self._at(tick)
        return bar + (tick - start) // length

    def text(self, tick: int) -> str:
        """Format the bar and beat of a tick: `bar 3 beat 2.5`."""
        start, _, length, beat = self._at(tick)
        return f"bar {self.bar(tick)} beat {1 + (tick - start) % length / beat:.3g}"

    def _at(self, tick: int) -> tuple[int, int, int, int]:
        return self._starts[bisect_right(self._starts, tick, key=lambda s: s[0]) - 1]

    @property
    def bar_ticks(self) -> int:
        """Length of the first bar."""
        return self._starts[0][2]

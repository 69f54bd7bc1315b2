"""A MIDI file with everything that is in it, at absolute ticks of the file's own division."""

import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import mido

from jazzgen.formats.midi.messages import NOTE_ON, MidiBytes, Track, parse_midi
from jazzgen.music.timing import TICKS_PER_BEAT

_END = "end_of_track"
_KINDS = (0, 1, 2)
_FIRST_DATA_BYTES = 0x80


@dataclass(frozen=True, slots=True)
class Event:
    """A message and when it comes."""

    tick: int
    message: mido.Message

    @property
    def kind(self) -> str:
        return str(self.message.type)


@dataclass(frozen=True, slots=True)
class Song:
    """A file.

    Attributes:
        kind: 0, 1 or 2.
        division: ticks a quarter note; negative where times are film frames.
        tracks: the events of each, in the order of the file.
        damage: why it could not be read whole; empty if it could.
    """

    kind: int
    division: int
    tracks: tuple[tuple[Event, ...], ...]
    damage: str = ""

    def name(self, track: int) -> str:
        """What a track is called, empty if it is not; non-ASCII letters are as Latin-1 has them."""
        return next((str(e.message.name) for e in self.tracks[track] if e.kind == "track_name"), "")

    def scaled(self, ticks: int) -> int:
        """So many ticks of 480 a beat in the file's own, one at least."""
        return max(-(-ticks * abs(self.division) // TICKS_PER_BEAT), 1)


@dataclass(frozen=True, slots=True)
class Struck:
    """A note as it stands in a track: events `on` and `off` are places in it, `off` None where it never ends."""

    on: int
    off: int | None
    onset: int
    end: int
    channel: int
    pitch: int


def is_note_on(event: Event) -> bool:
    return event.kind == "note_on" and event.message.velocity > 0


def is_note_off(event: Event) -> bool:
    return event.kind == "note_off" or (event.kind == "note_on" and event.message.velocity == 0)


def load_song(data: bytes) -> Song:
    """Reads a file whole, or as far as it can be read.

    Raises:
        CorpusError: when it is not MIDI, or too much of it.
    """
    midi = parse_midi(data)  # says what is wrong in our own words, and caps sizes
    flaws = [f"track {number} is {track.flaw}" for number, track in enumerate(midi.tracks) if track.flaw]
    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except Exception as error:  # mido raises whatever a damaged file leads it to
        return _salvaged(midi, "; ".join(flaws) or f"a message in it makes no sense ({error or type(error).__name__})")
    tracks = tuple(tuple(_timed(track)) for track in file.tracks)
    if file.type not in _KINDS or (file.type == 0 and len(tracks) != 1):
        return _salvaged(midi, f"its header says type {file.type}, and it has {len(tracks)} tracks")
    return Song(file.type, file.ticks_per_beat, tracks, "; ".join(flaws) if len(tracks) < midi.announced else "")


def _timed(track: Iterable[mido.Message]) -> Iterator[Event]:
    tick = 0
    for message in track:
        tick += message.time
        yield Event(tick, message.copy(time=0))


def _salvaged(midi: MidiBytes, damage: str) -> Song:
    """What the tolerant reader finds in a damaged file: notes, programs, tempos, meters, keys, texts."""
    return Song(1, TICKS_PER_BEAT, tuple(tuple(_salvage(track)) for track in midi.tracks), damage)


def _salvage(track: Track) -> Iterator[Event]:
    found = [Event(tick, message) for tick, kind, content in track.metas for message in _meta(kind, content)]
    found += (Event(0, mido.Message("program_change", channel=c, program=p)) for c, p in track.programs.items())
    for tick, status, pitch, velocity in track.notes:
        if max(pitch, velocity) < _FIRST_DATA_BYTES:
            kind = "note_on" if status >= NOTE_ON else "note_off"
            found.append(Event(tick, mido.Message(kind, channel=status & 0xF, note=pitch, velocity=velocity)))
    yield from sorted(found, key=lambda event: event.tick)
    yield Event(track.end, mido.MetaMessage(_END))


def _meta(kind: int, content: bytes) -> Iterator[mido.MetaMessage]:
    if kind != 0x2F:
        try:
            yield mido.midifiles.meta.build_meta_message(kind, content)
        except Exception:  # likewise
            return  # what makes no sense is what is damaged


def song_bytes(song: Song) -> bytes:
    """The song as a file."""
    file = mido.MidiFile(type=song.kind, ticks_per_beat=song.division)
    for track in song.tracks:
        ticks = pairwise([0, *(event.tick for event in track)])
        file.tracks.append(
            mido.MidiTrack(e.message.copy(time=after - before) for e, (before, after) in zip(track, ticks, strict=True))
        )
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def notes_of(track: Iterable[Event]) -> tuple[list[Struck], list[int]]:
    """The notes of a track, in the order of their beginnings, and the places of note-offs that end nothing.

    A note-off ends the oldest note of its pitch that sounds, as most programs have it.
    """
    events = list(track)
    last = max((event.tick for event in events), default=0)
    sounding: dict[tuple[int, int], list[int]] = {}
    offs: dict[int, int] = {}
    stray: list[int] = []
    for place, event in enumerate(events):
        if is_note_on(event):
            sounding.setdefault((event.message.channel, event.message.note), []).append(place)
        elif is_note_off(event):
            waiting = sounding.get((event.message.channel, event.message.note))
            if waiting:
                offs[waiting.pop(0)] = place
            else:
                stray.append(place)
    notes = []
    for place, event in enumerate(events):
        if is_note_on(event):
            off = offs.get(place)
            end = last if off is None else events[off].tick
            notes.append(Struck(place, off, event.tick, end, event.message.channel, event.message.note))
    return notes, stray


class Places:
    """Where in the music a tick is, by the file's own meters."""

    def __init__(self, song: Song) -> None:
        division = abs(song.division)
        found = {e.tick: e.message for track in song.tracks for e in track if e.kind == "time_signature"}
        self._starts: list[tuple[int, int, int, int]] = []  # tick, bar, ticks a bar, ticks a beat
        for tick, message in sorted({0: mido.MetaMessage("time_signature"), **found}.items()):
            beat = max(4 * division // message.denominator, 1)
            bar = 1
            if self._starts:
                before, number, length, _ = self._starts[-1]
                bar = number - (before - tick) // length
            self._starts.append((tick, bar, message.numerator * beat, beat))

    def text(self, tick: int) -> str:
        """As in `bar 3 beat 2.5`."""
        start, bar, length, beat = self._starts[bisect_right(self._starts, tick, key=lambda s: s[0]) - 1]
        bars, rest = divmod(tick - start, length)
        return f"bar {bar + bars} beat {1 + rest / beat:.3g}"

    @property
    def bar_ticks(self) -> int:
        """Length of the first bar."""
        return self._starts[0][2]

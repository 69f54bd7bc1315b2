"""A MIDI file as timed facts: voices, tempos, meters, key, texts; all in ticks of 1/480 beat.

The reader proper, `corpus.midi`, decides what they mean.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido

from jazzgen.errors import CorpusError
from jazzgen.harmony.pitch import Key
from jazzgen.melody import apart
from jazzgen.score import DRUM_CHANNEL, Note
from jazzgen.timing import MAX_BPM, MIN_BPM, TICKS_PER_BEAT, Meter, from_start, microseconds_to_bpm

MAX_BYTES = 64 * 1024 * 1024
_TEXT_TYPES = ("marker", "text", "lyrics", "cue_marker")


@dataclass(frozen=True, slots=True)
class Voice:
    """The notes of one channel in one track (so a type-0 file has a voice for each channel)."""

    track: int
    name: str
    channel: int
    program: int
    notes: tuple[Note, ...]

    @property
    def is_drums(self) -> bool:
        return self.channel == DRUM_CHANNEL

    def __str__(self) -> str:
        return f"track {self.track} '{self.name}'" if self.name else f"track {self.track} (channel {self.channel + 1})"


@dataclass(frozen=True, slots=True)
class Text:
    """A text event: `kind` is mido's name for it."""

    onset: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class MidiEvents:
    title: str
    voices: tuple[Voice, ...]
    tempos: tuple[tuple[int, float], ...]
    meters: tuple[tuple[int, Meter], ...]
    key: Key
    texts: tuple[Text, ...]


def load_events(path: Path) -> MidiEvents:
    """Reads types 0 and 1 (and 2, its tracks taken as one).

    Raises:
        CorpusError: when the file is missing, too large, or not MIDI.
    """
    midi = _load(path)
    tempos: dict[int, float] = {}
    meters: dict[int, Meter] = {}
    keys: list[Key] = []
    texts: list[Text] = []
    voices: list[Voice] = []
    for number, track in enumerate(midi.tracks):
        for tick, message in _timed(track, midi.ticks_per_beat):
            if message.type == "set_tempo" and message.tempo:
                tempos.setdefault(tick, min(max(microseconds_to_bpm(message.tempo), MIN_BPM), MAX_BPM))
            elif message.type == "time_signature" and 1 <= message.numerator <= 64 and message.denominator <= 32:
                meters.setdefault(tick, Meter(message.numerator, message.denominator))
            elif message.type == "key_signature":
                keys.append(Key.parse(message.key))
            elif message.type in _TEXT_TYPES:
                texts.append(Text(tick, message.type, _decoded(message.text)))
        voices += _voices(number, track, midi.ticks_per_beat)
    name = _decoded(midi.tracks[0].name) if midi.tracks else ""
    return MidiEvents(
        title=name or path.stem,
        voices=tuple(voices),
        tempos=from_start(tempos, 120.0),
        meters=from_start(meters, Meter()),
        key=keys[0] if keys else Key(),
        texts=tuple(sorted(texts, key=lambda text: text.onset)),
    )


def _load(path: Path) -> mido.MidiFile:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CorpusError(
                f"{path}: {size / 1e6:.0f} MB is over the limit of {MAX_BYTES / 1e6:.0f} MB for a MIDI file"
            )
        if size == 0:
            raise CorpusError(f"{path}: the file is empty; export it again")
        midi = mido.MidiFile(str(path), clip=True)
    except FileNotFoundError:
        raise CorpusError(f"{path}: no such file") from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it ends too early"
        raise CorpusError(
            f"{path}: cannot be read as MIDI ({reason}); export it again as a standard MIDI file"
        ) from None
    except (ValueError, LookupError, TypeError, ArithmeticError, mido.KeySignatureError) as error:
        reason = str(error) or type(error).__name__
        raise CorpusError(f"{path}: is damaged ({reason}); export it again as a standard MIDI file") from None
    if not 0 < midi.ticks_per_beat < 0x8000:
        raise CorpusError(f"{path}: counts time in SMPTE frames, not beats; export it with ticks a quarter note")
    return midi


def _timed(track: mido.MidiTrack, ticks_per_beat: int) -> Iterator[tuple[int, mido.Message]]:
    tick = 0
    for message in track:
        tick += message.time
        yield (2 * tick * TICKS_PER_BEAT + ticks_per_beat) // (2 * ticks_per_beat), message


def _decoded(text: str) -> str:
    """A text that mido has read as Latin-1: UTF-8 if its bytes are that."""
    try:
        return text.encode("latin1").decode().strip()
    except UnicodeDecodeError:
        return text.strip()


def _voices(number: int, track: mido.MidiTrack, ticks_per_beat: int) -> Iterator[Voice]:
    """Pairs note-ons with note-offs; a note that is still on when it starts again, or at the end, is ended there.

    Its own note-off may come after that note-on in the same tick; it does not end the new note.
    """
    notes: dict[int, list[Note]] = defaultdict(list)
    programs: dict[int, int] = {}
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    restarted: dict[tuple[int, int], int] = {}
    tick = 0

    def end_note(channel: int, pitch: int) -> None:
        onset, velocity = sounding.pop((channel, pitch))
        notes[channel].append(Note(onset, max(tick - onset, 1), pitch, velocity))

    for tick, message in _timed(track, ticks_per_beat):
        if message.type == "program_change":
            programs.setdefault(message.channel, message.program)
        elif message.type in ("note_on", "note_off"):
            key = (message.channel, message.note)
            starts = message.type == "note_on" and message.velocity > 0
            if not starts and restarted.pop(key, None) == tick:
                continue
            if key in sounding:
                end_note(*key)
                if starts:
                    restarted[key] = tick
            if starts:
                sounding[key] = (tick, message.velocity)
    for key in list(sounding):
        end_note(*key)
    for channel in sorted(notes):
        yield Voice(number, _decoded(track.name), channel, programs.get(channel, 0), apart(notes[channel]))

"""A MIDI file as timed facts: voices, tempos, meters, key, texts; all in ticks of 1/480 beat.

The reader proper, `formats.midi`, decides what they mean.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TypeVar

from jazzgen.formats.midi.messages import (
    AFTERTOUCH,
    CONTROLLER,
    CUT,
    DAMAGED,
    NOTE_ON,
    PAN,
    PITCH_BEND,
    PRESSURE,
    SYSTEM,
    VOLUME,
    MidiBytes,
    Track,
    parse_midi,
)
from jazzgen.formats.midi.texts import read_name
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.melody import Notes, apart
from jazzgen.music.score import DRUM_CHANNEL, Note
from jazzgen.music.timing import MAX_BPM, MIN_BPM, Meter, from_start, microseconds_to_bpm

# Types of meta event.
_TEXT, _COPYRIGHT, _TRACK_NAME, _TEMPO, _METER, _KEY = 0x01, 0x02, 0x03, 0x51, 0x58, 0x59
_TEXT_KINDS = {_TEXT: "text", 0x05: "lyrics", 0x06: "marker", 0x07: "cue_marker"}
_OTHER_MESSAGES = {
    AFTERTOUCH: "aftertouch",
    CONTROLLER: "controllers",
    PRESSURE: "channel pressure",
    PITCH_BEND: "pitch bends",
    SYSTEM: "system messages",
}
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Bytes that are kana, or two of the commoner kanji, in Shift-JIS, and control characters in Latin-1.
_JAPANESE = re.compile(rb"[\x82\x83][\x40-\xf1]|(?:[\x88-\x9f][\x40-\xfc]){2}")
# Tags in a karaoke file's texts: K its kind, L language, T title and then artist, I information, V version.
_KARAOKE_TAG = re.compile(r"@[KLTIV]")
_SUNG = {"text": "words", "lyrics": "words"}
_MAX_NAME = 200
_MOST_NAMED = 4
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Voice:
    """The notes of one channel in one track (so a type-0 file has a voice for each channel)."""

    track: int
    name: str
    channel: int
    program: int
    notes: Notes
    volume: int = 100
    pan: int = 64

    @property
    def is_drums(self) -> bool:
        return self.channel == DRUM_CHANNEL

    @property
    def number(self) -> int:
        return self.track

    def __str__(self) -> str:
        return f"track {self.track} '{self.name}'" if self.name else f"track {self.track} (channel {self.channel + 1})"


@dataclass(frozen=True, slots=True)
class Text:
    """A text event: `kind` is text, lyrics, marker or cue_marker, or words for what a karaoke file has sung."""

    onset: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class MidiEvents:
    """What a file says, title and rights empty if it says none; `left_out` is what is in no other field."""

    title: str
    voices: tuple[Voice, ...]
    tempos: tuple[tuple[int, float], ...]
    meters: tuple[tuple[int, Meter], ...]
    key: Key
    texts: tuple[Text, ...]
    rights: str
    left_out: tuple[str, ...]


def load_events(data: bytes) -> MidiEvents:
    """Reads types 0 and 1 (and 2, its tracks taken as one).

    Raises:
        CorpusError: when it is not MIDI, or too much of it.
    """
    midi = parse_midi(data)
    metas = [meta for track in midi.tracks for meta in track.metas]
    odd: Counter[str] = Counter()
    tempos = {} if midi.in_frames else _settings(metas, _TEMPO, _tempo, odd, "tempos")
    meters = _settings(metas, _METER, _meter, odd, "meters")
    keys = _settings(metas, _KEY, _key, odd, "keys")
    names = [_full_name(track.metas) or _named(track.metas, _TRACK_NAME) for track in midi.tracks]
    title, texts = _title_and_texts(metas)
    return MidiEvents(
        title=title or names[0],
        voices=tuple(voice for n, track in enumerate(midi.tracks) for voice in _voices(n, names[n], track)),
        tempos=from_start(tempos, 120.0),
        meters=from_start(meters, Meter()),
        key=next(iter(keys.values()), Key()),
        texts=tuple(texts),
        rights=_named(metas, _COPYRIGHT),
        left_out=(*_flaws(midi), *_not_kept(midi, odd)),
    )


def decoded(content: bytes) -> str:
    """A text in one line, its encoding guessed: UTF-8 or Shift-JIS if its bytes look it, else Windows' Latin-1."""
    return _CONTROL_CHARACTERS.sub(" ", _guessed(content)).strip()


def _guessed(content: bytes) -> str:
    for encoding in ("utf-8", "shift_jis") if _JAPANESE.search(content) else ("utf-8",):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("cp1252", errors="replace")


def _settings(
    metas: Sequence[tuple[int, int, bytes]],
    kind: int,
    read: Callable[[bytes], _Value | None],
    odd: Counter[str],
    what: str,
) -> dict[int, _Value]:
    """What is set at each tick, the first in file order if several are; counts in `odd` what makes no sense."""
    found: dict[int, _Value] = {}
    for tick, type_, content in metas:
        if type_ == kind:
            value = read(content)
            if value is None:
                odd[what] += 1
            else:
                found.setdefault(tick, value)
    return found


def _tempo(content: bytes) -> float | None:
    microseconds = int.from_bytes(content[:3], "big")
    if len(content) != 3 or not microseconds:
        return None
    return min(max(microseconds_to_bpm(microseconds), MIN_BPM), MAX_BPM)


def _meter(content: bytes) -> Meter | None:
    if len(content) < 2:
        return None
    numerator, power = content[:2]
    return Meter(numerator, 1 << power) if 1 <= numerator <= 64 and power <= 5 else None


def _key(content: bytes) -> Key | None:
    if len(content) != 2:
        return None
    fifths = int.from_bytes(content[:1], "big", signed=True)
    if abs(fifths) > 7 or content[1] > 1:
        return None
    return Key((MINOR_TONICS if content[1] else MAJOR_TONICS)[fifths + 7], minor=bool(content[1]))


def _named(metas: Iterable[tuple[int, int, bytes]], wanted: int) -> str:
    """The first text of a kind that is one to a track or file."""
    return next((decoded(content)[:_MAX_NAME] for _, kind, content in metas if kind == wanted), "")


def _full_name(metas: Iterable[tuple[int, int, bytes]]) -> str:
    """The name that a text gives in full, where the track's name is ASCII alone."""
    return read_name(decoded(content) for tick, kind, content in metas if tick == 0 and kind == _TEXT)[:_MAX_NAME]


def _title_and_texts(metas: Iterable[tuple[int, int, bytes]]) -> tuple[str, list[Text]]:
    """The title that a karaoke file's tags give, and every text in order of time, those tags left out."""
    texts = [Text(tick, _TEXT_KINDS[kind], decoded(content)) for tick, kind, content in metas if kind in _TEXT_KINDS]
    tags = [text.text for text in texts if _is_tag(text)]
    if tags:
        texts = [replace(text, kind=_SUNG.get(text.kind, text.kind)) for text in texts if not _is_tag(text)]
    title = next((tag[2:].strip() for tag in tags if tag.startswith("@T")), "")
    return title[:_MAX_NAME], sorted(texts, key=attrgetter("onset"))


def _is_tag(text: Text) -> bool:
    return text.kind == "text" and bool(_KARAOKE_TAG.match(text.text))


def _voices(number: int, name: str, track: Track) -> Iterator[Voice]:
    for channel, notes in sorted(_paired(track).items()):
        volume, pan = track.settings.get((channel, VOLUME), 100), track.settings.get((channel, PAN), 64)
        yield Voice(number, name, channel, track.programs.get(channel, 0), apart(_from_start(notes)), volume, pan)


def _from_start(notes: list[Note]) -> list[Note]:
    """The notes with those at tick 1 moved to tick 0, if none is there: that leaves room for a program change."""
    if min(note.onset for note in notes) != 1:
        return notes
    return [replace(note, onset=0, duration=note.end) if note.onset == 1 else note for note in notes]


def _paired(track: Track) -> Mapping[int, list[Note]]:
    """The notes of each channel; one still on when it starts again, or at the end, is ended there.

    Its own note-off may come after that note-on in the same tick; it does not end the new note.
    """
    notes: dict[int, list[Note]] = defaultdict(list)
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    restarted: dict[tuple[int, int], int] = {}
    for tick, status, pitch, velocity in track.notes:
        channel = status & 0xF
        if pitch > 127:
            continue
        key = channel, pitch
        starts = velocity and status >= NOTE_ON
        if not starts and restarted and restarted.pop(key, None) == tick:
            continue
        if key in sounding:
            onset, loudness = sounding.pop(key)
            notes[channel].append(Note(onset, max(tick - onset, 1), pitch, loudness))
            if starts:
                restarted[key] = tick
        if starts:
            sounding[key] = tick, min(velocity, 127)
    for (channel, pitch), (onset, loudness) in sounding.items():
        notes[channel].append(Note(onset, max(track.end - onset, 1), pitch, loudness))
    return notes


def _flaws(midi: MidiBytes) -> Iterator[str]:
    if midi.in_frames:
        yield "tempos (times are in film frames, taken at 120 beats a minute)"
    if midi.announced > len(midi.tracks):
        yield f"tracks that its header announces and that are not there ({midi.announced - len(midi.tracks)})"
    for flaw in (CUT, DAMAGED):
        numbers = [number for number, track in enumerate(midi.tracks) if track.flaw == flaw]
        if len(numbers) > _MOST_NAMED:
            yield f"the ends of {len(numbers)} tracks, which are {flaw}"
        else:
            yield from (f"the end of track {number}, which is {flaw}" for number in numbers)


def _not_kept(midi: MidiBytes, odd: Mapping[str, int]) -> Iterator[str]:
    others = sum((track.others for track in midi.tracks), Counter())
    counts = {
        "notes of no MIDI pitch": sum(1 for track in midi.tracks for _, _, pitch, _ in track.notes if pitch > 127),
        **{name: others[kind] for kind, name in _OTHER_MESSAGES.items()},
        **{f"{what} that make no sense": count for what, count in odd.items()},
    }
    yield from (f"{what} ({count})" for what, count in counts.items() if count)

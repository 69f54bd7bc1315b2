"""Collect a MIDI file's voices, tempos, meters, keys and texts, with times in ticks of 1/480 beat.

`formats.midi.readings` decides what they mean.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter
from typing import TypeVar

from jazzgen.formats.midi.bends import kept_counts
from jazzgen.formats.midi.messages import (
    AFTERTOUCH,
    CONTROLLER,
    CUT,
    DAMAGED,
    META,
    NOTES_END,
    PITCH_BEND,
    PRESSURE,
    SYSTEM,
    MidiBytes,
    Track,
    nearest,
    parse_midi,
)
from jazzgen.formats.midi.texts import read_name
from jazzgen.formats.midi.told import PREFIX, Told, as_told, read_told
from jazzgen.formats.midi.voices import Voice, first_settings, voices_of
from jazzgen.formats.midi.xf import XF, read_xf_chord
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.melody import TOGETHER_TICKS
from jazzgen.music.timing import MAX_BPM, MIN_BPM, Meter, microseconds_to_bpm, without_repeats

# Types of meta event.
_TEXT, _COPYRIGHT, TRACK_NAME, TEMPO, METER, KEY = 0x01, 0x02, 0x03, 0x51, 0x58, 0x59
_SEQUENCER = 0x7F  # sequencer-specific: each maker defines its own
_TEXT_KINDS = {_TEXT: "text", 0x05: "lyrics", 0x06: "marker", 0x07: "cue_marker"}
_OTHER_MESSAGES = {
    AFTERTOUCH: "aftertouch",
    CONTROLLER: "controllers",
    PRESSURE: "channel pressure",
    PITCH_BEND: "pitch bends",
    SYSTEM: "system messages",
}
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Kana, or two common kanji, in Shift-JIS; in Latin-1 the same bytes would be control characters.
_JAPANESE = re.compile(rb"[\x82\x83][\x40-\xf1]|(?:[\x88-\x9f][\x40-\xfc]){2}")
# Tags in a karaoke file's texts: K kind of file, L language, T title and then artist, I information, V version.
_KARAOKE_TAG = re.compile(r"@[KLTIV]")
_SUNG = {"text": "words", "lyrics": "words"}
_TELLS = PREFIX.encode()
_MAX_NAME = 200  # characters; set by hand
_LAST = 127  # pitch
_MOST_NAMED = 4  # tracks that a message lists one by one; set by hand
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Text:
    """A text event.

    Attributes:
        onset: in ticks.
        kind: text, lyrics, marker or cue_marker; words for a karaoke file's lyrics; `XF` for a Yamaha XF chord.
        text: on one line.
    """

    onset: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class MidiEvents:
    """What a file says; `title` and `rights` are empty if it has none.

    Attributes:
        kind: MIDI file type, 0 to 2.
        tempos, meters: (onset in ticks, value), from tick 0 on: 120 and 4/4 until the file sets its first.
        says_tempo, says_meter: whether the file sets one at its start.
        key: the first one set.
        left_out: descriptions of what no other field holds.
    """

    kind: int
    title: str
    voices: tuple[Voice, ...]
    tempos: tuple[tuple[int, float], ...]
    meters: tuple[tuple[int, Meter], ...]
    key: Key
    texts: tuple[Text, ...]
    rights: str
    left_out: tuple[str, ...]
    says_tempo: bool = True
    says_meter: bool = True


def load_events(data: bytes) -> MidiEvents:
    """Parse a MIDI file of type 0, 1 or 2; the sequences of a type 2 file are taken as simultaneous tracks.

    Raises:
        CorpusError: it is not MIDI, or too large.
    """
    midi = parse_midi(data)
    tracks = [_scaled(track.metas, midi) for track in midi.tracks]
    metas = [meta for track in tracks for meta in track]
    odd: Counter[str] = Counter()
    tempos = {} if midi.in_frames else _settings(metas, TEMPO, _tempo, odd, "tempos")
    meters = _settings(metas, METER, read_meter, odd, "meters")
    keys = _settings(metas, KEY, _key, odd, "keys")
    names = [_full_name(track) or _named(track, TRACK_NAME) for track in tracks]
    title, texts = _title_and_texts(metas)
    voices = voices_of(midi, names if _has_names(midi) else [""] * len(names))
    told = {number: found for number, track in enumerate(tracks) if (found := _told(track))}
    return MidiEvents(
        kind=midi.kind,
        title=title or names[0],
        voices=tuple(replace(v, notes=as_told(v.notes, told.get(v.track, {}))) for v in voices) if told else voices,
        tempos=_from_start(tempos, 120.0),
        meters=_from_start(meters, Meter()),
        key=next(iter(dict(sorted(keys.items())).values()), Key()),
        texts=tuple(texts),
        rights=_named(metas, _COPYRIGHT),
        left_out=(*_flaws(midi), *_not_kept(midi, odd), *_later_keys(keys)),
        says_tempo=0 in tempos,
        says_meter=0 in meters,
    )


def _has_names(midi: MidiBytes) -> bool:
    """Return whether track names are players' names; in type 0, where one track has all players, it is the tune's."""
    return midi.kind != 0 or len(midi.tracks) > 1


def _scaled(metas: Iterable[tuple[int, int, bytes]], midi: MidiBytes) -> list[tuple[int, int, bytes]]:
    scale = midi.scale
    return [(nearest(tick, scale) if tick else 0, kind, content) for tick, kind, content in metas]


def _from_start(events: Mapping[int, _Value], default: _Value) -> tuple[tuple[int, _Value], ...]:
    """Sort events by tick, starting with the default; a first event within a 64th of the start is moved to tick 0."""
    ordered = sorted(events.items(), key=itemgetter(0))
    if ordered and ordered[0][0] < TOGETHER_TICKS:
        return ((0, ordered[0][1]), *ordered[1:])
    return ((0, default), *ordered)


def decoded(content: bytes) -> str:
    """Decode a text to one line, guessing its encoding: UTF-8, Shift-JIS if it looks Japanese, else Windows-1252.

    >>> decoded("Für Elise".encode()), decoded("Für Elise".encode("cp1252"))
    ('Für Elise', 'Für Elise')
    """
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
    """Return the value set at each tick, the first in file order if there are several; count invalid ones in `odd`."""
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


def read_meter(content: bytes) -> Meter | None:
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


_READERS: Mapping[int, Callable[[bytes], object]] = {TEMPO: _tempo, METER: read_meter, KEY: _key}


def makes_sense(kind: int, content: bytes) -> bool:
    """Return False for an invalid tempo, meter or key: the reader skips it, and some programs refuse the file."""
    return kind not in _READERS or _READERS[kind](content) is not None


def _named(metas: Iterable[tuple[int, int, bytes]], wanted: int) -> str:
    """Return the first text of a meta event type, such as the track name; empty if there is none."""
    return next((decoded(content)[:_MAX_NAME] for _, kind, content in metas if kind == wanted), "")


def _full_name(metas: Iterable[tuple[int, int, bytes]]) -> str:
    """Return the full name that jazzgen writes as a text at tick 0 if the track's name had to be reduced to ASCII."""
    return read_name(decoded(content) for tick, kind, content in metas if tick == 0 and kind == _TEXT)[:_MAX_NAME]


def _told(metas: Iterable[tuple[int, int, bytes]]) -> Told:
    """Return how the notes of a track are written; empty if it does not say."""
    return read_told(decoded(content) for _, kind, content in metas if kind == _TEXT and content.startswith(_TELLS))


def _title_and_texts(metas: Iterable[tuple[int, int, bytes]]) -> tuple[str, list[Text]]:
    """Return the title from a karaoke file's tags, and all texts but those tags in order of time."""
    texts = [text for meta in metas for text in _texts(*meta)]
    tags = [text.text for text in texts if _is_tag(text)]
    if tags:
        texts = [replace(text, kind=_SUNG.get(text.kind, text.kind)) for text in texts if not _is_tag(text)]
    title = next((tag[2:].strip() for tag in tags if tag.startswith("@T")), "")
    return title[:_MAX_NAME], sorted(texts, key=attrgetter("onset"))


def _texts(tick: int, kind: int, content: bytes) -> Iterator[Text]:
    if kind in _TEXT_KINDS:
        yield Text(tick, _TEXT_KINDS[kind], decoded(content))
    elif kind == _SEQUENCER and (symbol := read_xf_chord(content)):
        yield Text(tick, XF, symbol)


def _is_tag(text: Text) -> bool:
    return text.kind == "text" and bool(_KARAOKE_TAG.match(text.text))


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


def _later_keys(keys: Mapping[int, Key]) -> Iterator[str]:
    later = len(list(without_repeats(sorted(keys.items())))) - 1
    if later > 0:
        yield f"later keys ({later})"


def _without_pitch(track: Track) -> int:
    return len([None for _, status, pitch, _ in track.messages if pitch > _LAST and status < NOTES_END])


def _not_kept(midi: MidiBytes, odd: Mapping[str, int]) -> Iterator[str]:
    statuses = Counter(status >> 4 for track in midi.tracks for _, status, _, _ in track.others if status != META)
    counts = {
        "notes of no MIDI pitch": sum(map(_without_pitch, midi.tracks)),
        **{name: statuses[kind] for kind, name in _OTHER_MESSAGES.items()},
        **{f"{what} that make no sense": count for what, count in odd.items()},
    }
    counts["controllers"] -= len(first_settings(midi))
    for name, kept in kept_counts(midi).items():
        counts[name] -= kept
    yield from (f"{what} ({count})" for what, count in counts.items() if count)

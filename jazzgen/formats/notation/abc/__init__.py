"""Make sheets of ABC files, with one tune or many.

A tune starts at its `X:` and ends at an empty line or the next `X:`; fields before the first tune apply to all. Lyrics,
decorations and macros are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.notation.abc.language import key_and_accidentals, meter_of, tempo_of, unit_of
from jazzgen.formats.notation.abc.order import reordered
from jazzgen.formats.notation.abc.voice import Tune, Voice
from jazzgen.formats.notation.drafts import SWING, bars_of
from jazzgen.formats.notation.written import PartBar, Sheet, SheetPart
from jazzgen.formats.reading import Provenance, Unread

MAX_CHARACTERS = 16 * 1024 * 1024  # set by hand
_MAX_VOICES = 100  # set by hand
_FIELD = re.compile(r"([A-Za-z]):(.*)")
_INLINE_VOICE = re.compile(r"\[V:\s*+([^\[\]\s]++)[^\[\]]*+\]")
_NAME = re.compile(r"\b(?:name|nm)\s*=\s*(?:\"([^\"]*)\"|(\S+))")
_OCTAVE = re.compile(r"\boctave\s*=\s*(-?\d)|\b(?:treble|bass|alto|tenor)\d?([+-]8)")
_TRANSPOSE = re.compile(r"\btranspose\s*=\s*(-?\d{1,2})")


def sheets_from_abc(text: str, title: str) -> Iterator[Sheet | Unread]:
    r"""Yield every tune in a file; if there are several, one that cannot be read is an `Unread`.

    Args:
        text: contents of the file.
        title: for tunes without one.

    Raises:
        CorpusError: when there is no tune, or the only one cannot be read.

    Example:
        >>> sheet, = sheets_from_abc("X:1\nT:Riff\nL:1/4\nK:C\nCDE2|", "untitled")
        >>> sheet.title, [(note.onset, note.pitch) for note in sheet.parts[0].bars[0].notes]
        ('Riff', [(0, 60), (480, 62), (960, 64)])
    """
    if len(text) > MAX_CHARACTERS:
        raise CorpusError(f"has {len(text)} characters; at most {MAX_CHARACTERS} are read, split it")
    head, tunes = _split(text)
    if not tunes:
        raise CorpusError("holds no tune: an ABC tune starts with 'X:1' and its music follows a key, such as 'K:G'")
    for number, lines in enumerate(tunes, 1):
        reader = _TuneReader(title)
        try:
            yield reader.read([*head, *lines])
        except JazzgenError as error:
            if len(tunes) == 1:
                raise
            yield Unread(f"{number} {reader.title}", str(error))


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    """Return the header lines that apply to all tunes, and the lines of each tune, without comments."""
    head: list[str] = []
    tunes: list[list[str]] = []
    is_open = False
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    for line in map(_without_comment, lines):
        if line.startswith("X:"):
            tunes.append([])
            is_open = True
        elif not line.strip():
            is_open = is_open and not any(earlier.startswith("K:") for earlier in tunes[-1])
        elif is_open:
            tunes[-1].append(line)
        elif not tunes and _FIELD.match(line):
            head.append(line)
    if not tunes and any(line.startswith("K:") for line in head):  # a tune without its number
        return [], [[line for line in map(_without_comment, lines) if line.strip()]]
    return [line for line in head if line[0] in "MLQR"], tunes


def _without_comment(line: str) -> str:
    return re.split(r"(?<!\\)%", line, maxsplit=1)[0].rstrip()


def _carry_over(bars: list[PartBar], lengths: Sequence[int]) -> None:
    """Move symbols between the last note and the bar line to the next bar's first note, unless that has one."""
    for bar, following, length in zip(bars, bars[1:], lengths, strict=False):
        late = [symbol for symbol in bar.chords if symbol.onset >= length]
        if late and all(symbol.onset for symbol in following.chords):
            bar.chords = [symbol for symbol in bar.chords if symbol.onset < length]
            following.chords = [*(replace(symbol, onset=0) for symbol in late), *following.chords]


class _TuneReader:
    """Reads a tune line by line: first the header fields, up to the key, then the voices."""

    def __init__(self, title: str) -> None:
        self.default_title = title
        self.titles: list[str] = []
        self.composer = self.rhythm = self.source = self.order = ""
        self.tune = Tune()
        self.voice_lines: dict[str, str] = {}  # properties in V: fields, by voice
        self.voices: dict[str, Voice] = {}
        self.in_body = False
        self.current = ""

    @property
    def title(self) -> str:
        return self.titles[0] if self.titles else self.default_title

    def read(self, lines: list[str]) -> Sheet:
        for line in lines:
            field = _FIELD.match(line)
            if field and not line.startswith(("w:", "W:")):
                self._field(field[1], field[2])
            elif field:
                self.tune.left_out["lines of lyrics"] += 1
            elif self.in_body:
                self._music(line)
        return self._sheet()

    def _field(self, letter: str, value: str) -> None:
        if letter == "V":
            self._voice_field(value)
        elif self.in_body:
            for voice in [self._voice()] if letter != "P" else list(self.voices.values())[:1] or [self._voice()]:
                voice.set_field(letter, value)
        else:
            self._head_field(letter, " ".join(value.split()))

    def _head_field(self, letter: str, value: str) -> None:
        tune = self.tune
        if letter == "T" and value:
            self.titles.append(value)
        elif letter == "C":
            self.composer = self.composer or value
        elif letter == "R":
            self.rhythm = value
        elif letter in "SB":  # the source, or the book
            self.source = self.source or value
        elif letter == "M":
            tune.meter = meter_of(value) or tune.meter
        elif letter == "L":
            tune.unit = unit_of(value) or tune.unit
        elif letter == "Q":
            tune.bpm = tempo_of(value, tune.unit_length())
        elif letter == "P":
            self.order = value
        elif letter == "K":
            tune.key, tune.accidentals = key_and_accidentals(value)
            self.voice_lines.setdefault("", value)
            self.in_body = True

    def _voice_field(self, value: str) -> None:
        identity, _, properties = value.strip().partition(" ")
        self.voice_lines[identity] = f"{self.voice_lines.get(identity, '')} {properties}"
        if self.in_body:
            self.current = identity

    def _music(self, line: str) -> None:
        """Read a line of music, which may switch voices."""
        pieces = _INLINE_VOICE.split(line)
        self._voice_line(pieces[0])
        for identity, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            self.current = identity
            self._voice_line(piece)

    def _voice_line(self, line: str) -> None:
        if line.strip():
            self._voice().read_line(line)

    def _voice(self) -> Voice:
        if self.current not in self.voices:
            if len(self.voices) >= _MAX_VOICES:
                raise CorpusError(f"has more than {_MAX_VOICES} voices; leave some out")
            said = self.voice_lines.get(self.current, "")
            octave, name, transpose = _OCTAVE.search(said), _NAME.search(said), _TRANSPOSE.search(said)
            octaves = int(octave[1] or ("1" if octave[2] == "+8" else "-1")) if octave else 0
            semitones = int(transpose[1]) if transpose else 0
            self.voices[self.current] = Voice(
                self.tune, (name and (name[1] or name[2])) or self.current, octaves, semitones
            )
        return self.voices[self.current]

    def _sheet(self) -> Sheet:
        tune = self.tune
        parts = [
            SheetPart(voice.name or f"Part {n}", voice.finish()) for n, voice in enumerate(self.voices.values(), 1)
        ]
        if not tune.drafts:
            raise CorpusError("has no music; notes follow the key, 'K:'")
        for part in parts:
            part.bars += [PartBar() for _ in tune.drafts[len(part.bars) :]]
            _carry_over(part.bars, [draft.length for draft in tune.drafts])
        tune.drafts[0].meter = tune.drafts[0].meter or tune.meter
        if tune.bpm:
            tune.drafts[0].tempos.setdefault(0, tune.bpm)
        bars = list(bars_of(tune.drafts))
        if self.order:
            bars, is_followed = reordered(bars, parts, self.order)
            tune.left_out[f"order of parts '{self.order[:20]}'"] += not is_followed
        left_out = [f"{count} {what}" for what, count in tune.left_out.items() if count]
        return Sheet(
            title=self.title,
            bars=bars,
            parts=[part for part in parts if any(bar.notes or bar.chords for bar in part.bars)],
            composer=self.composer,
            key=tune.key,
            feel="swing" if SWING.search(self.rhythm) else "straight",
            rhythm_feel=self.rhythm,
            provenance=Provenance(self.source),
            left_out=left_out + tune.not_understood,
        )

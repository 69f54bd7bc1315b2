"""Read one voice of an ABC tune, bar by bar."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from jazzgen.errors import ChordError, CorpusError, ScoreError
from jazzgen.formats.notation.abc.bar import AbcBar, Head
from jazzgen.formats.notation.abc.language import (
    CHORD_NOTE,
    WORD,
    key_and_accidentals,
    length_of,
    meter_of,
    note_parts,
    numbers_in,
    tempo_of,
    tuplet_factor,
    unit_of,
)
from jazzgen.formats.notation.drafts import MAX_BAR_BEATS, BarDraft, signs_in
from jazzgen.formats.notation.written import MAX_NOTES, PartBar
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.harmony.chords import is_no_chord, parse_chord
from jazzgen.harmony.pitch import LETTERS, Key, written_fifths
from jazzgen.harmony.unfold import MAX_TIMES
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

_ANNOTATION = "^_<>@"
# Texts that start like this were meant as chord symbols; others are words.
_MEANT_AS_CHORD = re.compile(r"[A-H](?:is|es|s)?(?:[b#♭♯]|m(?![a-z])|maj|min|dim|aug|sus|add|alt|[\d+\-(/^°øΔ]|$)")
_ALTERNATE = re.compile(r"(?<=[^\s(])\s*\([A-G][^()]*\)$")
_SMALL_BASS = re.compile(r"/[a-g](?=[b#]?$)")
_DECORATIONS = {
    "segno": "segno",
    "coda": "coda",
    "dacoda": "to_coda",
    "fine": "fine",
    "D.C.": "da_capo",
    "D.S.": "dal_segno",
    "dacapo": "da_capo",
    "D.C.alcoda": "da_capo",
    "D.C.alfine": "da_capo",
    "D.S.alcoda": "dal_segno",
    "D.S.alfine": "dal_segno",
}
_SIGN_LETTERS = {"S": "segno", "O": "coda"}
_SIGN_WORDS = {"segno": "segno", "sign": "segno", "coda": "coda"}
# Share of its length that one note of a broken rhythm loses to the other, by the number of signs (4.4 of the standard).
_BROKEN = {1: Fraction(1, 2), 2: Fraction(3, 4), 3: Fraction(7, 8)}


@dataclass(slots=True)
class Tune:
    """What all voices share, while it is gathered: the header fields, bars, and what is left out."""

    drafts: list[BarDraft] = field(default_factory=list)
    meter: Meter = Meter()
    unit: Fraction | None = None
    key: Key = Key()
    accidentals: dict[str, int] = field(default_factory=dict)
    bpm: float | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    not_understood: list[str] = field(default_factory=list)
    notes: int = 0

    def unit_length(self) -> Fraction:
        """Return the unit note length in quarters: from L:, or an eighth, or a sixteenth in meters under 3/4."""
        if self.unit is not None:
            return self.unit
        return Fraction(1, 4) if self.meter.numerator * 4 < 3 * self.meter.denominator else Fraction(1, 2)


class Voice:
    """Reads the lines of a voice. `octaves` and `transposition` (semitones) shift its pitches."""

    def __init__(self, tune: Tune, name: str = "", octaves: int = 0, transposition: int = 0) -> None:
        self.tune = tune
        self.name = name
        self.shift = 12 * octaves + transposition
        self.moved_fifths = (7 * transposition + 6) % 12 - 6
        self.bars: list[PartBar] = []
        self.unit = tune.unit_length()
        self.accidentals = dict(tune.accidentals)
        self.meter = tune.meter
        self.endings: frozenset[int] = frozenset()
        self.tied_pitches: dict[tuple[str, int], int] = {}
        self.tuplet: tuple[Fraction, int] = (Fraction(1), 0)  # factor, notes left
        self.next_factor = Fraction(1)  # of the note after a broken rhythm sign
        self.bar = AbcBar()

    @property
    def draft(self) -> BarDraft:
        """The current bar's draft, shared by all voices."""
        while len(self.tune.drafts) <= len(self.bars):
            self.tune.drafts.append(BarDraft(str(len(self.tune.drafts) + 1)))
        if len(self.tune.drafts) > MAX_BARS:
            raise CorpusError(f"is longer than {MAX_BARS} bars; cut it")
        return self.tune.drafts[len(self.bars)]

    def read_line(self, line: str) -> None:
        """Read a line of music, without its comment.

        Raises:
            CorpusError: naming the bar with an impossible note or field.
        """
        try:
            for word in WORD.finditer(line):
                if read := _READERS.get(word.lastgroup or ""):
                    read(self, word)
        except (CorpusError, ScoreError) as error:
            raise CorpusError(f"bar {len(self.bars) + 1}: {error}") from None

    def set_field(self, letter: str, value: str) -> None:
        """Apply a field in the body: key, meter, unit, tempo or section."""
        if letter == "K":
            self.accidentals = key_and_accidentals(value)[1]
        elif letter == "M" and (meter := meter_of(value)):
            self.meter = meter
            self.draft.meter = self.draft.meter or meter
        elif letter == "L" and (unit := unit_of(value)):
            self.unit = unit
        elif letter == "P":
            self.draft.section = self.draft.section or value.strip()[:40]
        elif letter == "Q" and (bpm := tempo_of(value, self.unit)):
            self.draft.tempos.setdefault(self.bar.position(), bpm)

    def finish(self) -> list[PartBar]:
        """End the last bar and return all."""
        self._close_bar()
        return self.bars

    def _inline_field(self, word: re.Match[str]) -> None:
        self.set_field(word["field"][1], word["field"][3:-1])

    def _note(self, word: re.Match[str]) -> None:
        heads = (self._head(word["note"], bool(word["tie"])),)
        self._add(length_of(word["length"]), heads)

    def _chord(self, word: re.Match[str]) -> None:
        notes = list(CHORD_NOTE.finditer(word["chord"]))
        if notes:
            tied = bool(word["chord_tie"])
            heads = tuple(self._head(note["note"], tied or bool(note["tie"])) for note in notes)
            self._add(length_of(notes[0]["length"]) * length_of(word["chord_length"]), heads)

    def _rest(self, word: re.Match[str]) -> None:
        self._add(length_of(word["rest_length"]))

    def _bars_rest(self, word: re.Match[str]) -> None:
        self._close_bar()
        for _ in range(int(word["count"] or 1)):
            self.bar.add(Fraction(self.meter.bar_ticks, TICKS_PER_BEAT))
            self._close_bar()

    def _grace(self, word: re.Match[str]) -> None:
        self.tune.left_out["grace notes"] += len(CHORD_NOTE.findall(word["grace"]))

    def _head(self, text: str, tied: bool) -> Head:
        letter, octave, accidental = note_parts(text)
        before = self.tied_pitches.pop((letter, octave), None)
        if accidental is not None:
            self.bar.accidentals[letter] = accidental
        alter = self.bar.accidentals.get(letter, self.accidentals.get(letter, 0))
        pitch = 12 * (octave + 1) + LETTERS[letter] + alter + self.shift
        if before is not None and accidental is None:
            pitch = before  # an accidental holds as long as its note is tied
        if not 0 <= pitch <= 127:
            raise CorpusError(f"the note '{text[:20]}' is outside MIDI's range")
        if tied:
            self.tied_pitches[letter, octave] = pitch
        alter = pitch - 12 * (octave + 1) - LETTERS[letter] - self.shift
        return Head(pitch, tied, written_fifths(letter, alter, self.moved_fifths))

    def _add(self, units: Fraction, heads: tuple[Head, ...] = ()) -> None:
        factor, left = self.tuplet
        self.tuplet = (factor, left - 1) if left > 1 else (Fraction(1), 0)
        self.bar.add(units * self.unit * self.next_factor * (factor if left else 1), heads)
        self.next_factor = Fraction(1)
        self.tune.notes += len(heads)
        if self.tune.notes > MAX_NOTES:
            raise CorpusError(f"has more than {MAX_NOTES} notes; split it")

    def _tuplet(self, word: re.Match[str]) -> None:
        notes = int(word["tuplet"])
        is_compound = self.meter.numerator % 3 == 0 and self.meter.numerator > 3
        self.tuplet = (tuplet_factor(notes, int(word["time_of"] or 0), is_compound), int(word["number"] or notes))

    def _broken(self, word: re.Match[str]) -> None:
        less = _BROKEN[len(word["broken"])]
        shorter, longer = 1 - less, 1 + less
        before, after = (longer, shorter) if word["broken"][0] == ">" else (shorter, longer)
        if self.bar.stretch_last(before):
            self.next_factor = after

    def _overlay(self, _: re.Match[str]) -> None:
        self.bar.layers.append([])

    def _text(self, word: re.Match[str]) -> None:
        text = word["text"].strip('" ')
        signs = signs_in(text) | {_SIGN_WORDS[w]: True for w in _SIGN_WORDS if text.strip("^_ ").lower() == w}
        if signs:
            self.draft.sign(**signs)
        elif text and text[0] not in _ANNOTATION and len(self.bar.layers) == 1:
            self._symbol(self._first_of_two(text.split(";")[0]).strip("() "))

    def _first_of_two(self, text: str) -> str:
        """Remove the alternate chord in brackets after a symbol."""
        first = _ALTERNATE.sub("", text)
        self.tune.left_out["alternate chords in brackets"] += first != text
        return first

    def _symbol(self, text: str) -> None:
        try:
            chord = None if is_no_chord(text) else parse_chord(_SMALL_BASS.sub(lambda match: match[0].upper(), text))
        except ChordError as error:
            if _MEANT_AS_CHORD.match(text):
                self.tune.not_understood.append(f"bar {len(self.bars) + 1}: {error}")
            else:
                self.tune.left_out["texts that are no chords"] += 1
            return
        self.bar.chords.append((len(self.bar.layers[0]), chord))

    def _decoration(self, word: re.Match[str]) -> None:
        if sign := _DECORATIONS.get(word["decoration"]):
            self.draft.sign(**{sign: True})

    def _sign_letter(self, word: re.Match[str]) -> None:
        self.draft.sign(**{_SIGN_LETTERS[word["sign"]]: True})

    def _bar(self, word: re.Match[str]) -> None:
        line = word["bar"]
        starts = line.endswith(":")
        ends = line.startswith(":")
        self._close_bar()
        if ends and self.bars:
            colons = len(line) - len(line.lstrip(":")) if "|" in line else 1  # "::" is ":||:" in short
            last = self.tune.drafts[len(self.bars) - 1]
            last.sign(times=max(last.signs.times, min(colons + 1, MAX_TIMES)))
        if starts:
            self.draft.sign(repeat_start=True)
        if len(line) > 1:
            self.endings = frozenset()
        if word["after_bar"]:
            self._open_ending(word["after_bar"])

    def _ending(self, word: re.Match[str]) -> None:
        self._close_bar()
        self._open_ending(word["ending"])

    def _open_ending(self, text: str) -> None:
        self.endings = frozenset(number for number in numbers_in(text) if 1 <= number <= MAX_TIMES)

    def _close_bar(self) -> None:
        """End the bar; a bar line with nothing before it is ignored."""
        if self.bar.is_empty:
            return
        part_bar, length = self.bar.laid_out()
        if length > MAX_BAR_BEATS * TICKS_PER_BEAT:
            raise CorpusError(f"lasts {length / TICKS_PER_BEAT:g} beats; at most {MAX_BAR_BEATS} are read")
        self.draft.length = max(self.draft.length, length)
        if self.endings:
            self.draft.sign(endings=self.draft.signs.endings | self.endings)
        self.bars.append(part_bar)
        self.bar = AbcBar()


# By the last group of `WORD` that matched.
_READERS: dict[str, Callable[[Voice, re.Match[str]], None]] = {
    "text": Voice._text,
    "field": Voice._inline_field,
    "after_bar": Voice._bar,
    "bar": Voice._bar,
    "ending": Voice._ending,
    "chord": Voice._chord,
    "chord_length": Voice._chord,
    "chord_tie": Voice._chord,
    "note": Voice._note,
    "length": Voice._note,
    "tie": Voice._note,
    "rest_length": Voice._rest,
    "count": Voice._bars_rest,
    "grace": Voice._grace,
    "tuplet": Voice._tuplet,
    "time_of": Voice._tuplet,
    "number": Voice._tuplet,
    "broken": Voice._broken,
    "overlay": Voice._overlay,
    "decoration": Voice._decoration,
    "sign": Voice._sign_letter,
}

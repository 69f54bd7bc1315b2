"""Split an Impro-Visor leadsheet into words, and read its notes and durations.

    sheet    = {form | word}
    form     = "(" {form | word} ")"                 a directive; its first word is its name
    word     = "|" | "," | text without blanks       `//` and `/* */` are comments
    note     = letter [# | b] {+ | -} [duration]     a to g; `c` is middle C, each + or - an octave up or down
    rest     = "r" [duration]
    duration = value {"+" value}                     the default is an eighth
    value    = number ["/" tuplet] {"."}             8 is an eighth, 8/3 a triplet eighth, 2. a dotted half

Source: B. Keller, "Impro-Visor Leadsheet Notation", Harvey Mudd College, 2005.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Union

from jazzgen.errors import CorpusError
from jazzgen.harmony.pitch import ACCIDENTALS, LETTERS, written_fifths
from jazzgen.music.timing import TICKS_PER_BEAT

MAX_DEPTH = 32  # of nested parentheses; set by hand
_MIDDLE_C = 60
_WHOLE = 4 * TICKS_PER_BEAT
_DEFAULT_DURATION = "8"
_PIECE = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|[()|,\[\]]|(?:(?!//|/\*)[^\s()|,\[\]])+", re.S)
_COMMENTS = ("//", "/*")
_VALUE = r"[0-9]{1,4}(?:/[0-9]{1,2})?\.{0,4}"
_NOTE = re.compile(rf"(?:r|([a-g])([#b]?)([+-]{{0,12}}))((?:{_VALUE}(?:\+{_VALUE}){{0,999}})?)")
_PARTS_OF_VALUE = re.compile(r"([0-9]+)(?:/([0-9]+))?(\.*)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its line number."""

    text: str
    line: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Form:
    """A directive: everything between a pair of parentheses, and its first line's number."""

    items: tuple[Union["Form", Word], ...]
    line: int

    @property
    def name(self) -> str:
        return self.items[0].text if self.items and isinstance(self.items[0], Word) else ""

    @property
    def value(self) -> str:
        """Text after the name."""
        return " ".join(map(str, self.items[1:])).replace(" ,", ",")

    def __str__(self) -> str:
        return f"({' '.join(map(str, self.items))})"

    def forms(self) -> Iterator["Form"]:
        """Return the directives inside."""
        return (item for item in self.items if isinstance(item, Form))


def read_items(text: str) -> Iterator[Form | Word]:
    """Yield the words and directives at the top level of a sheet.

    Raises:
        CorpusError: naming the line of a parenthesis without its partner.
    """
    open_forms: list[tuple[int, list[Form | Word]]] = []
    for piece, line in _pieces(text):
        if piece == "(":
            if len(open_forms) == MAX_DEPTH:
                raise CorpusError(f"line {line}: parentheses are {MAX_DEPTH} deep; is this an Impro-Visor leadsheet?")
            open_forms.append((line, []))
            continue
        item: Form | Word = Word(piece, line)
        if piece == ")":
            if not open_forms:
                raise CorpusError(f"line {line}: ')' closes nothing; take it out")
            start, items = open_forms.pop()
            item = Form(tuple(items), start)
        if open_forms:
            open_forms[-1][1].append(item)
        else:
            yield item
    if open_forms:
        raise CorpusError(f"line {open_forms[-1][0]}: '(' is never closed; write ')' after its directive")


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    position = 0
    for piece in _PIECE.finditer(text):
        line += text.count("\n", position, piece.start())
        position = piece.start()
        if not piece[0].startswith(_COMMENTS):
            yield piece[0], line


def read_note(word: Word) -> tuple[int | None, Fraction, int | None]:
    """Return the MIDI pitch (None for a rest), the duration in ticks, and the pitch's place on the line of fifths.

    The duration may be a fraction.

    Raises:
        CorpusError: naming the line and what is wrong.

    Example:
        >>> read_note(Word("bb+8/3", 1))
        (82, Fraction(160, 1), -2)
    """
    try:
        return _read_note(word.text)
    except CorpusError as error:
        raise CorpusError(f"line {word.line}: '{word.text[:40]}' {error}") from None


@lru_cache(maxsize=4096)
def _read_note(text: str) -> tuple[int | None, Fraction, int | None]:
    note = _NOTE.fullmatch(text)
    if not note:
        raise CorpusError("is no note; write a to g (or r) and a duration, as in bb+8/3")
    letter, accidental, octaves, duration = note.groups()
    ticks = sum((_ticks(value) for value in (duration or _DEFAULT_DURATION).split("+")), Fraction(0))
    if letter is None:
        return None, ticks, None
    within_octave = (LETTERS[letter.upper()] + ACCIDENTALS[accidental]) % 12  # `cb` is the b above, not below, `c`
    pitch = _MIDDLE_C + within_octave + 12 * (octaves.count("+") - octaves.count("-"))
    if not 0 <= pitch <= 127:
        raise CorpusError("is outside MIDI's range: c----- to g+++++")
    return pitch, ticks, written_fifths(letter.upper(), ACCIDENTALS[accidental])


def _ticks(value: str) -> Fraction:
    found = _PARTS_OF_VALUE.fullmatch(value)
    assert found is not None  # `_NOTE` has matched it
    number, tuplet, dots = int(found[1]), int(found[2] or 1), len(found[3])
    if not number or not tuplet:
        raise CorpusError("lasts a 0th of a note; write 1 to 32")
    in_time_of = max(tuplet - 1, 1)
    return Fraction(_WHOLE * in_time_of, number * tuplet) * (2 - Fraction(1, 2**dots))

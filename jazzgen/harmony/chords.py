"""Chord symbols: one reader for every spelling in use, and the dialects to write them in.

`parse_chord` and `format_chord` are inverses in each dialect. docs/chords.md has the grammar, the table of qualities
and the ambiguities. MusicXML's `<harmony>` is in `chord_musicxml`.
"""

import difflib
import re
from functools import lru_cache

from jazzgen.errors import ChordError
from jazzgen.harmony.chord_dialects import (
    DIALECTS,
    HARTE,
    IMPROVISOR,
    IREAL,
    MUSIC21,
    PLAIN,
    WEIMAR,
    Dialect,
    read_any,
)
from jazzgen.harmony.chord_parts import MisreadError
from jazzgen.harmony.chord_reader import MAX_LENGTH, plain_signs, read_body
from jazzgen.harmony.chord_value import Chord
from jazzgen.harmony.pitch import FLAT_NAMES, SHARP_NAMES

__all__ = [
    "DIALECTS",
    "HARTE",
    "IMPROVISOR",
    "IREAL",
    "MUSIC21",
    "NO_CHORD",
    "PLAIN",
    "WEIMAR",
    "Chord",
    "Dialect",
    "format_chord",
    "is_chord",
    "is_no_chord",
    "parse_chord",
]

NO_CHORD = "N.C."
# Note names of other languages: H is B and Es is E flat in German, Sol is G in Romance languages.
_ROMANCE = {"do": "C", "re": "D", "ré": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_FOREIGN_NAME = re.compile(
    r"\A(?:(?P<romance>(?i:sol|do|r[eé]|mi|fa|la|si))|(?P<letter>H|[A-G](?=is|es|s))(?P<sign>isis|is|eses|es|s)?)"
)
_NO_CHORDS = ("n.c.", "n.c", "nc", "n", "no chord")
# Suggestions for an unknown symbol.
_USUAL = (
    *(quality + number for quality in ("", "m", "maj") for number in ("", "6", "69", "7", "9", "11", "13")),
    *("dim", "dim7", "aug", "7#5", "m7b5", "mmaj7", "7alt", "7sus4", "9sus4", "sus4", "sus2"),
    *("7b9", "7#9", "7#11", "7b13", "7b5", "add9"),
)


@lru_cache(maxsize=4096)
def parse_chord(text: str, dialect: Dialect | None = None) -> Chord:
    """Read a chord symbol.

    Args:
        text: the symbol.
        dialect: the symbol's dialect. Without one, every lead-sheet dialect is read; where two differ (`C79b13`),
            the plain reading wins.

    Raises:
        ChordError: names the symbol, what is not understood, the nearest spelling and the position.

    Example:
        >>> chord = parse_chord("B♭-7(b5)")
        >>> str(chord), chord.tones
        ('Bbm7b5', (0, 3, 6, 10))
    """
    symbol = text.strip()
    if len(symbol) > MAX_LENGTH:
        raise ChordError(f"chord '{symbol[:20]}...' has {len(symbol)} characters: at most {MAX_LENGTH} are read")
    try:
        return dialect.read(symbol) if dialect else read_any(symbol)
    except MisreadError as error:
        place = _place(symbol, error.position) + len(text) - len(text.lstrip())
        hint = _suggestion(symbol, dialect or PLAIN)
        raise ChordError(f"chord '{text}': {error}{hint} (at character {place})") from None


def is_chord(text: str) -> bool:
    """Return whether `parse_chord` reads the text; faster, as it does not look for the nearest spelling."""
    symbol = text.strip()
    return len(symbol) <= MAX_LENGTH and _is_read(symbol)


@lru_cache(maxsize=4096)
def _is_read(symbol: str) -> bool:
    try:
        return bool(read_any(symbol))
    except MisreadError:
        return False


def format_chord(chord: Chord | None, dialect: Dialect = PLAIN) -> str:
    """Write a chord (None for no chord) in a dialect; the inverse of `parse_chord`.

    Example:
        >>> format_chord(parse_chord("Cm7b5"), IREAL)
        'Ch7'
    """
    return dialect.write(chord) if chord else dialect.no_chord


def is_no_chord(text: str) -> bool:
    """Return True for `N.C.` in its usual spellings."""
    return text.strip().lower() in _NO_CHORDS


def _place(symbol: str, position: int) -> int:
    """Return the character (from 1) of the symbol as written for a position in plain signs."""
    return 1 + next((n for n in range(len(symbol)) if len(plain_signs(symbol[: n + 1])) > position), len(symbol))


def _in_english(symbol: str) -> str:
    """Translate German and Romance names of root and bass to English."""
    return "/".join(_FOREIGN_NAME.sub(_english_name, part) for part in symbol.split("/"))


def _english_name(name: re.Match[str]) -> str:
    if name["romance"]:
        return _ROMANCE[name["romance"].lower()]
    accidental = {"is": "#", "isis": "##", "es": "b", "s": "b", "eses": "bb"}.get(name["sign"], "")
    return ("B" if name["letter"] == "H" else name["letter"]) + accidental


@lru_cache(maxsize=len(DIALECTS))
def _usual_symbols(dialect: Dialect) -> tuple[str, ...]:
    chords = (Chord(root, *read_body(body)) for root in dict.fromkeys(FLAT_NAMES + SHARP_NAMES) for body in _USUAL)
    return tuple(dialect.write(chord) for chord in chords)


def _suggestion(symbol: str, dialect: Dialect) -> str:
    """Return "; did you mean X?" with the symbol translated to this dialect, or else the nearest usual symbol."""
    try:
        near = [dialect.write(read_any(_in_english(symbol)))]
    except MisreadError:  # 0.5 is set by hand, below difflib's default of 0.6, to suggest more often
        near = difflib.get_close_matches(symbol[:1].upper() + symbol[1:], _usual_symbols(dialect), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""

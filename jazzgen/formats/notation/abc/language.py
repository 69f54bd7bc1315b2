"""Parse the words, lengths, keys, meters and tempos of ABC tunes.

Source: the ABC music standard 2.1 (https://abcnotation.com/wiki/abc:standard:v2.1).

line  = field | {word}
field = letter ":" value                          also inside a line, in brackets: [K:G]
word  = note | rest | chord | grace | bar | ending | tuplet | broken | text | decoration | ..    (`WORD`)
note  = [accidental] letter {"," | "'"} [length]
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from jazzgen.errors import CorpusError
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.timing import Meter

# No part of a word may match in two ways: a line with an unclosed bracket would take exponential time.
_LENGTH = r"\d{0,4}(?:/+\d{0,4})?"
_PITCH = r"(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*"
WORD = re.compile(
    rf"""
      (?P<text>"[^"]*")
    | (?P<field>\[[A-Za-z]:[^\[\]]*\])
    | (?P<bar>(?::*(?:\[\||\|+)\]?:*|::+))(?P<after_bar>\s*\[?\d[\d,\-.]*)?
    | (?P<ending>\[\d[\d,\-.]*)
    | (?P<chord>\[(?:{_PITCH}{_LENGTH}|-|\s|![^!\[\]]*!)+\])(?P<chord_length>{_LENGTH})(?P<chord_tie>\s*-)?
    | (?P<note>{_PITCH})(?P<length>{_LENGTH})(?P<tie>\s*-)?
    | (?P<rest>[xz])(?P<rest_length>{_LENGTH})
    | (?P<bars_rest>[XZ])(?P<count>\d{{0,3}})
    | (?P<grace>\{{[^{{}}]*\}})
    | \((?P<tuplet>[2-9])(?!\d)(?::(?P<time_of>[1-9]?)(?::(?P<number>\d{{0,2}}))?)?
    | (?P<broken><{{1,3}}|>{{1,3}})
    | (?P<overlay>&)
    | !(?P<decoration>[^!\s]{{1,20}})!
    | (?P<sign>[SO])
    | (?P<other>.)
    """,
    re.VERBOSE,
)
CHORD_NOTE = re.compile(rf"(?P<note>{_PITCH})(?P<length>{_LENGTH})(?P<tie>-)?")
_NOTE_PARTS = re.compile(r"(?P<accidental>[\^_=]*)(?P<letter>[A-Ga-g])(?P<octave>[,']*)")
_ACCIDENTALS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
# Notes in whose time a tuplet of n notes is played; 5, 7 and 9 depend on the meter (4.13 of the standard).
_TIME_OF = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}
_KEY = re.compile(r"(?P<tonic>[A-G])(?P<sign>[b#]?)\s*(?P<mode>[A-Za-z]*)")
_EXTRA_ACCIDENTAL = re.compile(r"(?<!\S)(?P<sign>\^{1,2}|_{1,2}|=)(?P<letter>[a-gA-G])")
# Fifths from the major key of the same tonic, by the first three letters of the mode.
_MODES = {"maj": 0, "ion": 0, "mix": -1, "dor": -2, "m": -3, "min": -3, "aeo": -3, "phr": -4, "loc": -5, "lyd": 1}
_SHARP_ORDER = "FCGDAEB"
_TEMPO = re.compile(r"(?P<numerator>\d{1,2})/(?P<denominator>\d{1,2})\s*=\s*(?P<bpm>\d{1,3}(?:\.\d{1,3})?)")
_BARE_TEMPO = re.compile(r"(?:C\d?\s*=\s*)?(\d{2,3})\s*$")

_COMMON = {"C": Meter(4, 4), "C|": Meter(2, 2)}
_METER = re.compile(r"\(?(\d{1,2}(?:\+\d{1,2})*)\)?/(\d{1,2})")
_FRACTION = re.compile(r"(\d{1,2})/(\d{1,3})")


def length_of(text: str) -> Fraction:
    """Parse a length in units of L: `3/2`, `/` for a half, `//` for a quarter, empty for one.

    Example:
        >>> length_of("3/2"), length_of("//")
        (Fraction(3, 2), Fraction(1, 4))
    """
    numerator, slash, denominator = text.partition("/")
    if not slash:
        return Fraction(int(numerator or 1))
    halvings = 1 + len(denominator) - len(denominator.lstrip("/"))
    divisor = int(denominator.lstrip("/") or 0) or 2**halvings
    return Fraction(int(numerator or 1), divisor)


def note_parts(text: str) -> tuple[str, int, int | None]:
    """Return a note's letter, octave (5 for `c`, 4 for `C`) and accidental in semitones, None if not written."""
    match = _NOTE_PARTS.match(text)
    assert match is not None  # only what `WORD` has found comes here
    letter, marks = match["letter"], match["octave"]
    octave = 4 + letter.islower() + marks.count("'") - marks.count(",")
    return letter.upper(), octave, _ACCIDENTALS.get(match["accidental"])


def tuplet_factor(notes: int, time_of: int | None, is_compound: bool) -> Fraction:
    """Return the factor for the lengths of a tuplet's notes; `time_of` overrides the default."""
    return Fraction(time_of or _TIME_OF.get(notes, 3 if is_compound else 2), notes)


def key_and_accidentals(text: str) -> tuple[Key, dict[str, int]]:
    """Parse a K: field; return the key, and semitones by letter for its accidentals.

    Modes other than major and minor give the major key of the same signature.

    Raises:
        CorpusError: when no key signature can hold the key.

    Example:
        >>> key, accidentals = key_and_accidentals("Ddor")
        >>> str(key), accidentals
        ('C', {})
    """
    if text.strip().lower() in ("", "none") or text.strip()[:2] in ("HP", "Hp"):
        return (Key("D"), {"F": 1, "C": 1}) if text.strip() == "Hp" else (Key(), {})
    match = _KEY.match(text.strip())
    if not match:
        return Key(), _extra_accidentals(text)  # a clef alone
    mode = match["mode"].lower()
    offset = _MODES.get(mode if mode == "m" else mode[:3], 0)
    fifths = (
        MAJOR_TONICS.index(match["tonic"] + match["sign"]) if match["tonic"] + match["sign"] in MAJOR_TONICS else 99
    )
    fifths += offset - 7
    if not -7 <= fifths <= 7:
        raise CorpusError(f"no key signature holds the key '{text[:20]}'; write one of up to seven sharps or flats")
    key = Key(MINOR_TONICS[fifths + 7], minor=True) if offset == -3 else Key(MAJOR_TONICS[fifths + 7])
    return key, signature(fifths) | _extra_accidentals(text)


def signature(fifths: int) -> dict[str, int]:
    """Return semitones by letter for a key signature; `fifths` counts sharps, or flats if negative."""
    letters = _SHARP_ORDER[:fifths] if fifths > 0 else _SHARP_ORDER[fifths:] if fifths else ""
    return dict.fromkeys(letters, 1 if fifths > 0 else -1)


def _extra_accidentals(text: str) -> dict[str, int]:
    return {match["letter"].upper(): _ACCIDENTALS[match["sign"]] for match in _EXTRA_ACCIDENTAL.finditer(text)}


def tempo_of(text: str, unit: Fraction) -> float | None:
    """Parse a Q: field to quarter notes per minute; a bare number counts units of L (`unit`, in quarters)."""
    if (match := _TEMPO.search(text)) and int(match["denominator"]):
        return float(match["bpm"]) * 4 * int(match["numerator"]) / int(match["denominator"])
    bare = _BARE_TEMPO.match(text.strip())
    return float(bare[1]) * float(unit) if bare else None


def meter_of(text: str) -> Meter | None:
    """Parse an M: field; return None for `none` and for what is not a meter."""
    if common := _COMMON.get(text.strip()):
        return common
    match = _METER.match(text.strip())
    return Meter(sum(map(int, match[1].split("+"))), int(match[2])) if match else None


def unit_of(text: str) -> Fraction | None:
    """Parse an L: field to quarters; return None if it is not a fraction."""
    match = _FRACTION.match(text.strip())
    return Fraction(4 * int(match[1]), int(match[2])) if match and int(match[1]) and int(match[2]) else None


def numbers_in(text: str) -> Iterator[int]:
    """Yield the numbers in `1`, `1,3` or `1-3`."""
    for first, last in re.findall(r"(\d{1,2})(?:-(\d{1,2}))?", text):
        yield from range(int(first), int(last or first) + 1)

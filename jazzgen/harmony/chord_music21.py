"""Chords as music21's `ChordSymbol` figures: flats are `-`; words add what the kind lacks.

`B-7`, `Cm7/E-`, `C7 alter b5 add b9`, as `ChordSymbol.findFigure` of music21 10.5 writes them. Kinds and degrees are
MusicXML's. jazzgen never gives figures to music21 to read: it takes the `Bb7` of others for B7.
"""

import re

from jazzgen.harmony.chord_musicxml import Degree, DegreeType, apply_degrees, kind_and_degrees
from jazzgen.harmony.chord_parts import MisreadError
from jazzgen.harmony.chord_qualities import QUALITIES
from jazzgen.harmony.chord_reader import plain_signs, read_parts
from jazzgen.harmony.chord_value import Chord

_NOTE = "[A-G](?:##?|--?)?"
_TYPES: dict[str, DegreeType] = {"add": "add", "alter": "alter", "subtract": "subtract", "omit": "subtract"}
_DEGREE = re.compile(rf" *({'|'.join(_TYPES)}) *(b{{0,2}}|#{{0,2}})(1[0-5]|[1-9])")
_FIGURE = re.compile(rf"({_NOTE})(.*?)(?:/({_NOTE}))?")
# Backwards, from the end of a figure, so that each letter is looked at once.
_DEGREES_BACKWARDS = re.compile(rf"(?:[b#0-9 ]++(?:{'|'.join(word[::-1] for word in _TYPES)}))*+ *+")
_WORDS = {"power": "5", "dom7dim5": "7b5", "pedal": "no3no5"}
_STACKED = {
    f"{kind}-{ordinal}": figure + number
    for kind, figure in (("dominant", ""), ("major", "M"), ("minor", "m"))
    for number, ordinal in (("9", "ninth"), ("11", "11th"), ("13", "13th"))
}
_FIGURES = {
    **{quality.musicxml: quality.music21 for quality in QUALITIES},
    **_STACKED,
    "suspended-fourth-seventh": "7sus4",
}
_MINOR_SEVENTH = Degree(7, 0, "add")


def format_music21(chord: Chord) -> str:
    """Write a figure; the inverse of `parse_music21`."""
    kind, degrees = _as_sounding(*kind_and_degrees(chord))
    bass = f"/{_dashed(chord.bass)}" if chord.bass else ""
    return _dashed(chord.root) + _FIGURES[kind] + bass + "".join(f" {_words(degree)}" for degree in degrees)


def _as_sounding(kind: str, degrees: tuple[Degree, ...]) -> tuple[str, tuple[Degree, ...]]:
    """Adapt kind and degrees to music21, whose added 7 is major and whose 13ths hold the 11th."""
    if kind == "suspended-fourth" and _MINOR_SEVENTH in degrees:
        return "suspended-fourth-seventh", tuple(degree for degree in degrees if degree != _MINOR_SEVENTH)
    if kind in ("dominant-13th", "major-13th") and all(degree.value != 11 for degree in degrees):
        return kind, (*degrees, Degree(11, 0, "subtract"))
    return kind, degrees


def parse_music21(figure: str) -> Chord:
    """Read a figure.

    Raises:
        MisreadError: with the position of what is not understood.
    """
    text = plain_signs(figure)
    start = len(text) - len(_degrees_backwards(text))
    match = _FIGURE.fullmatch(text[:start])
    if not match:
        raise MisreadError("a figure starts with its root, A to G", 0)
    root, kind, bass = match.groups()
    if kind.startswith("b"):
        raise MisreadError("a flat is written '-' in a figure", len(root))
    try:
        parts = read_parts(_WORDS.get(kind, kind))
    except MisreadError as error:
        raise MisreadError(str(error), len(root) + error.position) from None
    apply_degrees(parts, _read_degrees(text[start:], start))
    return Chord(_flatted(root), *parts.spelled(), bass and _flatted(bass))


def _words(degree: Degree) -> str:
    return f"{degree.type} {('b' if degree.alter < 0 else '#') * abs(degree.alter)}{degree.value}"


def _degrees_backwards(text: str) -> str:
    match = _DEGREES_BACKWARDS.match(text[::-1])
    return match[0] if match else ""


def _read_degrees(text: str, start: int) -> list[Degree]:
    degrees = []
    position = 0
    while position < len(text.rstrip()):
        match = _DEGREE.match(text, position)
        if not match:
            raise MisreadError(f"'{text[position:].strip()}' is not understood", start + position)
        word, signs, value = match.groups()
        degrees.append(Degree(int(value), signs.count("#") - signs.count("b"), _TYPES[word]))
        position = match.end()
    return degrees


def _dashed(name: str) -> str:
    return name[0] + name[1:].replace("b", "-")


def _flatted(name: str) -> str:
    return name.replace("-", "b")

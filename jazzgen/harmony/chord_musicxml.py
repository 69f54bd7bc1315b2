"""Chords as in MusicXML's `<harmony>`: a kind, and degrees added, altered and subtracted.

Source: MusicXML 4.0, elements `kind`, `degree` and `bass` (W3C Community Group, 2021). An altered or subtracted
degree counts from the one in the kind, an added one from a dominant chord (so an added 7 is a minor seventh).
By the standard, the dominant and major 13th hold a natural 11th; players leave it out, and so does this reader.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from jazzgen.errors import ChordError
from jazzgen.harmony.chord_parts import MisreadError, Parts
from jazzgen.harmony.chord_qualities import (
    FIFTHS,
    NAMED,
    NATURAL,
    QUALITIES,
    SKELETONS,
    Quality,
    Skeleton,
    Tones,
    base_of,
    stacked_number,
    stacks_over,
)
from jazzgen.harmony.chord_reader import MAX_LENGTH, plain_signs, read_body, read_parts
from jazzgen.harmony.chord_value import Chord
from jazzgen.harmony.chord_writer import write_body
from jazzgen.harmony.pitch import ACCIDENTALS

DegreeType = Literal["add", "alter", "subtract"]
_ORDER: tuple[DegreeType, ...] = ("subtract", "alter", "add")  # a subtracted third makes room for an added fourth
_STACKED = {"dominant": "dominant", "major-seventh": "major", "minor-seventh": "minor"}
_ORDINALS = {"9": "ninth", "11": "11th", "13": "13th"}
# The plain symbol of each kind. The last four are not in the standard, but found in files.
_KINDS = {
    **{quality.musicxml: write_body(quality.tones, ()) for quality in QUALITIES},
    **{
        f"{name}-{ordinal}": seventh.replace("7", number)
        for name, seventh in (("dominant", "7"), ("major", "maj7"), ("minor", "m7"))
        for number, ordinal in _ORDINALS.items()
    },
    "pedal": "no3no5",
    "dominant-seventh": "7",
    "minor-major": "mmaj7",
    "half-diminished-seventh": "m7b5",
    "augmented-ninth": "9#5",
}
_FUNCTIONS = ("Neapolitan", "Italian", "French", "German", "Tristan")
_DEGREES = {
    1: (9, -1), 2: (9, 0), 3: (9, 1), 4: (11, -1), 5: (11, 0), 6: (11, 1), 7: (5, 0), 8: (13, -1), 9: (13, 0),
    10: (13, 1), 11: (7, 1),
}  # fmt: skip
_SUSPENDED_SEVENTHS = {9: (6, 0), 10: (7, 0), 11: (7, 1)}
_OCTAVES = {8: 1, 10: 3, 12: 5, 14: 7, 15: 1}  # compound degrees and their simple ones
_ALTERED = "7alt"
_SIGNS = {by: sign for sign, by in ACCIDENTALS.items()}


@dataclass(frozen=True, slots=True)
class Degree:
    """One `<degree>`: its value, alter in semitones, and type."""

    value: int
    alter: int
    type: DegreeType


@dataclass(frozen=True, slots=True)
class MusicXmlHarmony:
    """One chord as a `<harmony>` gives it.

    Attributes:
        root_step: A to G.
        root_alter: in semitones, -2 to 2.
        kind: the kind's value, such as `dominant`.
        text: the kind's text attribute, which is printed on the page.
        bass_step: None if the root is the bass.
    """

    root_step: str
    root_alter: int = 0
    kind: str = "major"
    text: str = ""
    degrees: tuple[Degree, ...] = ()
    bass_step: str | None = None
    bass_alter: int = 0


def chord_from_musicxml(harmony: MusicXmlHarmony) -> Chord | None:
    """Return the chord of a `<harmony>`, None for the kind `none`; the inverse of `chord_to_musicxml`.

    Kind and degrees say what sounds. Without degrees, the kind's text is used where it is more precise than the kind
    (`7alt` over a dominant) or the kind is no help (`other`, or a word that MusicXML does not know).

    Raises:
        ChordError: names the kind, degree or note that is not understood.
    """
    if harmony.kind == "none":
        return None
    parts = _kind_parts(harmony)
    apply_degrees(parts, harmony.degrees)
    root = _note(harmony.root_step, harmony.root_alter)
    return Chord(root, *parts.spelled(), harmony.bass_step and _note(harmony.bass_step, harmony.bass_alter))


def chord_to_musicxml(chord: Chord) -> MusicXmlHarmony:
    """Return the `<harmony>` of a chord, with the plain symbol as its text."""
    kind, degrees = kind_and_degrees(chord)
    bass = (chord.bass[0], ACCIDENTALS[chord.bass[1:]]) if chord.bass else (None, 0)
    text = write_body(chord.tones, chord.tensions)
    if text == _ALTERED:  # MuseScore would print four degrees in place of the text
        kind, degrees = "other", ()
    return MusicXmlHarmony(chord.root[0], ACCIDENTALS[chord.root[1:]], kind, text, degrees, *bass)


def apply_degrees(parts: Parts, degrees: Iterable[Degree]) -> None:
    """Apply degrees to a chord: subtract first, then alter, then add."""
    for degree in sorted(degrees, key=lambda degree: _ORDER.index(degree.type)):
        value = _OCTAVES.get(degree.value, degree.value)
        if value not in NATURAL or abs(degree.alter) > 2:
            raise ChordError(f"degree {degree.value} altered by {degree.alter}: degrees are 1 to 15, alters -2 to 2")
        if value == 1:
            continue  # the root sounds in any case
        if degree.type == "subtract":
            parts.omit(value)
        elif degree.type == "add":
            parts.fill(value, degree.alter)
        else:
            _alter(parts, value, degree.alter)


def _alter(parts: Parts, value: int, by: int) -> None:
    """Alter a degree, counted from the one in the kind, or from the natural one if that leaves its range."""
    if value == 5:
        from_kind = (parts.fifth or 7) + by
        parts.fifth = from_kind if from_kind in FIFTHS else 7 + by
    elif value in (3, 7):
        present = parts.third if value == 3 else parts.seventh
        parts.omit(value)
        parts.fill(value, by + (present - NATURAL[value] if present else 0))
    else:
        parts.alter(value, by)


def _kind_parts(harmony: MusicXmlHarmony) -> Parts:
    if harmony.kind in _FUNCTIONS:
        raise ChordError(f"harmony kind '{harmony.kind}' names a function and no tones; write the chord that sounds")
    if harmony.kind == "other" and harmony.degrees:
        return Parts(None, None)  # spelled out by its degrees
    symbol = _KINDS.get(harmony.kind)
    text = _readable(harmony.text)
    if text is not None and (symbol is None or (not harmony.degrees and _says_more(text, symbol))):
        return read_parts(text)
    if symbol is None:
        symbol = _readable(harmony.kind)
    if symbol is None:
        raise ChordError(f"harmony kind '{harmony.kind[:40]}' with text '{harmony.text[:40]}' is not understood")
    return read_parts(symbol)


def _readable(text: str) -> str | None:
    """Return the text in plain signs if it is a chord symbol without its root, else None."""
    body = plain_signs(text[: MAX_LENGTH + 1])
    if len(body) > MAX_LENGTH:
        return None
    try:
        read_body(body)
    except MisreadError:
        return None
    return body if body.strip() else None


def _says_more(text: str, symbol: str) -> bool:
    """Return whether the text has all tones of the kind but the fifth; a `7` over a major seventh has not."""
    tones, tensions = read_body(text)
    return {*tones, *tensions} >= {*read_body(symbol).tones} - {*FIFTHS}


def kind_and_degrees(chord: Chord) -> tuple[str, tuple[Degree, ...]]:
    """Return the nearest kind, and the degrees by which the chord differs from it."""
    skeleton = chord.skeleton
    exact = NAMED.get(chord.tones)
    quality = exact or _suspension(skeleton) or base_of(skeleton)
    kind, number, rest = _stacked_kind(quality, skeleton, chord.tensions)
    structure = () if exact else tuple(_differences(skeleton, SKELETONS[quality.tones]))
    return kind, (*structure, *_tension_degrees(rest, int(number)))


def _tension_degrees(tensions: Tones, number: int) -> Iterator[Degree]:
    """Yield each tension: altered where the kind holds its degree and for the first time, else added."""
    held = {degree for degree in (9, 11, 13) if degree <= number}
    for tension in tensions:
        value, by = _DEGREES[tension]
        yield Degree(value, by, "alter" if by and value in held else "add")
        held.discard(value)


def _suspension(skeleton: Skeleton) -> Quality | None:
    return NAMED[0, *sorted((skeleton.third, 7))] if skeleton.third in (2, 5) else None


def _stacked_kind(quality: Quality, skeleton: Skeleton, tensions: Tones) -> tuple[str, str, Tones]:
    """Return the kind, its number, and the tensions that the two do not imply."""
    if quality.musicxml not in _STACKED:
        return quality.musicxml, "7", tensions
    number, rest = stacked_number(tensions, stacks_over(skeleton))
    return (quality.musicxml if number == "7" else f"{_STACKED[quality.musicxml]}-{_ORDINALS[number]}"), number, rest


def _differences(skeleton: Skeleton, kind: Skeleton) -> Iterator[Degree]:
    if skeleton.third is None:
        yield Degree(3, 0, "subtract")
    if skeleton.fifth is None:
        yield Degree(5, 0, "subtract")
    elif skeleton.fifth != 7:
        yield Degree(5, skeleton.fifth - 7, "alter")
    if skeleton.seventh is not None and kind.seventh is None:
        yield Degree(*_SUSPENDED_SEVENTHS[skeleton.seventh], "add")


def _note(step: str, alter: int) -> str:
    if alter not in _SIGNS:
        raise ChordError(f"note {step} altered by {alter} semitones: at most a double sharp or flat is read")
    return step + _SIGNS[alter]

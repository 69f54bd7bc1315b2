"""Read and write MusicXML's `<harmony>` elements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args
from xml.etree.ElementTree import Element, SubElement

from jazzgen.errors import ChordError
from jazzgen.harmony.chord_musicxml import (
    Degree,
    DegreeType,
    MusicXmlHarmony,
    apply_degrees,
    chord_from_musicxml,
    chord_to_musicxml,
)
from jazzgen.harmony.chord_parts import Parts
from jazzgen.harmony.chords import Chord

_MAX_DEGREES = 24  # set by hand
_MAX_STACKED = 4  # chords of a polychord; set by hand
_STARTS = ("root", "numeral", "function")  # first child of each chord of a polychord
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.0)?")


def read_harmony(element: Element, faults: list[str] | None = None) -> Chord | None:
    """Read a chord, None for N.C.; the inverse of `write_harmony`.

    Several roots in one element are a polychord, with the upper chord first and the lowest last.

    Args:
        element: the `<harmony>`.
        faults: if given, impossible degrees are skipped and described here; otherwise they raise.

    Raises:
        ChordError: when no chord has these parts.

    Example:
        >>> from jazzgen.harmony.chords import parse_chord
        >>> str(read_harmony(write_harmony(parse_chord("Bb7#9"))))
        'Bb7#9'
    """
    chords = [_read_chord(part, faults) for part in _stacked(element)]
    lowest = chords[-1]
    for above in filter(None, reversed(chords[:-1])):
        lowest = lowest.under(above) if lowest else above
    return lowest


def _stacked(element: Element) -> list[Element]:
    """Split a polychord into one element for each chord."""
    stacked: list[Element] = []
    for child in element:
        if child.tag in _STARTS or not stacked:
            stacked.append(Element("harmony"))
        stacked[-1].append(child)
    if len(stacked) > _MAX_STACKED:
        raise ChordError(f"a harmony of {len(stacked)} chords; at most {_MAX_STACKED} are read")
    return stacked or [element]


def _read_chord(element: Element, faults: list[str] | None) -> Chord | None:
    kind = element.find("kind")
    name = _text(element, "kind")
    if element.find("root") is None and name != "none":
        raise ChordError("a harmony without a root, such as a roman numeral; write the chord that sounds")
    degrees = element.findall("degree")
    if len(degrees) > _MAX_DEGREES:
        raise ChordError(f"a harmony with {len(degrees)} degrees; at most {_MAX_DEGREES} are read")
    has_bass = element.find("bass") is not None
    said = MusicXmlHarmony(
        root_step=_text(element, "root/root-step"),
        root_alter=_integer(element, "root/root-alter", "0"),
        kind=name,
        text="" if kind is None else kind.get("text", ""),
        bass_step=_text(element, "bass/bass-step") if has_bass else None,
        bass_alter=_integer(element, "bass/bass-alter", "0"),
    )
    return chord_from_musicxml(replace(said, degrees=tuple(_degrees(said, degrees, faults))))


def _degrees(said: MusicXmlHarmony, elements: Sequence[Element], faults: list[str] | None) -> Iterator[Degree]:
    """Yield the degrees; skip an impossible one and describe it in `faults`, if given."""
    for element in elements:
        try:
            degree = _degree(element)
            apply_degrees(Parts(), [degree])
        except ChordError as error:
            if faults is None:
                raise
            faults.append(f"of a chord on {said.root_step}: {error}")
        else:
            yield degree


def write_harmony(chord: Chord | None) -> Element:
    """Write a chord, or N.C. for None, as a `<harmony>` element."""
    element = Element("harmony")
    if chord is None:
        _note(element, "root", "C", 0)  # the schema requires a root
        SubElement(element, "kind", text="N.C.").text = "none"
        return element
    said = chord_to_musicxml(chord)
    _note(element, "root", said.root_step, said.root_alter)
    SubElement(element, "kind", text=said.text).text = said.kind
    if said.bass_step:
        _note(element, "bass", said.bass_step, said.bass_alter)
    for degree in said.degrees:
        child = SubElement(element, "degree", attrib={"print-object": "no"})  # the kind's text shows it already
        SubElement(child, "degree-value").text = str(degree.value)
        SubElement(child, "degree-alter").text = str(degree.alter)
        SubElement(child, "degree-type").text = degree.type
    return element


def _note(element: Element, name: str, step: str, alter: int) -> None:
    child = SubElement(element, name)
    SubElement(child, f"{name}-step").text = step
    if alter:
        SubElement(child, f"{name}-alter").text = str(alter)


def _degree(element: Element) -> Degree:
    kind = next((kind for kind in get_args(DegreeType) if kind == _text(element, "degree-type")), None)
    if kind is None:
        raise ChordError(f"degree type '{_text(element, 'degree-type')[:20]}': it is {', '.join(get_args(DegreeType))}")
    return Degree(_integer(element, "degree-value", ""), _integer(element, "degree-alter", "0"), kind)


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _integer(element: Element, path: str, default: str) -> int:
    text = _text(element, path) or default
    if not _WHOLE_NUMBER.fullmatch(text):
        raise ChordError(f"{path.rsplit('/', 1)[-1]} '{text[:20]}' is no whole number")
    return int(text.removesuffix(".0"))

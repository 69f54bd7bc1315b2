"""Accidentals of a bar: on notes that differ from the key or from an earlier accidental in the bar, and courtesies."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from jazzgen.harmony.pitch import Key

_NAMES = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_SHARPS = "FCGDAEB"
# Elements that precede an accidental in a note, last first.
_BEFORE = ("dot", "type", "voice")
_Place = tuple[str, str]  # step and octave
Alterations = Mapping[_Place, int]


def add_accidentals(measure: Element, key: Key, before: Alterations) -> Alterations:
    """Add accidentals to the notes of a measure; a note tied from the bar before gets none.

    A courtesy accidental is added where a player may still have another one in mind: from the bar before, from a tied
    note or from another octave in the same bar (E. Gould, "Behind Bars", 2011, chapter 3).

    Args:
        measure: a MusicXML measure.
        key: of the key signature.
        before: what the measure before returned; empty for the first.

    Returns:
        The last alteration of each step and octave in the measure, tied notes included.
    """
    by_key = _signature(key)
    current: dict[_Place, int] = {}
    heard: dict[_Place, int] = {}
    for _, note in sorted(_timed(measure), key=lambda timed: timed[0]):
        place = note.findtext("pitch/step", ""), note.findtext("pitch/octave", "")
        alter = int(note.findtext("pitch/alter") or 0)
        if not any(tie.get("type") == "stop" for tie in note.findall("tie")):
            is_needed = alter != current.get(place, by_key.get(place[0], 0))
            in_mind = {before.get(place, alter), *(last for (step, _), last in heard.items() if step == place[0])}
            if is_needed or (place not in current and in_mind - {alter}):
                _add(note, alter, is_courtesy=not is_needed)
            current[place] = alter
        heard[place] = alter
    return heard


def _add(note: Element, alter: int, *, is_courtesy: bool) -> None:
    accidental = Element("accidental", {"cautionary": "yes"} if is_courtesy else {})
    accidental.text = _NAMES[alter]
    tags = [child.tag for child in note]
    last = next(tag for tag in _BEFORE if tag in tags)
    note.insert(len(tags) - tags[::-1].index(last), accidental)


def _signature(key: Key) -> dict[str, int]:
    """Return the alteration by step of the key signature."""
    count = key.fifths
    return dict.fromkeys(_SHARPS[:count], 1) if count >= 0 else dict.fromkeys(_SHARPS[count:], -1)


def _timed(measure: Element) -> Iterator[tuple[int, Element]]:
    """Yield (tick in the bar, note) for the notes that have a pitch."""
    start = position = 0
    for element in measure:
        if element.tag == "backup":
            position -= int(element.findtext("duration", "0"))
        elif element.tag == "note":
            if element.find("chord") is None:
                start = position
                position += int(element.findtext("duration", "0"))
            if element.find("pitch") is not None:
                yield start, element

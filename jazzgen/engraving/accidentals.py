"""Accidentals of a bar: on notes that differ from the key, or from an earlier accidental in the bar."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from jazzgen.harmony.pitch import Key

_NAMES = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_SHARPS = "FCGDAEB"
# Elements that precede an accidental in a note, last first.
_BEFORE = ("dot", "type", "voice")


def add_accidentals(measure: Element, key: Key) -> None:
    """Add accidentals to the notes of a measure; a note tied from the bar before gets none."""
    by_key = _signature(key)
    current: dict[tuple[str, str], int] = {}
    for _, note in sorted(_timed(measure), key=lambda timed: timed[0]):
        step, octave = note.findtext("pitch/step", ""), note.findtext("pitch/octave", "")
        alter = int(note.findtext("pitch/alter") or 0)
        is_tied = any(tie.get("type") == "stop" for tie in note.findall("tie"))
        if not is_tied and alter != current.get((step, octave), by_key.get(step, 0)):
            accidental = Element("accidental")
            accidental.text = _NAMES[alter]
            tags = [child.tag for child in note]
            last = next(tag for tag in _BEFORE if tag in tags)
            note.insert(len(tags) - tags[::-1].index(last), accidental)
        if not is_tied:
            current[step, octave] = alter


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

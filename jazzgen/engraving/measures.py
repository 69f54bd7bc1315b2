"""Notes and rests as MusicXML elements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from jazzgen.engraving.divisions import Leaf
from jazzgen.engraving.instruments import Instrument
from jazzgen.engraving.naming import Names
from jazzgen.engraving.values import Value
from jazzgen.engraving.voices import Sign
from jazzgen.harmony.pitch import ACCIDENTALS, Key
from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

_FULL_VOLUME = 0.9  # velocity per percent: 100 % is a forte of 90 (MusicXML 4.0, attribute `dynamics`)
# Drums on their staff: step and octave as in a treble clef, and note head; others on the middle line. Set by hand.
_DRUM_PLACES = {
    35: ("F4", "normal"),
    36: ("F4", "normal"),
    37: ("C5", "x"),
    38: ("C5", "normal"),
    40: ("C5", "normal"),
    42: ("G5", "x"),
    44: ("D4", "x"),
    46: ("G5", "circle-x"),
    49: ("A5", "x"),
    51: ("F5", "x"),
    53: ("F5", "diamond"),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """What the notes of a part are written by.

    Attributes:
        names: of the notes, by onset and pitch.
        identity: of the part; drums are named after it.
        octaves_up: how many octaves above its sound the part is written: 1 for a bass.
        instrument: who reads it, if its notes are at written pitch.
        is_chart: whether it has changes alone, to be played over by slashes.
        finer: durations are counted in ticks divided by this, for tuplets of seven and nine.
    """

    key: Key
    is_drums: bool = False
    identity: str = "P1"
    names: Names = field(default_factory=dict)
    octaves_up: int = 0
    instrument: Instrument | None = None
    is_chart: bool = False
    finer: int = 1

    @property
    def divisions(self) -> int:
        """Units of duration a quarter note."""
        return TICKS_PER_BEAT * self.finer

    def name(self, note: Note) -> str:
        return self.names[note.onset, note.pitch]


def write_voice(signs: Sequence[Sign], bar: Bar, voice: int, staff: Staff) -> Iterator[tuple[int, Element]]:
    """Yield (tick in the bar, element) for the signs that fill the bar; without any, for a whole-bar rest."""
    if not signs:
        yield 0, _whole_rest(bar.duration * staff.finer, voice)
    for sign in signs:
        if sign.start == sign.item.start:
            yield from ((sign.start, _grace(note, voice, staff)) for note in sign.item.graces)
        notes = sign.item.notes or (None,)
        yield from ((sign.start, _note(sign, note, voice, staff, is_chord=n > 0)) for n, note in enumerate(notes))


def _whole_rest(duration: int, voice: int) -> Element:
    element = Element("note")
    SubElement(element, "rest", measure="yes")
    SubElement(element, "duration").text = str(duration)
    SubElement(element, "voice").text = str(voice)
    return element


def _grace(note: Note, voice: int, staff: Staff) -> Element:
    element = Element("note")
    SubElement(element, "grace", slash="yes")
    _add_pitch(element, note, staff)
    if staff.is_drums:
        SubElement(element, "instrument", id=drum_identity(staff.identity, note.pitch))
    SubElement(element, "voice").text = str(voice)
    SubElement(element, "type").text = "eighth"
    return element


def _note(sign: Sign, note: Note | None, voice: int, staff: Staff, *, is_chord: bool) -> Element:
    """Return the element of a note or rest, its children in MusicXML's order; `is_chord` after a chord's first note."""
    element = Element("note")
    if is_chord:
        SubElement(element, "chord")
    if note is None:
        SubElement(element, "rest")
    else:
        element.set("dynamics", f"{note.velocity / _FULL_VOLUME:.2f}")
        _add_pitch(element, note, staff)
    SubElement(element, "duration").text = str(sign.piece.length * staff.finer)
    for tie in sign.ties:
        SubElement(element, "tie", type=tie)
    if note and staff.is_drums:
        SubElement(element, "instrument", id=drum_identity(staff.identity, note.pitch))
    SubElement(element, "voice").text = str(voice)
    _add_value(element, sign.piece.value, sign.piece.tuplet)
    if note and staff.is_drums:
        SubElement(element, "notehead").text = _drum_place(note.pitch)[1]
    for level, beam in enumerate(() if is_chord else sign.beam, 1):
        SubElement(element, "beam", number=str(level)).text = beam
    _add_notations(element, sign, () if is_chord else sign.ends)
    return element


def _add_notations(element: Element, sign: Sign, ends: Sequence[str]) -> None:
    if not sign.ties and not ends:
        return
    notations = SubElement(element, "notations")
    for tie in sign.ties:
        SubElement(notations, "tied", type=tie)
    for end in ends:
        tuplet = SubElement(notations, "tuplet", type=end)
        if end == "start":
            tuplet.set("bracket", "yes" if sign.bracket else "no")


def _add_pitch(element: Element, note: Note, staff: Staff) -> None:
    if staff.is_drums:
        place = _drum_place(note.pitch)[0]
        unpitched = SubElement(element, "unpitched")
        SubElement(unpitched, "display-step").text = place[0]
        SubElement(unpitched, "display-octave").text = place[1]
        return
    name = staff.name(note)
    alter = ACCIDENTALS[name[1:]]
    pitched = SubElement(element, "pitch")
    SubElement(pitched, "step").text = name[0]
    if alter:
        SubElement(pitched, "alter").text = str(alter)
    SubElement(pitched, "octave").text = str((note.pitch - alter) // 12 - 1 + staff.octaves_up)


def drum_identity(part: str, pitch: int) -> str:
    """Return the id of the instrument of a drum note."""
    return f"{part}-D{pitch}"


def _drum_place(pitch: int) -> tuple[str, str]:
    return _DRUM_PLACES.get(pitch, ("B4", "x"))


def _add_value(element: Element, value: Value | None, tuplet: Leaf | None) -> None:
    if value is None:
        return
    SubElement(element, "type").text = value.name
    for _ in range(value.dots):
        SubElement(element, "dot")
    if tuplet:
        modification = SubElement(element, "time-modification")
        SubElement(modification, "actual-notes").text = str(tuplet.division.count)
        SubElement(modification, "normal-notes").text = str(tuplet.division.normal)
        if value.name != tuplet.division.unit or value.dots:
            SubElement(modification, "normal-type").text = tuplet.division.unit

"""The notes of one part as MusicXML measures."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from jazzgen.engraving.naming import Names
from jazzgen.engraving.values import Piece, beams, pieces, triplets
from jazzgen.harmony.pitch import ACCIDENTALS, Key
from jazzgen.music.score import Note
from jazzgen.music.timing import Bar

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
class Sounding:
    """Notes of a bar that start and end together, or a rest; cut at bar lines, where notes may be tied."""

    start: int
    end: int
    notes: tuple[Note, ...] = ()
    from_before: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """What the notes of a part are written by.

    Attributes:
        names: of the notes, by onset and pitch.
        identity: of the part; drums are named after it.
        octaves_up: how many octaves above its sound the part is written: 1 for a bass.
    """

    key: Key
    is_drums: bool = False
    identity: str = "P1"
    names: Names = field(default_factory=dict)
    octaves_up: int = 0

    def name(self, note: Note) -> str:
        return self.names[note.onset, note.pitch]


def voices_of(notes: Sequence[Note]) -> list[list[tuple[Note, ...]]]:
    """Group notes that start and end together into chords, and these into the fewest voices without overlap."""
    chords: dict[tuple[int, int], list[Note]] = defaultdict(list)
    for note in notes:
        chords[note.onset, note.end].append(note)
    voices: list[list[tuple[Note, ...]]] = [[]]
    for (onset, _), chord in sorted(chords.items()):
        free = next((voice for voice in voices if not voice or voice[-1][0].end <= onset), None)
        if free is None:
            voices.append(free := [])
        free.append(tuple(sorted(chord, key=lambda note: note.pitch)))
    return voices


def in_bars(voice: Sequence[tuple[Note, ...]], bars: Sequence[Bar]) -> list[list[Sounding]]:
    """Return the sounding notes of a voice in each bar, without rests."""
    found: list[list[Sounding]] = [[] for _ in bars]
    index = 0
    for chord in voice:
        while bars[index].end <= chord[0].onset:
            index += 1
        for place in range(index, len(bars)):
            bar = bars[place]
            onset = chord[0].onset
            end = chord[0].end
            if end <= bar.onset:
                break
            start, stop = max(onset, bar.onset), min(end, bar.end)
            sounding = Sounding(start - bar.onset, stop - bar.onset, chord, onset < bar.onset, end > bar.end)
            found[place].append(sounding)
    return found


def write_voice(line: Sequence[Sounding], bar: Bar, voice: int, staff: Staff) -> Iterator[tuple[int, Element]]:
    """Yield (tick in the bar, element) for the notes and rests that fill the bar."""
    if not line:
        yield 0, _whole_rest(bar.duration, voice)
        return
    filled = list(_with_rests(line, bar.duration))
    spans = triplets((tick for item in filled for tick in (item.start, item.end)), bar.duration, bar.meter)
    cut = [(item, piece) for item in filled for piece in pieces(item.start, item.end, spans)]
    joined = beams([(piece, bool(item.notes)) for item, piece in cut], bar.meter)
    for (item, piece), beam in zip(cut, joined, strict=True):
        yield piece.start, _note(_Sign(item, piece, voice, beam), item.notes[0] if item.notes else None, staff)
        for note in item.notes[1:]:
            yield piece.start, _note(_Sign(item, piece, voice, is_chord=True), note, staff)


def _with_rests(line: Sequence[Sounding], length: int) -> Iterator[Sounding]:
    position = 0
    for item in line:
        if item.start > position:
            yield Sounding(position, item.start)
        yield item
        position = item.end
    if position < length:
        yield Sounding(position, length)


def _whole_rest(ticks: int, voice: int) -> Element:
    element = Element("note")
    SubElement(element, "rest", measure="yes")
    SubElement(element, "duration").text = str(ticks)
    SubElement(element, "voice").text = str(voice)
    return element


@dataclass(frozen=True, slots=True)
class _Sign:
    """One printed note or rest; `is_chord` is True for the notes of a chord after its first."""

    item: Sounding
    piece: Piece
    voice: int
    beam: tuple[str, ...] = ()
    is_chord: bool = False

    @property
    def ties(self) -> list[str]:
        if not self.item.notes:
            return []
        stops = self.piece.start > self.item.start or self.item.from_before
        starts = self.piece.end < self.item.end or self.item.goes_on
        return ["stop"] * stops + ["start"] * starts

    @property
    def tuplet(self) -> list[str]:
        """Whether the bracket of a triplet starts or stops here."""
        if self.is_chord or self.piece.triplet is None:
            return []
        first, last = self.piece.triplet
        return ["start"] * (self.piece.start == first) + ["stop"] * (self.piece.end == last)


def _note(sign: _Sign, note: Note | None, staff: Staff) -> Element:
    """Return the note's element, its children in MusicXML's order."""
    element = Element("note")
    if sign.is_chord:
        SubElement(element, "chord")
    if note is None:
        SubElement(element, "rest")
    else:
        element.set("dynamics", f"{note.velocity / _FULL_VOLUME:.2f}")
        _add_pitch(element, note, staff)
    SubElement(element, "duration").text = str(sign.piece.ticks)
    for tie in sign.ties:
        SubElement(element, "tie", type=tie)
    if note and staff.is_drums:
        SubElement(element, "instrument", id=drum_identity(staff.identity, note.pitch))
    SubElement(element, "voice").text = str(sign.voice)
    _add_value(element, sign.piece)
    if note and staff.is_drums:
        SubElement(element, "notehead").text = _drum_place(note.pitch)[1]
    for level, beam in enumerate(sign.beam, 1):
        SubElement(element, "beam", number=str(level)).text = beam
    if sign.ties or sign.tuplet:
        _add_notations(element, sign)
    return element


def _add_notations(element: Element, sign: _Sign) -> None:
    notations = SubElement(element, "notations")
    for tie in sign.ties:
        SubElement(notations, "tied", type=tie)
    for end in sign.tuplet:
        SubElement(notations, "tuplet", type=end, bracket="yes")


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


def _add_value(element: Element, piece: Piece) -> None:
    if piece.value is None:
        return
    SubElement(element, "type").text = piece.value.name
    for _ in range(piece.value.dots):
        SubElement(element, "dot")
    if piece.triplet:
        modification = SubElement(element, "time-modification")
        SubElement(modification, "actual-notes").text = "3"
        SubElement(modification, "normal-notes").text = "2"

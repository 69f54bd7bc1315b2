"""The MusicXML document of a score."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import pairwise
from pathlib import Path
from statistics import median
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jazzgen.engraving.accidentals import Alterations, add_accidentals
from jazzgen.engraving.lines import tidied
from jazzgen.engraving.measures import Sounding, Staff, drum_identity, in_bars, voices_of, write_voice
from jazzgen.engraving.naming import names_of
from jazzgen.formats.notation.drafts import SWING
from jazzgen.formats.notation.musicxml.harmony import write_harmony
from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import Key
from jazzgen.music.melody import apart, close_gaps, quantized
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.swing import is_swung, settled, swing_ratio, unswing
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Bar, Meter, iter_bars, quantize_ticks
from jazzgen.system.files import write_bytes

_HEADER = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    b'"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_BASS_PROGRAMS = range(32, 40)  # General MIDI's basses, from 0
_BASS_BELOW = 55  # bass clef for a part whose median pitch is below G3; set by hand
_CLEFS = {"treble": ("G", "2"), "bass": ("F", "4"), "drums": ("percussion", None)}
_PRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 65534, 65535])
_Timed = tuple[int, Element]


def write_musicxml(score: Score, path: Path) -> None:
    """Write the file completely or not at all.

    Raises:
        OutputError: if it cannot be written there.
    """
    write_bytes(path, musicxml_bytes(score))


def musicxml_bytes(score: Score, *, tidy: bool = False, system_starts: Collection[int] = ()) -> bytes:
    """Return the MusicXML document; equal scores give equal bytes.

    Args:
        score: written or played.
        tidy: make lines easy to read (`lines`), at the cost of exact note lengths.
        system_starts: numbers of the bars that start a line; empty to leave line breaks to the engraver.

    Example:
        >>> b"<work-title>Loop</work-title>" in musicxml_bytes(Score(title="Loop"))
        True
    """
    written = [_written(part, score, tidy=tidy) for part in score.parts] or [(Part("Chords"), False)]
    swings = score.feel == "swing" or any(swung for _, swung in written)
    end = max([score.end, 1, *(part.end for part, _ in written)])
    bars = list(iter_bars(score.meters, score.pickup, end))
    root = Element("score-partwise", version="4.0")
    _add_titles(root, score)
    listed = SubElement(root, "part-list")
    for number, (part, _) in enumerate(written, 1):
        _list_part(listed, part, f"P{number}")
        element = SubElement(root, "part", id=f"P{number}")
        over = _over_the_staff(score, swings=swings) if number == 1 else []
        names = {} if part.is_drums else names_of(part.notes, score.changes, score.key)
        staff = Staff(score.key, part.is_drums, f"P{number}", names, octaves_up=_is_bass(part))
        _add_measures(element, part, staff, bars, over, system_starts)
    indent(root, space=" ")
    return _HEADER + tostring(root, encoding="utf-8") + b"\n"


def _written(part: Part, score: Score, *, tidy: bool) -> tuple[Part, bool]:
    """Return the part as printed, and whether it was swung."""
    shift = -score.pickup % TICKS_PER_BEAT  # beats count from bar 1
    notes = tuple(replace(note, onset=note.onset + shift) for note in part.notes)
    notes, swung = _even(notes, swing_ratio(score.bpm))
    if any(tick % TICKS_PER_TATUM for note in notes for tick in (note.onset, note.end)):
        notes = close_gaps(quantized(notes)) if _is_line(part, score) else apart(map(_quantized, notes))
    if not swung and not part.is_drums and is_swung(notes):
        notes = unswing(notes)
        swung = True
    if tidy:
        notes = tidied(notes)
    return replace(part, notes=tuple(_moved_back(notes, shift))), swung


def _is_line(part: Part, score: Score) -> bool:
    """Return True for a line of single notes; those of the solo may overlap the next, as in legato."""
    rises = all(a.onset < b.onset for a, b in pairwise(part.notes))
    return part.is_monophonic or (rises and part is score.melody)


def _even(notes: tuple[Note, ...], ratio: float) -> tuple[tuple[Note, ...], bool]:
    """Remove the swing that `perform` adds at that ratio, and return whether there was any."""
    notes = settled(notes, ratio)
    swung = is_swung(notes, ratio=ratio)
    return (unswing(notes, ratio), True) if swung else (notes, False)


def _moved_back(notes: Iterable[Note], shift: int) -> Iterator[Note]:
    """Yield the notes `shift` ticks earlier, those before the start cut to begin with it."""
    for note in sorted(notes):
        if note.end > shift:
            onset = max(note.onset - shift, 0)
            yield replace(note, onset=onset, duration=note.end - shift - onset)


def _quantized(note: Note) -> Note:
    onset, end = quantize_ticks(note.onset), quantize_ticks(note.end)
    return replace(note, onset=onset, duration=max(end - onset, TICKS_PER_TATUM))


def _add_titles(root: Element, score: Score) -> None:
    SubElement(SubElement(root, "work"), "work-title").text = _plain(score.title)
    identification = SubElement(root, "identification")
    if score.credits.composer:
        SubElement(identification, "creator", type="composer").text = _plain(score.credits.composer)
    SubElement(SubElement(identification, "encoding"), "software").text = "jazzgen"


def _plain(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return text.translate(_PRINTABLE)


def _list_part(listed: Element, part: Part, identity: str) -> None:
    entry = SubElement(listed, "score-part", id=identity)
    SubElement(entry, "part-name").text = _plain(part.name)
    is_drums = part.is_drums
    pitches = sorted({note.pitch for note in part.notes}) if is_drums else [None]
    names = {f"{identity}-I1" if pitch is None else drum_identity(identity, pitch): pitch for pitch in pitches}
    for name in names:
        SubElement(SubElement(entry, "score-instrument", id=name), "instrument-name").text = _plain(part.name)
    for name, pitch in names.items():
        instrument = SubElement(entry, "midi-instrument", id=name)
        SubElement(instrument, "midi-channel").text = str(part.channel + 1)
        SubElement(instrument, "midi-program").text = str(part.program + 1)
        if pitch is not None:
            SubElement(instrument, "midi-unpitched").text = str(pitch + 1)


def _over_the_staff(score: Score, *, swings: bool) -> list[_Timed]:
    """Return what is printed over the first part, by tick: tempos, feel, rehearsal marks and chord symbols."""
    tempos = [(onset, _tempo(bpm)) for onset, bpm in score.tempos]
    if swings:
        _add_swing(tempos[0][1], score.credits.rhythm_feel)
    marks = [(mark.onset, _rehearsal(mark.label)) for mark in score.marked("section") if mark.label.strip()]
    chords = [(onset, write_harmony(chord)) for onset, chord in _symbols(score.changes)]
    return list(merge(tempos, marks, chords, key=lambda timed: timed[0]))


def _symbols(changes: Changes) -> Iterator[tuple[int, Chord | None]]:
    """Yield the onset of each chord; a gap between two is N.C."""
    for span, after in pairwise([*changes, None]):
        assert span is not None  # None is only at the end
        yield span.onset, span.chord
        if after and after.onset > span.end:
            yield span.end, None


def _direction(kind: str, text: str) -> Element:
    direction = Element("direction", placement="above")
    SubElement(SubElement(direction, "direction-type"), kind).text = _plain(text)
    return direction


def _rehearsal(label: str) -> Element:
    return _direction("rehearsal", label)


def _add_swing(tempo: Element, rhythm_feel: str) -> None:
    """Add the swing feel to the first tempo."""
    kind = Element("direction-type")
    SubElement(kind, "words").text = _plain(rhythm_feel if SWING.search(rhythm_feel) else "Swing")
    tempo.insert(0, kind)
    sound = tempo.find("sound")
    assert sound is not None  # every tempo has one
    swing = SubElement(sound, "swing")
    for name, value in (("first", "2"), ("second", "1"), ("swing-type", "eighth")):
        SubElement(swing, name).text = value


def _tempo(bpm: float) -> Element:
    text = f"{bpm:.6f}".rstrip("0").rstrip(".")
    direction = Element("direction", placement="above")
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    SubElement(metronome, "beat-unit").text = "quarter"
    SubElement(metronome, "per-minute").text = f"{bpm:.4g}"
    SubElement(direction, "sound", tempo=text)
    return direction


def _is_bass(part: Part) -> bool:
    """Return True for a part written an octave above its sound, as basses are."""
    return part.program in _BASS_PROGRAMS and not part.is_drums


def _add_measures(
    element: Element,
    part: Part,
    staff: Staff,
    bars: Sequence[Bar],
    over: Sequence[_Timed],
    system_starts: Collection[int],
) -> None:
    voices = [in_bars(voice, bars) for voice in voices_of(part.notes)]
    meter: Meter | None = None
    before: Alterations = {}
    for index, bar in enumerate(bars):
        measure = SubElement(element, "measure", number=str(bar.number))
        if bar.number == 0:
            measure.set("implicit", "yes")
        if index and bar.number in system_starts:
            SubElement(measure, "print", attrib={"new-system": "yes"})
        attributes = SubElement(measure, "attributes")
        if index == 0:
            SubElement(attributes, "divisions").text = str(TICKS_PER_BEAT)
            _add_key(attributes, Key() if staff.is_drums else staff.key)
        if bar.meter != meter:
            _add_time(attributes, bar.meter)
            meter = bar.meter
        if index == 0:
            _add_clef(attributes, part)
            if staff.octaves_up:
                _add_transposition(attributes)
        if not len(attributes):
            measure.remove(attributes)
        _fill(measure, bar, [voice[index] for voice in voices], staff, [t for t in over if bar.onset <= t[0] < bar.end])
        if not staff.is_drums:
            before = add_accidentals(measure, staff.key, before)


def _fill(measure: Element, bar: Bar, voices: Sequence[list[Sounding]], staff: Staff, over: Sequence[_Timed]) -> None:
    waiting = list(reversed(over))
    signs = list(write_voice(voices[0], bar, 1, staff))
    starts = [start for start, _ in signs[1:]] + [bar.duration]
    for (start, sign), following in zip(signs, starts, strict=True):
        while waiting and waiting[-1][0] - bar.onset < max(following, start + 1):
            tick, element = waiting.pop()
            measure.append(_with_offset(element, tick - bar.onset - start))
        measure.append(sign)
    for number, line in enumerate(voices[1:], 2):
        if line:
            SubElement(SubElement(measure, "backup"), "duration").text = str(bar.duration)
            measure.extend(_hidden(sign) for _, sign in write_voice(line, bar, number, staff))


def _with_offset(element: Element, ticks: int) -> Element:
    """Return the element, offset by ticks from where it stands."""
    if ticks:
        offset = Element("offset", {"sound": "yes"})  # it is when the chord sounds, not where it is printed
        offset.text = str(ticks)
        place = next((i for i, child in enumerate(element) if child.tag == "sound"), len(element))
        element.insert(place, offset)
    return element


def _hidden(sign: Element) -> Element:
    """Hide a rest, as in all voices below the first."""
    if sign.find("rest") is not None:
        sign.set("print-object", "no")
    return sign


def _add_key(attributes: Element, key: Key) -> None:
    element = SubElement(attributes, "key")
    SubElement(element, "fifths").text = str(key.fifths)
    SubElement(element, "mode").text = "minor" if key.minor else "major"


def _add_time(attributes: Element, meter: Meter) -> None:
    element = SubElement(attributes, "time")
    SubElement(element, "beats").text = str(meter.numerator)
    SubElement(element, "beat-type").text = str(meter.denominator)


def _add_transposition(attributes: Element) -> None:
    """Mark the part as sounding an octave lower than written."""
    element = SubElement(attributes, "transpose")
    for name, value in (("diatonic", "0"), ("chromatic", "0"), ("octave-change", "-1")):
        SubElement(element, name).text = value


def _add_clef(attributes: Element, part: Part) -> None:
    is_low = bool(part.notes) and median(note.pitch for note in part.notes) < _BASS_BELOW
    sign, line = _CLEFS["drums" if part.is_drums else "bass" if is_low else "treble"]
    element = SubElement(attributes, "clef")
    SubElement(element, "sign").text = sign
    if line:
        SubElement(element, "line").text = line

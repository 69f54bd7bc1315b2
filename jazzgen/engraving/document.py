"""The MusicXML document of a score."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import pairwise
from math import lcm
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jazzgen.engraving.accidentals import Alterations, add_accidentals
from jazzgen.engraving.attributes import changed_meter, first_attributes
from jazzgen.engraving.instruments import Instrument
from jazzgen.engraving.measures import Staff, drum_identity, write_voice
from jazzgen.engraving.naming import Names, names_of
from jazzgen.engraving.rhythm import DOUBLE_TIME, Printed, Rhythm, printed
from jazzgen.engraving.road import Road
from jazzgen.engraving.voices import Sign, in_bars, signs_of, voices_of
from jazzgen.formats.notation.drafts import SWING
from jazzgen.formats.notation.musicxml.harmony import write_harmony
from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar, Meter, iter_bars
from jazzgen.system.files import write_bytes

_HEADER = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    b'"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_BASS_PROGRAMS = range(32, 40)  # General MIDI's basses, from 0
_PRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 65534, 65535])
_Timed = tuple[int, Element]


def write_musicxml(score: Score, path: Path) -> None:
    """Write the file completely or not at all.

    Raises:
        OutputError: if it cannot be written there.
    """
    write_bytes(path, musicxml_bytes(score))


def musicxml_bytes(
    score: Score,
    *,
    tidy: bool = False,
    exact: bool = False,
    system_starts: Collection[int] = (),
    instrument: Instrument | None = None,
    signs: Sequence[Signs] = (),
) -> bytes:
    """Return the MusicXML document; equal scores give equal bytes.

    Args:
        score: written or played.
        tidy: make played lines easy to read (`quantize`), at the cost of exact times.
        exact: keep all times, swung eighths too; what notation cannot hold goes to the grid of 12 a beat.
        system_starts: numbers of the bars that start a line; empty to leave line breaks to the engraver.
        instrument: who reads the first part, which is at written pitch (`instruments.part_for`); None for concert.
        signs: repeats and jumps of the bars, if each is there once; empty if they are as played.

    Example:
        >>> b"<work-title>Loop</work-title>" in musicxml_bytes(Score(title="Loop"))
        True
    """
    how: Rhythm = "exact" if exact else "readable" if tidy else "grid"
    written = [printed(part, score, how) for part in score.parts] or [Printed(Part("Chords"))]
    swings = score.feel == "swing" or any(each.swung for each in written)
    end = max([score.end, 1, *(each.part.end for each in written)])
    bars = list(iter_bars(score.meters, score.pickup, end))
    sections = {mark.onset for kind in ("section", "chorus") for mark in score.marked(kind)}
    road = Road(
        signs,
        sections={index for index, bar in enumerate(bars) if bar.onset in sections},
        lines={index for index, bar in enumerate(bars) if bar.number in system_starts},
        bars=len(bars),
    )
    root = Element("score-partwise", version="4.0")
    _add_titles(root, score)
    if instrument:
        _add_part_name(root, instrument.label)
    listed = SubElement(root, "part-list")
    for number, each in enumerate(written, 1):
        part = each.part
        _list_part(listed, part, f"P{number}", instrument.label if instrument and number == 1 else part.name)
        element = SubElement(root, "part", id=f"P{number}")
        over = _over_the_staff(score, swings=swings) if number == 1 else []
        staff = Staff(
            score.key,
            part.is_drums,
            f"P{number}",
            _names(each, score),
            octaves_up=_is_bass(part) and not instrument,
            instrument=instrument if number == 1 else None,
            is_chart=not any(other.part.notes for other in written),
        )
        _add_measures(element, each, staff, bars, over, road)
    indent(root, space=" ")
    return _HEADER + tostring(root, encoding="utf-8") + b"\n"


def _names(written: Printed, score: Score) -> Names:
    """Return the names of a part's notes, its grace notes included."""
    if written.part.is_drums:
        return {}
    graces = (note for group in written.graces.values() for note in group)
    return names_of(sorted((*written.part.notes, *graces)), score.changes, score.key)


def _add_titles(root: Element, score: Score) -> None:
    SubElement(SubElement(root, "work"), "work-title").text = _plain(score.title)
    identification = SubElement(root, "identification")
    if score.credits.composer:
        SubElement(identification, "creator", type="composer").text = _plain(score.credits.composer)
    SubElement(SubElement(identification, "encoding"), "software").text = "jazzgen"


def _add_part_name(root: Element, label: str) -> None:
    """Name the part in the top left corner."""
    credit = SubElement(root, "credit", page="1")
    SubElement(credit, "credit-type").text = "part name"
    SubElement(credit, "credit-words", justify="left", valign="top").text = label


def _plain(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return text.translate(_PRINTABLE)


def _list_part(listed: Element, part: Part, identity: str, name: str) -> None:
    entry = SubElement(listed, "score-part", id=identity)
    SubElement(entry, "part-name").text = _plain(name)
    is_drums = part.is_drums
    pitches = sorted({note.pitch for note in part.notes}) if is_drums else [None]
    sounds = {f"{identity}-I1" if pitch is None else drum_identity(identity, pitch): pitch for pitch in pitches}
    for sound in sounds:
        SubElement(SubElement(entry, "score-instrument", id=sound), "instrument-name").text = _plain(part.name)
    for sound, pitch in sounds.items():
        instrument = SubElement(entry, "midi-instrument", id=sound)
        SubElement(instrument, "midi-channel").text = str(part.channel + 1)
        SubElement(instrument, "midi-program").text = str(part.program + 1)
        if pitch is not None:
            SubElement(instrument, "midi-unpitched").text = str(pitch + 1)


def _over_the_staff(score: Score, *, swings: bool) -> list[_Timed]:
    """Return what is printed over the first part, by tick: tempos, feel, rehearsal marks and chord symbols."""
    tempos = [(onset, _tempo(bpm, _meter_at(score, onset))) for onset, bpm in score.tempos]
    _add_feel(tempos[0][1], score.credits.rhythm_feel, swings=swings)
    marks = [(mark.onset, _rehearsal(mark.label)) for mark in score.marked("section") if mark.label.strip()]
    choruses = [(mark.onset, _chorus(mark.label)) for mark in score.marked("chorus")]
    chords = [(onset, write_harmony(chord)) for onset, chord in _symbols(score.changes)]
    return list(merge(tempos, choruses if len(choruses) > 1 else [], marks, chords, key=lambda timed: timed[0]))


def _meter_at(score: Score, tick: int) -> Meter:
    return next(meter for onset, meter in reversed(score.meters) if onset <= tick)


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


def _chorus(label: str) -> Element:
    return _direction("words", f"Chorus {label}" if label.isdecimal() else label or "Chorus")


def _add_feel(tempo: Element, rhythm_feel: str, *, swings: bool) -> None:
    """Add the feel to the first tempo: swing, double time or both."""
    doubles = [DOUBLE_TIME] if rhythm_feel == DOUBLE_TIME else []
    named = rhythm_feel if not swings or SWING.search(rhythm_feel) else "Swing"
    words = [*doubles, *([named] if named.strip() and named != DOUBLE_TIME else [])]
    if words:
        kind = Element("direction-type")
        SubElement(kind, "words").text = _plain(", ".join(words))
        tempo.insert(0, kind)


def _tempo(bpm: float, meter: Meter) -> Element:
    """Return a tempo in the meter's own unit: a dotted quarter in 6/8."""
    text = f"{bpm:.6f}".rstrip("0").rstrip(".")
    is_dotted = meter.pulse_ticks == 3 * TICKS_PER_BEAT // 2
    direction = Element("direction", placement="above")
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    SubElement(metronome, "beat-unit").text = "quarter"
    if is_dotted:
        SubElement(metronome, "beat-unit-dot")
    SubElement(metronome, "per-minute").text = f"{bpm / 1.5 if is_dotted else bpm:.4g}"
    SubElement(direction, "sound", tempo=text)
    return direction


def _is_bass(part: Part) -> bool:
    """Return True for a part written an octave above its sound, as basses are."""
    return part.program in _BASS_PROGRAMS and not part.is_drums


def _add_measures(
    element: Element,
    written: Printed,
    staff: Staff,
    bars: Sequence[Bar],
    over: Sequence[_Timed],
    road: Road,
) -> None:
    voices = _set(written, bars)
    denominators = (sign.piece.length.denominator for voice in voices for signs in voice for sign in signs)
    staff = replace(staff, finer=lcm(*denominators))
    meter: Meter | None = None
    before: Alterations = {}
    for index, bar in enumerate(bars):
        measure = SubElement(element, "measure", number=str(bar.number))
        if bar.number == 0:
            measure.set("implicit", "yes")
        measure.extend(road.line_break(index))
        if index == 0:
            measure.append(first_attributes(staff, written.part, bar.meter))
        elif bar.meter != meter:
            measure.append(changed_meter(bar.meter))
        meter = bar.meter
        measure.extend(road.left(index))
        _fill(measure, bar, [voice[index] for voice in voices], staff, [t for t in over if bar.onset <= t[0] < bar.end])
        if not staff.is_drums:
            before = add_accidentals(measure, staff.key, before)
        measure.extend(road.right(index))


def _set(written: Printed, bars: Sequence[Bar]) -> list[list[list[Sign]]]:
    """Return the signs of each voice in each bar."""
    graces = dict(written.graces)
    voices = []
    for voice in voices_of(written.part.notes):
        voices.append([signs_of(line, bar) for line, bar in zip(in_bars(voice, bars, graces), bars, strict=True)])
        for chord in voice:
            graces.pop(chord[0].onset, None)
    return voices


def _fill(measure: Element, bar: Bar, voices: Sequence[list[Sign]], staff: Staff, over: Sequence[_Timed]) -> None:
    waiting = list(reversed(over))
    signs = list(write_voice(voices[0], bar, 1, staff))
    starts = [start for start, _ in signs[1:]] + [bar.duration]
    for (start, sign), following in zip(signs, starts, strict=True):
        while waiting and waiting[-1][0] - bar.onset < max(following, start + 1):
            tick, element = waiting.pop()
            measure.append(_with_offset(element, (tick - bar.onset - start) * staff.finer))
        measure.append(sign)
    for number, line in enumerate(voices[1:], 2):
        if line:
            SubElement(SubElement(measure, "backup"), "duration").text = str(bar.duration * staff.finer)
            measure.extend(_hidden(sign) for _, sign in write_voice(line, bar, number, staff))


def _with_offset(element: Element, divisions: int) -> Element:
    """Return the element, offset by so much from where it stands."""
    if divisions:
        offset = Element("offset", {"sound": "yes"})  # it is when the chord sounds, not where it is printed
        offset.text = str(divisions)
        place = next((i for i, child in enumerate(element) if child.tag == "sound"), len(element))
        element.insert(place, offset)
    return element


def _hidden(sign: Element) -> Element:
    """Hide a rest, as in all voices below the first."""
    if sign.find("rest") is not None:
        sign.set("print-object", "no")
    return sign

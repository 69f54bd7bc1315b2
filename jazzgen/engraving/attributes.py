"""What a staff begins with: key, meter, clef and transposition, as MusicXML's `<attributes>`."""

from statistics import median
from xml.etree.ElementTree import Element, SubElement

from jazzgen.engraving.measures import Staff
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Part
from jazzgen.music.timing import Meter

_BASS_BELOW = 55  # bass clef for a part whose median pitch is below G3; set by hand
_CLEFS = {"treble": ("G", "2"), "bass": ("F", "4"), "drums": ("percussion", None)}
_OCTAVE = 12
# Steps on the staff by half steps, for the transpositions that instruments have.
_DIATONIC = {0: 0, 2: 1, 3: 2, 7: 4, 9: 5}


def first_attributes(staff: Staff, part: Part, meter: Meter) -> Element:
    """Return the attributes of a part's first measure."""
    element = Element("attributes")
    SubElement(element, "divisions").text = str(staff.divisions)
    _add_key(element, Key() if staff.is_drums else staff.key)
    _add_time(element, meter)
    _add_clef(element, part, staff)
    sounds = staff.instrument.sounds[0] if staff.instrument else -_OCTAVE * staff.octaves_up
    if sounds:
        _add_transposition(element, sounds)
    if staff.is_chart:
        SubElement(SubElement(element, "measure-style"), "slash", type="start")
    return element


def changed_meter(meter: Meter) -> Element:
    """Return the attributes of a measure with a new meter."""
    element = Element("attributes")
    _add_time(element, meter)
    return element


def _add_key(attributes: Element, key: Key) -> None:
    element = SubElement(attributes, "key")
    SubElement(element, "fifths").text = str(key.fifths)
    SubElement(element, "mode").text = "minor" if key.minor else "major"


def _add_time(attributes: Element, meter: Meter) -> None:
    element = SubElement(attributes, "time")
    SubElement(element, "beats").text = str(meter.numerator)
    SubElement(element, "beat-type").text = str(meter.denominator)


def _add_transposition(attributes: Element, sounds: int) -> None:
    """Say by how many half steps the part sounds higher than it is written."""
    octaves, steps = divmod(abs(sounds), _OCTAVE)
    sign = 1 if sounds > 0 else -1
    element = SubElement(attributes, "transpose")
    SubElement(element, "diatonic").text = str(sign * _DIATONIC[steps])
    SubElement(element, "chromatic").text = str(sign * steps)
    if octaves:
        SubElement(element, "octave-change").text = str(sign * octaves)


def _add_clef(attributes: Element, part: Part, staff: Staff) -> None:
    is_low = bool(part.notes) and median(note.pitch for note in part.notes) < _BASS_BELOW
    usual = staff.instrument.clef if staff.instrument else "bass" if is_low else "treble"
    sign, line = _CLEFS["drums" if part.is_drums else usual]
    element = SubElement(attributes, "clef")
    SubElement(element, "sign").text = sign
    if line:
        SubElement(element, "line").text = line

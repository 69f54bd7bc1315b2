"""Convert values of MusicXML elements: numbers, times, velocities, keys."""

import re
from fractions import Fraction
from functools import lru_cache
from xml.etree.ElementTree import Element

from jazzgen.errors import CorpusError
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key, pitch_class
from jazzgen.music.timing import TICKS_PER_BEAT

_FULL_VOLUME = 0.9  # velocity per unit: MusicXML gives dynamics in percent of velocity 90
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,6})?")


def ticks(beats: Fraction) -> int:
    """Convert quarter notes to ticks, rounded."""
    return round(beats * TICKS_PER_BEAT)


@lru_cache(maxsize=4096)
def number_in(text: str | None) -> Fraction:
    """Parse a number of up to nine digits.

    Raises:
        CorpusError: when it is not a number, or a larger one.
    """
    plain = " ".join((text or "").split())
    if not _NUMBER.fullmatch(plain):
        raise CorpusError(f"'{plain[:20]}' is no number that music needs")
    return Fraction(plain)


def reason_to_leave(element: Element, is_grace: bool) -> str:
    """Return what kind of note this is if it is to be left out, or an empty string."""
    if is_grace:
        return "grace notes"
    if element.find("cue") is not None:
        return "cue notes"
    if element.find("pitch") is None:
        return "notes without pitch"
    return "rhythm slashes" if (element.findtext("notehead") or "").strip() == "slash" else ""


def velocity(element: Element) -> int:
    """Return the MIDI velocity of a note; 80 (set by hand) if none is written."""
    written = element.get("dynamics")
    return min(max(round(float(number_in(written)) * _FULL_VOLUME), 1), 127) if written else 80


def transposed_key(key: Key, semitones: int) -> Key:
    """Transpose a key, to the spelling with fewer accidentals."""
    if semitones % 12 == 0:
        return key
    target = (pitch_class(key.tonic) + semitones) % 12
    tonics = MINOR_TONICS if key.minor else MAJOR_TONICS
    same = [Key(tonic, key.minor) for tonic in tonics if pitch_class(tonic) == target]
    return min(same, key=lambda k: abs(k.fifths))

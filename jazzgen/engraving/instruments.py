"""Instruments that a part is written for: one row each, with transposition, clef and range.

Sources: S. Adler, "The Study of Orchestration" (4th edition, 2016), for ranges, without the extremes that few players
have; E. Gould, "Behind Bars" (2011), for clefs and transpositions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from jazzgen.errors import OptionError
from jazzgen.harmony.changes import moved_changes
from jazzgen.music.score import Part, Score
from jazzgen.music.transposition import moved_part

Clef = Literal["treble", "bass"]
_OCTAVE = 12
_MIDDLE_LINE: Mapping[Clef, int] = {"treble": 71, "bass": 50}  # B4 and D3
_OCTAVES = (0, -1, 1, -2, 2, -3, 3)  # moves of a part, the nearest first


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument that reads a part.

    Attributes:
        label: printed top left.
        sounds: half steps from the written to the sounding pitch. Of several the one is chosen that puts the part
            nearest to the middle of the staff.
        low, high: lowest and highest sounding MIDI pitch.
    """

    label: str
    sounds: tuple[int, ...] = (0,)
    clef: Clef = "treble"
    low: int = 0
    high: int = 127


# Groups of instruments first: those in a key, whatever their octave.
INSTRUMENTS: Mapping[str, Instrument] = {
    "Bb": Instrument("B♭ instruments", (-2, -14)),
    "Eb": Instrument("E♭ instruments", (-9, -21, 3)),
    "F": Instrument("F instruments", (-7,)),
    "bass-clef": Instrument("Bass clef", clef="bass", low=36, high=67),
    "flute": Instrument("Flute", low=60, high=96),
    "clarinet": Instrument("Clarinet in B♭", (-2,), low=50, high=89),
    "bass clarinet": Instrument("Bass clarinet in B♭", (-14,), low=37, high=77),
    "soprano sax": Instrument("Soprano saxophone in B♭", (-2,), low=56, high=87),
    "alto sax": Instrument("Alto saxophone in E♭", (-9,), low=49, high=80),
    "tenor sax": Instrument("Tenor saxophone in B♭", (-14,), low=44, high=75),
    "baritone sax": Instrument("Baritone saxophone in E♭", (-21,), low=36, high=68),
    "trumpet": Instrument("Trumpet in B♭", (-2,), low=54, high=82),
    "flugelhorn": Instrument("Flugelhorn in B♭", (-2,), low=52, high=80),
    "horn": Instrument("Horn in F", (-7,), low=41, high=77),
    "trombone": Instrument("Trombone", clef="bass", low=40, high=70),
    "violin": Instrument("Violin", low=55, high=100),
    "cello": Instrument("Cello", clef="bass", low=36, high=76),
    "vibraphone": Instrument("Vibraphone", low=53, high=89),
    "guitar": Instrument("Guitar", (-12,), low=40, high=84),
    "bass": Instrument("Bass", (-12,), clef="bass", low=28, high=60),
}


@dataclass(frozen=True, slots=True)
class PartFor:
    """A score written for one player.

    Attributes:
        score: its first part and changes at written pitch.
        instrument: who reads it; `sounds` has one value.
        octaves: by how many octaves the part sounds higher than it did, so that it lies within the range.
        beyond: how many notes lie beyond the range even so.
    """

    score: Score
    instrument: Instrument
    octaves: int = 0
    beyond: int = 0


def instrument_named(name: str) -> Instrument:
    """Return the instrument of that name; capitals and hyphens do not count.

    Raises:
        OptionError: if there is none.

    Example:
        >>> instrument_named("Tenor-Sax").label
        'Tenor saxophone in B♭'
    """
    wanted = _plain(name)
    found = next((row for known, row in INSTRUMENTS.items() if _plain(known) == wanted), None)
    if found is None:
        raise OptionError(f"a part for '{name}': choose from {', '.join(INSTRUMENTS)}")
    return found


def _plain(name: str) -> str:
    return " ".join(name.replace("-", " ").replace("_", " ").replace("saxophone", "sax").casefold().split())


def part_for(score: Score, instrument: Instrument) -> PartFor:
    """Write the first part of a score, and the changes, for an instrument.

    The part moves by octaves into the instrument's range if it lies beyond it. Drums are not moved.

    Raises:
        OptionError: if a note would leave the range of MIDI.
    """
    melody = score.parts[0] if score.parts else Part("Chords")
    octaves = min(_OCTAVES, key=lambda moved: (_beyond(melody, instrument, moved), abs(moved)))
    middle = _middle(melody, instrument) + _OCTAVE * octaves
    sounds = min(instrument.sounds, key=lambda steps: abs(middle - steps - _MIDDLE_LINE[instrument.clef]))
    key = score.key.transposed(-sounds) if sounds % _OCTAVE else score.key
    part = moved_part(melody, _OCTAVE * octaves - sounds, score.key, key)
    written = replace(score, key=key, changes=moved_changes(score.changes, score.key, key), parts=(part,))
    return PartFor(written, replace(instrument, sounds=(sounds,)), octaves, _beyond(melody, instrument, octaves))


def _beyond(part: Part, instrument: Instrument, octaves: int) -> int:
    moved = (note.pitch + _OCTAVE * octaves for note in part.notes)
    return 0 if part.is_drums else sum(not instrument.low <= pitch <= instrument.high for pitch in moved)


def _middle(part: Part, instrument: Instrument) -> float:
    """Return the median pitch, or the middle of the staff if there are no notes."""
    return median([note.pitch for note in part.notes] or [_MIDDLE_LINE[instrument.clef]])

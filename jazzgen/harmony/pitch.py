"""Note names, pitch classes and keys.

A *pitch class* is 0 to 11 from C; a *pitch* is a MIDI number, where 60 is middle C (C4).
"""

import re
from dataclasses import dataclass

from jazzgen.errors import ChordError

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "b": -1, "#": 1, "bb": -2, "##": 2}
_SIGNS = {shift: sign for sign, shift in ACCIDENTALS.items()}
_BY_FIFTHS = "FCGDAEB"  # from -1
LOWEST_FIFTHS, HIGHEST_FIFTHS = -15, 19  # Fbb to B##
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
# Tonics of the keys that a key signature can hold, by its fifths, from -7 to 7.
MAJOR_TONICS = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
MINOR_TONICS = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
_UNICODE = str.maketrans({"♭": "b", "♯": "#", "♮": None})
_NAMED_PITCH = re.compile(r"([A-Ga-g])(bb|##|b|#)?(-?[0-9])")


def plain_accidentals(text: str) -> str:
    """Replace Unicode accidentals by `b` and `#`."""
    return text.replace("𝄫", "bb").replace("𝄪", "##").translate(_UNICODE)


def pitch_class(name: str) -> int:
    """Return the pitch class of a note name such as `Bb` or `F##`."""
    letter, accidental = name[:1], name[1:]
    if letter not in LETTERS or accidental not in ACCIDENTALS:
        raise ChordError(f"'{name}' is not a note name: write A to G with b or #")
    return (LETTERS[letter] + ACCIDENTALS[accidental]) % 12


def parse_pitch(text: str) -> int:
    """Return the MIDI number of a pitch in scientific notation.

    Example:
        >>> parse_pitch("C4"), parse_pitch("Bb3")
        (60, 58)
    """
    match = _NAMED_PITCH.fullmatch(plain_accidentals(text))
    if not match:
        raise ChordError(f"'{text}' is not a pitch: write a name and an octave, as in Bb4")
    letter, accidental, octave = match.groups()
    pitch = 12 * (int(octave) + 1) + LETTERS[letter.upper()] + ACCIDENTALS[accidental or ""]
    if not 0 <= pitch <= 127:
        raise ChordError(f"'{text}' is outside MIDI's range: C-1 to G9")
    return pitch


def pitch_name(pitch: int, names: tuple[str, ...] = FLAT_NAMES) -> str:
    """Write a MIDI number in scientific notation; the inverse of `parse_pitch`."""
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


def fifths_of(name: str) -> int:
    """Return the place of a note name on the line of fifths, where C is 0, F -1, G 1; the inverse of `name_at`."""
    return _BY_FIFTHS.index(name[0]) - 1 + 7 * ACCIDENTALS[name[1:]]


def name_at(fifths: int) -> str:
    """Return the note name at a place on the line of fifths, from Fbb (-15) to B## (19)."""
    accidental, letter = divmod(fifths + 1, 7)
    return _BY_FIFTHS[letter] + _SIGNS[accidental]


def written_fifths(letter: str, alter: int, moved: int = 0) -> int | None:
    """Return the place of a written note on the line of fifths, or None if it has no name with two accidentals or less.

    Args:
        letter: A to G.
        alter: half steps from it, up if positive.
        moved: fifths by which the music sounds higher than it is written.
    """
    fifths = _BY_FIFTHS.index(letter) - 1 + 7 * alter + moved
    return fifths if LOWEST_FIFTHS <= fifths <= HIGHEST_FIFTHS else None


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a key signature can hold: `Key("Bb")`, `Key("C", minor=True)`."""

    tonic: str = "C"
    minor: bool = False

    def __post_init__(self) -> None:
        if self.tonic not in (MINOR_TONICS if self.minor else MAJOR_TONICS):
            raise ChordError(f"'{self}' has no key signature: use a key such as F, Bb, F#m or Ebm")

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read `Bb`, `Bbm`, `Bb minor` or `B♭-`; the inverse of `str`."""
        match = re.fullmatch(r"([A-G][b#]?)\s*(m|-|min|minor|M|maj|major)?", plain_accidentals(text.strip()), re.ASCII)
        if not match:
            raise ChordError(f"key '{text}': write it as F, Bb or F#m")
        return cls(match[1], match[2] in ("m", "-", "min", "minor"))

    def __str__(self) -> str:
        return self.tonic + ("m" if self.minor else "")

    @property
    def fifths(self) -> int:
        """Sharps (positive) or flats (negative) in the signature."""
        return (MINOR_TONICS if self.minor else MAJOR_TONICS).index(self.tonic) - 7

    @property
    def names(self) -> tuple[str, ...]:
        """The spelling of the twelve pitch classes in this key."""
        return SHARP_NAMES if self.fifths > 0 else FLAT_NAMES

    def transposed(self, semitones: int) -> "Key":
        """Return the key moved by semitones, in the spelling with the fewest accidentals."""
        target = (pitch_class(self.tonic) + semitones) % 12
        tonics = MINOR_TONICS if self.minor else MAJOR_TONICS
        tonic = min((t for t in tonics if pitch_class(t) == target), key=lambda t: (abs(tonics.index(t) - 7), t))
        return Key(tonic, self.minor)

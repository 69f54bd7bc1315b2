"""Scales to improvise with over a chord, after the chord-scale tables of jazz pedagogy.

Sources: J. Aebersold, "Scale Syllabus" (1992); M. Levine, "The Jazz Theory Book" (1995), part II; B. Nettles and
R. Graf, "The Chord Scale Theory and Jazz Harmony" (1997), for avoid notes.
"""

from functools import lru_cache

from jazzgen.harmony.chords import Chord

SCALES: dict[str, tuple[int, ...]] = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "lydian augmented": (0, 2, 4, 6, 8, 9, 11),
    "harmonic major": (0, 2, 4, 5, 7, 8, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "lydian dominant": (0, 2, 4, 6, 7, 9, 10),
    "mixolydian b13": (0, 2, 4, 5, 7, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "half-whole diminished": (0, 1, 3, 4, 6, 7, 9, 10),
    "altered": (0, 1, 3, 4, 6, 8, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "locrian natural 2": (0, 2, 3, 5, 6, 8, 10),
    "whole-half diminished": (0, 2, 3, 5, 6, 8, 9, 11),
}
# Candidates by the chord's third and seventh, the preferred ones first.
_MAJOR = ("ionian", "lydian", "lydian augmented", "harmonic major")
_DOMINANT = (
    "mixolydian",
    "lydian dominant",
    "phrygian dominant",
    "half-whole diminished",
    "altered",
    "mixolydian b13",
    "whole tone",
)
_AUGMENTED_DOMINANT = ("whole tone", "altered")
_MINOR = (
    "dorian",
    "aeolian",
    "phrygian",
    "locrian",
    "locrian natural 2",
    "melodic minor",
    "whole-half diminished",
)
_MINOR_MAJOR = ("melodic minor", "harmonic minor", "whole-half diminished")
_DIMINISHED = ("whole-half diminished", "melodic minor", "dorian")
_SUSPENDED = ("mixolydian", "phrygian", "aeolian", "ionian", "lydian")


def _candidates(chord: Chord) -> tuple[str, ...]:
    third, seventh = chord.third, chord.seventh
    if third == 4:
        if seventh == 10:
            return _AUGMENTED_DOMINANT if 8 in chord.tones else _DOMINANT
        return _MAJOR
    if third == 3:
        if seventh == 11:
            return _MINOR_MAJOR
        return _DIMINISHED if 6 in chord.tones and seventh != 10 else _MINOR
    return _SUSPENDED


def scale_name(chord: Chord) -> str:
    """Return the first scale of the chord's family that holds all its tones, or else the one that holds most.

    Beside #9 and b13 the fifth does not count, as the symbol does not name it: that is the altered scale.
    """
    unwritten = {7} if {3, 8} <= set(chord.tensions) else set()
    wanted = set(chord.tones) - unwritten | set(chord.tensions)
    return max(_candidates(chord), key=lambda name: len(wanted & set(SCALES[name])))


@lru_cache(maxsize=4096)
def chord_scale(chord: Chord) -> frozenset[int]:
    """Return the semitones above the root of the scale over `chord`, always with the chord's own tones."""
    return frozenset(SCALES[scale_name(chord)]) | frozenset(chord.tones) | frozenset(chord.tensions)


def available_tensions(chord: Chord) -> tuple[int, ...]:
    """Return the semitones above the root of the tones that may be added to a chord, ascending.

    These are the tones of its scale that are neither chord tones nor avoid notes.

    An avoid note lies a half step above a chord tone and is not in the symbol (Nettles and Graf). A dominant takes such
    notes as altered tensions, except the natural 11th.

    Example:
        >>> from jazzgen.harmony.chords import parse_chord
        >>> available_tensions(parse_chord("Cmaj7"))  # 9 and 13
        (2, 9)
    """
    avoided = {5} if chord.quality == "dominant" else {(tone + 1) % 12 for tone in chord.tones}
    tensions = chord_scale(chord) - set(chord.tones) - avoided
    return tuple(sorted(tensions | set(chord.tensions)))

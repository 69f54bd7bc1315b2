"""Transpose chords along the line of fifths: ... Bb F C G D A E B F# ..., where C is 0, F -1, G 1.

To transpose, every name moves by the same number of fifths, so right spellings stay right: the C#dim7 between Cmaj7 and
Dm7 becomes the Edim7 between Ebmaj7 and Fm7. (The line of fifths as a model of spelling: D. Temperley, "The Cognition
of Basic Musical Structures", MIT Press 2001, chapter 5.)
"""

from dataclasses import replace

from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import Key, fifths_of, name_at

_OCTAVE = 12  # fifths to an enharmonic name of the same pitch
# Limits for names with at most one accidental: any (Fb to B#), and without Cb, Fb, E# and B# (Gb to A#).
_FB, _GB, _A_SHARP, _B_SHARP = -8, -6, 10, 12


def transpose_chord(chord: Chord, start: Key, target: Key) -> Chord:
    """Transpose a chord from key `start` to key `target`, spelled for that key with at most one accidental.

    Cb, Fb, E# and B# occur only in keys that have them, as the Cb7 of Gb. A bass keeps its interval.
    """
    written = fifths_of(chord.root)
    root = _within(written + fifths_of(target.tonic) - fifths_of(start.tonic), *_reach(target))
    bass = chord.bass and name_at(_within(fifths_of(chord.bass) + root - written, _FB, _B_SHARP))
    return replace(chord, root=name_at(root), bass=bass)


def _reach(key: Key) -> tuple[int, int]:
    """Return the lowest and highest place for a root: flat fifth to sharp second, and always 12 places or more."""
    tonic = fifths_of(key.tonic)
    lowest = max(tonic - 6, min(_GB, key.fifths - 1))  # down to the key's fourth, such as the Cb of Gb
    highest = min(tonic + 9, max(_A_SHARP, key.fifths + 8), _B_SHARP)  # up to the leading note: the E# of F# minor
    lowest = min(lowest, _B_SHARP - _OCTAVE + 1)
    return lowest, max(highest, lowest + _OCTAVE - 1)


def _within(fifths: int, lowest: int, highest: int) -> int:
    """Move a name that is out of reach to an enharmonic one within it."""
    while fifths < lowest:
        fifths += _OCTAVE
    while fifths > highest:
        fifths -= _OCTAVE
    return fifths

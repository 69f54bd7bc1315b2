"""Note names along the line of fifths: ... Bb F C G D A E B F# ..., C being 0, F -1, G 1.

A key moves to another when every name moves as many fifths, so that what was spelled right stays so: the C#dim7 between
Cmaj7 and Dm7 becomes the Edim7 between Ebmaj7 and Fm7. (The line of fifths as a model of spelling: D. Temperley,
"The Cognition of Basic Musical Structures", MIT Press 2001, chapter 5.)
"""

from dataclasses import replace

from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import ACCIDENTALS, Key

_LETTERS = "FCGDAEB"  # from -1
_SIGNS = {shift: sign for sign, shift in ACCIDENTALS.items()}
_OCTAVE = 12  # fifths to the same pitch under another name
# Names with one accidental at most, and those of them that are no white key's second name (Cb, Fb, E#, B#).
_FB, _GB, _A_SHARP, _B_SHARP = -8, -6, 10, 12


def fifths_of(name: str) -> int:
    """Place of a note name on the line; inverse of `name_at`."""
    return _LETTERS.index(name[0]) - 1 + 7 * ACCIDENTALS[name[1:]]


def name_at(fifths: int) -> str:
    accidental, letter = divmod(fifths + 1, 7)
    return _LETTERS[letter] + _SIGNS[accidental]


# Fifths from the root to each tone of a chord and to the tones over it, by semitones, as chords are written.
_TONE_FIFTHS = {0: 0, 1: -5, 2: 2, 3: -3, 4: 4, 5: -1, 6: 6, 7: 1, 8: -4, 9: 3, 10: -2, 11: 5}
_DIMINISHED_FIFTH, _AUGMENTED_FIFTH, _SHARP_NINTH = -6, 8, 9


def spell(pitch: int, chord: Chord | None, key: Key) -> str:
    """The name of a pitch over a chord: of its tones as the chord has them, of others as the key does.

    So in F the third of D7 is F#, and that of Bbm7 Db. No name has two accidentals.
    """
    by_key = key.names[pitch % 12]
    if chord is None:
        return by_key
    tone = (pitch - chord.root_class) % 12
    if tone not in chord.tones and tone not in chord.tensions:
        return by_key
    fifths = fifths_of(chord.root) + _fifths_to(tone, chord)
    return name_at(fifths) if _FB <= fifths <= _B_SHARP else by_key


def _fifths_to(tone: int, chord: Chord) -> int:
    if tone in chord.tones:
        if tone == chord.fifth:
            return {6: _DIMINISHED_FIFTH, 8: _AUGMENTED_FIFTH}.get(tone, 1)
    elif tone == 3 and chord.third == 4:
        return _SHARP_NINTH
    return _TONE_FIFTHS[tone]


def transpose_chord(chord: Chord, start: Key, target: Key) -> Chord:
    """The chord that is in `target` what `chord` is in `start`, spelled for that key with one accidental at most.

    A white key gets a second name, as in the Cb7 of Gb, only in keys that have it. A bass keeps its interval.
    """
    written = fifths_of(chord.root)
    root = _within(written + fifths_of(target.tonic) - fifths_of(start.tonic), *_reach(target))
    bass = chord.bass and name_at(_within(fifths_of(chord.bass) + root - written, _FB, _B_SHARP))
    return replace(chord, root=name_at(root), bass=bass)


def _reach(key: Key) -> tuple[int, int]:
    """The lowest and the highest name for a root: the flat fifth to the sharp second, and twelve in any case."""
    tonic = fifths_of(key.tonic)
    lowest = max(tonic - 6, min(_GB, key.fifths - 1))  # a key's fourth, such as the Cb of Gb
    highest = min(tonic + 9, max(_A_SHARP, key.fifths + 8), _B_SHARP)  # a leading note, such as the E# of F# minor
    lowest = min(lowest, _B_SHARP - _OCTAVE + 1)
    return lowest, max(highest, lowest + _OCTAVE - 1)


def _within(fifths: int, lowest: int, highest: int) -> int:
    """The same pitch, its name moved into reach if it is not."""
    while fifths < lowest:
        fifths += _OCTAVE
    while fifths > highest:
        fifths -= _OCTAVE
    return fifths

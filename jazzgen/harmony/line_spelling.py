"""Spell the notes of a line: the cheapest path along the line of fifths, by key, chord and the notes beside it.

Each note costs by how far its name lies from the key and whether it is what the chord calls that tone; each pair of
neighbours by how odd the written interval is: a half step is a minor second where it leads on, so a chromatic note is
sharp on its way up and flat on its way down. Dynamic programming finds the names of the whole line that cost least.

Sources: D. Temperley, "The Cognition of Basic Musical Structures" (MIT Press 2001), chapter 5, for the line of fifths;
E. Cambouropoulos, "Pitch Spelling: A Computational Model" (Music Perception 20, 2003), for plain names and plain
intervals; C. Roemer, "The Art of Music Copying" (1973), for Cb, Fb, E#, B# and double signs, which players avoid.
The costs were fitted on every second lead sheet of midi/leadsheets and on 25 scores of music21's corpus.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import HIGHEST_FIFTHS, LOWEST_FIFTHS, Key, fifths_of

_OCTAVE = 12  # fifths to an enharmonic name of the same pitch
# Cost of a name by its place from the first degree of the major key with the same signature: 0 in a scale, -2 for the
# flat seventh, 6 for the sharp fourth. In minor, 8 is the raised seventh and 6 the raised sixth.
_MAJOR = {-6: 4.0, -5: 2.6, -4: 2.9, -3: 0.8, -2: 1.4, **dict.fromkeys(range(-1, 6), 0.0)}
_MAJOR |= {6: 0.5, 7: 0.9, 8: 3.4, 9: 2.4, 10: 3.9}
_MINOR = {-6: 5.0, -5: 5.0, -4: 3.0, -3: 1.1, -2: 0.7, **dict.fromkeys(range(-1, 6), 0.0)}
_MINOR |= {6: 0.6, 7: 0.6, 8: 0.5, 9: 3.0, 10: 2.0}
_DIATONIC = range(-1, 6)
_FAR, _FARTHER = 5.0, 0.8  # places beyond the tables: at their edge, and for each further one
_PLAIN = range(-6, 11)  # Gb to A#
_ONE_SIGN = range(-8, 13)  # Fb to B#
_NOT_PLAIN = 8.0
_NOT_PLAIN_BY_CHORD = 2.4  # if it is what the chord calls that tone
_TWO_SIGNS = 10.0
_OTHER_FUNCTION = 3.5  # a chord tone that has another name than its chord gives it
_OTHER_TENSION = 2.0  # likewise a tension of its symbol
_OTHER_COLOUR = 0.3  # likewise any other tone
_NOT_BLUE = 2.2  # a blue note that is not written flat
# Written intervals between neighbours, in fifths, and what they cost: a half step that keeps its letter, into a note or
# out of a chromatic one; the tritone, and what lies beyond it.
_CHROMATIC_HALF_STEP = 7
_INTO_CHROMATIC = 0.7
_OUT_OF_CHROMATIC = 4.5
_TRITONE_FIFTHS = 6
_TRITONE = 0.08
_AUGMENTED = 0.2
_FARTHER_INTERVAL = 0.4
_ENHARMONIC = 6.0  # two names for one pitch, or worse
# Places of tones from the root, by semitones: those of a chord, and the names that a tension may have.
_TONES = {0: 0, 1: -5, 2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: 3, 10: -2, 11: 5}
_TENSIONS = {1: (-5,), 2: (2,), 3: (-3, 9), 5: (-1,), 6: (-6, 6), 8: (-4,), 9: (3,)}
_BLUE_NOTES = {3: -3, 6: -6}  # over a dominant chord: the minor third and the flat fifth
_DIMINISHED_SEVENTH = -9


@dataclass(frozen=True, slots=True)
class Tone:
    """A note to spell: MIDI `pitch`, the chord over it, and its place on the line of fifths if its source spells it."""

    pitch: int
    chord: Chord | None = None
    fifths: int | None = None


def spell_line(tones: Sequence[Tone], key: Key) -> tuple[int, ...]:
    """Return the place of each tone on the line of fifths; what the source spells stays.

    Example:
        >>> from jazzgen.harmony.pitch import name_at
        >>> up = [Tone(pitch) for pitch in (60, 61, 62, 63, 64)]
        >>> [name_at(fifths) for fifths in spell_line(up, Key("C"))]
        ['C', 'C#', 'D', 'D#', 'E']
        >>> [name_at(fifths) for fifths in spell_line(up[::-1], Key("C"))]
        ['E', 'Eb', 'D', 'Db', 'C']
    """
    costs: dict[int, float] = {}  # of the cheapest path to each name of the last tone
    ways: list[dict[int, int]] = []  # for each tone: name -> name of the tone before
    before = None
    for tone in tones:
        half_step = before is not None and abs(tone.pitch - before.pitch) % _OCTAVE in (1, 11)
        found: dict[int, float] = {}
        ways.append({})
        for name in _names(tone, key):
            start = min(costs, key=lambda last: costs[last] + _step_cost(last, name, key, half_step), default=name)
            way = costs[start] + _step_cost(start, name, key, half_step) if costs else 0.0
            found[name] = way + _name_cost(name, tone, key)
            ways[-1][name] = start
        costs = found
        before = tone
    return tuple(_path(costs, ways))


def _path(costs: dict[int, float], ways: Sequence[dict[int, int]]) -> list[int]:
    path: list[int] = []
    name = min(costs, key=costs.__getitem__, default=0)
    for way in reversed(ways):
        path.append(name)
        name = way[name]
    return path[::-1]


def _names(tone: Tone, key: Key) -> Iterator[int]:
    """Yield the places on the line of fifths that a tone may have, near the key."""
    if tone.fifths is not None:
        yield tone.fifths
        return
    lowest = max(key.fifths - 9, LOWEST_FIFTHS)
    highest = min(key.fifths + 14, HIGHEST_FIFTHS)
    yield from range(lowest + (7 * tone.pitch - lowest) % _OCTAVE, highest + 1, _OCTAVE)


def _name_cost(name: int, tone: Tone, key: Key) -> float:
    """Return what a name costs by the key and by the chord."""
    place = name - key.fifths
    edge = _FAR + _FARTHER * (abs(place - 2) - 8)
    cost = (_MINOR if key.minor else _MAJOR).get(place, edge)
    is_function, by_chord = _by_chord(name, tone.pitch, tone.chord)
    if place not in _DIATONIC and name not in _PLAIN:
        one_sign = _NOT_PLAIN_BY_CHORD if is_function else _NOT_PLAIN
        cost += one_sign if name in _ONE_SIGN else _TWO_SIGNS
    return cost + by_chord


def _by_chord(name: int, pitch: int, chord: Chord | None) -> tuple[bool, float]:
    """Return whether a name is what the chord calls one of its tones, and what it costs by the chord."""
    if chord is None:
        return False, 0.0
    semitones = (pitch - chord.root_class) % _OCTAVE
    place = name - fifths_of(chord.root)
    if semitones in chord.tones:
        is_function = place == _chord_tone(semitones, chord)
        return is_function, 0.0 if is_function else _OTHER_FUNCTION
    if semitones in _BLUE_NOTES and semitones not in chord.tensions and chord.third == 4 and chord.seventh == 10:
        return False, 0.0 if place == _BLUE_NOTES[semitones] else _NOT_BLUE
    if place in _TENSIONS.get(semitones, (place,)):
        return False, 0.0
    return False, _OTHER_TENSION if semitones in chord.tensions else _OTHER_COLOUR


def _chord_tone(semitones: int, chord: Chord) -> int:
    """Return the fifths from the root of a chord to one of its tones."""
    is_diminished = chord.third == 3 and chord.fifth == 6
    return _DIMINISHED_SEVENTH if semitones == 9 and is_diminished else _TONES[semitones]


def _step_cost(last: int, name: int, key: Key, half_step: bool) -> float:
    """Return what the written interval between two neighbours costs."""
    fifths = abs(name - last)
    if fifths < _TRITONE_FIFTHS:
        return 0.0
    if fifths == _TRITONE_FIFTHS:
        return _TRITONE
    if fifths == _CHROMATIC_HALF_STEP and half_step:
        return _INTO_CHROMATIC if last - key.fifths in _DIATONIC else _OUT_OF_CHROMATIC
    if fifths < _OCTAVE:
        return _AUGMENTED + _FARTHER_INTERVAL * (fifths - _CHROMATIC_HALF_STEP)
    return _ENHARMONIC

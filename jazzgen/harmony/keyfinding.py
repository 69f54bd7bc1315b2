"""The key of chord changes, for spelling and the key signature."""

from collections.abc import Sequence

from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key, pitch_class

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10, 11)  # natural minor with the leading note of the harmonic minor
_KEYS = (*(Key(tonic) for tonic in MAJOR_TONICS[1:-1]), *(Key(tonic, minor=True) for tonic in MINOR_TONICS[1:-1]))
_TONIC_BONUS = 0.2  # for a tonic chord at either end, and for a last note on the tonic; set by hand


def guess_key(changes: Changes) -> Key:
    """Return the key whose scale holds most chord tones, a tonic at either end counting extra; C without chords."""
    return _best(_KEYS, changes) if any(span.chord for span in changes) else Key()


def mode_of(fifths: int, changes: Changes, last_pitch: int | None = None) -> Key:
    """Return the major or minor key of a signature, by its chords and last note; major if neither tells."""
    major, minor = Key(MAJOR_TONICS[fifths + 7]), Key(MINOR_TONICS[fifths + 7], minor=True)
    if not any(span.chord for span in changes):
        return minor if last_pitch is not None and last_pitch % 12 == pitch_class(minor.tonic) else major
    return _best((major, minor), changes, last_pitch)


def _best(keys: Sequence[Key], changes: Changes, last_pitch: int | None = None) -> Key:
    """Return the best fitting key; the changes need at least one chord."""
    sounding = [(span.chord, span.duration) for span in changes if span.chord]
    weights = [0] * 12  # how long each pitch class sounds
    for chord, duration in sounding:
        for tone in chord.pitch_classes:
            weights[tone] += duration
    written = {chord.root for chord, _ in sounding}
    ends = (sounding[0][0], sounding[-1][0])

    def fit(key: Key) -> float:
        tonic = pitch_class(key.tonic)
        scale = _MINOR if key.minor else _MAJOR
        inside = sum(weights[(tonic + degree) % 12] for degree in scale) / sum(weights)
        named = 0.001 * ((key.tonic in written) - abs(key.fifths))  # breaks ties; set by hand
        homes = _homes(key, ends) + (last_pitch is not None and last_pitch % 12 == tonic)
        return inside / len(scale) * 7 + _TONIC_BONUS * homes + named  # 7: minor has 8 notes here, which is no merit

    return max(keys, key=fit)


def _homes(key: Key, ends: Sequence[Chord]) -> int:
    """Count the chords that are the key's tonic."""
    third = 3 if key.minor else 4
    return sum(chord.root_class == pitch_class(key.tonic) and third in chord.tones for chord in ends)

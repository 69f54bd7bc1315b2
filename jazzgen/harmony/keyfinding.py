"""The key of a line of changes, for spelling and the key signature."""

from jazzgen.harmony.changes import Changes
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key, pitch_class

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10, 11)  # natural, and the harmonic minor's leading note
_TONIC_BONUS = 0.15


def guess_key(changes: Changes) -> Key:
    """The key whose scale holds most of the chord tones, first and last chords counting for the tonic; C if none."""
    spans = [span for span in changes if span.chord]
    if not spans:
        return Key()
    keys = [Key(tonic) for tonic in MAJOR_TONICS[1:-1]] + [Key(tonic, minor=True) for tonic in MINOR_TONICS[1:-1]]
    ends = [span.chord for span in (spans[0], spans[-1]) if span.chord]

    written = {span.chord.root for span in spans if span.chord}

    def fit(key: Key) -> float:
        tonic = pitch_class(key.tonic)
        scale = {(tonic + degree) % 12 for degree in (_MINOR if key.minor else _MAJOR)}
        inside = total = 0
        for span in spans:
            for tone in span.chord.pitch_classes if span.chord else ():
                inside += span.duration * (tone in scale)
                total += span.duration
        third = 3 if key.minor else 4
        homes = sum(chord.root_class == tonic and third in chord.tones for chord in ends)
        return (
            inside / total / len(scale) * 7 + _TONIC_BONUS * homes + 0.001 * ((key.tonic in written) - abs(key.fifths))
        )

    return max(keys, key=fit)

"""Keys of lines of changes."""

import pytest
from helpers.chart_text import parse_changes

from jazzgen.harmony.keyfinding import guess_key, mode_of
from jazzgen.harmony.pitch import Key, pitch_class

LINES = [
    ("F#m7b5 B7 | Em6 | %", "Em"),
    ("Dm7 | G7 | Cmaj7 | %", "C"),
    ("Cm7 | F7 | Bbmaj7 | Ebmaj7 | Am7b5 | D7 | Gm6 | %", "Gm"),
    ("F7 | Bb7 | F7 | % | Bb7 | % | F7 | % | C7 | Bb7 | F7 | %", "F"),
    ("Em7b5 | A7b9 | Dm6 | %", "Dm"),
    ("Ebmaj7 Cm7 | Fm7 Bb7", "Eb"),
    ("Bm7 | E7 | Amaj7 | %", "A"),
    ("N.C. | Dbmaj7 | N.C. | Dbmaj7", "Db"),
    ("N.C.", "C"),
]


@pytest.mark.parametrize(("line", "key"), LINES)
def test_the_key_is_the_one_a_musician_would_write(line: str, key: str) -> None:
    assert guess_key(parse_changes(line)) == Key.parse(key)


@pytest.mark.parametrize("semitones", range(12))
def test_transposed_changes_have_the_transposed_key(semitones: int) -> None:
    line = " | ".join(str(span.chord.transposed(semitones)) for span in parse_changes("Dm7 | G7 | Cmaj7") if span.chord)
    key = guess_key(parse_changes(line))
    assert pitch_class(key.tonic) == semitones
    assert not key.minor
    assert key.tonic in line


@pytest.mark.parametrize(
    ("line", "fifths", "last_pitch", "key"),
    [
        ("Cm | Fm7 | Dm7b5 G7 | Cm", -3, 60, "Cm"),
        ("Ebmaj7 | Cm7 | Fm7 Bb7 | Eb6", -3, 63, "Eb"),
        ("Fm7 | Bb7", -3, 63, "Eb"),
        ("Dm7b5 | G7", -3, 60, "Cm"),
        ("N.C.", -3, 60, "Cm"),
        ("N.C.", -3, 67, "Eb"),
        ("N.C.", -3, None, "Eb"),
    ],
)
def test_a_signature_is_major_or_minor_by_chords_and_last_note(
    line: str, fifths: int, last_pitch: int | None, key: str
) -> None:
    assert mode_of(fifths, parse_changes(line), last_pitch) == Key.parse(key)

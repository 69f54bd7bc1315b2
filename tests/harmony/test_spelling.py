"""Note names along the line of fifths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key, fifths_of, name_at, pitch_class
from jazzgen.harmony.spelling import transpose_chord

NAMES = [letter + sign for letter in "ABCDEFG" for sign in ("", "b", "#", "bb", "##")]
KEYS = [Key(tonic) for tonic in MAJOR_TONICS] + [Key(tonic, minor=True) for tonic in MINOR_TONICS]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_where_its_place_says(name: str) -> None:
    assert name_at(fifths_of(name)) == name
    assert 7 * fifths_of(name) % 12 == pitch_class(name)


@pytest.mark.parametrize(
    ("name", "place"), [("C", 0), ("G", 1), ("F", -1), ("Bb", -2), ("F#", 6), ("Gb", -6), ("B#", 12)]
)
def test_the_line_starts_at_c_and_goes_up_by_fifths(name: str, place: int) -> None:
    assert fifths_of(name) == place


@given(st.sampled_from([name for name in NAMES if len(name) < 3]), st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_a_moved_name_has_one_accidental_at_most_and_the_right_pitch(name: str, start: Key, target: Key) -> None:
    moved = transpose_chord(parse_chord(name + "7"), start, target)
    steps = pitch_class(target.tonic) - pitch_class(start.tonic)
    assert len(moved.root) <= 2
    assert moved.root_class == (pitch_class(name) + steps) % 12


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_the_degrees_of_a_key_move_as_its_tonic_does(key: Key) -> None:
    start = Key("A", minor=True) if key.minor else Key("C")
    scale = "ABCDEFG" if key.minor else "CDEFGAB"
    moved = [transpose_chord(parse_chord(name), start, key).root for name in scale]
    assert moved[0] == key.tonic
    letters = "ABCDEFGABCDEFG"
    first = letters.index(key.tonic[0])
    assert "".join(name[0] for name in moved) == letters[first : first + 7]

"""Names, pitch classes and keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.pitch import (
    FLAT_NAMES,
    MAJOR_TONICS,
    MINOR_TONICS,
    SHARP_NAMES,
    Key,
    parse_pitch,
    pitch_class,
    pitch_name,
    plain_accidentals,
)

KEYS = [*(Key(tonic) for tonic in MAJOR_TONICS), *(Key(tonic, minor=True) for tonic in MINOR_TONICS)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("C", 0), ("Cb", 11), ("B#", 0), ("E#", 5), ("Fb", 4), ("F##", 7), ("Bbb", 9), ("Bb", 10), ("A", 9), ("F#", 6)],
)
def test_accidentals_move_a_letter_by_half_steps(name: str, expected: int) -> None:
    assert pitch_class(name) == expected


@pytest.mark.parametrize("name", ["H", "", "c", "Cx", "C#b", "Bbbb"])
def test_other_names_are_an_error(name: str) -> None:
    with pytest.raises(ChordError, match=f"'{name}' is not a note name: write A to G with b or #"):
        pitch_class(name)


def test_flat_and_sharp_names_spell_the_same_twelve_pitch_classes() -> None:
    assert [pitch_class(name) for name in FLAT_NAMES] == list(range(12))
    assert [pitch_class(name) for name in SHARP_NAMES] == list(range(12))


@pytest.mark.parametrize(
    ("written", "plain"), [("B♭", "Bb"), ("F♯m7♭5", "F#m7b5"), ("C𝄪", "C##"), ("E𝄫", "Ebb"), ("G♮", "G")]
)
def test_unicode_accidentals_become_plain_ones(written: str, plain: str) -> None:
    assert plain_accidentals(written) == plain


@pytest.mark.parametrize(
    ("text", "pitch"),
    [("C4", 60), ("A4", 69), ("Bb3", 58), ("b♭3", 58), ("C-1", 0), ("G9", 127), ("F##5", 79), ("B#3", 60), ("Cb4", 59)],
)
def test_pitches_count_octaves_from_middle_c(text: str, pitch: int) -> None:
    assert parse_pitch(text) == pitch


@given(st.integers(0, 127), st.sampled_from([FLAT_NAMES, SHARP_NAMES]))
def test_a_pitch_reads_back_from_its_name(pitch: int, names: tuple[str, ...]) -> None:
    assert parse_pitch(pitch_name(pitch, names)) == pitch


@pytest.mark.parametrize("text", ["H4", "C", "4", "C44", "C#b4", "C 4"])
def test_what_is_no_pitch_is_an_error(text: str) -> None:
    with pytest.raises(ChordError, match=f"'{text}' is not a pitch: write a name and an octave"):
        parse_pitch(text)


@pytest.mark.parametrize("text", ["Cb-1", "G#9", "C-2"])
def test_a_pitch_outside_midi_is_an_error(text: str) -> None:
    with pytest.raises(ChordError, match=f"'{text}' is outside MIDI's range: C-1 to G9"):
        parse_pitch(text)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_key_reads_back_from_its_name(key: Key) -> None:
    assert Key.parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Bb", Key("Bb")),
        ("B♭-", Key("Bb", minor=True)),
        ("Bb minor", Key("Bb", minor=True)),
        ("F#min", Key("F#", minor=True)),
        ("C maj", Key("C")),
        (" EbM ", Key("Eb")),
        ("G major", Key("G")),
    ],
)
def test_keys_are_read_in_their_usual_spellings(text: str, key: Key) -> None:
    assert Key.parse(text) == key


@pytest.mark.parametrize("text", ["", "H", "C dorian", "Bbb", "Cmm"])
def test_what_is_no_key_is_an_error(text: str) -> None:
    with pytest.raises(ChordError, match=f"key '{text}': write it as F, Bb or F#m"):
        Key.parse(text)


@pytest.mark.parametrize(("tonic", "minor", "name"), [("G#", False, "G#"), ("Gb", True, "Gbm"), ("Fb", False, "Fb")])
def test_a_key_without_a_signature_is_an_error(tonic: str, minor: bool, name: str) -> None:
    with pytest.raises(ChordError, match=f"'{name}' has no key signature"):
        Key(tonic, minor)


@pytest.mark.parametrize(
    ("name", "fifths"),
    [("C", 0), ("Am", 0), ("G", 1), ("F", -1), ("Bb", -2), ("Gm", -2), ("F#", 6), ("Gb", -6), ("C#m", 4), ("Abm", -7)],
)
def test_fifths_count_the_sharps_of_the_signature(name: str, fifths: int) -> None:
    assert Key.parse(name).fifths == fifths


def test_sharp_keys_spell_with_sharps_and_others_with_flats() -> None:
    assert Key("D").names == SHARP_NAMES
    assert Key("C").names == Key("D", minor=True).names == FLAT_NAMES


@given(st.sampled_from(KEYS), st.integers(-24, 24))
def test_a_transposed_key_has_the_fewest_accidentals_of_those_on_its_tonic(key: Key, semitones: int) -> None:
    moved = key.transposed(semitones)
    assert pitch_class(moved.tonic) == (pitch_class(key.tonic) + semitones) % 12
    assert moved.minor == key.minor
    assert abs(moved.fifths) <= 6


@pytest.mark.parametrize(
    ("name", "semitones", "expected"),
    [("C", 1, "Db"), ("F", 6, "B"), ("Am", 1, "Bbm"), ("Em", 2, "F#m"), ("C#", 0, "Db")],
)
def test_keys_transpose_to_the_names_musicians_use(name: str, semitones: int, expected: str) -> None:
    assert str(Key.parse(name).transposed(semitones)) == expected

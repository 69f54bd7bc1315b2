"""The notation of Harte et al."""

import pytest
from helpers.any_chords import any_chords
from hypothesis import given

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import HARTE, Chord, format_chord, parse_chord


@pytest.mark.parametrize(
    ("label", "symbol"),
    [
        ("C", "C"), ("C/3", "C/E"), ("C:maj", "C"), ("Bb:min7(9)/5", "Bbm9/F"), ("F#:hdim7/b5", "F#m7b5/C"),
        ("C:(3,5)", "C"), ("C:(b3,5,b7)", "Cm7"), ("C:(3,5,b7,#9)", "C7#9"), ("A:sus4(b7)", "A7sus4"),
        ("C:(4,5,b7,9)", "C9sus4"), ("C:(2,5)", "Csus2"), ("D:maj(*3)", "D5"), ("D:7(*5,b5)", "D7b5"),
        ("C:7(6)", "C7add13"), ("C:(3,5,6,b7)", "C7add13"), ("C:dim(bb7)", "Cdim7"), ("C:(b3,b5,bb7)", "Cdim7"),
        ("C:min(6)", "Cm6"), ("C:(1)", "Cno3no5"), ("C:1", "Cno3no5"), ("C:5", "C5"), ("C:13", "C13"),
        ("C:min11", "Cm11"), ("C:maj(10,12)", "C"), ("Cb:maj/b7", "Cb/Bbb"), ("C:maj(8)", "C"), ("Gb:9(#11)", "Gb9#11"),
    ],
)  # fmt: skip
def test_labels_are_read(label: str, symbol: str) -> None:
    assert parse_chord(label, HARTE) == parse_chord(symbol)


@pytest.mark.parametrize(
    ("symbol", "label"),
    [
        ("C", "C:maj"), ("Bbm9/F", "Bb:min9/5"), ("C13", "C:9(13)"), ("C5", "C:(5)"), ("Cno3no5", "C:(1)"),
        ("Cmaj7#11/E", "C:maj7(#11)/3"), ("C7no5", "C:7(*5)"), ("C7no3", "C:(5,b7)"), ("Ebm/Gb", "Eb:min/b3"),
        ("C/F#", "C:maj/#4"), ("Cbb/F##", "Cbb:maj/####4"), ("C7sus4b5", "C:sus4(*5,b5,b7)"),
    ],
)  # fmt: skip
def test_chords_are_written_as_labels(symbol: str, label: str) -> None:
    chord = parse_chord(symbol)
    assert format_chord(chord, HARTE) == label
    assert parse_chord(label, HARTE) == chord


@given(any_chords())
def test_the_bass_keeps_its_name(chord: Chord) -> None:
    assert parse_chord(format_chord(chord, HARTE), HARTE).bass == chord.bass


def test_a_bass_far_from_any_name_is_respelled() -> None:
    assert parse_chord("C:maj/####4", HARTE).bass == "A"


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("X", "a label starts with its root"),
        ("C:", r"chord 'C:': .*is not understood"),
        ("C:foo", "'foo' is no shorthand"),
        ("C:maj/14", "'4' is not understood"),
        ("C:maj(*1)", r"'\*1' is no degree that can be read here.*\(at character 7\)"),
        ("C:maj(9,b1)", r"'b1' is no degree that can be read here.*\(at character 9\)"),
        ("C:maj()", "'' is no degree"),
        ("C:maj(9", r"'\(9' is not understood.*\(at character 6\)"),
        ("CΔ7", r"did you mean C:maj7\?"),
    ],
)
def test_labels_that_are_not_understood_are_errors(label: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        parse_chord(label, HARTE)

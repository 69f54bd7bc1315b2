"""Spelling lines by key, chord and neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.line_spelling import Tone, spell_line
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key, fifths_of, name_at, parse_pitch, pitch_class

KEYS = [Key(tonic) for tonic in MAJOR_TONICS] + [Key(tonic, minor=True) for tonic in MINOR_TONICS]
NAMES = [letter + sign for letter in "ABCDEFG" for sign in ("", "b", "#")]


def spelled(line: str, key: str, symbol: str = "") -> str:
    """Spell a line whose names give the pitches alone."""
    chord = parse_chord(symbol) if symbol else None
    tones = [Tone(parse_pitch(item), chord) for item in line.split()]
    return " ".join(name_at(fifths) for fifths in spell_line(tones, Key.parse(key)))


@pytest.mark.parametrize(
    ("key", "symbol", "line", "right"),
    [
        ("F", "D7", "F#4", "F#"),
        ("F", "Bbm7", "C#4", "Db"),
        ("C", "E7alt", "Ab4", "G#"),
        ("C", "Cm7b5", "F#4", "Gb"),
        ("C", "Caug", "Ab4", "G#"),
        ("C", "C7b9", "C#4", "Db"),
        ("G", "Cdim7", "A4", "A"),  # Bbb has two signs
        ("F", "C#dim7", "A#4 G4 E4 C#4", "Bb G E C#"),  # a diminished seventh is a seventh
        ("Eb", "F#dim7", "D#4 C4 A4 Gb4", "Eb C A F#"),
        ("Db", "Db7", "F4 B4 Bb4", "F Cb Bb"),
        ("Gb", "Cb7", "D#4", "Eb"),
        ("Gb", "Gbmaj7", "Gb4 G#4 Bb4 B4", "Gb Ab Bb Cb"),
    ],
)
def test_chord_tones_are_spelled_as_their_chord_is(key: str, symbol: str, line: str, right: str) -> None:
    assert spelled(line, key, symbol) == right


@pytest.mark.parametrize(
    ("key", "line", "right"),
    [
        ("C", "C4 Db4 D4 Eb4 E4 F4 Gb4 G4 Ab4 A4", "C C# D D# E F F# G G# A"),
        ("C", "A4 G#4 G4 F#4 F4 E4 D#4 D4 C#4 C4", "A Ab G Gb F E Eb D Db C"),
        ("F", "A4 B4 C5", "A B C"),
        ("Am", "A4 Ab4 A4 E4 Gb4 Ab4 A4", "A G# A E F# G# A"),
        ("Dm", "D5 Db5 D5", "D C# D"),
        ("Gm", "G4 Gb4 G4 E4 F#4 G4", "G F# G E F# G"),
        ("Eb", "Eb4 F#4 G4", "Eb F# G"),
    ],
)
def test_chromatic_notes_are_spelled_by_where_they_go(key: str, line: str, right: str) -> None:
    assert spelled(line, key) == right


def test_blue_notes_are_flat() -> None:
    assert spelled("A#4 G4 A#4 G4", "G", "G7") == "Bb G Bb G"
    assert spelled("C#5 C5 A#4 G4", "G", "G7") == "Db C Bb G"


def test_what_the_source_spells_stays_and_its_neighbours_follow() -> None:
    written = [Tone(60), Tone(61, fifths=fifths_of("Db")), Tone(62)]
    assert [name_at(fifths) for fifths in spell_line(written, Key("C"))] == ["C", "Db", "D"]


def test_no_tones_have_no_names() -> None:
    assert spell_line((), Key("C")) == ()


@given(st.lists(st.integers(0, 127), max_size=12), st.sampled_from(KEYS), st.sampled_from([None, *NAMES]))
def test_every_name_is_of_its_pitch_and_has_two_signs_at_most(pitches: list[int], key: Key, root: str | None) -> None:
    chord = root and parse_chord(f"{root}7alt")
    names = [name_at(fifths) for fifths in spell_line([Tone(pitch, chord or None) for pitch in pitches], key)]
    assert [pitch_class(name) for name in names] == [pitch % 12 for pitch in pitches]


@given(st.lists(st.integers(40, 80), min_size=1, max_size=12), st.sampled_from(["C", "F", "G", "D", "Bb"]))
def test_a_line_moved_to_another_key_keeps_its_degrees(pitches: list[int], tonic: str) -> None:
    moved = pitch_class(tonic)
    steps = fifths_of(tonic)
    home = spell_line([Tone(pitch) for pitch in pitches], Key("C"))
    away = spell_line([Tone(pitch + moved) for pitch in pitches], Key(tonic))
    plain = range(-4, 9)  # names that are plain in each of these keys, so that nothing else decides
    if all(place in plain for place in home) and all(place - steps in plain for place in away):
        assert [place - steps for place in away] == list(home)

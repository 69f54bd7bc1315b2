"""Chord scales, as Aebersold's syllabus and Levine's book name them."""

import pytest
from helpers.strategies import chords
from hypothesis import given

from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES
from jazzgen.harmony.scales import SCALES, available_tensions, chord_scale, scale_name

MAJOR = [0, 2, 4, 5, 7, 9, 11]
MELODIC_MINOR = [0, 2, 3, 5, 7, 9, 11]
HARMONIC_MINOR = [0, 2, 3, 5, 7, 8, 11]

SCALE_OF = {
    "C": "ionian", "C6": "ionian", "Cmaj7": "ionian", "Cmaj9": "ionian", "Cmaj7sus4": "ionian",
    "Cmaj7#11": "lydian", "C69#11": "lydian", "Cmaj7b5": "lydian",
    "Caug": "lydian augmented", "Cmaj7#5": "lydian augmented",
    "Cmaj7b13": "harmonic major",
    "C7": "mixolydian", "C9": "mixolydian", "C13": "mixolydian", "C7sus4": "mixolydian", "C9sus4": "mixolydian",
    "C7#11": "lydian dominant", "C13#11": "lydian dominant", "C7b5": "lydian dominant",
    "C9b13": "mixolydian b13",
    "C7b9": "phrygian dominant", "C7b9b13": "phrygian dominant",
    "C13b9": "half-whole diminished", "C7#9": "half-whole diminished", "C7b9#11": "half-whole diminished",
    "C7alt": "altered", "C7#5#9": "altered", "C7#5b9": "altered",
    "C7#5": "whole tone", "C9#5": "whole tone",
    "Cm": "dorian", "Cm7": "dorian", "Cm9": "dorian", "Cm11": "dorian", "Cm13": "dorian", "Cm6": "dorian",
    "Cm7b13": "aeolian", "Cm#5": "aeolian",
    "Cm7b9": "phrygian", "C7sus4b9": "phrygian",
    "Cmmaj7": "melodic minor", "Cmmaj9": "melodic minor",
    "Cmmaj7b13": "harmonic minor",
    "Cm7b5": "locrian",
    "Cm9b5": "locrian natural 2",
    "Cdim": "whole-half diminished", "Cdim7": "whole-half diminished", "Cmmaj7b5": "whole-half diminished",
}  # fmt: skip


@pytest.mark.parametrize(("symbol", "name"), SCALE_OF.items())
def test_a_chord_has_the_scale_of_the_books(symbol: str, name: str) -> None:
    assert scale_name(parse_chord(symbol)) == name


def test_every_scale_of_the_table_belongs_to_some_chord() -> None:
    assert set(SCALE_OF.values()) == set(SCALES)


def mode(scale: list[int], degree: int) -> tuple[int, ...]:
    return tuple(sorted((tone - scale[degree - 1]) % 12 for tone in scale))


@pytest.mark.parametrize(
    ("name", "parent", "degree"),
    [
        ("ionian", MAJOR, 1),
        ("dorian", MAJOR, 2),
        ("phrygian", MAJOR, 3),
        ("lydian", MAJOR, 4),
        ("mixolydian", MAJOR, 5),
        ("aeolian", MAJOR, 6),
        ("locrian", MAJOR, 7),
        ("melodic minor", MELODIC_MINOR, 1),
        ("lydian augmented", MELODIC_MINOR, 3),
        ("lydian dominant", MELODIC_MINOR, 4),
        ("mixolydian b13", MELODIC_MINOR, 5),
        ("locrian natural 2", MELODIC_MINOR, 6),
        ("altered", MELODIC_MINOR, 7),
        ("harmonic minor", HARMONIC_MINOR, 1),
        ("phrygian dominant", HARMONIC_MINOR, 5),
    ],
)
def test_modes_are_their_parent_scale_from_another_degree(name: str, parent: list[int], degree: int) -> None:
    assert SCALES[name] == mode(parent, degree)


def test_symmetric_scales_repeat_their_steps() -> None:
    assert SCALES["whole tone"] == tuple(range(0, 12, 2))
    assert SCALES["half-whole diminished"] == tuple(sorted({*range(0, 12, 3), *range(1, 12, 3)}))
    assert SCALES["whole-half diminished"] == tuple(sorted({*range(0, 12, 3), *range(2, 12, 3)}))


@given(chords())
def test_the_scale_holds_every_tone_of_its_chord(chord: Chord) -> None:
    scale = chord_scale(chord)
    assert {*chord.tones, *chord.tensions} <= scale <= set(range(12))
    assert set(SCALES[scale_name(chord)]) <= scale


@pytest.mark.parametrize("symbol", SCALE_OF)
def test_the_scale_is_the_same_on_every_root(symbol: str) -> None:
    assert {scale_name(parse_chord(root + symbol[1:])) for root in FLAT_NAMES} == {scale_name(parse_chord(symbol))}


@pytest.mark.parametrize("symbol", ["C7#9b13", "C7b9#9b13", "C7alt"])
def test_a_sharp_nine_with_a_flat_thirteen_is_altered(symbol: str) -> None:
    assert scale_name(parse_chord(symbol)) == "altered"


@pytest.mark.parametrize(
    ("symbol", "tensions"),
    [
        ("Cmaj7", (2, 9)), ("C6", (2, 11)), ("Cmaj7#11", (2, 6, 9)), ("Cmaj7add11", (2, 5, 9)),
        ("Cm7", (2, 5, 9)), ("Cm7b9", (1, 5)), ("Cm7b13", (2, 5, 8)), ("Cm7b5", (5, 8)), ("Cm9b5", (2, 5, 8)),
        ("C7", (2, 9)), ("C7b9", (1, 8)), ("C13b9", (1, 3, 6, 9)), ("C7alt", (1, 3, 6, 8)), ("C11", (2, 5, 9)),
        ("C7sus4", (2, 4, 9)), ("Cdim7", (2, 5, 8, 11)), ("Cmmaj7", (2, 5, 9)), ("Cmaj7#5", (2, 6)),
    ],
)  # fmt: skip
def test_tensions_are_available_that_are_no_avoid_notes(symbol: str, tensions: tuple[int, ...]) -> None:
    assert available_tensions(parse_chord(symbol)) == tensions


@given(chords())
def test_available_tensions_are_in_the_scale_and_hold_those_of_the_symbol(chord: Chord) -> None:
    available = available_tensions(chord)
    assert {*chord.tensions} <= {*available} <= chord_scale(chord) - {*chord.tones}
    assert list(available) == sorted(available)

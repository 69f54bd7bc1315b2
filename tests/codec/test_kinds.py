"""Four kinds of note over a chord."""

from itertools import product

import pytest
from helpers.strategies import chords
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.codec.kinds import KINDS, WINDOW_WIDTH, kind_of, kinds_over
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.scales import chord_scale

# Worked out by hand: tones, the rest of the scale, half steps to tones; then as few approaches as can be (from
# above, if that will do) become outside tones, so that X is never more than seven half steps away.
BY_HAND = {
    "Cmaj7": "CXSACSACXSAC",
    "C7": "CXSACSACXSCA",
    "Cm7": "CXSCASACXSCA",
    "Cm": "CXSCASACXSSA",
    "C7sus4": "CASXSCACXSCA",
    "C7alt": "CSXSCASXSACA",
    "Cmmaj7": "CXSCASACXSAC",
}
ORDINARY = (
    ", m, 6, m6, 69, m69, maj7, m7, 7, m7b5, dim, dim7, aug, maj7#5, mmaj7, 9, m9, maj9, 11, m11, 13, m13, maj13, "
    "7b9, 7#9, 7b5, 7#11, 7b13, 7alt, 7b9b13, 13b9, sus4, sus2, 5, 7sus4, 9sus4, 13sus4, 7sus4b9, maj7#11, add9, "
    "madd9, m9b5, 7#5#9"
)


def every_window_holds_all_kinds(kinds: tuple[str, ...]) -> bool:
    around = kinds + kinds
    return all(set(around[start : start + WINDOW_WIDTH]) == set(KINDS) for start in range(12))


def tone_sets() -> list[tuple[int, ...]]:
    choices = product((None, 2, 3, 4, 5), (None, 6, 7, 8), (None, 9, 10, 11))
    return sorted({tuple(sorted({0} | {tone for tone in tones if tone is not None})) for tones in choices})


@pytest.mark.parametrize(("symbol", "kinds"), BY_HAND.items())
def test_kinds_are_those_worked_out_by_hand(symbol: str, kinds: str) -> None:
    assert "".join(kinds_over(parse_chord(symbol))) == kinds


@pytest.mark.parametrize("quality", ORDINARY.split(", "))
def test_ordinary_chords_keep_chord_tones_scale_tones_and_the_outside_apart(quality: str) -> None:
    chord = parse_chord("C" + quality)
    kinds, scale = kinds_over(chord), chord_scale(chord)
    assert {tone for tone in range(12) if kinds[tone] == "C"} == set(chord.tones)
    assert {tone for tone in range(12) if kinds[tone] == "S"} == scale - set(chord.tones)


@pytest.mark.parametrize("quality", ORDINARY.split(", "))
def test_an_approach_tone_lies_a_half_step_from_a_chord_tone(quality: str) -> None:
    chord = parse_chord("C" + quality)
    approaches = [tone for tone, kind in enumerate(kinds_over(chord)) if kind == "A"]
    assert approaches
    assert all({(tone - 1) % 12, (tone + 1) % 12} & set(chord.tones) for tone in approaches)


def test_a_scale_with_a_gap_wider_than_a_window_borrows_one_tone() -> None:
    kinds = kinds_over(parse_chord("C7#5"))
    assert {tone for tone in range(12) if kinds[tone] == "C"} == {0, 4, 8, 10}
    whole_tone = {2, 6}
    borrowed = {tone for tone in range(12) if kinds[tone] == "S"} - whole_tone
    assert len(borrowed) == 1
    assert borrowed <= {1, 11}


@pytest.mark.parametrize("symbol", ["Cmaj7", "C7", "Cm7", "C13", "Cm9", "Cm13", "Cmaj9", "Cmmaj7"])
def test_an_approach_from_below_stays_one_where_there_is_another_to_give(symbol: str) -> None:
    chord = parse_chord(symbol)
    below = {(tone - 1) % 12 for tone in chord.tones} - chord_scale(chord)
    assert {kinds_over(chord)[tone] for tone in below} == {"A"}


@pytest.mark.parametrize("tones", tone_sets(), ids=str)
def test_every_window_holds_all_kinds_for_every_set_of_chord_tones(tones: tuple[int, ...]) -> None:
    for tensions in [(), *((tension,) for tension in range(1, 11) if tension not in tones)]:
        assert every_window_holds_all_kinds(kinds_over(Chord("C", tones, tensions)))


@given(chords())
def test_every_window_holds_all_kinds_for_every_chord_that_can_be_written(chord: Chord) -> None:
    assert every_window_holds_all_kinds(kinds_over(chord))


@given(chords(), st.integers(1, 11), st.integers(0, 127))
def test_kinds_move_with_the_chord(chord: Chord, semitones: int, pitch: int) -> None:
    moved = chord.transposed(semitones)
    assert kind_of(pitch + semitones, moved) == kind_of(pitch, chord)


@given(st.integers(0, 115))
def test_a_kind_is_the_same_in_every_octave(pitch: int) -> None:
    chord = parse_chord("Bb7")
    assert kind_of(pitch, chord) == kind_of(pitch + 12, chord) == kinds_over(chord)[pitch % 12]


def test_the_bass_and_the_spelling_do_not_count() -> None:
    assert kinds_over(parse_chord("C#7/G#")) == kinds_over(parse_chord("Db7"))

"""Voicings: what is in them, where they lie, how they follow one another."""

from itertools import pairwise

import numpy as np
import pytest
from helpers.any_chords import any_chords
from helpers.strategies import SYMBOLS
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.band.players import PLAYERS, Register
from jazzgen.band.voicings import Voicing, lead_voices, rootless_classes, shell_classes, voicings, with_root
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES

QUALITIES = (
    *("", "m", "6", "m6", "69", "7", "m7", "maj7", "9", "m9", "maj9", "13", "m11", "7b9", "7#9", "7#11", "7b13"),
    *("7alt", "m7b5", "dim7", "dim", "aug", "7#5", "mmaj7", "sus4", "sus2", "7sus4", "maj7#11", "13b9", "5", "add9"),
)
CHORDS = [name for name, player in PLAYERS.items() if player.role == "chords"]
REGISTERS = pytest.mark.parametrize("register", [PLAYERS[name].register for name in CHORDS], ids=CHORDS)
PIANO, GUITAR = PLAYERS["piano"].register, PLAYERS["guitar"].register


def lead(chord: Chord, previous: Voicing = ()) -> Voicing:
    return lead_voices(chord, rootless_classes(chord), previous, PIANO)


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_voicing_is_close_in_the_register_and_holds_the_guide_tones(quality: str) -> None:
    for chord in (parse_chord(root + quality) for root in FLAT_NAMES):
        expected = {(chord.root_class + tone) % 12 for tone in rootless_classes(chord)}
        assert set(chord.guide_tones) <= expected
        found = voicings(chord, rootless_classes(chord), PIANO)
        assert len(found) >= len(expected)
        for voicing in found:
            assert PIANO.low <= voicing[0] <= voicing[-1] <= PIANO.high
            assert voicing[-1] - voicing[0] < 12
            assert list(voicing) == sorted(voicing)
            assert {pitch % 12 for pitch in voicing} == expected


@pytest.mark.parametrize(
    ("symbol", "classes"),
    [
        ("C7", {4, 10, 7, 2}),
        ("Cm7", {3, 10, 7, 2}),
        ("Cmaj7", {4, 11, 7, 2}),
        ("C6", {4, 9, 7, 2}),
        ("C9", {4, 10, 7, 2}),
        ("C13", {4, 10, 9, 2}),
        ("C7b9", {4, 10, 7, 1}),
        ("C7#9", {4, 10, 7, 3}),
        ("C7#11", {4, 10, 6, 2}),
        ("C13b9", {4, 10, 9, 1}),
        ("Cm7b5", {3, 10, 6}),
        ("C7sus4", {5, 10, 7, 2}),
        ("C", {0, 4, 7}),
        ("Cm", {0, 3, 7}),
        ("C5", {0, 7}),
        ("Cno3no5", {0}),
    ],
)
def test_voicings_are_guide_tones_and_colour_as_pianists_play_them(symbol: str, classes: set[int]) -> None:
    assert set(rootless_classes(parse_chord(symbol))) == classes


@pytest.mark.parametrize("quality", QUALITIES)
def test_seventh_chords_leave_the_root_to_the_bass_and_hold_the_tensions_asked_for(quality: str) -> None:
    chord = parse_chord("C" + quality)
    classes = rootless_classes(chord)
    assert len(classes) <= 4
    if chord.seventh is not None:
        assert 0 not in classes
        assert set(chord.tensions[-2:]) <= set(classes)


@given(symbol=st.sampled_from(QUALITIES), root=st.sampled_from(FLAT_NAMES))
def test_the_first_voicing_lies_about_middle_c(symbol: str, root: str) -> None:
    assert abs(np.mean(lead(parse_chord(root + symbol))) - 60) <= 4


@pytest.mark.parametrize("tonic", range(12))
def test_no_voice_moves_more_than_a_whole_step_in_two_five_one(tonic: int) -> None:
    voicing: tuple[int, ...] = ()
    path = []
    for root, quality in ((2, "m7"), (7, "7"), (0, "maj7")):
        voicing = lead(parse_chord(FLAT_NAMES[(tonic + root) % 12] + quality), voicing)
        path.append(voicing)
    for before, after in pairwise(path):
        assert all(min(abs(pitch - other) for other in before) <= 2 for pitch in after)


@given(symbols=st.lists(st.sampled_from(SYMBOLS), min_size=2, max_size=30))
def test_voices_move_two_half_steps_on_average_at_most_and_never_leave_the_register(symbols: list[str]) -> None:
    voicing: tuple[int, ...] = ()
    for symbol in symbols:
        previous, voicing = voicing, lead(parse_chord(symbol), voicing)
        assert PIANO.low <= voicing[0] <= voicing[-1] <= PIANO.high
        if previous:
            assert np.mean([min(abs(pitch - other) for other in previous) for pitch in voicing]) <= 2


def test_a_repeated_chord_keeps_its_voicing() -> None:
    chord = parse_chord("Dm7")
    first = lead(chord)
    assert lead(chord, first) == first


@REGISTERS
@given(chords=st.lists(any_chords(), min_size=2, max_size=12))
def test_any_chord_has_a_voicing_with_its_guide_tones_in_the_register(register: Register, chords: list[Chord]) -> None:
    voicing: Voicing = ()
    for chord in chords:
        for classes in (rootless_classes(chord), shell_classes(chord)):
            previous, voicing = voicing, lead_voices(chord, classes, voicing, register)
            assert set(chord.guide_tones) <= {pitch % 12 for pitch in voicing}
            assert register.low <= voicing[0] <= voicing[-1] <= register.high
            if len(previous) > 2:
                nearest = [min(abs(pitch - other) for other in previous) for pitch in voicing]
                assert max(nearest) <= (12 if register.open else 9)  # an open voice is an octave lower


def test_a_guitarist_plays_the_second_voice_from_the_top_an_octave_lower() -> None:
    for voicing in voicings(parse_chord("Cmaj9"), rootless_classes(parse_chord("Cmaj9")), GUITAR):
        assert 12 < voicing[-1] - voicing[0] < 24
        close = sorted(pitch % 12 for pitch in voicing)
        assert len(close) == 4


def test_a_shell_is_third_and_seventh_and_of_a_triad_all_of_it() -> None:
    assert shell_classes(parse_chord("C7#9")) == (4, 10)
    assert shell_classes(parse_chord("Cm")) == (0, 3, 7)


@given(chord=any_chords())
def test_without_a_bass_the_root_or_the_slash_bass_lies_below(chord: Chord) -> None:
    voicing = with_root(chord, lead(chord), 36)
    assert voicing[0] % 12 == chord.bass_class
    assert 36 <= voicing[0] < 48

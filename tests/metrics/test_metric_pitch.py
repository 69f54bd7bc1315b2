"""Which pitches a line uses."""

import math

import numpy as np
import pytest
from helpers.melodies import BEAT, any_lines, line_of, played, transposed
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.metrics.line import Line
from jazzgen.metrics.pitch import entropy_bits, pitch_class_entropy, pitch_range
from jazzgen.music.score import Note


@pytest.mark.parametrize(
    ("counts", "bits"), [([3, 0, 0], 0), ([1, 1], 1), ([5, 5, 5, 5], 2), ([1, 2, 1], 1.5), ([0, 0], math.nan)]
)
def test_entropy_of_known_distributions(counts: list[int], bits: float) -> None:
    assert entropy_bits(np.array(counts)) == pytest.approx(bits, nan_ok=True)


def test_a_bar_of_four_pitch_classes_has_two_bits_in_whatever_octave() -> None:
    assert pitch_class_entropy(played([60, 74, 64, 53]), 1) == pytest.approx(2)


def test_four_bars_hear_what_one_does_not_and_silent_bars_do_not_count() -> None:
    notes = [Note(0, BEAT, 60), Note(4 * BEAT, BEAT, 62), Note(16 * BEAT, BEAT, 64)]
    assert pitch_class_entropy(line_of(notes), 1) == 0
    # Five bars, two stretches of four: C and D; D and E.
    assert pitch_class_entropy(line_of(notes), 4) == pytest.approx(1)


def test_a_line_shorter_than_the_stretch_is_one_stretch() -> None:
    assert pitch_class_entropy(played([60, 62]), 4) == pytest.approx(1)


@given(any_lines(), st.integers(1, 5), st.integers(-24, 24))
def test_entropy_is_within_its_bounds_and_the_same_in_every_key(line: Line, bars: int, semitones: int) -> None:
    bits = pitch_class_entropy(line, bars)
    assert -1e-9 <= bits <= math.log2(12) + 1e-9
    assert pitch_class_entropy(transposed(line, semitones), bars) == pytest.approx(bits)


def test_range() -> None:
    assert pitch_range(played([60, 72, 55])) == 17

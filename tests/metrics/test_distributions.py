"""Histograms and sets of figures, held against each other."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.metrics.distributions import (
    density_divergence_bits,
    density_overlap,
    distances_across,
    distances_within,
    divergence_bits,
    overlap,
)

COUNTS = st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any).map(np.array)
VALUES = st.lists(st.floats(-10, 10), min_size=2, max_size=20).map(np.array)


@given(COUNTS, COUNTS, st.integers(1, 9))
def test_overlap_and_divergence_of_histograms(counts: np.ndarray, others: np.ndarray, times: int) -> None:
    assert overlap(counts, counts * times) == pytest.approx(1)
    assert overlap(counts, others) == pytest.approx(overlap(others, counts))
    assert -1e-9 <= overlap(counts, others) <= 1 + 1e-9
    assert divergence_bits(counts, counts) == 0
    assert divergence_bits(counts, others) >= -1e-9


def test_known_values() -> None:
    assert overlap(np.array([1, 1, 0]), np.array([0, 1, 1])) == pytest.approx(0.5)
    assert overlap(np.array([1, 0]), np.array([0, 1])) == 0
    assert math.isnan(overlap(np.array([0, 0]), np.array([0, 1])))
    # Three quarters to a quarter: with half a count more, 3:1.
    assert divergence_bits(np.array([1, 0]), np.array([0, 1])) == pytest.approx(0.5 * math.log2(3))


@settings(max_examples=25)
@given(VALUES, VALUES)
def test_densities_are_wholly_alike_only_to_themselves(values: np.ndarray, others: np.ndarray) -> None:
    assert density_overlap(values, values) == pytest.approx(1)
    assert density_divergence_bits(values, values) == pytest.approx(0, abs=1e-9)
    assert 0 <= density_overlap(values, others) <= 1 + 1e-9
    assert density_divergence_bits(values, others) >= -1e-9


def test_densities_far_apart_do_not_overlap_and_those_of_nothing_say_nothing() -> None:
    near, far = np.arange(10.0), np.arange(1000.0, 1010)
    assert density_overlap(near, far) == pytest.approx(0, abs=1e-6)
    assert density_divergence_bits(near, far) > 10
    assert math.isnan(density_overlap(near, near[:0]))
    assert math.isnan(density_divergence_bits(near[:0], near))


def test_the_overlap_of_two_bells_a_deviation_apart() -> None:
    rng = np.random.default_rng(0)
    bell = rng.normal(size=20000)
    # Of two normal densities d deviations apart: 2 Phi(-d / 2).
    assert density_overlap(bell, rng.normal(size=20000) + 1) == pytest.approx(0.617, abs=0.02)


def test_distances() -> None:
    rows = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    assert distances_within(rows) == pytest.approx([math.dist(a, b) for a, b in itertools.combinations(rows, 2)])
    assert distances_across(rows, rows[:1]) == pytest.approx([0, 5, 1])

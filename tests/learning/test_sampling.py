"""Choosing from a distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jazzgen.errors import OptionError
from jazzgen.learning.sampling import choose, gumbel, log_softmax, nucleus_mask, softmax, top_k_mask

P = np.array([0.1, 0.4, 0.2, 0.3])
LOGITS = np.log(P) + 7.5  # up to a constant
weights = hnp.arrays(float, st.tuples(st.integers(1, 3), st.integers(2, 9)), elements=st.floats(0.001, 1))
distributions = weights.map(lambda w: w / w.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize(("k", "kept"), [(1, [1]), (2, [1, 3]), (3, [1, 2, 3]), (4, [0, 1, 2, 3]), (99, [0, 1, 2, 3])])
def test_top_k_keeps_the_likeliest(k: int, kept: list[int]) -> None:
    assert np.flatnonzero(top_k_mask(P, k)).tolist() == kept


def test_top_k_keeps_ties() -> None:
    assert top_k_mask(np.array([0.25, 0.25, 0.4, 0.1]), 2).tolist() == [True, True, True, False]


@given(p=distributions, k=st.integers(1, 12))
def test_top_k_leaves_out_only_what_is_less_likely(p: np.ndarray, k: int) -> None:
    for row, mask in zip(p, top_k_mask(p, k), strict=True):
        assert mask.sum() >= min(k, len(row))
        assert row[~mask].max(initial=0) < row[mask].min()
        assert (row > row[mask].min()).sum() < k


@pytest.mark.parametrize(
    ("p", "kept"), [(0.05, [1]), (0.39, [1]), (0.5, [1, 3]), (0.75, [1, 2, 3]), (0.95, [0, 1, 2, 3]), (1, [0, 1, 2, 3])]
)
def test_the_nucleus_is_the_fewest_that_hold_p(p: float, kept: list[int]) -> None:
    assert np.flatnonzero(nucleus_mask(P, p)).tolist() == kept


def test_the_nucleus_ends_where_p_is_reached() -> None:
    assert nucleus_mask(np.array([0.25, 0.5, 0.25]), 0.5).tolist() == [False, True, False]


@given(probabilities=distributions, p=st.floats(0.01, 1))
def test_the_nucleus_holds_p_and_would_not_without_its_least(probabilities: np.ndarray, p: float) -> None:
    for row, mask in zip(probabilities, nucleus_mask(probabilities, p), strict=True):
        assert row[mask].sum() >= p - 1e-9
        assert row[mask].sum() - row[mask].min() < p + 1e-9
        assert row[~mask].max(initial=0) <= row[mask].min()


@pytest.mark.parametrize("k", [0, -3])
def test_a_top_k_that_keeps_nothing_is_an_error(k: int) -> None:
    with pytest.raises(OptionError, match=rf"top-k {k}: must be 1 or more"):
        top_k_mask(P, k)


@pytest.mark.parametrize("p", [0.0, -0.1, 1.01, float("nan")])
def test_a_top_p_outside_0_to_1_is_an_error(p: float) -> None:
    with pytest.raises(OptionError, match=rf"top-p {p:g}: must be above 0 and at most 1"):
        nucleus_mask(P, p)


@given(p=distributions)
def test_without_noise_the_likeliest_is_chosen_at_every_temperature(p: np.ndarray) -> None:
    assert (choose(np.log(p)) == p.argmax(axis=-1)).all()
    assert (choose(np.log(p), temperature=0.1) == choose(np.log(p), temperature=9.0)).all()


def test_a_constraint_holds_against_any_likelihood() -> None:
    allowed = np.array([True, False, True, False])
    assert choose(LOGITS, allowed=allowed) == 2
    assert choose(np.array([0.0, -1000.0]), allowed=np.array([False, True])) == 1


def chi_square(counts: np.ndarray, expected: np.ndarray) -> float:
    return float(((counts - expected) ** 2 / expected).sum())


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_draws_follow_the_softmax_at_their_temperature(temperature: float) -> None:
    draws = 40_000
    noise = gumbel((draws, len(P)), np.random.default_rng(8))
    counts = np.bincount(choose(np.tile(LOGITS, (draws, 1)), noise, temperature=temperature), minlength=len(P))
    tempered = P ** (1 / temperature)
    # Three degrees of freedom: a sound sampler is above 21.1 once in 10,000 seeds.
    assert chi_square(counts, draws * tempered / tempered.sum()) < 21.1


def test_draws_under_a_constraint_follow_the_rest_renormalised() -> None:
    draws, allowed = 40_000, np.array([True, True, False, True])
    noise = gumbel((draws, len(P)), np.random.default_rng(9))
    counts = np.bincount(choose(np.tile(LOGITS, (draws, 1)), noise, allowed=allowed), minlength=len(P))
    assert counts[2] == 0
    # Two degrees of freedom: 18.4 once in 10,000.
    assert chi_square(counts[allowed], draws * P[allowed] / P[allowed].sum()) < 18.4


def test_what_is_all_but_impossible_is_not_drawn() -> None:
    noise = gumbel((20_000, 2), np.random.default_rng(1))
    assert (choose(np.tile([0.0, -100.0], (20_000, 1)), noise) == 0).all()


@given(p=distributions, shift=st.floats(-1000, 1000))
def test_softmax_is_the_inverse_of_the_logarithm_whatever_the_constant(p: np.ndarray, shift: float) -> None:
    np.testing.assert_allclose(softmax(np.log(p) + shift), p, rtol=1e-9)


def test_softmax_takes_logits_whose_exponentials_would_overflow() -> None:
    assert softmax(np.array([800.0, 800.0, -800.0])).tolist() == [0.5, 0.5, 0.0]


def test_noise_is_reproducible_and_standard_gumbel() -> None:
    noise = gumbel((200_000,), np.random.default_rng(2))
    assert (noise == gumbel((200_000,), np.random.default_rng(2))).all()
    # Mean: Euler's constant. Variance: pi squared over six.
    assert abs(noise.mean() - np.euler_gamma) < 0.015
    assert abs(noise.var() - np.pi**2 / 6) < 0.03


def test_log_probabilities_are_the_logarithms_and_what_is_forbidden_stays_so() -> None:
    logits = np.array([[1.0, -np.inf, 800.0], [0.0, 0.5, -2.0]])
    found = log_softmax(logits)
    assert found[0].tolist() == [-799, -np.inf, 0]
    assert np.allclose(found[1], np.log(softmax(logits[1])))

"""Motifs: match lengths and votes as a slow reading finds them, for solos side by side and copies of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.learning.soloist.motifs import LONGEST_MATCH, Motifs

N_CLASSES, WIDEST_SHIFT = 5, 6


def match_length(keys: list[int], place: int) -> int:
    """How many keys up to that of `place` are those up to the last one, which is of the token to come."""
    last, length = len(keys) - 1, 0
    while length < min(place + 1, LONGEST_MATCH) and keys[place - length] == keys[last - length]:
        length += 1
    return length


def oracle(keys: list[int], tokens: list[int], shift: int) -> tuple[np.ndarray, int]:
    votes = np.full(N_CLASSES, 8 / N_CLASSES)
    lengths = [match_length(keys, place) for place in range(len(tokens))]
    for token, length in zip(tokens, lengths, strict=True):
        votes[min(max(token - shift, 0), N_CLASSES - 1)] += 3.0**length
    return votes / votes.sum(), max(lengths, default=0)


@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(0, 30), st.sampled_from([1, 512]))
def test_answers_are_those_of_a_slow_reading(seed: int, m: int, steps: int, capacity: int) -> None:
    rng = np.random.default_rng(seed)
    motifs = Motifs(2, m, N_CLASSES, WIDEST_SHIFT, capacity)
    keys, tokens = rng.integers(0, 2, (steps + 1, 2, m)), rng.integers(0, N_CLASSES + WIDEST_SHIFT, (steps, 2, m))
    for step in range(steps + 1):
        shifts = rng.integers(0, WIDEST_SHIFT + 1, (2, m))
        scores, longest = motifs.ask(keys[step], shifts)
        for kind in range(2):
            for row in range(m):
                expected, length = oracle(
                    keys[: step + 1, kind, row].tolist(), tokens[:step, kind, row].tolist(), shifts[kind, row]
                )
                np.testing.assert_allclose(np.exp(scores[row, kind]), expected, rtol=1e-9)
                assert longest[row, kind] == length
        if step < steps:
            motifs.add(tokens[step])


def test_a_phrase_that_comes_again_goes_on_as_it_did() -> None:
    motifs = Motifs(1, 1, N_CLASSES)
    phrase = [3, 1, 4, 2, 0]
    for key, token in zip([9, *phrase * 2], phrase * 2, strict=False):
        scores, longest = motifs.ask(np.array([[key]]))
        motifs.add(np.array([[token]]))
    assert scores[0, 0].argmax() == 0
    assert longest[0, 0] == 4
    assert np.exp(scores[0, 0, 0]) > 0.8


def test_copies_go_their_own_ways() -> None:
    motifs, zeros = Motifs(1, 2, N_CLASSES), np.zeros((1, 2), np.int64)
    for token in ([0, 1], [2, 3], [0, 1]):
        motifs.ask(zeros)
        motifs.add(np.array([token]))
    twice = motifs.take(np.array([1, 1]))
    twice.ask(zeros)
    twice.add(np.array([[4, 4]]))
    _, longest = twice.ask(zeros)
    assert longest.tolist() == [[4], [4]]
    scores, longest = motifs.ask(zeros)
    assert longest.tolist() == [[3], [3]]
    assert scores[1, 0].argmax() == 1
    assert scores[1, 0, 4] == scores[1, 0, 0]  # what the copies added is not here


@pytest.mark.parametrize("kinds", [1, 3])
def test_at_first_all_are_alike(kinds: int) -> None:
    zeros = np.zeros((kinds, 2), np.int64)
    scores, longest = Motifs(kinds, 2, N_CLASSES).ask(zeros)
    assert scores.shape == (2, kinds, N_CLASSES)
    np.testing.assert_allclose(scores, -np.log(N_CLASSES))
    assert not longest.any()

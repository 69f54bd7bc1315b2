"""Profiles: figures of solos made to have them."""

import numpy as np
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import given

from jazzgen.codec.context import solo_arrays
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.moments import in_range
from jazzgen.learning.soloist.profile import FIGURES, PROFILE, figures_of, mean_pitch, profile_columns
from jazzgen.music.score import Score


def profile(score: Score) -> dict[str, int]:
    solo = solo_arrays(score)
    return dict(
        zip(PROFILE, profile_columns(figures_of(solo, in_range(solo.notes.pitch) - LOWEST)).tolist(), strict=True)
    )


@given(solo_scores())
def test_columns_keep_to_their_sizes(score: Score) -> None:
    assert all(0 <= value <= PROFILE[name] for name, value in profile(score).items())


def test_a_slow_low_sparse_line_and_a_fast_wide_dense_one() -> None:
    sparse = profile(plain_score(*((24 * n, 6, 50 + n % 2) for n in range(12))))
    dense = profile(plain_score(*((3 * n, 3, 50 + 5 * (n * 7 % 8)) for n in range(64))))
    assert sparse["tessitura"] == 51 - LOWEST + 1  # 50.5, rounded up
    assert (sparse["spread"], sparse["pace"], sparse["space"]) == (1, 1, PROFILE["space"])
    assert (dense["spread"], dense["pace"], dense["space"]) == (PROFILE["spread"], PROFILE["pace"], 1)


def test_what_comes_back_is_unity() -> None:
    rng = np.random.default_rng(0)
    wandering = plain_score(*((6 * n, 6, int(pitch)) for n, pitch in enumerate(rng.integers(40, 90, 80))))
    looping = plain_score(*((6 * n, 6, 60 + [0, 3, 5, 7, 2][n % 5]) for n in range(80)))
    assert profile(wandering)["unity"] == 1
    assert profile(looping)["unity"] == PROFILE["unity"]


def test_one_note_says_little() -> None:
    alone = profile(plain_score((0, 6, 72)))
    assert alone["tessitura"] == 72 - LOWEST + 1
    assert (alone["space"], alone["unity"], alone["inside"]) == (0, 0, 0)


def test_in_another_key_it_differs_in_tessitura_alone() -> None:
    line = [(5 * n, 4, 55 + n * 5 % 17) for n in range(30)]
    here, there = (
        profile(plain_score(*line)),
        profile(plain_score(*((onset, length, pitch + 4) for onset, length, pitch in line))),
    )
    assert there == here | {"tessitura": here["tessitura"] + 4}


def test_an_echo_is_a_note_that_was_there_some_bars_before() -> None:
    riff = [(12 * n, 6, [60, 64, 67, 71, 62, 65, 69, 72][n % 8]) for n in range(16)]  # two bars, twice
    solo = solo_arrays(plain_score(*riff))
    echo = figures_of(solo, in_range(solo.notes.pitch) - LOWEST)[FIGURES.index("echo")]
    assert echo == 0.5
    moved = solo_arrays(plain_score(*((onset + onset // 96, length, pitch) for onset, length, pitch in riff)))
    assert figures_of(moved, in_range(moved.notes.pitch) - LOWEST)[FIGURES.index("echo")] == 0


def test_means_round_halves_up() -> None:
    assert mean_pitch(np.array([3, 5, 4]), np.array([2, 2, 3])).tolist() == [2, 3, 1]

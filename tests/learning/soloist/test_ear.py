"""The ear in NumPy, against the listener's graph in Keras, and what it hears on a stage."""

import numpy as np
import pytest
from helpers.small_soloist import small_soloist, starter_scores
from helpers.solo_scores import solo_scores
from hypothesis import given

from jazzgen.codec.events import to_arrays
from jazzgen.improvise.by_ear import odds_of, play_by_ear
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.play import Tally, hear, play
from jazzgen.improvise.policy import Policy
from jazzgen.learning.soloist.ear import (
    COLUMNS,
    WAYS,
    WINDOW,
    Ear,
    Listening,
    ear_arrays,
    ear_columns,
    ear_from_bytes,
    ear_names,
    ear_to_bytes,
    places_on,
)
from jazzgen.learning.soloist.stage import Stage
from jazzgen.learning.startup import load_tensorflow
from jazzgen.listener.config import FEATURES, ListenerOptions
from jazzgen.listener.solos import hear as heard_of
from jazzgen.listener.windows import Windows
from jazzgen.music.score import Score

UNITS = 5


def arrays(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {name: (size, 3) for name, size in COLUMNS.items()}
    for way in WAYS:
        shapes |= {
            f"{way}_kernel": (24, 3 * UNITS),
            f"{way}_recurrent": (UNITS, 3 * UNITS),
            f"{way}_bias": (2, 3 * UNITS),
        }
    shapes |= {"odds_kernel": (4 * UNITS, 1), "odds_bias": (1,)}
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.slow
def test_it_is_what_keras_computes() -> None:
    load_tensorflow()
    from jazzgen.listener.fit import Network  # noqa: PLC0415 - brings TensorFlow
    from jazzgen.listener.graphs import listener_graph  # noqa: PLC0415

    rng = np.random.default_rng(1)
    network = Network(listener_graph("recurrent", FEATURES["all"], ListenerOptions(units=UNITS)), FEATURES["all"])
    columns = np.stack([rng.integers(0, size, (6, WINDOW)) for size in COLUMNS.values()], axis=-1)
    there = np.arange(WINDOW) < np.array([32, 31, 20, 9, 2, 1])[:, None]
    expected = network.odds(Windows(columns.astype(np.int32), there, np.arange(6), np.arange(6)))
    np.testing.assert_allclose(Ear((Listening.of(network.arrays()),)).odds(columns, there), expected, atol=1e-5)


def test_what_is_not_there_does_not_count_wherever_it_is() -> None:
    ear, rng = Ear((Listening.of(arrays()),)), np.random.default_rng(2)
    columns = np.stack([rng.integers(0, size, (1, 9)) for size in COLUMNS.values()], axis=-1)
    alone = ear.odds(columns, np.ones((1, 9), bool))
    for before, after in ((4, 0), (0, 3), (2, 5)):
        wide = np.pad(columns, ((0, 0), (before, after), (0, 0)))
        there = np.pad(np.ones((1, 9), bool), ((0, 0), (before, after)))
        np.testing.assert_allclose(ear.odds(wide, there), alone, rtol=1e-5)


def test_bytes_hold_it_in_half_precision() -> None:
    again = ear_from_bytes(ear_to_bytes([arrays()]))
    np.testing.assert_allclose(again.networks[0].recurrent, Listening.of(arrays()).recurrent, rtol=1e-3, atol=1e-4)
    assert set(ear_names()) == set(arrays())
    with pytest.raises(ValueError, match="backward_bias of the ear has shape"):
        Listening.of(arrays() | {"backward_bias": np.zeros((2, 3))})


@given(score=solo_scores(max_size=40))
def test_a_session_is_heard_as_a_listener_hears_the_score(score: Score) -> None:
    solo = heard_of("x", score, person=False)
    if solo is None or (np.abs(np.diff([note.pitch for note in solo.score.melody.notes])) > 36).any():
        return
    notes = solo.score.melody.notes
    stage = Stage.of(solo.score)
    onset, duration, pitch = (
        np.array([[getattr(note, name) for note in notes]]) // unit
        for name, unit in (("onset", 40), ("duration", 40), ("pitch", 1))
    )
    ioi = solo.columns[None, :, list(COLUMNS).index("ioi")] - 1
    found = ear_columns(pitch, ioi, np.minimum(duration, 48), places_on(stage, onset))
    assert (found[0] == solo.columns).all()


def test_a_session_has_the_odds_of_its_last_notes() -> None:
    soloist, ear = small_soloist(), Ear((Listening.of(arrays()),))
    for score in starter_scores():
        heard = heard_of("x", score, person=False)
        assert heard is not None
        stage = Stage.of(heard.score)
        session = Tally(soloist.net, soloist.memory, stage, 1)
        hear(session, to_arrays(heard.score))
        last = heard.columns[-WINDOW:]
        expected = ear.odds(last[None], np.ones((1, len(last)), bool))
        np.testing.assert_allclose(odds_of(session, stage, ear), expected, rtol=1e-4)


def test_the_ear_draws_what_it_likes_more_often() -> None:
    """An ear that likes high notes has them played."""
    liking = {name: np.zeros_like(array) for name, array in arrays().items()}
    liking["pitch"][:, 0] = np.linspace(-1, 1, 129)
    liking["forward_kernel"][9, 2 * UNITS] = 9.0  # from the pitch to the new state
    liking["odds_kernel"][0] = 40.0
    soloist, stage = small_soloist(), Stage.of(starter_scores()[0])

    def mean_pitch(candidates: int) -> float:
        session = Tally(soloist.net, soloist.memory, stage, 4)
        policy, rng = Policy(Controls(), stage, soloist), np.random.default_rng(0)
        session, _ = play_by_ear(session, policy, stage, Ear((Listening.of(liking),)), candidates, rng=rng)
        assert len(session) == 4
        assert (session.onset >= stage.end).all()
        return float(session.notes()[2].mean())

    assert mean_pitch(12) > mean_pitch(1) + 1


def test_candidates_of_one_are_no_choice_at_all() -> None:
    soloist, stage = small_soloist(), Stage.of(starter_scores()[1])
    policy = Policy(Controls(), stage, soloist)
    session = Tally(soloist.net, soloist.memory, stage, 2)
    _, means = play_by_ear(
        session, policy, stage, Ear((Listening.of(arrays()),)), 1, rng=np.random.default_rng(0), weigh=True
    )
    again = Tally(soloist.net, soloist.memory, stage, 2)
    assert (means < 0).all()
    assert means.shape == play(again, policy, stage.end, rng=np.random.default_rng(0), weigh=True).shape


def test_what_one_network_after_another_says_adds_up() -> None:
    rng = np.random.default_rng(2)
    columns = np.stack([rng.integers(0, size, (3, 9)) for size in COLUMNS.values()], axis=-1)
    there = np.ones((3, 9), bool)
    first, second = Listening.of(arrays()), Listening.of(arrays(7))
    both = ear_from_bytes(ear_to_bytes([arrays(), arrays(7)]))
    expected = first.odds(columns, there) + second.odds(columns, there)
    assert len(both.networks) == 2
    np.testing.assert_allclose(both.odds(columns, there), expected, atol=0.02)  # half precision
    assert [sorted(network) for network in ear_arrays(ear_to_bytes([arrays(), arrays(7)]))] == [sorted(ear_names())] * 2

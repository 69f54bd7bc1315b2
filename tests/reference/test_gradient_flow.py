"""Gradients on their way back: powers of the spectral radius, and the cliff of a unit that keeps a bit."""

import numpy as np
import pytest

from jazzgen.reference.gradcheck import LIMIT, gradient_check
from jazzgen.reference.gradient_flow import Latch, lstm_flow, rnn_flow


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("radius", [0.25, 1.5])
def test_without_inputs_a_step_back_multiplies_by_the_radius(radius: float) -> None:
    """The same draws, scaled: after k steps the norms differ by radius^k, to rounding."""
    flow = rnn_flow(radius, 40, rng())
    np.testing.assert_allclose(flow, rnn_flow(1, 40, rng()) * radius ** np.arange(41), rtol=1e-9)
    assert flow[0] == pytest.approx(1)
    assert (flow[40] > 1e3) if radius > 1 else (flow[40] < 1e-20)


def test_tanh_takes_away_from_a_gradient() -> None:
    assert (rnn_flow(1, 40, rng(), input_deviation=0.4)[1:] < rnn_flow(1, 40, rng())[1:]).all()


def test_the_forget_gate_lets_the_gradient_of_the_cell_through() -> None:
    closed, usual, open_ = (lstm_flow(bias, 40, rng())[40] for bias in (-10, 1, 3))
    assert closed < 1e-6 < usual < 0.1 < open_


@pytest.mark.parametrize(("w", "b"), [(1.4, -0.4), (1.1, 0.0), (1.6, 0.1)])
def test_the_latch_s_loss_its_gradients_and_its_surface_agree(w: float, b: float) -> None:
    latch = Latch(12)
    arrays = {"w": np.array(w), "b": np.array(b)}
    loss, gradients = latch.loss(w, b)
    given = {"dw": gradients["dWaa"].reshape(()), "db": gradients["db"].reshape(())}
    errors = gradient_check(lambda: latch.loss(arrays["w"].item(), arrays["b"].item())[0], arrays, given, 1e-5)
    assert max(errors.values()) < LIMIT
    assert latch.surface(np.array([2.0, w]), np.array([b]))[0, 1] == pytest.approx(loss)


def test_clipping_bounds_each_move_and_keeps_the_bit() -> None:
    latch = Latch()
    plain = latch.descend(1.4, -0.4, rate=0.05, moves=40)
    clipped = latch.descend(1.4, -0.4, rate=0.05, moves=40, max_value=5)
    assert np.abs(np.diff(clipped, axis=0)).max() == pytest.approx(0.25)
    assert np.abs(np.diff(plain, axis=0)).max() > 2
    assert latch.loss(*clipped[-1])[0] < 0.1
    assert latch.loss(*plain[-1])[0] > 1.9

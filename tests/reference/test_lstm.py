"""The LSTM: its equations by hand, its gradients by differences."""

import math

import numpy as np
import pytest
from helpers.networks import Sizes, generators, sizes
from hypothesis import given, settings

from jazzgen.errors import ArrayError, ShapeError
from jazzgen.reference.gradcheck import LIMIT, gradient_check
from jazzgen.reference.lstm import (
    PARAMETERS,
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
    lstm_loss,
)

STEP = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m"), "c_prev": ("n_a", "m")}
SEQUENCE = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), "c0": ("n_a", "m")}
HIDDEN = tuple(name for name in PARAMETERS if name not in ("Wy", "by"))


def drawn() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Inputs of a step and of a sequence, and parameters."""
    n, rng = Sizes(), np.random.default_rng(0)
    return n.draw(STEP | SEQUENCE, rng), n.draw(PARAMETERS, rng)


def test_a_step_by_hand() -> None:
    """One unit; its weights on (a_prev, xt) and its bias, by gate."""
    weights = {"f": (0.1, 0.2, 0.3), "i": (-0.4, 0.5, 0.6), "c": (0.7, -0.8, 0.9), "o": (1.0, 1.1, -1.2)}
    parameters = {f"W{gate}": np.array([[wa, wx]]) for gate, (wa, wx, _) in weights.items()}
    parameters |= {f"b{gate}": np.array([[b]]) for gate, (_, _, b) in weights.items()}
    parameters |= {"Wy": np.array([[3.0], [0.0]]), "by": np.array([[0.0], [0.5]])}
    x, a, c = 1.5, -0.5, 0.8
    z = {gate: wa * a + wx * x + b for gate, (wa, wx, b) in weights.items()}
    f, i, o = (1 / (1 + math.exp(-z[gate])) for gate in "fio")
    c_next = f * c + i * math.tanh(z["c"])
    a_next = o * math.tanh(c_next)
    first = math.exp(3 * a_next) / (math.exp(3 * a_next) + math.exp(0.5))
    found = lstm_cell_forward(np.array([[x]]), np.array([[a]]), np.array([[c]]), parameters)
    np.testing.assert_allclose(found[0], [[a_next]], rtol=1e-14)
    np.testing.assert_allclose(found[1], [[c_next]], rtol=1e-14)
    np.testing.assert_allclose(found[2], [[first], [1 - first]], rtol=1e-14)


def test_a_sequence_is_its_steps() -> None:
    inputs, parameters = drawn()
    a, y, c, (caches, x) = lstm_forward(inputs["x"], inputs["a0"], parameters, inputs["c0"])
    assert (a.shape, y.shape, c.shape) == ((5, 4, 6), (2, 4, 6), (5, 4, 6))
    state, cell = inputs["a0"], inputs["c0"]
    for t, cache in enumerate(caches):
        state, cell, predicted, _ = lstm_cell_forward(x[:, :, t], state, cell, parameters)
        np.testing.assert_array_equal(a[:, :, t], state)
        np.testing.assert_array_equal(c[:, :, t], cell)
        np.testing.assert_array_equal(y[:, :, t], predicted)
        np.testing.assert_array_equal(cache.c_next, cell)


def test_no_first_cell_state_is_zeros() -> None:
    inputs, parameters = drawn()
    without = lstm_forward(inputs["x"], inputs["a0"], parameters)
    zeros = lstm_forward(inputs["x"], inputs["a0"], parameters, np.zeros((5, 4)))
    given_one = lstm_forward(inputs["x"], inputs["a0"], parameters, inputs["c0"])
    np.testing.assert_array_equal(without[2], zeros[2])
    assert np.abs(without[2] - given_one[2]).max() > 0.1


def test_an_open_forget_gate_and_a_closed_input_gate_keep_the_cell() -> None:
    inputs, parameters = drawn()
    parameters |= {"bf": np.full((5, 1), 1e3), "bi": np.full((5, 1), -1e3)}
    _, _, c, _ = lstm_forward(inputs["x"], inputs["a0"], parameters, inputs["c0"])
    np.testing.assert_array_equal(c, np.repeat(inputs["c0"][:, :, None], 6, axis=2))


def test_whole_numbers_as_inputs_are_not_cut() -> None:
    """One-hot columns and a zero state of integers give what the same in float64 gives."""
    _, parameters = drawn()
    x, a0 = np.eye(3, dtype=int)[[[0, 1], [2, 0]]].transpose(2, 0, 1), np.zeros((5, 2), int)
    whole = lstm_forward(x, a0, parameters)
    floats = lstm_forward(x.astype(float), a0.astype(float), parameters)
    for found, expected in zip(whole[:3], floats[:3], strict=True):
        np.testing.assert_array_equal(found, expected)


@settings(max_examples=12)
@given(sizes, generators)
def test_gradients_of_a_step(n: Sizes, rng: np.random.Generator) -> None:
    inputs, parameters = n.draw(STEP, rng), n.draw(PARAMETERS, rng)
    da, dc = rng.normal(size=(2, n.n_a, n.m))
    cache = lstm_cell_forward(**inputs, parameters=parameters)[-1]

    def loss() -> float:
        a_next, c_next, _, _ = lstm_cell_forward(**inputs, parameters=parameters)
        return float((a_next * da + c_next * dc).sum())

    arrays = inputs | {name: parameters[name] for name in HIDDEN}
    errors = gradient_check(loss, arrays, lstm_cell_backward(da, dc, cache))
    assert max(errors.values()) < LIMIT, errors


@settings(max_examples=12)
@given(sizes, generators)
def test_gradients_of_a_sequence(n: Sizes, rng: np.random.Generator) -> None:
    inputs, parameters = n.draw(SEQUENCE, rng), n.draw(PARAMETERS, rng)
    da, dc = rng.normal(size=(2, n.n_a, n.m, n.T_x))
    caches = lstm_forward(**inputs, parameters=parameters)[-1]

    def loss() -> float:
        a, _, c, _ = lstm_forward(**inputs, parameters=parameters)
        return float((a * da + c * dc).sum())

    arrays = inputs | {name: parameters[name] for name in HIDDEN}
    errors = gradient_check(loss, arrays, lstm_backward(da, caches, dc))
    assert set(errors) == {"x", "a0", "c0", *HIDDEN}
    assert max(errors.values()) < LIMIT, errors


@settings(max_examples=12)
@given(sizes, generators)
def test_gradients_of_the_whole_network(n: Sizes, rng: np.random.Generator) -> None:
    inputs, parameters, targets = n.draw(SEQUENCE, rng), n.draw(PARAMETERS, rng), n.targets(rng)

    def loss() -> float:
        return lstm_loss(**inputs, parameters=parameters, targets=targets)[0]

    gradients = lstm_loss(**inputs, parameters=parameters, targets=targets)[1]
    errors = gradient_check(loss, inputs | parameters, gradients)
    assert set(errors) == {"x", "a0", "c0", *PARAMETERS}
    assert max(errors.values()) < LIMIT, errors


def test_no_gradient_of_the_cells_from_above_is_zeros() -> None:
    inputs, parameters = drawn()
    a, _, _, caches = lstm_forward(inputs["x"], inputs["a0"], parameters)
    without, zeros = lstm_backward(a, caches), lstm_backward(a, caches, np.zeros_like(a))
    other = lstm_backward(a, caches, np.ones_like(a))
    for name, gradient in without.items():
        np.testing.assert_array_equal(gradient, zeros[name])
    assert np.abs(other["dWf"] - without["dWf"]).max() > 0.1


def test_an_early_input_has_a_gradient_from_the_last_state_alone() -> None:
    """Only a carried da and dc can bring it there."""
    inputs, parameters = drawn()
    caches = lstm_forward(inputs["x"], inputs["a0"], parameters)[-1]
    da = np.zeros((5, 4, 6))
    da[:, :, -1] = 1
    gradients = lstm_backward(da, caches)
    assert all(np.abs(gradients[name]).max() > 1e-6 for name in ("da0", "dc0"))
    assert (np.abs(gradients["dx"]).max(axis=(0, 1)) > 1e-6).all()


def test_it_learns() -> None:
    """Say at the last step which bit came first: plain gradient descent takes the loss from chance to near nothing."""
    n = Sizes(n_x=2, n_a=6, n_y=2, m=32, T_x=8)
    rng = np.random.default_rng(0)
    parameters = {name: 0.5 * array for name, array in n.draw(PARAMETERS, rng).items()} | {"bf": np.ones((n.n_a, 1))}
    x = np.eye(2)[rng.integers(0, 2, (n.m, n.T_x))].transpose(2, 0, 1)
    targets = np.zeros_like(x)
    targets[:, :, -1] = x[:, :, 0]
    losses = []
    for _ in range(400):
        loss, gradients = lstm_loss(x, np.zeros((n.n_a, n.m)), parameters, targets)
        losses.append(loss)
        parameters = {name: array - 2 * gradients[f"d{name}"] for name, array in parameters.items()}
    assert losses[0] > 0.6
    assert losses[-1] < 0.05


WRONG_STEPS = [
    ({"c_prev": (5, 1)}, r"c_prev has shape \(5, 1\), expected \(n_a, m\) = \(5, 4\)"),
    ({"a_prev": (5, 5)}, r"a_prev has shape \(5, 5\), expected \(n_a, m\) = \(5, 4\)"),
    ({"Wf": (5, 7)}, r"Wf has shape \(5, 7\), expected \(n_a, n_a \+ n_x\) = \(5, 8\)"),
    ({"Wo": (1, 8)}, r"Wo has shape \(1, 8\), expected \(n_a, n_a \+ n_x\) = \(5, 8\)"),
    ({"bi": (1, 1)}, r"bi has shape \(1, 1\), expected \(n_a, 1\) = \(5, 1\)"),
    ({"Wy": (2, 4)}, r"Wy has shape \(2, 4\), expected \(n_y, n_a\) = \(2, 5\)"),
]


@pytest.mark.parametrize(("change", "message"), WRONG_STEPS, ids=[str(change) for change, _ in WRONG_STEPS])
def test_a_shape_that_does_not_fit_is_refused(change: dict[str, tuple[int, ...]], message: str) -> None:
    inputs, parameters = drawn()
    arrays = inputs | parameters | {name: np.zeros(shape) for name, shape in change.items()}
    given_parameters = {name: arrays[name] for name in PARAMETERS}
    with pytest.raises(ShapeError, match=message):
        lstm_cell_forward(arrays["xt"], arrays["a_prev"], arrays["c_prev"], given_parameters)


def test_a_sequence_of_no_steps_is_refused() -> None:
    inputs, parameters = drawn()
    with pytest.raises(ShapeError, match=r"x has shape \(3, 4, 0\): T_x is 0, give 1 or more"):
        lstm_forward(inputs["x"][:, :, :0], inputs["a0"], parameters)


def test_first_states_of_another_batch_are_refused() -> None:
    inputs, parameters = drawn()
    with pytest.raises(ShapeError, match=r"a0 has shape \(5, 3\), expected \(n_a, m\) = \(5, 4\)"):
        lstm_forward(inputs["x"], inputs["a0"][:, :3], parameters)
    with pytest.raises(ShapeError, match=r"c0 has shape \(5, 1\), expected \(n_a, m\) = \(5, 4\)"):
        lstm_forward(inputs["x"], inputs["a0"], parameters, inputs["c0"][:, :1])


def test_gradients_from_above_of_another_length_are_refused() -> None:
    inputs, parameters = drawn()
    a, _, _, caches = lstm_forward(inputs["x"], inputs["a0"], parameters)
    with pytest.raises(ShapeError, match=r"da has shape \(5, 4, 4\), expected \(n_a, m, T_x\) = \(5, 4, 6\)"):
        lstm_backward(a[:, :, :4], caches)
    with pytest.raises(ShapeError, match=r"dc has shape \(5, 4, 1\), expected \(n_a, m, T_x\) = \(5, 4, 6\)"):
        lstm_backward(a, caches, a[:, :, :1])
    with pytest.raises(ShapeError, match=r"dc_next has shape \(5, 1\), expected \(n_a, m\) = \(5, 4\)"):
        lstm_cell_backward(a[:, :, 0], a[:, :1, 0], caches[0][0])


def test_what_is_not_a_number_is_refused() -> None:
    inputs, parameters = drawn()
    parameters["bo"][2, 0] = np.inf
    with pytest.raises(ArrayError, match=r"bo\[2, 0\] is inf, expected a finite number; .* lower the learning rate"):
        lstm_cell_forward(inputs["xt"], inputs["a_prev"], inputs["c_prev"], parameters)

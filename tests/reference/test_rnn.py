"""The simple recurrent network: its equations by hand, its gradients by differences."""

import math

import numpy as np
import pytest
from helpers.networks import Sizes, generators, sizes
from hypothesis import given, settings

from jazzgen.errors import ArrayError, ShapeError
from jazzgen.reference.gradcheck import LIMIT, gradient_check
from jazzgen.reference.rnn import (
    PARAMETERS,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
    rnn_loss,
)

STEP = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m")}
SEQUENCE = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m")}
HIDDEN = ("Wax", "Waa", "ba")


def drawn() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Inputs of a step and of a sequence, and parameters."""
    n, rng = Sizes(), np.random.default_rng(0)
    return n.draw(STEP | SEQUENCE, rng), n.draw(PARAMETERS, rng)


def test_a_step_by_hand() -> None:
    parameters = {"Wax": 0.5, "Waa": -1.0, "ba": 0.25}
    arrays = {name: np.array([[value]]) for name, value in parameters.items()}
    arrays |= {"Wya": np.array([[2.0], [0.0]]), "by": np.array([[0.0], [1.0]])}
    a_next, y, _ = rnn_cell_forward(np.array([[3.0]]), np.array([[0.5]]), arrays)
    a = math.tanh(0.5 * 3 - 1 * 0.5 + 0.25)
    first = math.exp(2 * a) / (math.exp(2 * a) + math.exp(1))
    np.testing.assert_allclose(a_next, [[a]], rtol=1e-15)
    np.testing.assert_allclose(y, [[first], [1 - first]], rtol=1e-14)


def test_the_prediction_is_made_of_the_next_state() -> None:
    """At equal weights from the inputs alone: the previous state, which is zero, would predict all alike."""
    inputs, parameters = drawn()
    zeros = np.zeros_like(inputs["a_prev"])
    _, y, _ = rnn_cell_forward(inputs["xt"], zeros, parameters | {"by": np.zeros((2, 1))})
    assert np.abs(y - 0.5).max() > 0.1
    np.testing.assert_allclose(y.sum(axis=0), 1)


def test_a_sequence_is_its_steps() -> None:
    inputs, parameters = drawn()
    a, y, (caches, x) = rnn_forward(inputs["x"], inputs["a0"], parameters)
    assert a.shape == (5, 4, 6)
    assert y.shape == (2, 4, 6)
    assert x is inputs["x"]
    state = inputs["a0"]
    for t, cache in enumerate(caches):
        state, predicted, _ = rnn_cell_forward(x[:, :, t], state, parameters)
        np.testing.assert_array_equal(a[:, :, t], state)
        np.testing.assert_array_equal(y[:, :, t], predicted)
        np.testing.assert_array_equal(cache.a_next, state)
        np.testing.assert_array_equal(cache.xt, x[:, :, t])


def test_a_sequence_goes_on_where_its_first_half_stopped() -> None:
    inputs, parameters = drawn()
    whole, _, _ = rnn_forward(inputs["x"], inputs["a0"], parameters)
    first, _, _ = rnn_forward(inputs["x"][:, :, :4], inputs["a0"], parameters)
    second, _, _ = rnn_forward(inputs["x"][:, :, 4:], first[:, :, -1], parameters)
    np.testing.assert_array_equal(np.concatenate([first, second], axis=2), whole)


def test_examples_do_not_touch_each_other() -> None:
    inputs, parameters = drawn()
    together, _, _ = rnn_forward(inputs["x"], inputs["a0"], parameters)
    alone, _, _ = rnn_forward(inputs["x"][:, 2:3], inputs["a0"][:, 2:3], parameters)
    np.testing.assert_allclose(alone, together[:, 2:3], rtol=1e-14)


def test_float32_stays_float32() -> None:
    inputs, parameters = ({name: a.astype(np.float32) for name, a in arrays.items()} for arrays in drawn())
    a, y, _ = rnn_forward(inputs["x"], inputs["a0"], parameters)
    assert {str(array.dtype) for array in (a, y)} == {"float32"}


@settings(max_examples=25)
@given(sizes, generators)
def test_gradients_of_a_step(n: Sizes, rng: np.random.Generator) -> None:
    inputs, parameters, da = n.draw(STEP, rng), n.draw(PARAMETERS, rng), rng.normal(size=(n.n_a, n.m))
    _, _, cache = rnn_cell_forward(**inputs, parameters=parameters)

    def loss() -> float:
        return float((rnn_cell_forward(**inputs, parameters=parameters)[0] * da).sum())

    arrays = inputs | {name: parameters[name] for name in HIDDEN}
    errors = gradient_check(loss, arrays, rnn_cell_backward(da, cache))
    assert max(errors.values()) < LIMIT, errors


@settings(max_examples=25)
@given(sizes, generators)
def test_gradients_of_a_sequence(n: Sizes, rng: np.random.Generator) -> None:
    inputs, parameters, da = n.draw(SEQUENCE, rng), n.draw(PARAMETERS, rng), rng.normal(size=(n.n_a, n.m, n.T_x))
    _, _, caches = rnn_forward(**inputs, parameters=parameters)

    def loss() -> float:
        return float((rnn_forward(**inputs, parameters=parameters)[0] * da).sum())

    arrays = inputs | {name: parameters[name] for name in HIDDEN}
    errors = gradient_check(loss, arrays, rnn_backward(da, caches))
    assert max(errors.values()) < LIMIT, errors


@settings(max_examples=25)
@given(sizes, generators)
def test_gradients_of_the_whole_network(n: Sizes, rng: np.random.Generator) -> None:
    inputs, parameters, targets = n.draw(SEQUENCE, rng), n.draw(PARAMETERS, rng), n.targets(rng)

    def loss() -> float:
        return rnn_loss(**inputs, parameters=parameters, targets=targets)[0]

    gradients = rnn_loss(**inputs, parameters=parameters, targets=targets)[1]
    errors = gradient_check(loss, inputs | parameters, gradients)
    assert set(errors) == {"x", "a0", "Wax", "Waa", "Wya", "ba", "by"}
    assert max(errors.values()) < LIMIT, errors


def test_it_learns() -> None:
    """Echo the bit of two steps ago: plain gradient descent takes the loss from chance to near nothing."""
    n = Sizes(n_x=2, n_a=8, n_y=2, m=32, T_x=10)
    rng = np.random.default_rng(0)
    parameters = {name: 0.5 * array for name, array in n.draw(PARAMETERS, rng).items()}
    bits = rng.integers(0, 2, (n.m, n.T_x))
    x = np.eye(2)[bits].transpose(2, 0, 1)
    targets = np.concatenate([np.zeros((2, n.m, 2)), x[:, :, :-2]], axis=2)
    losses = []
    for _ in range(600):
        loss, gradients = rnn_loss(x, np.zeros((n.n_a, n.m)), parameters, targets)
        losses.append(loss)
        parameters = {name: array - gradients[f"d{name}"] for name, array in parameters.items()}
    assert losses[0] > 0.6
    assert losses[-1] < 0.05


WRONG_STEPS = [
    ({"xt": (4, 4)}, r"Wax has shape \(5, 3\), expected \(n_a, n_x\) = \(5, 4\)"),
    ({"a_prev": (5, 1)}, r"a_prev has shape \(5, 1\), expected \(n_a, m\) = \(5, 4\)"),
    ({"a_prev": (6, 4)}, r"Wax has shape \(5, 3\), expected \(n_a, n_x\) = \(6, 3\)"),
    ({"xt": (3,)}, r"xt has shape \(3,\), expected \(n_x, m\)"),
    ({"xt": (3, 0)}, r"xt has shape \(3, 0\): m is 0, give 1 or more"),
    ({"Waa": (5, 1)}, r"Waa has shape \(5, 1\), expected \(n_a, n_a\) = \(5, 5\)"),
    ({"ba": (5,)}, r"ba has shape \(5,\), expected \(n_a, 1\) = \(5, 1\)"),
    ({"by": (1, 1)}, r"by has shape \(1, 1\), expected \(n_y, 1\) = \(2, 1\)"),
]


@pytest.mark.parametrize(("change", "message"), WRONG_STEPS, ids=[str(change) for change, _ in WRONG_STEPS])
def test_a_shape_that_does_not_fit_is_refused(change: dict[str, tuple[int, ...]], message: str) -> None:
    inputs, parameters = drawn()
    arrays = inputs | parameters | {name: np.zeros(shape) for name, shape in change.items()}
    with pytest.raises(ShapeError, match=message):
        rnn_cell_forward(arrays["xt"], arrays["a_prev"], {name: arrays[name] for name in PARAMETERS})


def test_a_sequence_of_no_steps_is_refused() -> None:
    inputs, parameters = drawn()
    with pytest.raises(ShapeError, match=r"x has shape \(3, 4, 0\): T_x is 0, give 1 or more"):
        rnn_forward(inputs["x"][:, :, :0], inputs["a0"], parameters)


def test_a_gradient_from_above_of_another_length_is_refused() -> None:
    inputs, parameters = drawn()
    a, _, caches = rnn_forward(inputs["x"], inputs["a0"], parameters)
    with pytest.raises(ShapeError, match=r"da has shape \(5, 4, 5\), expected \(n_a, m, T_x\) = \(5, 4, 6\)"):
        rnn_backward(a[:, :, :5], caches)
    with pytest.raises(ShapeError, match=r"da_next has shape \(5, 1\), expected \(n_a, m\) = \(5, 4\)"):
        rnn_cell_backward(np.ones((5, 1)), caches[0][0])


def test_what_is_not_a_number_is_refused() -> None:
    inputs, parameters = drawn()
    parameters["Waa"][3, 1] = np.nan
    with pytest.raises(ArrayError, match=r"Waa\[3, 1\] is nan, expected a finite number; .* lower the learning rate"):
        rnn_forward(inputs["x"], inputs["a0"], parameters)


def test_a_missing_parameter_is_named() -> None:
    inputs, parameters = drawn()
    parameters["b"] = parameters.pop("ba")
    with pytest.raises(ArrayError, match="there is no ba among Wax, Waa, Wya, by, b"):
        rnn_cell_forward(inputs["xt"], inputs["a_prev"], parameters)

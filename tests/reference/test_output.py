"""The output layer and its loss."""

import math

import numpy as np
import pytest

from jazzgen.errors import ArrayError, ShapeError
from jazzgen.reference.gradcheck import LIMIT, gradient_check
from jazzgen.reference.output import cross_entropy, output_backward, sigmoid, softmax


def test_softmax_of_columns() -> None:
    z = np.array([[0.0, 1000.0], [math.log(3), 1000.0]])
    np.testing.assert_allclose(softmax(z), [[0.25, 0.5], [0.75, 0.5]])


def test_cross_entropy_is_a_mean_over_the_targets() -> None:
    y = np.array([[[0.25, 0.5, 0.9]], [[0.75, 0.5, 0.1]]])
    targets = np.array([[[1.0, 0, 0]], [[0, 1, 0]]])
    assert cross_entropy(y, targets) == pytest.approx((math.log(4) + math.log(2)) / 2)


def test_a_probability_of_zero_has_a_finite_loss() -> None:
    targets = np.array([[[1.0]], [[0.0]]])
    loss = cross_entropy(np.array([[[0.0]], [[1.0]]]), targets)
    assert 700 < loss < 710


def test_gradients_of_the_output_layer() -> None:
    rng = np.random.default_rng(0)
    arrays = {"a": rng.normal(size=(3, 2, 4)), "W": rng.normal(size=(5, 3)), "b": rng.normal(size=(5, 1))}
    targets = rng.uniform(size=(5, 2, 4))  # soft, and no column sums to 1

    def y() -> np.ndarray:
        return np.stack([softmax(arrays["W"] @ arrays["a"][:, :, t] + arrays["b"]) for t in range(4)], axis=2)

    dW, db, da = output_backward(y(), targets, arrays["a"], arrays["W"])
    errors = gradient_check(lambda: cross_entropy(y(), targets), arrays, {"dW": dW, "db": db, "da": da})
    assert max(errors.values()) < LIMIT, errors


def test_no_target_at_all_is_refused() -> None:
    with pytest.raises(ArrayError, match="targets sum to 0: there is nothing to learn from"):
        cross_entropy(np.full((2, 1, 1), 0.5), np.zeros((2, 1, 1)))


def test_targets_of_another_shape_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"targets has shape \(2, 1, 1\), expected \(n_y, m, T_x\) = \(2, 3, 1\)"):
        cross_entropy(np.full((2, 3, 1), 0.5), np.ones((2, 1, 1)))


def test_sigmoid_is_right_and_overflows_nowhere() -> None:
    np.testing.assert_allclose(sigmoid(np.array([-2.0, 0.0, 3.0])), [1 / (1 + math.e**2), 0.5, 1 / (1 + math.e**-3)])
    np.testing.assert_array_equal(sigmoid(np.array([-1e4, 1e4])), [0, 1])

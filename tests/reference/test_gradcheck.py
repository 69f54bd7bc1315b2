"""The gradient check finds what is wrong, and only that."""

import numpy as np
import pytest

from jazzgen.errors import ShapeError
from jazzgen.reference.gradcheck import LIMIT, gradient_check, numerical_gradient, relative_error


def test_differences_of_known_functions() -> None:
    x = np.array([[0.3, -1.2], [2.0, 0.7]])
    found = numerical_gradient(lambda: float(np.sin(x).sum() + (x**3).sum()), x)
    np.testing.assert_allclose(found, np.cos(x) + 3 * x**2, rtol=1e-10)


def test_the_array_is_put_back() -> None:
    x = np.array([0.1, 0.2, 0.3])
    numerical_gradient(lambda: float((x**2).sum()), x)
    np.testing.assert_array_equal(x, [0.1, 0.2, 0.3])


def test_relative_error_is_difference_over_size() -> None:
    assert relative_error(np.array([3.0, 0.0]), np.array([0.0, 4.0])) == pytest.approx(5 / 7)
    assert relative_error(np.zeros(2), np.zeros(2)) == 0


@pytest.mark.parametrize("flaw", [1e-6, 1e-3, -2.0])
def test_a_single_entry_slightly_off_is_found(flaw: float) -> None:
    x = np.linspace(-1, 1, 6)
    right = np.exp(x)
    wrong = right.copy()
    wrong[2] *= 1 + flaw

    def loss() -> float:
        return float(np.exp(x).sum())

    assert gradient_check(loss, {"x": x}, {"dx": right})["x"] < LIMIT
    assert gradient_check(loss, {"x": x}, {"dx": wrong})["x"] > LIMIT


def test_only_the_array_that_is_wrong_is_reported() -> None:
    x, y = np.array([0.5]), np.array([2.0])
    errors = gradient_check(lambda: float(x[0] * y[0]), {"x": x, "y": y}, {"dx": y.copy(), "dy": 2 * x})
    assert errors["x"] < LIMIT < errors["y"]


def test_a_gradient_of_another_shape_or_none_is_refused() -> None:
    x = np.ones((2, 3))
    with pytest.raises(ShapeError, match=r"dx has shape \(3,\), expected \(2, 3\) as x has"):
        gradient_check(lambda: 0.0, {"x": x}, {"dx": np.ones(3)})
    with pytest.raises(ShapeError, match=r"dx is missing, expected \(2, 3\)"):
        gradient_check(lambda: 0.0, {"x": x}, {})

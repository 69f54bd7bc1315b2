"""Shapes by letters."""

import numpy as np
import pytest

from jazzgen.errors import ArrayError, ShapeError
from jazzgen.reference.shapes import check_arrays


def test_the_first_use_of_a_letter_sets_it() -> None:
    arrays = {"x": np.ones((3, 4)), "W": np.ones((5, 8)), "K": np.ones((3, 20)), "b": np.ones((5, 1), int)}
    shapes = {"x": ("n_x", "m"), "W": ("n_a", "n_a + n_x"), "K": ("n_x", "4 n_a"), "b": ("n_a", "1")}
    assert check_arrays(arrays, shapes) == {"n_x": 3, "m": 4, "n_a": 5}


def test_a_sum_sets_its_last_unknown_letter() -> None:
    assert check_arrays({"W": np.ones((5, 8))}, {"W": ("n_a", "n_a + n_x")}) == {"n_a": 5, "n_x": 3}


WRONG = [
    (np.ones((5, 5)), r"W has shape \(5, 5\), expected \(n_a, n_a \+ n_x\) = \(5, n_a \+ n_x\)"),
    (np.ones((5, 8, 1)), r"W has shape \(5, 8, 1\), expected \(n_a, n_a \+ n_x\)$"),
    (np.ones((5, 0)), r"W has shape \(5, 0\): n_a \+ n_x is 0, give 1 or more"),
]


@pytest.mark.parametrize(("array", "message"), WRONG)
def test_a_wrong_shape_is_named(array: np.ndarray, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        check_arrays({"W": array}, {"W": ("n_a", "n_a + n_x")})


@pytest.mark.parametrize(
    ("value", "kind"), [([1.0], "list"), (np.array(["a"]), "<U1"), (np.array([1j]), "complex128"), (None, "NoneType")]
)
def test_what_is_not_an_array_of_numbers_is_refused(value: np.ndarray, kind: str) -> None:
    with pytest.raises(ArrayError, match=f"x is of type {kind}, expected a NumPy array of real numbers"):
        check_arrays({"x": value}, {"x": ("m",)})


def test_a_missing_array_is_named() -> None:
    with pytest.raises(ArrayError, match="there is no x among no arrays; give it too"):
        check_arrays({}, {"x": ("m",)})

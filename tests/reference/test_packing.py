"""Keras's packing of an LSTM's weights, there and back."""

import numpy as np
import pytest
from helpers.networks import Sizes

from jazzgen.errors import ShapeError
from jazzgen.reference.lstm import PARAMETERS
from jazzgen.reference.packing import from_keras, to_keras


def packed() -> list[np.ndarray]:
    """n_x 2, n_a 1, n_y 2; the tens say the array, the units the gate (i 1, f 2, c 3, o 4)."""
    kernel = np.array([[11.0, 12, 13, 14], [21, 22, 23, 24]])
    recurrent = np.array([[31.0, 32, 33, 34]])
    return [kernel, recurrent, np.array([41.0, 42, 43, 44]), np.array([[51.0, 52]]), np.array([61.0, 62])]


def test_each_gate_comes_from_its_block_the_state_before_the_input() -> None:
    parameters = from_keras(packed())
    for gate, digit in (("i", 1), ("f", 2), ("c", 3), ("o", 4)):
        np.testing.assert_array_equal(parameters[f"W{gate}"], [[30 + digit, 10 + digit, 20 + digit]])
        np.testing.assert_array_equal(parameters[f"b{gate}"], [[40 + digit]])
    np.testing.assert_array_equal(parameters["Wy"], [[51], [52]])
    np.testing.assert_array_equal(parameters["by"], [[61], [62]])


def test_there_and_back() -> None:
    for found, array in zip(to_keras(from_keras(packed())), packed(), strict=True):
        np.testing.assert_array_equal(found, array)
    parameters = Sizes().draw(PARAMETERS, np.random.default_rng(0))
    again = from_keras(to_keras(parameters))
    assert set(again) == set(parameters)
    for name, array in parameters.items():
        np.testing.assert_array_equal(again[name], array)


def test_float32_becomes_float64() -> None:
    parameters = from_keras([array.astype(np.float32) for array in packed()])
    assert {array.dtype for array in parameters.values()} == {np.dtype(np.float64)}


def test_weights_that_do_not_fit_together_are_refused() -> None:
    kernel, recurrent, bias, dense_kernel, dense_bias = packed()
    with pytest.raises(ShapeError, match=r"kernel has shape \(2, 3\), expected \(n_x, 4 n_a\) = \(2, 4\)"):
        from_keras([kernel[:, :3], recurrent, bias, dense_kernel, dense_bias])
    with pytest.raises(ShapeError, match=r"dense_bias has shape \(1,\), expected \(n_y,\) = \(2,\)"):
        from_keras([kernel, recurrent, bias, dense_kernel, dense_bias[:1]])
    with pytest.raises(ShapeError, match=r"Wc has shape \(1, 2\), expected \(n_a, n_a \+ n_x\) = \(1, 3\)"):
        to_keras(from_keras(packed()) | {"Wc": np.ones((1, 2))})

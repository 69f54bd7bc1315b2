"""Convert the LSTM's parameters to Keras's layout, and back.

Keras has rows for examples and inputs where the equations have columns, keeps input and recurrent weights apart, and
lays the four gates side by side in the order input, forget, candidate, output.
"""

from collections.abc import Sequence

import numpy as np

from jazzgen.reference import lstm
from jazzgen.reference.shapes import Arrays, check_arrays

KERAS_GATES = ("i", "f", "c", "o")
_KERAS = {
    "recurrent": ("n_a", "4 n_a"),
    "kernel": ("n_x", "4 n_a"),
    "bias": ("4 n_a",),
    "dense_kernel": ("n_a", "n_y"),
    "dense_bias": ("n_y",),
}


def from_keras(weights: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """Convert the weights of an LSTM and of the dense layer above it to parameters, float64.

    Args:
        weights: kernel (n_x, 4 n_a), recurrent kernel (n_a, 4 n_a), bias (4 n_a,), then the dense layer's kernel
            (n_a, n_y) and bias (n_y,): the `get_weights` of both, or a `learning.grammar.bundle.Weights`.

    Raises:
        ShapeError, ArrayError: they do not fit together.
    """
    names = ("kernel", "recurrent", "bias", "dense_kernel", "dense_bias")
    arrays = dict(zip(names, weights, strict=True))
    check_arrays(arrays, _KERAS)
    kernel, recurrent, bias, dense_kernel, dense_bias = (array.astype(np.float64) for array in arrays.values())
    parameters = {}
    for gate, inputs, states, b in zip(
        KERAS_GATES, *(np.split(packed, 4, axis=-1) for packed in (kernel, recurrent, bias)), strict=True
    ):
        parameters[f"W{gate}"] = np.concatenate([states, inputs]).T
        parameters[f"b{gate}"] = b[:, None]
    return parameters | {"Wy": dense_kernel.T, "by": dense_bias[:, None]}


def to_keras(parameters: Arrays) -> tuple[np.ndarray, ...]:
    """Convert back; the inverse of `from_keras`. Gradients under their parameters' names are packed likewise."""
    n_a = check_arrays(parameters, {"Wy": lstm.PARAMETERS["Wy"], **lstm.PARAMETERS})["n_a"]
    stacked = np.concatenate([parameters[f"W{gate}"].T for gate in KERAS_GATES], axis=1)
    bias = np.concatenate([parameters[f"b{gate}"][:, 0] for gate in KERAS_GATES])
    return stacked[n_a:], stacked[:n_a], bias, parameters["Wy"].T, parameters["by"][:, 0]

"""One LSTM step in NumPy, for models that play without Keras.

    i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)
    g       = tanh(z_g)
    c_next  = f c + i g
    a_next  = o tanh(c_next)

z is the gates' input from x, hidden state and bias, in Keras's order: input, forget, candidate g, output.
S. Hochreiter and J. Schmidhuber (1997), with the forget gate of F. Gers et al. (2000). `reference.lstm` is the textbook
version, with the backward pass; `jazzgen check` compares the two.
"""

from typing import NamedTuple

import numpy as np


class State(NamedTuple):
    """Hidden and cell state, each (m, n_a)."""

    a: np.ndarray
    c: np.ndarray

    @classmethod
    def zeros(cls, m: int, recurrent: np.ndarray) -> "State":
        """Return zero states for m sequences; `recurrent` is (n_a, 4 n_a)."""
        zeros = np.zeros((m, len(recurrent)), recurrent.dtype)
        return cls(zeros, zeros)


def halved(weights: np.ndarray) -> np.ndarray:
    """Halve the columns of i, f and o in weights (..., 4 n_a), as `lstm_step` needs.

    Since sigmoid(z) = (tanh(z / 2) + 1) / 2, one tanh then serves all four gates.
    """
    n = weights.shape[-1] // 4
    halves = np.full(4 * n, 0.5, weights.dtype)
    halves[2 * n : 3 * n] = 1
    return weights * halves


def lstm_step(z: np.ndarray, state: State) -> State:
    """Return the next state from z (m, 4 n_a), computed with `halved` weights.

    >>> state = lstm_step(halved(np.array([[0.0, 0.0, 1.0, 0.0]])), State(np.zeros((1, 1)), np.zeros((1, 1))))
    >>> print(state.c.round(3), state.a.round(3))
    [[0.381]] [[0.182]]
    """
    n = z.shape[1] // 4
    tanhs = np.tanh(z)
    sigmoids = 0.5 * tanhs + 0.5
    i, f, o = sigmoids[:, :n], sigmoids[:, n : 2 * n], sigmoids[:, 3 * n :]
    g = tanhs[:, 2 * n : 3 * n]
    c = f * state.c + i * g
    return State(o * np.tanh(c), c)

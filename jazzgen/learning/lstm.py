"""One step of an LSTM in NumPy, as the models that play take it, one after the other, without Keras.

    i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)
    g       = tanh(z_g)
    c_next  = f c + i g
    a_next  = o tanh(c_next)

z is what the input, the hidden state and the bias bring to the gates, in Keras's order: input, forget, candidate g,
output. S. Hochreiter and J. Schmidhuber (1997), with the forget gate of F. Gers et al. (2000). `reference.lstm` has
the same as a textbook would, and the way back; `jazzgen check` holds them to each other.
"""

from typing import NamedTuple

import numpy as np


class State(NamedTuple):
    """Hidden and cell state, each (m, n_a)."""

    a: np.ndarray
    c: np.ndarray

    @classmethod
    def zeros(cls, m: int, recurrent: np.ndarray) -> "State":
        """What m sequences begin with; `recurrent` is (n_a, 4 n_a)."""
        zeros = np.zeros((m, len(recurrent)), recurrent.dtype)
        return cls(zeros, zeros)


def halved(weights: np.ndarray) -> np.ndarray:
    """The weights (..., 4 n_a) with the columns of i, f and o halved, as `lstm_step` wants them.

    A sigmoid is a tanh of half its argument, sigmoid(z) = (tanh(z / 2) + 1) / 2, so one tanh does for all four gates.
    """
    n = weights.shape[-1] // 4
    halves = np.full(4 * n, 0.5, weights.dtype)
    halves[2 * n : 3 * n] = 1
    return weights * halves


def lstm_step(z: np.ndarray, state: State) -> State:
    """The next state, from z (m, 4 n_a) that was made of `halved` weights."""
    n = z.shape[1] // 4
    tanhs = np.tanh(z)
    sigmoids = 0.5 * tanhs + 0.5
    i, f, o = sigmoids[:, :n], sigmoids[:, n : 2 * n], sigmoids[:, 3 * n :]
    g = tanhs[:, 2 * n : 3 * n]
    c = f * state.c + i * g
    return State(o * np.tanh(c), c)

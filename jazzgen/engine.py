"""The trained network in NumPy: what `network.inference_graph` computes, without TensorFlow.

The equations are the LSTM's (S. Hochreiter and J. Schmidhuber, 1997; forget gate by F. Gers et al., 2000), with
the gates in Keras's order. A one-hot input picks a row of the kernel, so no product with it is computed.
"""

from typing import NamedTuple

import numpy as np

from jazzgen import sampling
from jazzgen.network.bundle import Weights


class State(NamedTuple):
    """Hidden and cell state, each (m, n_a)."""

    a: np.ndarray
    c: np.ndarray


class Engine:
    """Steps the network for a batch of m sequences at once."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._n_a = weights.recurrent.shape[0]
        # The last row stands for no input: the zero vector that a solo starts from.
        self._inputs = np.concatenate([weights.kernel, np.zeros_like(weights.kernel[:1])]) + weights.bias

    @property
    def n_values(self) -> int:
        return len(self._weights.dense_bias)

    def start(self, m: int = 1) -> tuple[np.ndarray, State]:
        """Inputs (m,) and state to begin m sequences from."""
        zeros = np.zeros((m, self._n_a), self._weights.recurrent.dtype)
        return np.full(m, self.n_values), State(zeros, zeros)

    def step(self, values: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """One step.

        Args:
            values: (m,) indices of the tokens before; `n_values` stands for none.
            state: from `start` or the step before.

        Returns:
            Probabilities (m, n_values) of the next token, and the next state.
        """
        gates = self._inputs[values] + state.a @ self._weights.recurrent
        i, f, g, o = np.split(gates, 4, axis=-1)
        c = _sigmoid(f) * state.c + _sigmoid(i) * np.tanh(g)
        a = _sigmoid(o) * np.tanh(c)
        return _softmax(a @ self._weights.dense_kernel + self._weights.dense_bias), State(a, c)

    def generate(self, ty: int, m: int = 1, *, noise: np.ndarray | None = None, temperature: float = 1.0) -> np.ndarray:
        """`ty` tokens for each of m sequences, each fed back to the next step.

        Args:
            noise: (m, ty, n_values) standard Gumbel to sample with, or None to take the likeliest.

        Returns:
            Indices (m, ty).
        """
        values, state = self.start(m)
        chosen = np.empty((m, ty), np.int64)
        for t in range(ty):
            probabilities, state = self.step(values, state)
            values = sampling.choose(probabilities, None if noise is None else noise[:, t], temperature=temperature)
            chosen[:, t] = values
        return chosen


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * np.tanh(0.5 * x) + 0.5  # overflows for no x


def _softmax(x: np.ndarray) -> np.ndarray:
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)

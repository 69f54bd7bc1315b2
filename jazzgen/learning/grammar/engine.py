"""The trained network in NumPy: what `network.inference_graph` computes, without TensorFlow.

The equations are the LSTM's (S. Hochreiter and J. Schmidhuber, 1997; forget gate by F. Gers et al., 2000), with
the gates in Keras's order. A one-hot input picks a row of the kernel, so no product with it is computed.
"""

from typing import NamedTuple

import numpy as np

from jazzgen.learning import sampling
from jazzgen.learning.grammar.bundle import Weights


class State(NamedTuple):
    """Hidden and cell state, each (m, n_a)."""

    a: np.ndarray
    c: np.ndarray


class Engine:
    """Steps the network for a batch of m sequences at once."""

    def __init__(self, weights: Weights) -> None:
        n_a = weights.recurrent.shape[0]
        # A sigmoid is a tanh of half its argument: with the columns of i, f and o halved, one tanh does for all gates.
        halves = np.full(4 * n_a, 0.5, weights.kernel.dtype)
        halves[2 * n_a : 3 * n_a] = 1
        # The last row stands for no input: the zero vector that a solo starts from.
        kernel = np.concatenate([weights.kernel, np.zeros_like(weights.kernel[:1])])
        self._n_a = n_a
        self._inputs = (kernel + weights.bias) * halves
        self._recurrent = weights.recurrent * halves
        self._dense_kernel, self._dense_bias = weights.dense_kernel, weights.dense_bias

    @property
    def n_values(self) -> int:
        return len(self._dense_bias)

    def start(self, m: int = 1) -> tuple[np.ndarray, State]:
        """Inputs (m,) and state to begin m sequences from."""
        zeros = np.zeros((m, self._n_a), self._recurrent.dtype)
        return np.full(m, self.n_values), State(zeros, zeros)

    def step(self, values: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """One step.

        Args:
            values: (m,) indices of the tokens before; `n_values` stands for none.
            state: from `start` or the step before.

        Returns:
            Logits (m, n_values) of the next token, and the next state.
        """
        n = self._n_a
        tanhs = np.tanh(self._inputs[values] + state.a @ self._recurrent)
        sigmoids = 0.5 * tanhs + 0.5
        i, f, o = sigmoids[:, :n], sigmoids[:, n : 2 * n], sigmoids[:, 3 * n :]
        g = tanhs[:, 2 * n : 3 * n]
        c = f * state.c + i * g
        a = o * np.tanh(c)
        return a @ self._dense_kernel + self._dense_bias, State(a, c)

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
            logits, state = self.step(values, state)
            values = sampling.choose(logits, None if noise is None else noise[:, t], temperature=temperature)
            chosen[:, t] = values
        return chosen

"""The trained network in NumPy: what `graphs.inference_graph` computes, without TensorFlow.

A one-hot input selects a row of the kernel, so that product is a look-up.
"""

import numpy as np

from jazzgen.learning import sampling
from jazzgen.learning.grammar.bundle import Weights
from jazzgen.learning.lstm import State, halved, lstm_step


class Engine:
    """Steps the network for a batch of m sequences."""

    def __init__(self, weights: Weights) -> None:
        # The last row stands for no input, the zero vector that a solo starts from.
        kernel = np.concatenate([weights.kernel, np.zeros_like(weights.kernel[:1])])
        self._inputs = halved(kernel + weights.bias)
        self._recurrent = halved(weights.recurrent)
        self._dense_kernel, self._dense_bias = weights.dense_kernel, weights.dense_bias

    @property
    def n_values(self) -> int:
        return len(self._dense_bias)

    def start(self, m: int = 1) -> tuple[np.ndarray, State]:
        """Return inputs (m,) and the state that m sequences start from."""
        return np.full(m, self.n_values), State.zeros(m, self._recurrent)

    def step(self, values: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """Compute one step.

        Args:
            values: (m,) indices of the previous tokens; `n_values` stands for none.
            state: from `start` or the previous step.

        Returns:
            Logits (m, n_values) of the next token, and the next state.
        """
        state = lstm_step(self._inputs[values] + state.a @ self._recurrent, state)
        return state.a @ self._dense_kernel + self._dense_bias, state

    def generate(self, ty: int, m: int = 1, *, noise: np.ndarray | None = None, temperature: float = 1.0) -> np.ndarray:
        """Generate `ty` tokens for each of m sequences, each fed back to the next step.

        Args:
            ty: number of tokens.
            m: number of sequences.
            noise: (m, ty, n_values) standard Gumbel noise to sample with; None takes the likeliest.
            temperature: of the samples.

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

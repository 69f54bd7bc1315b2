"""The bassist's network in NumPy: what `graphs` computes, a beat at a time, without TensorFlow.

    x = sum of the embedding's rows that are heard
    a, c = LSTM(x, a, c)
    j = tanh([a, x] W_joint + b_joint)
    out = j W_out + b_out

The logits of the pitches are a sum over four views: by pitch, by step from the last pitch, by degree of this chord and
by degree above the next chord's bass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.hearing import LOW, N_PITCHES, N_ROWS, WIDEST
from jazzgen.learning.lstm import State, halved, lstm_step

VIEWS: Mapping[str, int] = {"pitches": N_PITCHES, "steps": 2 * WIDEST + 1, "degrees": 12, "next_degrees": 12}
N_OUTPUTS = sum(VIEWS.values())
_PITCHES = np.arange(N_PITCHES)
_BOUNDS = np.cumsum(list(VIEWS.values()))[:-1].tolist()


@dataclass(frozen=True, eq=False)
class Net:
    """The weights; LSTM gates in the order input, forget, candidate, output.

    Attributes:
        embedding: (N_HEARD, n_x).
        kernel: (n_x, 4 n_a).
        recurrent: (n_a, 4 n_a).
        bias: (4 n_a,).
        joint: (n_a + n_x, n_joint).
        joint_bias: (n_joint,).
        out: (n_joint, N_OUTPUTS).
        out_bias: (N_OUTPUTS,).
    """

    embedding: np.ndarray
    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    joint: np.ndarray
    joint_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray

    def start(self) -> State:
        return State.zeros(1, self.recurrent)

    def embed(self, rows: np.ndarray, tones: np.ndarray) -> np.ndarray:
        """Return x (n, n_x) of places: `rows` (n, columns) of the embedding, and ones and zeros (n, N_TONES)."""
        return self.embedding[rows].sum(axis=1) + tones @ self.embedding[N_ROWS:]

    def step(self, x: np.ndarray, state: State) -> State:
        """Run one LSTM step; x is (1, n_x)."""
        kernel, recurrent, bias = self._halved
        return lstm_step(x @ kernel + state.a @ recurrent + bias, state)

    @cached_property
    def _halved(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return halved(self.kernel), halved(self.recurrent), halved(self.bias)

    def logits(self, a: np.ndarray, x: np.ndarray, last: int, root: int, next_bass: int) -> np.ndarray:
        """Return the logits (N_PITCHES,) of a beat.

        Args:
            a, x: (1, n_a) and (1, n_x), the hidden state and what is heard.
            last: the last pitch; `NONE` for none.
            root, next_bass: pitch classes, `NONE` for none.
        """
        out = np.tanh(np.concatenate([a, x], axis=1) @ self.joint + self.joint_bias) @ self.out + self.out_bias
        logits, steps, degrees, next_degrees = np.split(out[0], _BOUNDS)
        if last != NONE:
            logits = logits + steps[WIDEST + LOW - last :][:N_PITCHES]
        if root != NONE:
            logits = logits + degrees[(_PITCHES + LOW - root) % 12]
        if next_bass != NONE:
            logits = logits + next_degrees[(_PITCHES + LOW - next_bass) % 12]
        return logits


ARRAYS = tuple(field.name for field in fields(Net))

"""The soloist's networks in NumPy: what `graphs` computes, one choice at a time, without TensorFlow.

Each part of a note has a network of its own; they share the embedding.

    x = sum of the embedding's rows that are heard
    a, c = LSTM(x, a, c)
    j = tanh([a, x, orders] W_joint + b_joint)
    logits = j W_out + b_out + sum over the advisers of gate times log-probability

The pitch's logits are a sum over five views: by step, by pitch (the instrument's range), by degree of this chord and of
the next, and by how long ago the pitch was last played.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from jazzgen.learning.lstm import State, halved, lstm_step
from jazzgen.learning.soloist.licks import Advice
from jazzgen.learning.soloist.memory import N_ADVISERS
from jazzgen.learning.soloist.moments import CLASSES, INDEX, WIDEST, PartName
from jazzgen.learning.soloist.profile import N_PITCHES
from jazzgen.learning.soloist.recency import N_LEVELS

MASKED = np.float32(-1e9)  # the logit of impossible classes
ORDER_SCALE = np.float32(1 / 8)  # brings orders to about 0 to 1; set by hand
_STEPS = np.arange(CLASSES["pitch"])
# By degree, 0 for no chord: the index of each step's degree; index 12 holds a zero.
_DEGREE_OF_STEP = np.array([[12] * len(_STEPS), *((degree + _STEPS - WIDEST) % 12 for degree in range(12))])


def n_outputs(part: PartName) -> dict[str, int]:
    """Name the outputs of a part's joint layer, with the size of each."""
    sizes = {"classes": CLASSES[part], "gates": N_ADVISERS[part]}
    if part != "pitch":
        return sizes
    return sizes | {"pitches": N_PITCHES, "degrees": 12, "next_degrees": 12, "recency": N_LEVELS}


class Given(NamedTuple):
    """The inputs of m choices, beside the hidden state.

    Attributes:
        x: (m, n_x), the embedding of what is heard.
        advice: of both memories.
        columns: (m, columns).
        recency: (m, steps), from `Recency.levels`.
    """

    x: np.ndarray
    advice: Advice
    columns: np.ndarray
    recency: np.ndarray


@dataclass(frozen=True, eq=False)
class Voice:
    """The network of one part; LSTM gates in the order input, forget, candidate, output.

    Attributes:
        part: whose choice it makes.
        kernel: (n_x, 4 n_a).
        recurrent: (n_a, 4 n_a).
        bias: (4 n_a,).
        joint: (n_a + n_x + advisers, n_joint).
        joint_bias: (n_joint,).
        out: (n_joint, outputs), those of `n_outputs` side by side.
        out_bias: (outputs,).
    """

    part: PartName
    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    joint: np.ndarray
    joint_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray

    def start(self, m: int) -> State:
        return State.zeros(m, self.recurrent)

    def step(self, x: np.ndarray, state: State) -> State:
        """Run one LSTM step for m solos; x is (m, n_x)."""
        kernel, recurrent, bias = self._halved
        return lstm_step(x @ kernel + state.a @ recurrent + bias, state)

    @cached_property
    def _halved(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return halved(self.kernel), halved(self.recurrent), halved(self.bias)

    def logits(self, a: np.ndarray, given: Given) -> np.ndarray:
        """Return the choice's logits (m, classes) from the hidden state (m, n_a) and the other inputs."""
        heard = np.concatenate([a, given.x, given.advice.orders * ORDER_SCALE], axis=1)
        out = np.tanh(heard @ self.joint + self.joint_bias) @ self.out + self.out_bias
        classes, gates, *rest = np.split(out, self._bounds, axis=1)
        # Classes, plus the advisers' log-probabilities weighted by their gates.
        logits = classes + (gates[:, None] @ given.advice.log_probabilities)[:, 0]
        if self.part != "pitch":
            return logits
        # Pitch: logits of pitches become logits of steps from the last pitch, those out of range masked.
        by_pitch, by_degree, by_next_degree, by_recency = rest
        pitches = np.full((len(out), N_PITCHES + 2 * WIDEST), MASKED, out.dtype)
        pitches[:, WIDEST:-WIDEST] = by_pitch
        rows = np.arange(len(out))[:, None]
        logits += pitches[rows, given.columns[:, INDEX["pitch"], None] - 1 + _STEPS]
        # Degrees of this chord and of the next; then recency.
        for of_degrees, name in ((by_degree, "degree"), (by_next_degree, "next_degree")):
            degrees = np.zeros((len(out), 13), out.dtype)
            degrees[:, :12] = of_degrees
            logits += degrees[rows, _DEGREE_OF_STEP[given.columns[:, INDEX[name]]]]
        return logits + by_recency[rows, given.recency]

    @cached_property
    def _bounds(self) -> list[int]:
        return np.cumsum(list(n_outputs(self.part).values()))[:-1].tolist()


@dataclass(frozen=True, eq=False)
class Net:
    """The embedding, (rows, n_x), and the voices by part."""

    embedding: np.ndarray
    voices: dict[PartName, Voice]

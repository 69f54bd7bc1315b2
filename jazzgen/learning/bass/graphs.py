"""The bassist's layers in Keras, and the graph that trains them."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.hearing import LOW, N_HEARD, N_PITCHES, WIDEST
from jazzgen.learning.bass.net import ARRAYS, N_OUTPUTS, VIEWS, Net

Tensor = Any  # a Keras tensor, symbolic or not
_PITCHES = np.arange(N_PITCHES)
# By what a view is counted from, the index of each pitch in it; the row of NONE, the last, points at a zero.
_OF_STEP = np.array([*(WIDEST - last + _PITCHES for last in range(N_PITCHES)), [2 * WIDEST + 1] * N_PITCHES])
_OF_DEGREE = np.array([(_PITCHES + LOW - root) % 12 for root in range(12)] + [[12] * N_PITCHES])


@dataclass(frozen=True)
class BassLayers:
    """One set of layers, hence one set of weights, for every graph.

    Attributes:
        embedder: (..., N_HEARD) to (..., n_x): a sum of rows, as its input is ones and zeros.
        lstm_cell: (m, T, n_x) and states (m, n_a) to hidden states (m, T, n_a) and the last two states.
        joint: (..., n_a + n_x) to (..., n_joint).
        densor: (..., n_joint) to the views of `net.VIEWS` side by side.
    """

    embedder: keras.layers.Dense
    lstm_cell: keras.layers.LSTM
    joint: keras.layers.Dense
    densor: keras.layers.Dense

    @classmethod
    def build(cls, config: BassConfig, seed: int = 0, dtype: str = "float32") -> "BassLayers":
        """Create layers of the sizes in `config`, initialised from `seed`."""
        embedder = keras.layers.Dense(
            config.n_x, use_bias=False, name="embedder", dtype=dtype, kernel_initializer=_glorot(seed)
        )
        lstm_cell = keras.layers.LSTM(
            config.n_a,
            return_sequences=True,
            return_state=True,
            name="lstm_cell",
            dtype=dtype,
            kernel_initializer=_glorot(seed + 1),
            recurrent_initializer=keras.initializers.Orthogonal(seed=seed + 2),
        )
        joint = keras.layers.Dense(
            config.n_joint, activation="tanh", name="joint", dtype=dtype, kernel_initializer=_glorot(seed + 3)
        )
        densor = keras.layers.Dense(N_OUTPUTS, name="densor", dtype=dtype, kernel_initializer=_glorot(seed + 4))
        embedder.build((None, None, N_HEARD))
        lstm_cell.build((None, None, config.n_x))
        joint.build((None, None, config.n_a + config.n_x))
        densor.build((None, None, config.n_joint))
        return cls(embedder, lstm_cell, joint, densor)

    @property
    def variables(self) -> list[keras.Variable]:
        """The variables in the order of `net.ARRAYS`."""
        layers = (self.embedder, self.lstm_cell, self.joint, self.densor)
        return [variable for layer in layers for variable in layer.trainable_variables]

    def net(self, values: list[np.ndarray] | None = None) -> Net:
        """Build the NumPy network with these weights, or with `values` in place of `variables`."""
        return Net(*(values if values is not None else [variable.numpy() for variable in self.variables]))

    def load(self, net: Net) -> None:
        """Load a network's weights; the inverse of `net`."""
        for variable, name in zip(self.variables, ARRAYS, strict=True):
            variable.assign(getattr(net, name))


@dataclass(frozen=True)
class Dropout:
    """Shares dropped in training of the input, the hidden state and the joint layer."""

    heard: float = 0.0
    hidden: float = 0.0
    joint: float = 0.0


def _glorot(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed)


def line_graph(
    shared: BassLayers, config: BassConfig, tx: int, dropout: Dropout = Dropout(), seed: int = 0
) -> keras.Model:
    """Build the graph for teacher forcing over Tx beats.

    Returns:
        A model from `heard`, `last`, `root` and `next_bass` of a batch, (m, Tx, ...) each, and two states, to the
        logits (m, Tx, N_PITCHES) and the hidden states (m, Tx, n_a).
    """
    dtype = shared.embedder.compute_dtype
    heard = keras.Input((tx, N_HEARD), name="heard", dtype=dtype)
    places = [keras.Input((tx,), name=name, dtype="int32") for name in ("last", "root", "next_bass")]
    states = [keras.Input((config.n_a,), name=name, dtype=dtype) for name in ("a0", "c0")]
    x = shared.embedder(heard)
    fed = keras.layers.Dropout(dropout.heard, seed=seed, dtype=dtype)(x)
    hidden, _, _ = shared.lstm_cell(fed, initial_state=states)
    kept = keras.layers.Dropout(dropout.hidden, seed=seed + 1, dtype=dtype)(hidden)
    joint = shared.joint(ops.concatenate([kept, fed], axis=-1))
    out = shared.densor(keras.layers.Dropout(dropout.joint, seed=seed + 2, dtype=dtype)(joint))
    return keras.Model([heard, *places, *states], [_logits(out, *places), hidden], name="bass_line")


def _logits(out: Tensor, last: Tensor, root: Tensor, next_bass: Tensor) -> Tensor:
    """Compute the logits from the densor's outputs (m, T, N_OUTPUTS), as `net.Net.logits` does."""
    bounds = np.cumsum(list(VIEWS.values()))[:-1].tolist()
    logits, *views = ops.split(out, bounds, axis=-1)
    from_last = ops.where(last < LOW, N_PITCHES, last - LOW)
    for view, row, table in (
        (views[0], from_last, _OF_STEP),
        (views[1], ops.where(root == NONE, 12, root), _OF_DEGREE),
        (views[2], ops.where(next_bass == NONE, 12, next_bass), _OF_DEGREE),
    ):
        padded = ops.pad(view, ((0, 0), (0, 0), (0, 1)))  # the last index, a zero, stands for nothing
        logits = logits + ops.take_along_axis(padded, ops.take(table.astype(np.int32), row, axis=0), axis=-1)
    return logits

"""The layers and the training graph of touch in Keras; `net` computes the same in NumPy."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from jazzgen.learning.touch.columns import COLUMNS, N_ROWS, NUMBERS
from jazzgen.learning.touch.examples import N_BINNED
from jazzgen.learning.touch.net import N_DRIFT, Net, Sizes
from jazzgen.learning.touch.scale import N_BINS, QUANTITIES

Tensor = Any  # a Keras tensor, symbolic or not


@dataclass(frozen=True)
class TouchLayers:
    """One set of layers, in the order of `Sizes.shapes`."""

    sizes: Sizes
    embedder: keras.layers.Embedding
    numbers: keras.layers.Dense
    forward: keras.layers.LSTM
    backward: keras.layers.LSTM
    mean: keras.layers.Dense
    last: keras.layers.Embedding
    drift: keras.layers.Dense
    player: keras.layers.LSTM
    heads: tuple[tuple[keras.layers.Dense, keras.layers.Dense], ...]

    @classmethod
    def build(cls, sizes: Sizes, seed: int = 0, dtype: str = "float32") -> "TouchLayers":
        """Create layers of these sizes, initialised from `seed`."""
        seeds = iter(range(100 * seed, 100 * seed + 100))

        def dense(inputs: int, units: int, *, bias: bool = False) -> keras.layers.Dense:
            layer = keras.layers.Dense(units, use_bias=bias, dtype=dtype, kernel_initializer=_glorot(next(seeds)))
            layer.build((None, None, inputs))
            return layer

        def embedding(rows: int, units: int) -> keras.layers.Embedding:
            layer = keras.layers.Embedding(rows, units, dtype=dtype, embeddings_initializer=_glorot(next(seeds)))
            layer.build((None, None, None))
            return layer

        def lstm(inputs: int, units: int, *, backwards: bool = False) -> keras.layers.LSTM:
            layer = keras.layers.LSTM(
                units,
                return_sequences=True,
                go_backwards=backwards,
                dtype=dtype,
                kernel_initializer=_glorot(next(seeds)),
                recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
            )
            layer.build((None, None, inputs))
            return layer

        x, e, d, j = sizes.n_x, sizes.n_e, sizes.n_d, sizes.n_j
        return cls(
            sizes,
            embedding(N_ROWS, x),
            dense(len(NUMBERS), x),
            lstm(x, sizes.n_a),
            lstm(x, sizes.n_a, backwards=True),
            dense(e, len(QUANTITIES), bias=True),
            embedding(len(QUANTITIES) * N_BINNED, x),
            dense(N_DRIFT, x),
            lstm(e + x, d),
            tuple(
                (dense(d + e + place * N_BINNED, j, bias=True), dense(j, N_BINS, bias=True))
                for place in range(len(QUANTITIES))
            ),
        )

    @property
    def variables(self) -> list[keras.Variable]:
        """The variables, in the order of `Sizes.shapes`."""
        layers = [self.embedder, self.numbers, self.forward, self.backward, self.mean, self.last, self.drift]
        layers += [self.player, *(layer for head in self.heads for layer in head)]
        return [variable for layer in layers for variable in layer.trainable_variables]

    def net(self, values: list[np.ndarray] | None = None) -> Net:
        """Build the NumPy network with these weights, or with `values` in place of `variables`."""
        arrays = values if values is not None else [variable.numpy() for variable in self.variables]
        return Net(self.sizes, dict(zip(self.sizes.shapes(), arrays, strict=True)))

    def load(self, net: Net) -> None:
        """Load a network's arrays; the inverse of `net`."""
        for variable, name in zip(self.variables, self.sizes.shapes(), strict=True):
            variable.assign(net.arrays[name])


def _glorot(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed)


def training_graph(
    shared: TouchLayers, tx: int, dropout: tuple[float, float, float] = (0, 0, 0), seed: int = 0
) -> keras.Model:
    """Build the graph over Tx notes and what was played (teacher forcing).

    Args:
        shared: the layers.
        tx: notes of a window.
        dropout: shares dropped of the input, of the hidden states, and of the layers before the choices.
        seed: of the dropout.

    Returns:
        A model of heard, numbers, last, drift and own, as `examples.Batch` has them, to the means of the standardised
        values (m, Tx, 3) and the logits of each quantity (m, Tx, N_BINS).
    """
    seeds = iter(range(seed, seed + 100))
    dtype = shared.embedder.compute_dtype

    def dropped(value: Tensor, share: float) -> Tensor:
        return keras.layers.Dropout(share, seed=next(seeds))(value)

    heard, last, own = (keras.Input((tx, n), dtype="int32") for n in (len(COLUMNS), len(QUANTITIES), len(QUANTITIES)))
    numbers, drift = (keras.Input((tx, n), dtype=dtype) for n in (len(NUMBERS), N_DRIFT))
    x = ops.sum(shared.embedder(heard), axis=2) + shared.numbers(numbers)
    fed = dropped(x, dropout[0])
    after = ops.flip(shared.backward(fed), axis=1)
    e = dropped(ops.concatenate([shared.forward(fed), after, x], axis=-1), dropout[1])
    means = shared.mean(e)
    so_far = ops.sum(shared.last(last), axis=2) + shared.drift(drift)
    hidden = dropped(shared.player(ops.concatenate([e, so_far], axis=-1)), dropout[1])
    logits = []
    for place, (joint, out) in enumerate(shared.heads):
        drawn = [ops.one_hot(own[..., before], N_BINNED, dtype=dtype) for before in range(place)]
        given = ops.concatenate([hidden, e, *drawn], axis=-1)
        logits.append(out(dropped(ops.tanh(joint(given)), dropout[2])))
    inputs = [heard, numbers, last, drift, own]
    return keras.Model(inputs, [means, *logits], name="touch_training_graph")

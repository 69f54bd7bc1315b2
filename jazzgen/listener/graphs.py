"""The two networks that listen to windows of notes, in Keras."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from jazzgen.learning.soloist.ear import COLUMNS, WINDOW
from jazzgen.listener.config import Kind, ListenerOptions

Tensor = Any  # a Keras tensor, symbolic or not
# Sizes set by hand.
_WIDEST_EMBEDDING = 16
_FILTER_NOTES = 5
_DILATIONS = (1, 2, 4)
_LOW = -1e9  # less than any activation


def listener_graph(kind: Kind, names: Sequence[str], options: ListenerOptions) -> keras.Model:
    """Build a network over one window.

    Args:
        kind: recurrent or convolutional.
        names: the columns that it hears.
        options: sizes, dropout and seed.

    Returns:
        A model from notes (m, WINDOW, names) and a mask of those that exist (m, WINDOW) to the log-odds (m, 1) that a
        person played them.
    """
    seeds = iter(range(100 * options.seed, 100 * options.seed + 100))
    heard = keras.Input((WINDOW, len(names)), dtype="int32", name="heard")
    there = keras.Input((WINDOW,), dtype="bool", name="there")
    columns = [_embedded(heard[..., place], name, next(seeds)) for place, name in enumerate(names)]
    x = columns[0] if len(columns) == 1 else ops.concatenate(columns, axis=-1)
    x = keras.layers.Dropout(options.dropout, seed=next(seeds))(x)
    x = _recurrent(x, there, options, seeds) if kind == "recurrent" else _convolved(x, there, options, seeds)
    x = keras.layers.Dropout(options.dropout, seed=next(seeds))(_mean_and_most(x, there))
    odds = keras.layers.Dense(1, kernel_initializer=_glorot(next(seeds)), name="odds")(x)
    return keras.Model([heard, there], odds, name=f"{kind}_listener")


def _glorot(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed)


def _embedded(values: Tensor, name: str, seed: int) -> Tensor:
    width = min(_WIDEST_EMBEDDING, COLUMNS[name] // 2)
    initial = keras.initializers.RandomUniform(-0.05, 0.05, seed)
    return keras.layers.Embedding(COLUMNS[name], width, embeddings_initializer=initial, name=name)(values)


def _recurrent(x: Tensor, there: Tensor, options: ListenerOptions, seeds: Any) -> Tensor:
    ways = [
        keras.layers.GRU(
            options.units,
            return_sequences=True,
            go_backwards=backwards,
            kernel_initializer=_glorot(next(seeds)),
            recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
            name="backward" if backwards else "forward",
        )
        for backwards in (False, True)
    ]
    return keras.layers.Bidirectional(ways[0], backward_layer=ways[1], name="both_ways")(x, mask=there)


def _convolved(x: Tensor, there: Tensor, options: ListenerOptions, seeds: Any) -> Tensor:
    """Apply convolutions of growing dilation; masked notes stay 0."""
    mask = ops.cast(there, "float32")[..., None]
    for dilation in _DILATIONS:
        layer = keras.layers.Conv1D(
            options.units,
            _FILTER_NOTES,
            padding="same",
            dilation_rate=dilation,
            activation="relu",
            kernel_initializer=_glorot(next(seeds)),
            name=f"convolution_{dilation}",
        )
        x = keras.layers.Dropout(options.dropout, seed=next(seeds))(layer(x * mask))
    return x


def _mean_and_most(x: Tensor, there: Tensor) -> Tensor:
    """Concatenate mean and maximum over the unmasked notes: (m, WINDOW, n) to (m, 2 n)."""
    mask = ops.cast(there, "float32")[..., None]
    mean = ops.sum(x * mask, axis=1) / ops.sum(mask, axis=1)
    return ops.concatenate([mean, ops.max(ops.where(mask > 0, x, _LOW), axis=1)], axis=-1)

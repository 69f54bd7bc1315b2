"""The model's two graphs, wired from one `SharedLayers`.

`training_graph` runs Tx steps over given tokens (teacher forcing); `inference_graph` runs Ty steps, each fed the
one-hot of the previous choice. Each has the unrolled form of the exercise, and a fast form with the same weights,
inputs and outputs: one call of the LSTM over the sequence, and a compiled loop.
"""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras import ops

from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.layers import SharedLayers

Tensor = Any  # a Keras tensor, symbolic or not


def training_graph(shared: SharedLayers, config: Config, tx: int, *, unrolled: bool = False) -> keras.Model:
    """Build the exercise's `djmodel`: X (m, Tx, n_values), a0 and c0 (m, n_a) to Tx outputs.

    Returns:
        A model whose output is (m, Tx, n_values), or with `unrolled` a list of Tx outputs (m, n_values).

    Raises:
        OptionError: the layers are of other sizes than `config`.
    """
    x, a0, c0 = _training_inputs(shared, config, tx)
    if not unrolled:
        hidden, _, _ = shared.lstm_cell(x, initial_state=[a0, c0])
        return keras.Model([x, a0, c0], shared.densor(hidden), name="training_graph")
    outputs = [shared.densor(a) for a, _ in _unroll(shared, x, a0, c0)]
    return keras.Model([x, a0, c0], outputs, name="training_graph_unrolled")


def states_graph(shared: SharedLayers, config: Config, tx: int, *, unrolled: bool = False) -> keras.Model:
    """Build a model from the training graph's inputs to the states behind its outputs.

    Returns:
        A model whose outputs are the hidden states (m, Tx, n_a) and the last cell state (m, n_a), or with `unrolled`
        the hidden states and the cell states of every step, (m, Tx, n_a) each.
    """
    x, a0, c0 = _training_inputs(shared, config, tx)
    if not unrolled:
        hidden, _, cell = shared.lstm_cell(x, initial_state=[a0, c0])
        return keras.Model([x, a0, c0], [hidden, cell], name="states_graph")
    steps = [ops.stack(states, axis=1) for states in zip(*_unroll(shared, x, a0, c0), strict=True)]
    return keras.Model([x, a0, c0], steps, name="states_graph_unrolled")


def inference_graph(
    shared: SharedLayers, config: Config, ty: int, *, temperature: float | None = None, unrolled: bool = False
) -> keras.Model:
    """Build the exercise's `music_inference_model`: x0 (m, n_values), a0, c0 (m, n_a) to Ty outputs.

    Args:
        shared: the layers.
        config: sizes.
        ty: steps.
        temperature: None takes the likeliest token each step. A number samples: the model then has a fourth
            input, `noise` (m, Ty, n_values), standard Gumbel, and takes argmax(log p / temperature + noise),
            a sample from the softmax at that temperature (Gumbel-max trick).
        unrolled: call the layers Ty times.

    Returns:
        A model whose output is (m, Ty, n_values), or with `unrolled` a list of Ty outputs (m, n_values).
    """
    x0 = keras.Input((config.n_values,), name="x0", dtype=shared.dtype)
    a0, c0 = _states(shared, config)
    noise = None if temperature is None else keras.Input((ty, config.n_values), name="noise", dtype=shared.dtype)
    inputs = [x0, a0, c0] + ([] if noise is None else [noise])
    if not unrolled:
        cell = FeedbackCell(shared, config, temperature)
        loop = keras.layers.RNN(cell, return_sequences=True, name="feedback_loop", dtype=shared.dtype)
        clock = ops.repeat(ops.zeros_like(x0)[:, None, :1], ty, axis=1) if noise is None else noise
        return keras.Model(inputs, loop(clock, initial_state=[x0, a0, c0]), name="inference_graph")
    x, a, c = x0, a0, c0
    outputs = []
    for t in range(ty):
        _, a, c = shared.lstm_cell(shared.reshaper(x), initial_state=[a, c])
        outputs.append(shared.densor(a))
        choice = OneHotChoice(config.n_values, temperature, shared.dtype)
        x = choice([outputs[-1]] + ([] if noise is None else [noise[:, t]]))
    return keras.Model(inputs, outputs, name="inference_graph_unrolled")


def predict_and_sample(
    model: keras.Model, x0: np.ndarray, a0: np.ndarray, c0: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Generate once with an `inference_graph`, taking the likeliest values.

    Returns:
        results (Ty, n_values), the chosen one-hot rows, and indices (Ty, 1).
    """
    outputs = model.predict_on_batch([x0, a0, c0])
    probabilities = np.stack(outputs, axis=1) if isinstance(outputs, list) else outputs
    indices = probabilities[0].argmax(axis=-1)[:, None]
    return np.eye(probabilities.shape[-1], dtype=np.float32)[indices[:, 0]], indices


class OneHotChoice(keras.layers.Layer):
    """Maps probabilities (m, n_values), and Gumbel noise if there is a temperature, to the one-hot of the choice."""

    def __init__(self, n_values: int, temperature: float | None, dtype: str) -> None:
        super().__init__(dtype=dtype)
        self.n_values = n_values
        self.temperature = temperature

    def call(self, inputs: list[Tensor]) -> Tensor:
        return choose(*inputs, n_values=self.n_values, temperature=self.temperature)


class FeedbackCell(keras.layers.Layer):
    """An RNN cell made of the shared layers that feeds its choice back: its state is (x, a, c), each (m, size).

    Its input at each step is that step's noise, (m, n_values), or any (m, k) if nothing is sampled.
    """

    def __init__(self, shared: SharedLayers, config: Config, temperature: float | None) -> None:
        super().__init__(name="feedback_cell", dtype=shared.dtype)
        self.cell, self.densor = shared.lstm_cell.cell, shared.densor
        self.n_values = config.n_values
        self.temperature = temperature
        self.state_size = [config.n_values, config.n_a, config.n_a]
        self.output_size = config.n_values
        self.built = True

    def call(self, noise: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        x, a, c = states
        _, (a, c) = self.cell(x, [a, c])
        probabilities = self.densor(a)
        given = None if self.temperature is None else noise
        return probabilities, [choose(probabilities, given, n_values=self.n_values, temperature=self.temperature), a, c]


def choose(probabilities: Tensor, noise: Tensor | None = None, *, n_values: int, temperature: float | None) -> Tensor:
    """Return the one-hot of the likeliest value, or of argmax(log p / temperature + noise)."""
    scores = probabilities
    if temperature is not None:
        # The floor, 1e-28, keeps the logarithm finite.
        scores = ops.log(ops.maximum(probabilities, keras.config.epsilon() ** 4)) / temperature + noise
    return ops.one_hot(ops.argmax(scores, axis=-1), n_values, dtype=probabilities.dtype)


def _training_inputs(shared: SharedLayers, config: Config, tx: int) -> tuple[Tensor, Tensor, Tensor]:
    return keras.Input((tx, config.n_values), name="X", dtype=shared.dtype), *_states(shared, config)


def _states(shared: SharedLayers, config: Config) -> tuple[Tensor, Tensor]:
    shared.check_sizes(config.n_values, config.n_a)
    a0, c0 = (keras.Input((config.n_a,), name=name, dtype=shared.dtype) for name in ("a0", "c0"))
    return a0, c0


def _unroll(shared: SharedLayers, x: Tensor, a: Tensor, c: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the hidden and cell state after each step of x."""
    for t in range(x.shape[1]):
        _, a, c = shared.lstm_cell(shared.reshaper(x[:, t, :]), initial_state=[a, c])
        yield a, c

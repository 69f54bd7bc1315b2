"""The exercise's two Keras models: `learning.grammar.graphs` with one output a step, as `fit(..., list(Y))` needs."""

from typing import Any

import keras

from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.graphs import inference_graph, predict_and_sample, training_graph
from jazzgen.learning.grammar.layers import SharedLayers

__all__ = [
    "StepsModel",
    "adam",
    "default_layers",
    "predict_and_sample",
    "steps_inference_graph",
    "steps_training_graph",
]


class StepsModel(keras.Model):
    """A model with one output a step that compiles with one list of metrics for all of them.

    Keras 3 requires a list for each output; the exercise was written for a Keras that did not.
    """

    def compile(self, *args: Any, metrics: Any = None, **options: Any) -> None:
        if isinstance(metrics, list | tuple) and not any(isinstance(metric, list | tuple) for metric in metrics):
            metrics = [list(metrics) for _ in self.outputs]
        super().compile(*args, metrics=metrics, **options)


def default_layers(n_values: int, n_a: int) -> tuple[keras.layers.Layer, keras.layers.Layer, keras.layers.Layer]:
    """Make the exercise's reshapor, LSTM_cell and densor."""
    return (
        keras.layers.Reshape((1, n_values)),
        keras.layers.LSTM(n_a, return_state=True),
        keras.layers.Dense(n_values, activation="softmax"),
    )


def adam(learning_rate: float, beta_1: float, beta_2: float, decay: float) -> keras.optimizers.Adam:
    """Make an Adam whose learning rate falls as 1 / (1 + decay * steps), the meaning of `decay` before Keras 3."""
    rate = keras.optimizers.schedules.InverseTimeDecay(learning_rate, 1, decay) if decay else learning_rate
    return keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2)


def steps_training_graph(shared: SharedLayers, config: Config, *, unrolled: bool = False) -> keras.Model:
    """Build the training model: X (m, Tx, n_values), a0 and c0 (m, n_a) to a list of Tx outputs (m, n_values).

    Args:
        shared: the layers.
        config: sizes; its `tx` is Tx.
        unrolled: call the layers Tx times instead of once over the sequence; the numbers are the same.
    """
    graph = training_graph(shared, config, config.tx, unrolled=unrolled)
    outputs = graph.outputs if unrolled else _by_step(graph.outputs[0], config.tx)
    return StepsModel(graph.inputs, outputs, name="djmodel")


def steps_inference_graph(shared: SharedLayers, config: Config, ty: int) -> keras.Model:
    """Build the inference model: x0 (m, 1, n_values), a0 and c0 (m, n_a) to a list of Ty outputs (m, n_values).

    Each step is fed the one-hot of the likeliest value of the step before.
    """
    graph = inference_graph(shared, config, ty)
    x0 = keras.Input((1, config.n_values), name="x0", dtype=shared.dtype)
    a0, c0 = (keras.Input((config.n_a,), name=name, dtype=shared.dtype) for name in ("a0", "c0"))
    y = graph([keras.layers.Reshape((config.n_values,))(x0), a0, c0])
    return keras.Model([x0, a0, c0], _by_step(y, ty), name="music_inference_model")


def _by_step(y: Any, steps: int) -> list[Any]:
    return [y[:, t] for t in range(steps)]

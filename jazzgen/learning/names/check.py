"""Check that the character model agrees with Keras's layers, on its own names.

Keras's weights are the transposes of its own; both order the gates i, f, g, o.
"""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from jazzgen.learning.grammar.check import LIMITS, Comparison, largest_difference
from jazzgen.learning.grammar.windows import NOTHING, one_hot
from jazzgen.learning.names.model import NamesModel
from jazzgen.reference.charlm import as_pair
from jazzgen.reference.charlm_cells import NAMES, Parameters
from jazzgen.reference.charlm_net import rnn_backward, rnn_forward

_FEW = 4  # names, set by hand
_LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM}


def check_names(model: NamesModel, *, reference: Parameters | None = None, seed: int = 0) -> Iterator[Comparison]:
    """Compare outputs and gradients over a few of the model's own names.

    Args:
        model: to check.
        reference: parameters for the model's own equations instead, to show that a difference is found.
        seed: of the choice of names.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.choice(model.known, min(_FEW, len(model.known)), replace=False)
    parameters = model.parameters if reference is None else reference
    for dtype, limit in LIMITS.items():
        for name in chosen:
            for (layer, what), difference in _differences(model, parameters, str(name), dtype).items():
                yield Comparison(dtype, layer, f"{what}, '{name}'", difference, limit)


def _differences(model: NamesModel, parameters: Parameters, name: str, dtype: str) -> dict[tuple[str, str], float]:
    inputs, targets = as_pair(name.lower() if model.config.lower else name, model.char_to_ix)
    x = [None if index == NOTHING else int(index) for index in inputs]
    y = [int(index) for index in targets]
    a0 = np.zeros((2 * model.config.n_a if model.config.cell == "lstm" else model.config.n_a, 1))
    _, cache = rnn_forward(x, y, a0, parameters)
    gradients, _ = rnn_backward(x, y, parameters, cache)
    outputs, slopes = _keras(model, inputs, targets, dtype)
    expected = _packed({name: gradients[f"d{name}"] for name in NAMES})
    found = {("densor", "outputs"): largest_difference(outputs, cache.p)}
    layers = ("cell", "cell", "cell", "densor", "densor")
    names = ("kernel", "recurrent kernel", "bias", "kernel", "bias")
    for layer, what, slope, wanted in zip(layers, names, slopes, expected, strict=True):
        found[layer, f"gradient of {what}"] = largest_difference(slope, wanted)
    return found


def _keras(
    model: NamesModel, inputs: np.ndarray, targets: np.ndarray, dtype: str
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return Keras's probabilities (T, n_y) and its gradients of the loss by each weight."""
    n = len(model.config.characters)
    layer = _LAYERS[model.config.cell](model.config.n_a, return_sequences=True, dtype=dtype)
    densor = keras.layers.Dense(n, activation="softmax", dtype=dtype)
    layer.build((None, None, n))
    densor.build((None, None, model.config.n_a))
    weights = _packed(model.parameters)
    layer.set_weights(weights[:3])
    densor.set_weights(weights[3:])
    with tf.GradientTape() as tape:
        outputs = densor(layer(tf.constant(one_hot(inputs, n)[None], dtype)))[0]
        chosen = tf.reduce_sum(outputs * tf.constant(one_hot(targets, n), dtype), axis=-1)
        loss = -tf.reduce_sum(tf.math.log(chosen))
    slopes = tape.gradient(loss, [*layer.trainable_variables, *densor.trainable_variables])
    return np.asarray(outputs), [np.asarray(slope) for slope in slopes]


def _packed(parameters: Parameters) -> list[np.ndarray]:
    """Return kernel, recurrent kernel, bias, and the densor's kernel and bias, in Keras's layout."""
    return [parameters[name].T.squeeze() for name in ("Wax", "Waa", "b", "Wya", "by")]

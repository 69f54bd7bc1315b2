"""Check that the graphs, the NumPy engine and the NumPy reference agree, on the weights of a model.

One batch of token windows goes through both forms of both graphs, in float32 and in float64, through the engine, and
through the reference, which is always in float64. Compared are the results of every step, and the gradients of one
loss: the mean cross-entropy of the windows. Load TensorFlow with `startup` first to keep it silent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf

from jazzgen.learning import sampling
from jazzgen.learning.grammar.bundle import Config, Weights
from jazzgen.learning.grammar.engine import Engine
from jazzgen.learning.grammar.graphs import Tensor, inference_graph, states_graph, training_graph
from jazzgen.learning.grammar.layers import SharedLayers
from jazzgen.learning.grammar.windows import NOTHING, one_hot
from jazzgen.learning.lstm import State
from jazzgen.reference import lstm
from jazzgen.reference.packing import from_keras, to_keras

LIMITS = {"float32": 1e-5, "float64": 1e-10}  # set by hand
_WARM_UP = 20  # steps, set by hand
MOST_STEPS = 40  # set by hand: the time to build an unrolled graph grows with its steps
_GRADIENTS = (
    *(("lstm_cell", f"gradient of {name}") for name in ("kernel", "recurrent kernel", "bias")),
    *(("densor", f"gradient of {name}") for name in ("kernel", "bias")),
    *(("lstm_cell", f"gradient of {name}") for name in ("a0", "c0")),
)


@dataclass(frozen=True)
class Comparison:
    """The largest difference of one quantity from the reference, and the limit.

    A difference is absolute, or relative to the largest expected value if that is above 1.
    """

    dtype: str
    layer: str
    what: str
    difference: float
    limit: float

    @property
    def ok(self) -> bool:
        return self.difference <= self.limit  # false for NaN


@dataclass(frozen=True)
class Probe:
    """The inputs of the comparison.

    Attributes:
        inputs, targets: (m, Tx) indices of tokens; an input may be `NOTHING`.
        a0, c0: (m, n_a), float64, but exact in float32 too.
    """

    inputs: np.ndarray
    targets: np.ndarray
    a0: np.ndarray
    c0: np.ndarray

    @classmethod
    def draw(cls, config: Config, weights: Weights, rng: np.random.Generator, m: int = 4) -> "Probe":
        """Draw windows by letting the model play, after some warm-up steps; the first window is a solo's start.

        Random noise would be unlike anything that the model meets, and a trained one reacts to it wildly.
        """
        engine = _engine_of(weights, "float64")

        def play(values: np.ndarray, state: State) -> tuple[np.ndarray, State]:
            logits, state = engine.step(values, state)
            return sampling.choose(logits, sampling.gumbel(logits.shape, rng)), state

        values, state = engine.start(m)
        for _ in range(_WARM_UP):
            values, state = play(values, state)
        values[0] = engine.n_values
        state.a[0], state.c[0] = 0, 0
        a0, c0 = (array.astype(np.float32).astype(np.float64) for array in state)
        played = [values]
        for _ in range(config.tx):
            values, state = play(values, state)
            played.append(values)
        tokens = np.stack(played, axis=1)
        return cls(np.where(tokens == engine.n_values, NOTHING, tokens)[:, :-1], tokens[:, 1:], a0, c0)


class Reference:
    """The NumPy reference with rows for examples, as in Keras."""

    def __init__(self, weights: Weights) -> None:
        self._parameters = from_keras(weights)
        self._n_values = len(weights.dense_bias)

    def run(self, probe: Probe, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return hidden states, cell states (m, T, n_a) and outputs (m, T, n_values) for inputs (m, T)."""
        a, y, c, _ = lstm.lstm_forward(self._columns(inputs), probe.a0.T, self._parameters, probe.c0.T)
        return a.transpose(1, 2, 0), c.transpose(1, 2, 0), y.transpose(1, 2, 0)

    def gradients(self, probe: Probe) -> list[np.ndarray]:
        """Return the gradients of the loss, in the order of `_GRADIENTS`."""
        x, targets = self._columns(probe.inputs), self._columns(probe.targets)
        _, gradients = lstm.lstm_loss(x, probe.a0.T, self._parameters, targets, probe.c0.T)
        packed = to_keras({name: gradients[f"d{name}"] for name in self._parameters})
        return [*packed, gradients["da0"].T, gradients["dc0"].T]

    def _columns(self, indices: np.ndarray) -> np.ndarray:
        return one_hot(indices, self._n_values).astype(np.float64).transpose(2, 0, 1)


def check_weights(
    config: Config, weights: Weights, *, reference: Weights | None = None, engine: Weights | None = None, seed: int = 0
) -> Iterator[Comparison]:
    """Compare everything with the reference.

    Args:
        config: of the model.
        weights: of the model; the graphs use them.
        reference, engine: weights that these use instead, to show that a difference is found; None is `weights`.
        seed: of the windows and states.

    Yields:
        One comparison after the other; windows have the model's Tx steps, at most 40.
    """
    config = replace(config, tx=min(config.tx, MOST_STEPS))
    probe = Probe.draw(config, weights, np.random.default_rng(seed))
    expected = Reference(weights if reference is None else reference)
    for dtype, limit in LIMITS.items():
        shared = SharedLayers.build(config, dtype=dtype)
        shared.load(weights)
        for differences in (
            _each_token_once(shared, config, weights if engine is None else engine, expected),
            _training_differences(shared, config, probe, expected),
            _inference_differences(shared, config, probe, expected),
            _engine_differences(weights if engine is None else engine, dtype, probe, expected),
        ):
            for (layer, what), difference in differences.items():
                yield Comparison(dtype, layer, what, difference, limit)


Differences = Mapping[tuple[str, str], float]


def _each_token_once(shared: SharedLayers, config: Config, engine: Weights, expected: Reference) -> Differences:
    """Run the first step of a solo after every token, so that no row of the kernel goes unchecked."""
    tokens = np.arange(config.n_values)[:, None]
    states = np.zeros((config.n_values, config.n_a))
    probe = Probe(tokens, tokens, states, states)
    wanted = expected.run(probe, tokens)[2]
    inputs = _constants(shared, one_hot(tokens[:, 0], config.n_values), probe)
    logits, _ = _engine_of(engine, shared.dtype).step(tokens[:, 0], State(*[states.astype(shared.dtype)] * 2))
    return {
        ("densor", "outputs, each token once"): largest_difference(inference_graph(shared, config, 1)(inputs), wanted),
        ("NumPy engine", "outputs, each token once"): largest_difference(sampling.softmax(logits)[:, None], wanted),
    }


def _engine_of(weights: Weights, dtype: str) -> Engine:
    return Engine(Weights(*(array.astype(dtype) for array in weights)))


def _training_differences(shared: SharedLayers, config: Config, probe: Probe, expected: Reference) -> Differences:
    a, c, y = expected.run(probe, probe.inputs)
    slopes = expected.gradients(probe)
    inputs = _constants(shared, one_hot(probe.inputs, config.n_values), probe)
    found = {}
    for unrolled in (False, True):
        form = ", unrolled" if unrolled else ""
        hidden, cells = states_graph(shared, config, config.tx, unrolled=unrolled)(inputs)
        found["lstm_cell", f"hidden states{form}"] = largest_difference(hidden, a)
        found["lstm_cell", "cell states, unrolled" if unrolled else "last cell state"] = largest_difference(
            cells, c if unrolled else c[:, -1]
        )
        outputs, gradients = _outputs_and_gradients(shared, config, probe, inputs, unrolled)
        found["densor", f"outputs, training graph{form}"] = largest_difference(outputs, y)
        for (layer, what), gradient, slope in zip(_GRADIENTS, gradients, slopes, strict=True):
            found[layer, f"{what}{form}"] = largest_difference(gradient, slope)
    return found


def _outputs_and_gradients(
    shared: SharedLayers, config: Config, probe: Probe, inputs: list[Tensor], unrolled: bool
) -> tuple[Tensor, list[Tensor]]:
    model = training_graph(shared, config, config.tx, unrolled=unrolled)
    targets = tf.constant(one_hot(probe.targets, config.n_values), shared.dtype)
    with tf.GradientTape() as tape:
        tape.watch(inputs[1:])
        outputs = _stacked(model(inputs))
        loss = -tf.reduce_mean(tf.math.log(tf.reduce_sum(outputs * targets, axis=-1)))
    return outputs, tape.gradient(loss, [*shared.variables, *inputs[1:]])


def _inference_differences(shared: SharedLayers, config: Config, probe: Probe, expected: Reference) -> Differences:
    """Compare inference; the reference is fed what the graph chose, so that a near tie cannot make them diverge."""
    first = probe.inputs[:, :1]
    inputs = _constants(shared, one_hot(first[:, 0], config.n_values), probe)
    found = {}
    for unrolled in (False, True):
        model = inference_graph(shared, config, config.tx, unrolled=unrolled)
        outputs = np.asarray(_stacked(model(inputs)))
        fed = np.concatenate([first, outputs.argmax(axis=-1)[:, :-1]], axis=1)
        form = ", unrolled" if unrolled else ""
        found["densor", f"outputs, inference graph{form}"] = largest_difference(outputs, expected.run(probe, fed)[2])
    return found


def _engine_differences(weights: Weights, dtype: str, probe: Probe, expected: Reference) -> Differences:
    engine = _engine_of(weights, dtype)
    state = State(probe.a0.astype(dtype), probe.c0.astype(dtype))
    hidden, cells, outputs = [], [], []
    for values in np.where(probe.inputs == NOTHING, engine.n_values, probe.inputs).T:
        logits, state = engine.step(values, state)
        hidden.append(state.a)
        cells.append(state.c)
        outputs.append(sampling.softmax(logits))
    names = ("hidden states", "cell states", "outputs")
    return {
        ("NumPy engine", name): largest_difference(np.stack(steps, axis=1), wanted)
        for name, steps, wanted in zip(names, (hidden, cells, outputs), expected.run(probe, probe.inputs), strict=True)
    }


def _constants(shared: SharedLayers, first: np.ndarray, probe: Probe) -> list[Tensor]:
    """Return a graph's inputs: its own first input, a0 and c0."""
    return [tf.constant(array, shared.dtype) for array in (first, probe.a0, probe.c0)]


def _stacked(outputs: Tensor) -> Tensor:
    """Return outputs (m, T, n_values) of either form of a graph."""
    return tf.stack(outputs, axis=1) if isinstance(outputs, list) else outputs


def largest_difference(found: Tensor, expected: np.ndarray) -> float:
    """Return the largest difference, relative to the largest expected value if that is above 1 (cell states may be)."""
    array = np.asarray(found)
    assert array.shape == expected.shape, (array.shape, expected.shape)
    return float(np.abs(array - expected).max() / max(1.0, np.abs(expected).max()))

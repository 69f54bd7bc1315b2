"""The reference, Keras and the engine beside each other; and that a difference is seen."""

import keras
import numpy as np
import pytest

from jazzgen.errors import JazzgenError
from jazzgen.learning.grammar.bundle import Config, Weights
from jazzgen.learning.grammar.check import LIMITS, Comparison, Probe, check_weights
from jazzgen.learning.grammar.graphs import inference_graph, states_graph, training_graph
from jazzgen.learning.grammar.layers import SharedLayers
from jazzgen.learning.names.check import check_names
from jazzgen.learning.names.model import NamesConfig, NamesModel
from jazzgen.reference.charlm_net import initialize_parameters
from jazzgen.reference.lstm import lstm_forward
from jazzgen.reference.packing import from_keras, to_keras
from jazzgen.reference.rnn import rnn_forward

CONFIG = Config(n_values=11, n_a=7, tx=6)


@pytest.fixture(scope="module")
def weights() -> Weights:
    rng = np.random.default_rng(3)
    return Weights(*(rng.normal(0, 1, tuple(shape)).astype(np.float32) for shape in CONFIG.shapes()))


def off(comparisons: list[Comparison]) -> set[str]:
    return {comparison.layer for comparison in comparisons if not comparison.ok}


def nudged(weights: Weights, name: str) -> Weights:
    """One entry of one array moved by a thousandth."""
    array = getattr(weights, name).copy()
    array.flat[array.size // 2] += 1e-3
    return weights._replace(**{name: array})


def test_everything_agrees_step_by_step(weights: Weights) -> None:
    comparisons = list(check_weights(CONFIG, weights))
    assert off(comparisons) == set()
    assert {comparison.dtype for comparison in comparisons} == {"float32", "float64"}
    things = {(comparison.layer, comparison.what) for comparison in comparisons}
    assert len(comparisons) == 2 * len(things)
    for form in ("", ", unrolled"):
        assert ("lstm_cell", f"hidden states{form}") in things
        for graph in ("training", "inference"):
            assert ("densor", f"outputs, {graph} graph{form}") in things
        for name in ("kernel", "recurrent kernel", "bias", "a0", "c0"):
            assert ("lstm_cell", f"gradient of {name}{form}") in things
    assert ("lstm_cell", "cell states, unrolled") in things
    assert ("NumPy engine", "cell states") in things


def test_float32_differs_and_float64_hardly(weights: Weights) -> None:
    """The figures are measured: float32 rounds, and float64 does so far less."""
    largest = {dtype: max(c.difference for c in check_weights(CONFIG, weights) if c.dtype == dtype) for dtype in LIMITS}
    assert 1e-9 < largest["float32"] < 1e-5
    assert 0 < largest["float64"] < 1e-13


@pytest.mark.parametrize("name", Weights._fields)
def test_a_broken_weight_is_found(weights: Weights, name: str) -> None:
    """The reference gets the whole weights, the graphs and the engine one that is broken."""
    comparisons = list(check_weights(CONFIG, nudged(weights, name), reference=weights))
    found = off(comparisons)
    assert {"densor", "NumPy engine"} <= found
    if name in ("recurrent", "bias"):  # of the kernel, the row of a token that was not played
        assert "lstm_cell" in found
        states = [c for c in comparisons if c.layer == "lstm_cell" and "states" in c.what]
        assert not any(c.ok for c in states)


def test_a_broken_engine_is_told_from_broken_graphs(weights: Weights) -> None:
    assert off(list(check_weights(CONFIG, weights, engine=nudged(weights, "recurrent")))) == {"NumPy engine"}


def test_swapped_gates_are_found(weights: Weights) -> None:
    """Keras's order is i, f, c, o; forget first would be another network."""
    i, f, c, o = np.split(weights.bias, 4)
    comparisons = list(check_weights(CONFIG, weights, reference=weights._replace(bias=np.concatenate([f, i, c, o]))))
    assert off(comparisons) == {"lstm_cell", "densor", "NumPy engine"}


def test_large_cell_states_are_no_disagreement() -> None:
    """Open gates add to the cell each step; what float32 can tell apart grows with it."""
    config = Config(n_values=3, n_a=4, tx=40)
    zeros = Weights(*(np.zeros(tuple(shape), np.float32) for shape in config.shapes()))
    bias = np.repeat(np.array([20, 20, 1.7, 20], np.float32), config.n_a)
    dense = np.random.default_rng(0).normal(size=(config.n_a, config.n_values)).astype(np.float32)
    weights = zeros._replace(bias=bias, dense_kernel=dense)
    assert off(list(check_weights(config, weights))) == set()
    assert off(list(check_weights(config, weights, reference=nudged(weights, "bias")))) >= {"lstm_cell", "NumPy engine"}


def test_not_a_number_is_no_agreement() -> None:
    assert not Comparison("float32", "densor", "outputs", float("nan"), 1e-5).ok


def test_a_weight_that_is_not_a_number_is_refused(weights: Weights) -> None:
    broken = weights._replace(kernel=np.full_like(weights.kernel, np.nan))
    with pytest.raises(JazzgenError, match=r"kernel\[0, 0\] is nan"):
        list(check_weights(CONFIG, broken))


def test_long_windows_are_cut() -> None:
    config = Config(n_values=3, n_a=2, tx=10_000)
    rng = np.random.default_rng(0)
    small = Weights(*(rng.normal(size=tuple(shape)).astype(np.float32) for shape in config.shapes()))
    assert next(check_weights(config, small)).ok


def test_a_probe_starts_as_a_solo_does_and_is_the_same_for_one_seed(weights: Weights) -> None:
    first, again = (Probe.draw(CONFIG, weights, np.random.default_rng(4)) for _ in range(2))
    assert first.inputs[0, 0] == -1
    np.testing.assert_array_equal(first.inputs[:, 1:], first.targets[:, :-1])
    np.testing.assert_array_equal(first.a0, again.a0)
    np.testing.assert_array_equal(first.a0, first.a0.astype(np.float32))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_go_to_keras_and_come_back(dtype: str) -> None:
    """Parameters of the reference, loaded into the shared layers, make Keras say what the reference says."""
    rng = np.random.default_rng(5)
    shared = SharedLayers.build(CONFIG, dtype=dtype)
    parameters = from_keras([rng.normal(size=w.shape).astype(np.float32) for w in shared.weights()])
    shared.load(Weights(*to_keras(parameters)))
    x = rng.normal(size=(4, CONFIG.tx, CONFIG.n_values)).astype(np.float32)
    a0, c0 = rng.normal(size=(2, 4, CONFIG.n_a)).astype(np.float32)
    _, y, _, _ = lstm_forward(x.transpose(2, 0, 1).astype(float), a0.T.astype(float), parameters, c0.T.astype(float))
    outputs = np.asarray(training_graph(shared, CONFIG, CONFIG.tx)([x, a0, c0]))
    assert outputs.dtype == dtype
    np.testing.assert_allclose(outputs, y.transpose(1, 2, 0), atol=LIMITS[dtype])
    for name, array in from_keras(shared.weights()).items():
        np.testing.assert_allclose(array, parameters[name], atol=1e-7)


@pytest.mark.parametrize("unrolled", [False, True])
def test_graphs_of_float64_layers_compute_in_float64(unrolled: bool) -> None:
    shared = SharedLayers.build(CONFIG, dtype="float64")
    graphs = (
        training_graph(shared, CONFIG, 3, unrolled=unrolled),
        states_graph(shared, CONFIG, 3, unrolled=unrolled),
        inference_graph(shared, CONFIG, 3, unrolled=unrolled),
        inference_graph(shared, CONFIG, 3, unrolled=unrolled, temperature=0.7),
    )
    for graph in graphs:
        assert {tensor.dtype for tensor in [*graph.inputs, *graph.outputs]} == {"float64"}


def test_the_simple_network_agrees_with_keras() -> None:
    rng = np.random.default_rng(6)
    layer = keras.layers.SimpleRNN(5, return_sequences=True, dtype="float64")
    densor = keras.layers.Dense(2, activation="softmax", dtype="float64")
    layer.build((None, None, 3))
    densor.build((None, None, 5))
    x, a0 = rng.normal(size=(4, 6, 3)), rng.normal(size=(4, 5))
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    densor.set_weights([rng.normal(size=w.shape) for w in densor.get_weights()])
    weights = zip(("Wax", "Waa", "ba", "Wya", "by"), layer.get_weights() + densor.get_weights(), strict=True)
    parameters = {name: np.atleast_2d(array).T for name, array in weights}
    a, y, _ = rnn_forward(x.transpose(2, 0, 1), a0.T, parameters)
    hidden = layer(x, initial_state=[a0])
    np.testing.assert_allclose(np.asarray(hidden), a.transpose(1, 2, 0), atol=1e-12)
    np.testing.assert_allclose(np.asarray(densor(hidden)), y.transpose(1, 2, 0), atol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_names_model_agrees_with_keras_and_a_broken_one_does_not(cell: str) -> None:
    rng = np.random.default_rng(8)
    config = NamesConfig(cell=cell, n_a=6, characters="\nabc", max_length=9, lower=False)
    parameters = initialize_parameters(6, 4, 4, rng, cell)
    model = NamesModel(
        "toy", config, {name: rng.normal(size=p.shape) for name, p in parameters.items()}, ("abba", "cab")
    )
    assert off(list(check_names(model))) == set()
    for name in parameters:
        wrong = {key: array.copy() for key, array in model.parameters.items()}
        wrong[name].flat[1] += 1e-3  # of the letter a, since the newline is never an input
        assert off(list(check_names(model, reference=wrong))) & {"cell", "densor"}

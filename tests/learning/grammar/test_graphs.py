"""Both graphs, in both forms, over one set of weights; and the NumPy engine beside them."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from jazzgen.learning import sampling
from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.engine import Engine
from jazzgen.learning.grammar.graphs import inference_graph, predict_and_sample, training_graph
from jazzgen.learning.grammar.layers import SharedLayers

CONFIG = Config(n_values=11, n_a=7, tx=6)
M, TY = 4, 9


@pytest.fixture
def shared() -> SharedLayers:
    """Layers with weights large enough that choices differ from step to step."""
    layers = SharedLayers.build(CONFIG, seed=3)
    rng = np.random.default_rng(3)
    layers.load(type(layers.weights())(*(rng.normal(0, 2, w.shape).astype(np.float32) for w in layers.weights())))
    return layers


def states(m: int = M) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [rng.normal(0, 0.5, (m, CONFIG.n_a)).astype(np.float32) for _ in range(2)]


def tokens(m: int = M) -> np.ndarray:
    return np.random.default_rng(2).integers(0, CONFIG.n_values, (m, CONFIG.tx))


def one_hot(indices: np.ndarray) -> np.ndarray:
    return np.eye(CONFIG.n_values, dtype=np.float32)[indices]


def outputs_of(model: keras.Model, inputs: list[np.ndarray]) -> np.ndarray:
    """(m, T, n_values) from either form."""
    outputs = model(inputs)
    return np.stack([np.array(o) for o in outputs], axis=1) if isinstance(outputs, list) else np.array(outputs)


def test_the_two_forms_of_the_training_graph_give_the_same_outputs(shared: SharedLayers) -> None:
    inputs = [one_hot(tokens()), *states()]
    fast = outputs_of(training_graph(shared, CONFIG, CONFIG.tx), inputs)
    unrolled = outputs_of(training_graph(shared, CONFIG, CONFIG.tx, unrolled=True), inputs)
    assert fast.shape == (M, CONFIG.tx, CONFIG.n_values)
    np.testing.assert_allclose(fast, unrolled, atol=1e-6)


def gradients(shared: SharedLayers, model: keras.Model, inputs: list[np.ndarray]) -> list[np.ndarray]:
    targets = one_hot(tokens())[:, ::-1]
    with tf.GradientTape() as tape:
        outputs = model(inputs)
        stacked = tf.stack(outputs, axis=1) if isinstance(outputs, list) else outputs
        loss = -tf.reduce_mean(targets * tf.math.log(stacked))
    return [np.array(gradient) for gradient in tape.gradient(loss, shared.variables)]


def test_the_two_forms_of_the_training_graph_give_the_same_gradients(shared: SharedLayers) -> None:
    inputs = [one_hot(tokens()), *states()]
    fast = gradients(shared, training_graph(shared, CONFIG, CONFIG.tx), inputs)
    unrolled = gradients(shared, training_graph(shared, CONFIG, CONFIG.tx, unrolled=True), inputs)
    assert len(fast) == 5
    for a, b in zip(fast, unrolled, strict=True):
        assert np.abs(a).max() > 1e-5
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_unrolled_training_graph_has_an_output_a_step(shared: SharedLayers) -> None:
    model = training_graph(shared, CONFIG, CONFIG.tx, unrolled=True)
    assert [output.shape for output in model.outputs] == [(None, CONFIG.n_values)] * CONFIG.tx
    assert [tensor.name for tensor in model.inputs] == ["X", "a0", "c0"]


@pytest.mark.parametrize("temperature", [None, 0.7])
def test_the_two_forms_of_the_inference_graph_give_the_same_outputs(
    shared: SharedLayers, temperature: float | None
) -> None:
    inputs = [one_hot(tokens()[:, 0]), *states()]
    if temperature is not None:
        inputs.append(sampling.gumbel((M, TY, CONFIG.n_values), np.random.default_rng(5)))
    fast = outputs_of(inference_graph(shared, CONFIG, TY, temperature=temperature), inputs)
    unrolled = outputs_of(inference_graph(shared, CONFIG, TY, temperature=temperature, unrolled=True), inputs)
    assert fast.shape == (M, TY, CONFIG.n_values)
    np.testing.assert_allclose(fast, unrolled, atol=1e-6)


def test_inference_feeds_its_own_choice_back(shared: SharedLayers) -> None:
    """What the training graph says when it is given the inference graph's choices is what inference said."""
    ty = CONFIG.tx
    x0 = one_hot(tokens()[:, 0])
    generated = outputs_of(inference_graph(shared, CONFIG, ty), [x0, *states()])
    fed = np.concatenate([x0[:, None], one_hot(generated.argmax(-1))[:, :-1]], axis=1)
    np.testing.assert_allclose(outputs_of(training_graph(shared, CONFIG, ty), [fed, *states()]), generated, atol=1e-6)


@pytest.mark.parametrize("unrolled", [False, True])
def test_training_one_graph_changes_the_other(shared: SharedLayers, unrolled: bool) -> None:
    x0 = one_hot(tokens()[:, 0])
    inference = inference_graph(shared, CONFIG, TY, unrolled=unrolled)
    before = outputs_of(inference, [x0, *states()])
    training = training_graph(shared, CONFIG, CONFIG.tx)
    training.compile(optimizer=keras.optimizers.Adam(0.05), loss="categorical_crossentropy")
    training.fit([one_hot(tokens()), *states()], one_hot(tokens()[:, ::-1]), epochs=2, verbose=0)
    after = outputs_of(inference, [x0, *states()])
    assert np.abs(after - before).max() > 1e-3
    rebuilt = inference_graph(shared, CONFIG, TY)
    np.testing.assert_allclose(outputs_of(rebuilt, [x0, *states()]), after, atol=1e-6)


def test_the_graphs_hold_no_weights_but_the_shared_ones(shared: SharedLayers) -> None:
    expected = {variable.path for variable in shared.variables}
    graphs: list[Any] = [training_graph(shared, CONFIG, 3), inference_graph(shared, CONFIG, 3)]
    for graph in graphs:
        assert {variable.path for variable in graph.trainable_variables} == expected
        assert all(any(v is mine for mine in shared.variables) for v in graph.trainable_variables)


@pytest.mark.parametrize("unrolled", [False, True])
def test_predict_and_sample_returns_one_hot_rows_and_their_indices(shared: SharedLayers, unrolled: bool) -> None:
    a0, c0 = states(1)
    model = inference_graph(shared, CONFIG, TY, unrolled=unrolled)
    results, indices = predict_and_sample(model, np.zeros((1, CONFIG.n_values), np.float32), a0, c0)
    assert results.shape == (TY, CONFIG.n_values)
    assert indices.shape == (TY, 1)
    np.testing.assert_array_equal(results.argmax(-1), indices[:, 0])
    np.testing.assert_array_equal(results.sum(-1), 1)
    assert len(set(indices[:, 0])) > 1


def test_the_engine_agrees_with_the_inference_graph(shared: SharedLayers) -> None:
    engine = Engine(shared.weights())
    zeros = [np.zeros((1, size), np.float32) for size in (CONFIG.n_values, CONFIG.n_a, CONFIG.n_a)]
    expected = outputs_of(inference_graph(shared, CONFIG, 50), zeros)[0]
    values, state = engine.start()
    for probabilities in expected:
        logits, state = engine.step(values, state)
        np.testing.assert_allclose(sampling.softmax(logits)[0], probabilities, atol=1e-5)
        values = logits.argmax(-1)
    np.testing.assert_array_equal(engine.generate(50)[0], expected.argmax(-1))


def test_the_engine_samples_as_the_inference_graph_does(shared: SharedLayers) -> None:
    """The same noise gives the same tokens, a batch at a time."""
    noise = sampling.gumbel((M, 40, CONFIG.n_values), np.random.default_rng(6))
    zeros = [np.zeros((M, size), np.float32) for size in (CONFIG.n_values, CONFIG.n_a, CONFIG.n_a)]
    probabilities = outputs_of(inference_graph(shared, CONFIG, 40, temperature=0.8), [*zeros, noise])
    expected = (np.log(probabilities) / 0.8 + noise).argmax(-1)
    np.testing.assert_array_equal(Engine(shared.weights()).generate(40, M, noise=noise, temperature=0.8), expected)


def test_layers_keep_their_weights_through_numpy(shared: SharedLayers) -> None:
    other = SharedLayers.build(CONFIG, seed=9)
    other.load(shared.weights())
    for a, b in zip(other.weights(), shared.weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_one_seed_gives_one_start() -> None:
    first, second, other = (SharedLayers.build(CONFIG, seed).weights() for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.kernel, second.kernel)
    assert np.abs(first.kernel - other.kernel).max() > 0.01

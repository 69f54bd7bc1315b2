"""Train a listening network: cross-entropy, Adam, and the weights of the epoch that does best on tunes set aside."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from jazzgen.learning.soloist.ear import COLUMNS, WAYS
from jazzgen.listener.config import FEATURES, Kind, ListenerOptions
from jazzgen.listener.graphs import listener_graph
from jazzgen.listener.solos import Heard
from jazzgen.listener.windows import Windows, judged_windows, shuffled_windows

_SET_ASIDE = 10  # one tune in ten chooses the epoch, set by hand
_JUDGED_AT_ONCE = 1024  # windows, set by hand


class Network:
    """A trained listening network."""

    def __init__(self, model: keras.Model, names: Sequence[str]) -> None:
        self._model = model
        self._places = [list(COLUMNS).index(name) for name in names]

    def inputs(self, windows: Windows) -> list[np.ndarray]:
        return [windows.columns[..., self._places], windows.notes]

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the weights of a recurrent network that hears all columns, as `learning.soloist.ear` takes them."""
        model = self._model
        found = {name: model.get_layer(name).get_weights()[0] for name in COLUMNS}
        both = model.get_layer("both_ways").get_weights()
        ways = (both[: len(both) // 2], both[len(both) // 2 :])
        for way, (kernel, recurrent, bias) in zip(WAYS, ways, strict=True):
            found |= {f"{way}_kernel": kernel, f"{way}_recurrent": recurrent, f"{way}_bias": bias}
        kernel, bias = model.get_layer("odds").get_weights()
        return found | {"odds_kernel": kernel, "odds_bias": bias}

    def odds(self, windows: Windows) -> np.ndarray:
        """Return the log-odds (m,) that a person played each window."""
        parts = [self._model(self.inputs(windows.take(rows))) for rows in _batches(len(windows.solos), _JUDGED_AT_ONCE)]
        return np.concatenate([np.asarray(part)[:, 0] for part in parts])


def fit_network(kind: Kind, features: str, solos: Sequence[Heard], options: ListenerOptions) -> Network:
    """Train on solos of both sides; equal arguments give equal results.

    Args:
        kind: recurrent or convolutional.
        features: a name in `FEATURES`.
        solos: of two tunes or more.
        options: how to train.
    """
    tf.config.experimental.enable_op_determinism()
    tf.get_logger().setLevel("ERROR")  # otherwise it warns about each new network's graph
    keras.utils.set_random_seed(options.seed)  # required by determinism; every layer has a seed of its own
    rng = np.random.default_rng(options.seed)
    learnt, aside = _set_aside(solos, rng)
    model = listener_graph(kind, FEATURES[features], options)
    windows = judged_windows(aside)
    optimizer = keras.optimizers.Adam(options.learning_rate)
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
    network = Network(model, FEATURES[features])
    labels = _labels(aside, windows)
    best, kept = np.inf, model.get_weights()
    for epoch in range(options.epochs):
        optimizer.learning_rate = options.learning_rate * (1 + np.cos(np.pi * epoch / options.epochs)) / 2
        cut = shuffled_windows(learnt, rng)
        for rows in _batches(len(cut.solos), options.batch_size):
            batch = cut.take(rows)
            model.train_on_batch(network.inputs(batch), _labels(learnt, batch))
        loss = _cross_entropy(network.odds(windows), labels)
        if loss < best:
            best, kept = loss, model.get_weights()
    model.set_weights(kept)
    return network


def _batches(count: int, size: int) -> Iterator[np.ndarray]:
    yield from (np.arange(start, min(start + size, count)) for start in range(0, count, size))


def _set_aside(solos: Sequence[Heard], rng: np.random.Generator) -> tuple[list[Heard], list[Heard]]:
    """Split off the solos of a few tunes, to choose the epoch by."""
    tunes = sorted({solo.tune for solo in solos})
    chosen = {tunes[place] for place in rng.permutation(len(tunes))[: max(1, len(tunes) // _SET_ASIDE)]}
    return [solo for solo in solos if solo.tune not in chosen], [solo for solo in solos if solo.tune in chosen]


def _labels(solos: Sequence[Heard], windows: Windows) -> np.ndarray:
    return np.array([solo.person for solo in solos], np.float32)[windows.solos][:, None]


def _cross_entropy(odds: np.ndarray, labels: np.ndarray) -> float:
    return float(np.logaddexp(0, np.where(labels[:, 0] > 0, -odds, odds)).mean())

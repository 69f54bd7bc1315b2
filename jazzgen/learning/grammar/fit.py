"""Train the grammar model: Adam with clipping over the training graph, and early stopping, in `learning.loop`."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from jazzgen.errors import TrainingError
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.graphs import Tensor, training_graph
from jazzgen.learning.grammar.layers import SharedLayers
from jazzgen.learning.grammar.windows import NOTHING, Windows
from jazzgen.learning.loop import Arrays, Run, TrainingState, train_epochs
from jazzgen.learning.options import FitOptions

# Windows in a core's shard of a batch, set by hand. It does not depend on the machine, so that a seed gives one result.
_SHARD_ROWS = 120
_MIN_PROBABILITY = 1e-30  # keeps the logarithm finite


@dataclass(frozen=True)
class Epoch:
    """The result of an epoch: mean cross-entropy in nats a token; `validation` is None if nothing is held out."""

    number: int
    loss: float
    accuracy: float
    validation: float | None

    @property
    def score(self) -> float:
        """The loss that decides early stopping."""
        return self.loss if self.validation is None else self.validation


State = TrainingState[Epoch]


class Trainer:
    """Holds the compiled step; call `fit` to train."""

    def __init__(self, config: Config, options: FitOptions, cluster: Cluster = ALONE) -> None:
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(options.seed)  # required by determinism; nothing here draws from it
        self.shared = SharedLayers.build(config, options.seed)
        self._config = config
        self._options = options
        self._cluster = cluster
        self._graph = training_graph(self.shared, config, config.tx)
        self._optimizer = keras.optimizers.Adam(options.learning_rate)
        self._optimizer.build(self.shared.variables)
        self._step = tf.function(self._take_step)
        self._measure = tf.function(self._sums)

    def arrays(self) -> dict[str, Arrays]:
        """Return the variables of layers and optimiser."""
        return {"variable": tuple(variable.numpy() for variable in self._variables())}

    def restore(self, arrays: Mapping[str, Arrays]) -> None:
        """Restore the variables; inverse of `arrays`."""
        for variable, value in zip(self._variables(), arrays["variable"], strict=True):
            variable.assign(value)

    def weights(self) -> Arrays:
        """Return the weights of the layers, as `Weights` has them."""
        return tuple(self.shared.weights())

    def epoch_from_json(self, values: Mapping[str, Any]) -> Epoch:
        return Epoch(**values)

    def run_epoch(self, number: int, train: Windows, validation: Windows | None) -> Epoch:
        """Make one pass over the windows, in an order given by (seed, number)."""
        order = np.random.default_rng([self._options.seed, number]).permutation(len(train))
        totals = np.zeros(3)
        for rows in self._batches(order):
            totals += [float(value) for value in self._step(*self._rows(train, rows))]
        loss, hits, tokens = (float(total) for total in totals)
        if not (np.isfinite(loss) and all(np.isfinite(array).all() for array in self.shared.weights())):
            raise TrainingError(
                f"epoch {number}: the loss {loss} or a weight is not finite; give a lower learning rate"
            )
        held_out = None if validation is None else self.evaluate(validation)
        return Epoch(number, loss / tokens, hits / tokens, held_out)

    def evaluate(self, windows: Windows) -> float:
        """Return the mean cross-entropy in nats a token."""
        totals = np.zeros(3)
        for rows in self._batches(np.arange(len(windows))):
            totals += [float(value) for value in self._measure(*self._rows(windows, rows)[:2])]
        return float(totals[0] / totals[2])

    def _variables(self) -> list[keras.Variable]:
        return [*self.shared.variables, *self._optimizer.variables]

    def _batches(self, order: np.ndarray) -> Iterator[np.ndarray]:
        size = self._options.batch_size
        yield from (order[start : start + size] for start in range(0, len(order), size))

    def _rows(self, windows: Windows, rows: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Return this worker's inputs and targets of a batch, and the number of tokens in the whole batch.

        The last batch is filled up with empty windows, so that one shape is compiled.
        """
        size = max(min(self._options.batch_size, len(windows)), self._cluster.size)
        filler = np.full((size - len(rows), windows.inputs.shape[1]), NOTHING, np.int32)
        inputs, targets = (np.concatenate([a[rows], filler]) for a in (windows.inputs, windows.targets))
        tokens = tf.constant(np.count_nonzero(targets != NOTHING), tf.float32)
        return tf.constant(self._cluster.rows(inputs)), tf.constant(self._cluster.rows(targets)), tokens

    def _totals(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Sum cross-entropy, correct guesses and tokens over a batch, in shards that run in parallel on the cores."""
        rows = inputs.shape[0]
        sizes = [len(part) for part in np.array_split(np.arange(rows), max(rows // _SHARD_ROWS, 1))]
        pairs = zip(tf.split(inputs, sizes), tf.split(targets, sizes), strict=True)
        loss, hits, tokens = zip(*(self._shard_totals(*pair) for pair in pairs), strict=True)
        return tf.add_n(loss), tf.add_n(hits), tf.add_n(tokens)

    def _shard_totals(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Sum the same over some rows, ignoring `NOTHING`."""
        states = tf.zeros((tf.shape(inputs)[0], self._config.n_a))
        probabilities = self._graph([tf.one_hot(inputs, self._config.n_values), states, states], training=True)
        known = tf.cast(targets != NOTHING, tf.float32)
        right = tf.reduce_sum(probabilities * tf.one_hot(targets, self._config.n_values), axis=-1)
        losses = -tf.math.log(tf.maximum(right, _MIN_PROBABILITY))
        hits = tf.cast(right >= tf.reduce_max(probabilities, axis=-1), tf.float32)  # argmax is slow on a CPU
        return tf.reduce_sum(losses * known), tf.reduce_sum(hits * known), tf.reduce_sum(known)

    def _sums(self, inputs: Tensor, targets: Tensor) -> list[Tensor]:
        return self._cluster.sum(self._totals(inputs, targets))

    def _take_step(self, inputs: Tensor, targets: Tensor, batch_tokens: Tensor) -> list[Tensor]:
        with tf.GradientTape() as tape:
            totals = self._totals(inputs, targets)
            mean = totals[0] / batch_tokens
        *gradients, loss, hits, tokens = self._cluster.sum([*tape.gradient(mean, self.shared.variables), *totals])
        clipped, _ = tf.clip_by_global_norm(gradients, self._options.clip_norm)
        self._optimizer.apply(clipped)
        return [loss, hits, tokens]


def fit(  # noqa: PLR0913 - the data, how to learn from it, and what a broken-off run needs
    config: Config,
    options: FitOptions,
    train: Windows,
    validation: Windows | None,
    checkpoint: Path,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[[State], None] = lambda _: None,
) -> State:
    """Train until epochs or patience run out.

    Args:
        config: sizes of the model.
        options: how to train.
        train: windows to learn.
        validation: windows held out; None without any.
        checkpoint: file that holds the state after each epoch, replaced atomically.
        resume: continue from the checkpoint if there is one.
        cluster: the workers, all of which call this; only the chief writes the checkpoint.
        on_epoch: called after each epoch, once its checkpoint is written.

    Raises:
        BundleError: the checkpoint is damaged, or of other data or options.
        TrainingError: the loss is not finite or a worker is lost; the last good checkpoint stays.
    """
    with cluster.guarded():
        trainer = Trainer(config, options, cluster)
        cluster.require_same(str(options))
        run = Run(
            fingerprint(config, options, train, validation),
            checkpoint,
            lambda state: is_finished(state, options),
            resume,
            cluster,
            on_epoch,
        )
        return train_epochs(trainer, train, validation, run)


def is_finished(state: State, options: FitOptions) -> bool:
    """Return True once epochs or patience have run out."""
    done = len(state.history)
    return done >= options.epochs or (done > 0 and done - state.best_epoch.number >= options.patience)


def fingerprint(config: Config, options: FitOptions, train: Windows, validation: Windows | None) -> str:
    """Hash what a checkpoint must share to be resumed: data, sizes and options, except how long to train."""
    digest = hashlib.sha256()
    for windows in (train, validation):
        if windows is not None:
            digest.update(windows.inputs.tobytes() + windows.targets.tobytes())
    timeless = replace(options, epochs=1, patience=1)
    digest.update(json.dumps([asdict(config), asdict(timeless)], sort_keys=True).encode())
    return digest.hexdigest()

"""Train the bassist: AdamW over the line graph, and averaged weights, in `learning.loop`.

The weights of the last epochs are kept: nothing of the tunes held out decides which.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from jazzgen.errors import TrainingError
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.examples import Batch, Line, make_batch, windows
from jazzgen.learning.bass.graphs import BassLayers, Dropout, Tensor, line_graph
from jazzgen.learning.bass.net import Net
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.loop import Arrays, Run, TrainingState, train_epochs
from jazzgen.learning.options import BassFitOptions

_AVERAGING = 0.99  # decay of the weights' moving average at each step, set by hand
_EPSILON = 1e-7  # AdamW's, Keras's default


@dataclass(frozen=True)
class BassEpoch:
    """The result of an epoch, in bits a beat: in training, and of the averaged weights on held-out tunes."""

    number: int
    training: float
    validation: float | None

    @property
    def score(self) -> float:
        """The bits that decide which epoch is best: those in training, so the held-out tunes choose nothing."""
        return self.training


BassState = TrainingState[BassEpoch]


class BassTrainer:
    """Holds the compiled step; call `fit_bass` to train."""

    def __init__(self, config: BassConfig, options: BassFitOptions, cluster: Cluster = ALONE) -> None:
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(options.seed)  # required by determinism; nothing here draws from it
        self.shared = BassLayers.build(config, options.seed)
        self._config = config
        self._options = options
        self._cluster = cluster
        self._graph = line_graph(self.shared, config, options.tx, Dropout(*options.dropout), options.seed)
        self._optimizer = keras.optimizers.AdamW(
            options.learning_rate, weight_decay=options.weight_decay, epsilon=_EPSILON
        )
        self._optimizer.build(self.shared.variables)
        self._averages = [tf.Variable(variable.value) for variable in self.shared.variables]
        self._step = tf.function(self._take_step)
        self._measure = tf.function(self._sums)

    def arrays(self) -> dict[str, Arrays]:
        """Return the variables of layers, optimiser and dropout, and the averages of the layers'."""
        return {"variable": tuple(v.numpy() for v in self._variables()), "average": self.weights()}

    def restore(self, arrays: Mapping[str, Arrays]) -> None:
        """Restore them; inverse of `arrays`."""
        for variable, value in zip(self._variables(), arrays["variable"], strict=True):
            variable.assign(value)
        for average, value in zip(self._averages, arrays["average"], strict=True):
            average.assign(value)

    def weights(self) -> Arrays:
        """Return the averaged weights of the layers."""
        return tuple(average.numpy() for average in self._averages)

    def epoch_from_json(self, values: Mapping[str, Any]) -> BassEpoch:
        return BassEpoch(values["number"], values["training"], values["validation"])

    def run_epoch(self, number: int, train: Sequence[Line], validation: Sequence[Line] | None) -> BassEpoch:
        """Make one pass over the lines, cut as (seed, number) gives."""
        options = self._options
        rng = np.random.default_rng([options.seed, number])
        progress = (number - 1) / options.epochs
        self._optimizer.learning_rate.assign(options.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
        totals = np.zeros(2)
        for batch in self._batches(train, windows(train, options.tx, rng)):
            totals += self._run(self._step, batch)
        if not (np.isfinite(totals).all() and all(np.isfinite(v.numpy()).all() for v in self.shared.variables)):
            raise TrainingError(
                f"epoch {number}: the loss or a weight is not finite; give a lower learning rate "
                "(the checkpoint of the epoch before is kept, and resuming continues from it)"
            )
        return BassEpoch(number, _bits(totals), self.evaluate(validation) if validation else None)

    def evaluate(self, lines: Sequence[Line]) -> float:
        """Return bits a beat with the averaged weights, in windows that start without a state."""
        live = [variable.numpy() for variable in self.shared.variables]
        self._assign(self._averages)
        totals = np.zeros(2)
        for batch in self._batches(lines, windows(lines, self._options.tx)):
            totals += self._run(self._measure, batch)
        self._assign(live)
        return _bits(totals)

    def _variables(self) -> list[keras.Variable]:
        return [*self.shared.variables, *self._optimizer.variables, *self._graph.non_trainable_variables]

    def _assign(self, values: Sequence[Tensor]) -> None:
        for variable, value in zip(self.shared.variables, values, strict=True):
            variable.assign(value)

    def _batches(self, lines: Sequence[Line], cuts: np.ndarray) -> Iterator[Batch]:
        size = self._options.batch_size
        for start in range(0, len(cuts), size):
            yield make_batch(lines, cuts[start : start + size], self._options.tx)

    def _run(self, step: Callable[[Batch, Tensor], list[Tensor]], batch: Batch) -> np.ndarray:
        """Run `step` on this worker's rows, zero-padded to a fixed batch size to avoid retracing."""
        beats = tf.constant(max(batch.weights.sum(), 1), tf.float32)
        size = -(-self._options.batch_size // self._cluster.size) * self._cluster.size
        share = Batch(*(tf.constant(self._cluster.rows(_filled(array, size))) for array in batch))
        return np.array([float(value) for value in step(share, beats)])

    def _sums(self, batch: Batch, beats: Tensor) -> list[Tensor]:  # noqa: ARG002 - as a step has it
        return self._cluster.sum(self._totals(batch, training=False))

    def _totals(self, batch: Batch, *, training: bool) -> list[Tensor]:
        """Sum the cross-entropy in nats, and the beats."""
        states = tf.zeros((tf.shape(batch.last)[0], self._config.n_a))
        inputs = [batch.heard, batch.last, batch.root, batch.next_bass, states, states]
        logits, _ = self._graph(inputs, training=training)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch.choices, logits=logits)
        return [tf.reduce_sum(losses * batch.weights), tf.reduce_sum(batch.weights)]

    def _take_step(self, batch: Batch, beats: Tensor) -> list[Tensor]:
        with tf.GradientTape() as tape:
            totals = self._totals(batch, training=True)
            mean = totals[0] / beats
        summed = self._cluster.sum([*tape.gradient(mean, self.shared.variables), *totals])
        gradients, totals = summed[:-2], summed[-2:]
        clipped, _ = tf.clip_by_global_norm(gradients, self._options.clip_norm)
        self._optimizer.apply(clipped)
        for average, variable in zip(self._averages, self.shared.variables, strict=True):
            average.assign(_AVERAGING * average + (1 - _AVERAGING) * variable)
        return totals


def fit_bass(  # noqa: PLR0913 - the data, how to learn from it, and what a broken-off run needs
    config: BassConfig,
    options: BassFitOptions,
    train: Sequence[Line],
    validation: Sequence[Line] | None,
    checkpoint: Path,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[[BassState], None] = lambda _: None,
) -> tuple[BassState, Net]:
    """Train for the epochs of `options`.

    Args:
        config: sizes of the model.
        options: how to train.
        train: lines to learn.
        validation: lines held out, to be watched; None without any.
        checkpoint: file that holds the state after each epoch, replaced atomically.
        resume: continue from the checkpoint if there is one.
        cluster: the workers, all of which call this; only the chief writes the checkpoint.
        on_epoch: called after each epoch, once its checkpoint is written.

    Returns:
        The last state, and the network with the averaged weights of the epoch that did best in training.

    Raises:
        BundleError: the checkpoint is damaged, or of other data or options.
        TrainingError: the loss is not finite or a worker is lost; the last good checkpoint stays.
    """
    with cluster.guarded():
        trainer = BassTrainer(config, options, cluster)
        fingerprint = _fingerprint(config, options, train, validation or ())

        def is_finished(state: BassState) -> bool:
            return len(state.history) >= options.epochs

        run = Run(fingerprint, checkpoint, is_finished, resume, cluster, on_epoch)
        state = train_epochs(trainer, train, validation, run)
    return state, trainer.shared.net(list(state.best))


def _bits(totals: np.ndarray) -> float:
    return float(totals[0] / max(totals[1], 1) / np.log(2))


def _filled(array: np.ndarray, rows: int) -> np.ndarray:
    return np.concatenate([array, np.zeros((rows - len(array), *array.shape[1:]), array.dtype)])


def _fingerprint(config: BassConfig, options: BassFitOptions, *sides: Sequence[Line]) -> str:
    """Hash what a checkpoint must share to be resumed: data, sizes and options."""
    digest = sha256(json.dumps([asdict(config), asdict(options)], sort_keys=True).encode())
    for lines in sides:
        for line in lines:
            digest.update(line.rows.tobytes() + line.pitch.tobytes())
        digest.update(b"side")
    return digest.hexdigest()

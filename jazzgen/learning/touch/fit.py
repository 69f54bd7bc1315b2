"""Train touch: AdamW over the training graph, and averaged weights, in `learning.loop`."""

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
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.loop import Arrays, Run, TrainingState, train_epochs
from jazzgen.learning.options import TouchFitOptions
from jazzgen.learning.touch.examples import Batch, Example, make_batch, windows
from jazzgen.learning.touch.graphs import Tensor, TouchLayers, training_graph
from jazzgen.learning.touch.net import Net, Sizes
from jazzgen.learning.touch.scale import QUANTITIES, Scale

_AVERAGING = 0.99  # decay of the weights' moving average at each step, as the soloist has it
_MEANS = 0.5  # weight of the means' squared error beside the choices' cross-entropy; set by hand


@dataclass(frozen=True)
class TouchEpoch:
    """The result of an epoch, in bits a note by quantity: in training, and averaged weights on held-out tunes."""

    number: int
    training: tuple[float, ...]
    validation: tuple[float, ...] | None

    @property
    def score(self) -> float:
        """The bits a note that decide which epoch is best."""
        return sum(self.training if self.validation is None else self.validation)


TouchState = TrainingState[TouchEpoch]


class TouchTrainer:
    """Holds the compiled step; call `fit_touch` to train."""

    def __init__(self, sizes: Sizes, scale: Scale, options: TouchFitOptions, cluster: Cluster = ALONE) -> None:
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(options.seed)  # required by determinism; nothing here draws from it
        self.shared = TouchLayers.build(sizes, options.seed)
        self._scale = scale
        self._options = options
        self._cluster = cluster
        self._graph = training_graph(self.shared, options.tx, options.dropout, options.seed)
        self._optimizer = keras.optimizers.AdamW(options.learning_rate, weight_decay=options.weight_decay)
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

    def epoch_from_json(self, values: Mapping[str, Any]) -> TouchEpoch:
        held_out = values["validation"]  # JSON has lists where there were tuples
        return TouchEpoch(values["number"], tuple(values["training"]), None if held_out is None else tuple(held_out))

    def run_epoch(self, number: int, train: Sequence[Example], validation: Sequence[Example] | None) -> TouchEpoch:
        """Make one pass over the solos, cut and partly hidden as (seed, number) gives."""
        options = self._options
        rng = np.random.default_rng([options.seed, number])
        progress = (number - 1) / options.epochs
        self._optimizer.learning_rate.assign(options.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
        totals = np.zeros(2 * len(QUANTITIES))
        for chosen in self._batches(windows(train, options.tx, rng)):
            batch = make_batch(
                train, chosen, options.tx, self._scale, nameless=options.nameless, wordless=options.wordless, rng=rng
            )
            totals += self._run(self._step, batch)
        if not (np.isfinite(totals).all() and all(np.isfinite(v.numpy()).all() for v in self.shared.variables)):
            raise TrainingError(
                f"epoch {number}: the loss or a weight is not finite; give a lower learning rate "
                "(the checkpoint of the epoch before is kept, and resuming continues from it)"
            )
        return TouchEpoch(number, _bits(totals), None if validation is None else self.evaluate(validation))

    def evaluate(self, examples: Sequence[Example]) -> tuple[float, ...]:
        """Return bits a note by quantity, with the averaged weights."""
        live = [variable.numpy() for variable in self.shared.variables]
        self._assign(self._averages)
        totals = np.zeros(2 * len(QUANTITIES))
        for chosen in self._batches(windows(examples, self._options.tx)):
            totals += self._run(self._measure, make_batch(examples, chosen, self._options.tx, self._scale))
        self._assign(live)
        return _bits(totals)

    def _variables(self) -> list[keras.Variable]:
        return [*self.shared.variables, *self._optimizer.variables, *self._graph.non_trainable_variables]

    def _assign(self, values: Sequence[Tensor]) -> None:
        for variable, value in zip(self.shared.variables, values, strict=True):
            variable.assign(value)

    def _batches(self, cuts: np.ndarray) -> Iterator[np.ndarray]:
        size = self._options.batch_size
        yield from (cuts[start : start + size] for start in range(0, len(cuts), size))

    def _run(self, step: Callable[[Batch, Tensor], list[Tensor]], batch: Batch) -> np.ndarray:
        """Run `step` on this worker's rows, zero-padded to a fixed batch size to avoid retracing."""
        notes = tf.constant(batch.weights.sum() / len(QUANTITIES), tf.float32)
        size = -(-self._options.batch_size // self._cluster.size)
        share = tf.nest.map_structure(lambda array: tf.constant(_filled(self._cluster.rows(array), size)), batch)
        return np.concatenate([np.ravel(value) for value in step(share, notes)])

    def _sums(self, batch: Batch, notes: Tensor) -> list[Tensor]:  # noqa: ARG002 - as a step has it
        return self._cluster.sum(self._totals(batch, training=False)[:2])

    def _totals(self, batch: Batch, *, training: bool) -> list[Tensor]:
        """Sum cross-entropy in nats and notes by quantity, and the squared error of the means."""
        inputs = [batch.heard, batch.numbers, batch.last, batch.drift, batch.own]
        means, *logits = self._graph(inputs, training=training)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch.bins, logits=tf.stack(logits, axis=2))
        nats = tf.reduce_sum(losses * batch.weights, axis=(0, 1))
        error = tf.reduce_sum(tf.square(means - batch.values) * batch.weights)
        return [nats, tf.reduce_sum(batch.weights, axis=(0, 1)), error]

    def _take_step(self, batch: Batch, notes: Tensor) -> list[Tensor]:
        with tf.GradientTape() as tape:
            nats, weights, error = self._totals(batch, training=True)
            mean = (tf.reduce_sum(nats) + _MEANS * error) / notes
        gradients = map(tf.convert_to_tensor, tape.gradient(mean, self.shared.variables))  # embeddings' are sparse
        summed = self._cluster.sum([*gradients, nats, weights])
        clipped, _ = tf.clip_by_global_norm(summed[:-2], self._options.clip_norm)
        self._optimizer.apply(clipped)
        for average, variable in zip(self._averages, self.shared.variables, strict=True):
            average.assign(_AVERAGING * average + (1 - _AVERAGING) * variable)
        return summed[-2:]


def fit_touch(  # noqa: PLR0913 - the data, how to learn from it, and what a broken-off run needs
    sizes: Sizes,
    scale: Scale,
    options: TouchFitOptions,
    train: Sequence[Example],
    validation: Sequence[Example] | None,
    checkpoint: Path,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[[TouchState], None] = lambda _: None,
) -> tuple[TouchState, Net]:
    """Train for the epochs of `options`.

    Args:
        sizes: of the network.
        scale: of the quantities.
        options: how to train.
        train: solos to learn.
        validation: solos held out; None without any.
        checkpoint: file that holds the state after each epoch, replaced atomically.
        resume: continue from the checkpoint if there is one.
        cluster: the workers, all of which call this; only the chief writes the checkpoint.
        on_epoch: called after each epoch, once its checkpoint is written.

    Returns:
        The last state, and the network with the best epoch's averaged weights.

    Raises:
        BundleError: the checkpoint is damaged, or of other data or options.
        TrainingError: the loss is not finite or a worker is lost; the last good checkpoint stays.
    """
    with cluster.guarded():
        trainer = TouchTrainer(sizes, scale, options, cluster)
        cluster.require_same(str(options))

        def is_finished(state: TouchState) -> bool:
            return len(state.history) >= options.epochs

        run = Run(_fingerprint(sizes, options, train, validation), checkpoint, is_finished, resume, cluster, on_epoch)
        state = train_epochs(trainer, train, validation, run)
    return state, trainer.shared.net(list(state.best))


def _bits(totals: np.ndarray) -> tuple[float, ...]:
    nats, notes = totals.reshape(2, -1)
    return tuple((nats / np.maximum(notes, 1) / np.log(2)).tolist())


def _filled(array: np.ndarray, rows: int) -> np.ndarray:
    return np.concatenate([array, np.zeros((rows - len(array), *array.shape[1:]), array.dtype)])


def _fingerprint(
    sizes: Sizes, options: TouchFitOptions, train: Sequence[Example], validation: Sequence[Example] | None
) -> str:
    """Hash what a checkpoint must share to be resumed: data, sizes and options."""
    digest = sha256(json.dumps([asdict(sizes), asdict(options)], sort_keys=True).encode())
    for example in (*train, *(validation or ())):
        digest.update(example.facts.columns.tobytes() + example.bins.tobytes())
    return digest.hexdigest()

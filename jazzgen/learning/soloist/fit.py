"""Train the soloist: AdamW over the training graph, and averaged weights, in `learning.loop`.

Each of several workers draws its own dropout, so with dropout they match one process in distribution only.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from jazzgen.errors import TrainingError
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.loop import Arrays, Run, TrainingState, train_epochs
from jazzgen.learning.options import SoloistFitOptions
from jazzgen.learning.soloist.bundle import Config, arrays_of
from jazzgen.learning.soloist.examples import Batch, Examples, make_batch, windows
from jazzgen.learning.soloist.graphs import Dropout, SoloistLayers, Tensor, training_graph
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.net import Net

_SHARDS = 2  # of a batch, in parallel on the cores; fixed, so that a seed gives one result; set by hand
_AVERAGING = 0.99  # decay of the weights' moving average at each step, set by hand
_EPSILON = 1e-7  # AdamW's, Keras's default


@dataclass(frozen=True)
class SoloistEpoch:
    """The result of an epoch, in bits a note by part: in training, and of the averaged weights on held-out tunes."""

    number: int
    training: tuple[float, ...]
    validation: tuple[float, ...] | None

    @property
    def score(self) -> float:
        """The bits a note that decide which epoch is best."""
        return sum(self.training if self.validation is None else self.validation)


SoloistState = TrainingState[SoloistEpoch]


class SoloistTrainer:
    """Holds the compiled step; call `fit_soloist` to train."""

    def __init__(self, config: Config, options: SoloistFitOptions, cluster: Cluster = ALONE) -> None:
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(options.seed)  # required by determinism; nothing here draws from it
        self.shared = SoloistLayers.build(config, options.seed)
        self._config = config
        self._options = options
        self._cluster = cluster
        self._graph = training_graph(self.shared, config, options.tx, Dropout(*options.dropout), options.seed)
        self._optimizer = keras.optimizers.AdamW(
            options.learning_rate, weight_decay=options.weight_decay, epsilon=_EPSILON
        )
        self._optimizer.build(self.shared.variables)
        self._averages = [tf.Variable(variable.value) for variable in self.shared.variables]
        self._step = tf.function(self._take_step)
        self._measure = tf.function(self._sums)

    def start_from(self, net: Net) -> None:
        """Start from trained weights."""
        self.shared.load(arrays_of(net))
        self._remember(self.shared.variables)

    def arrays(self) -> dict[str, Arrays]:
        """Return the variables of layers, optimiser and dropout, and the averages of the layers'."""
        return {"variable": tuple(v.numpy() for v in self._variables()), "average": self.weights()}

    def restore(self, arrays: Mapping[str, Arrays]) -> None:
        """Restore them; inverse of `arrays`."""
        for variable, value in zip(self._variables(), arrays["variable"], strict=True):
            variable.assign(value)
        self._remember(arrays["average"])

    def weights(self) -> Arrays:
        """Return the averaged weights of the layers."""
        return tuple(average.numpy() for average in self._averages)

    def epoch_from_json(self, values: Mapping[str, Any]) -> SoloistEpoch:
        held_out = values["validation"]  # JSON has lists where there were tuples
        return SoloistEpoch(values["number"], tuple(values["training"]), None if held_out is None else tuple(held_out))

    def run_epoch(self, number: int, train: Examples, validation: Examples | None) -> SoloistEpoch:
        """Make one pass over the solos, cut and transposed as (seed, number) gives."""
        options = self._options
        rng = np.random.default_rng([self._options.seed, number])
        progress = (number - 1) / options.epochs
        self._optimizer.learning_rate.assign(options.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
        totals = np.zeros(len(PARTS) + 1)
        for chosen in self._batches(windows(train, options.tx, rng)):
            batch = make_batch(train, chosen, options.tx, nameless=options.nameless, planless=options.planless, rng=rng)
            totals += self._run(self._step, batch)
        if not (np.isfinite(totals).all() and all(np.isfinite(v.numpy()).all() for v in self.shared.variables)):
            raise TrainingError(
                f"epoch {number}: the loss or a weight is not finite; give a lower learning rate "
                "(the checkpoint of the epoch before is kept, and resuming continues from it)"
            )
        held_out = None if validation is None else self.evaluate(validation)
        return SoloistEpoch(number, _bits(totals), held_out)

    def evaluate(self, examples: Examples) -> tuple[float, ...]:
        """Return bits a note by part, with the averaged weights."""
        live = [variable.numpy() for variable in self.shared.variables]
        self._assign(self._averages)
        totals = np.zeros(len(PARTS) + 1)
        for chosen in self._batches(windows(examples, self._options.tx)):
            totals += self._run(self._measure, make_batch(examples, chosen, self._options.tx))
        self._assign(live)
        return _bits(totals)

    def _variables(self) -> list[keras.Variable]:
        return [*self.shared.variables, *self._optimizer.variables, *self._graph.non_trainable_variables]

    def _assign(self, values: Sequence[Tensor]) -> None:
        for variable, value in zip(self.shared.variables, values, strict=True):
            variable.assign(value)

    def _remember(self, values: Sequence[Tensor]) -> None:
        for average, value in zip(self._averages, values, strict=True):
            average.assign(value)

    def _batches(self, cuts: np.ndarray) -> Iterator[np.ndarray]:
        size = self._options.batch_size
        yield from (cuts[start : start + size] for start in range(0, len(cuts), size))

    def _run(self, step: Callable[[Batch, Tensor], list[Tensor]], batch: Batch) -> np.ndarray:
        """Run `step` on this worker's rows, zero-padded to a fixed batch size to avoid retracing."""
        notes = tf.constant(batch.weights.sum(), tf.float32)
        per_shard = _SHARDS * self._cluster.size
        size = -(-max(self._options.batch_size, per_shard) // per_shard) * per_shard
        share = tf.nest.map_structure(lambda array: tf.constant(self._cluster.rows(_filled(array, size))), batch)
        return np.array([float(value) for value in step(share, notes)])

    def _sums(self, batch: Batch, notes: Tensor) -> list[Tensor]:  # noqa: ARG002 - as a step has it
        return self._cluster.sum(self._totals(batch, training=False))

    def _totals(self, batch: Batch, *, training: bool) -> list[Tensor]:
        """Sum each part's cross-entropy in nats, and the notes, in shards that run in parallel on the cores."""
        flat = [tf.split(array, _SHARDS) for array in tf.nest.flatten(batch)]
        shards = [tf.nest.pack_sequence_as(batch, [pieces[i] for pieces in flat]) for i in range(_SHARDS)]
        sums = [self._shard_totals(shard, training) for shard in shards]
        return [tf.add_n(column) for column in zip(*sums, strict=True)]

    def _shard_totals(self, batch: Batch, training: bool) -> list[Tensor]:
        states = tf.zeros((tf.shape(batch.pitch)[0], self._config.n_a))
        inputs = [*batch.heard, *batch.advice, *batch.orders]
        inputs += [batch.pitch, batch.degree, batch.next_degree, batch.recency, states, states]
        losses = [
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch.choices[..., i], logits=logits)
            for i, logits in enumerate(self._graph(inputs, training=training))
        ]
        return [*(tf.reduce_sum(loss * batch.weights) for loss in losses), tf.reduce_sum(batch.weights)]

    def _take_step(self, batch: Batch, notes: Tensor) -> list[Tensor]:
        with tf.GradientTape() as tape:
            totals = self._totals(batch, training=True)
            mean = tf.add_n(totals[:-1]) / notes
        summed = self._cluster.sum([*tape.gradient(mean, self.shared.variables), *totals])
        gradients = summed[: -len(totals)]
        totals = summed[-len(totals) :]
        clipped, _ = tf.clip_by_global_norm(gradients, self._options.clip_norm)
        self._optimizer.apply(clipped)
        for average, variable in zip(self._averages, self.shared.variables, strict=True):
            average.assign(_AVERAGING * average + (1 - _AVERAGING) * variable)
        return totals


def fit_soloist(  # noqa: PLR0913 - the data, how to learn from it, and what a broken-off run needs
    config: Config,
    options: SoloistFitOptions,
    train: Examples,
    validation: Examples | None,
    checkpoint: Path,
    *,
    start: Net | None = None,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[[SoloistState], None] = lambda _: None,
) -> tuple[SoloistState, Net]:
    """Train for the epochs of `options`.

    Args:
        config: sizes of the model.
        options: how to train.
        train: examples to learn.
        validation: examples held out; None without any.
        checkpoint: file that holds the state after each epoch, replaced atomically.
        start: weights to start from; None initialises new ones.
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
        trainer = SoloistTrainer(config, options, cluster)
        if start is not None:
            trainer.start_from(start)
        run = _fingerprint(config, options, train, validation, start)
        cluster.require_same(str(options))

        def is_finished(state: SoloistState) -> bool:
            return len(state.history) >= options.epochs

        state = train_epochs(trainer, train, validation, Run(run, checkpoint, is_finished, resume, cluster, on_epoch))
    return state, trainer.shared.net(list(state.best))


def _bits(totals: np.ndarray) -> tuple[float, ...]:
    return tuple((totals[:-1] / totals[-1] / np.log(2)).tolist())


def _filled(array: np.ndarray, rows: int) -> np.ndarray:
    return np.concatenate([array, np.zeros((rows - len(array), *array.shape[1:]), array.dtype)])


def _fingerprint(
    config: Config, options: SoloistFitOptions, train: Examples, validation: Examples | None, start: Net | None
) -> str:
    """Hash what a checkpoint must share to be resumed: data, sizes, options and starting weights."""
    digest = sha256(json.dumps([asdict(config), asdict(replace(options))], sort_keys=True).encode())
    for examples in (train, validation):
        if examples is not None:
            digest.update(examples.rows.tobytes() + examples.choices.tobytes())
    for array in arrays_of(start).values() if start else ():
        digest.update(array.tobytes())
    return digest.hexdigest()

"""Train the soloist: AdamW over the training graph, and averaged weights, in `learning.loop`.

Each of several workers draws its own dropout, so with dropout they match one process in distribution only.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from jazzgen.learning.averaging import AveragedTrainer, Tensor, in_batches, is_over
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.loop import Run, TrainingState, train_epochs
from jazzgen.learning.options import SoloistFitOptions
from jazzgen.learning.soloist.bundle import Config, arrays_of
from jazzgen.learning.soloist.examples import Batch, Examples, make_batch, windows
from jazzgen.learning.soloist.graphs import Dropout, SoloistLayers, training_graph
from jazzgen.learning.soloist.net import Net

_SHARDS = 2  # of a batch, in parallel on the cores; fixed, so that a seed gives one result; set by hand


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


class SoloistTrainer(AveragedTrainer[SoloistLayers, SoloistFitOptions, Examples, Batch, SoloistEpoch]):
    """Trains the parts' networks together; call `fit_soloist`."""

    shards = _SHARDS

    def __init__(self, config: Config, options: SoloistFitOptions, cluster: Cluster = ALONE) -> None:
        self._config = config
        super().__init__(partial(SoloistLayers.build, config), options, cluster)

    def start_from(self, net: Net) -> None:
        """Start from trained weights."""
        self.shared.load(arrays_of(net))
        self.average_anew()

    def build_graph(self) -> keras.Model:
        options = self.options
        return training_graph(self.shared, self._config, options.tx, Dropout(*options.dropout), options.seed)

    def batches(self, data: Examples, rng: np.random.Generator | None) -> Iterator[Batch]:
        """Yield batches cut and transposed, and with names and plans hidden, as `rng` draws."""
        options = self.options
        hidden = {"nameless": options.nameless, "planless": options.planless} if rng else {}
        for cuts in in_batches(windows(data, options.tx, rng), options.batch_size):
            yield make_batch(data, cuts, options.tx, rng=rng, **hidden)

    def count(self, batch: Batch) -> float:
        return float(batch.weights.sum())

    def costs(self, batch: Batch, *, training: bool) -> tuple[list[Tensor], Tensor]:
        """Sum each part's cross-entropy in nats, and the notes, in shards that run in parallel on the cores."""
        flat = [tf.split(array, _SHARDS) for array in tf.nest.flatten(batch)]
        shards = [tf.nest.pack_sequence_as(batch, [pieces[i] for pieces in flat]) for i in range(_SHARDS)]
        sums = [self._shard_totals(shard, training) for shard in shards]
        totals = [tf.add_n(column) for column in zip(*sums, strict=True)]
        return totals, tf.add_n(totals[:-1])

    def _shard_totals(self, batch: Batch, training: bool) -> list[Tensor]:
        states = tf.zeros((tf.shape(batch.pitch)[0], self._config.n_a))
        inputs = [*batch.heard, *batch.advice, *batch.orders]
        inputs += [batch.pitch, batch.degree, batch.next_degree, batch.recency, states, states]
        losses = [
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch.choices[..., i], logits=logits)
            for i, logits in enumerate(self.graph(inputs, training=training))
        ]
        return [*(tf.reduce_sum(loss * batch.weights) for loss in losses), tf.reduce_sum(batch.weights)]

    def result(self, totals: np.ndarray) -> tuple[float, ...]:
        """Return bits a note by part."""
        return tuple((totals[:-1] / totals[-1] / np.log(2)).tolist())

    def epoch(self, number: int, training: tuple[float, ...], validation: tuple[float, ...] | None) -> SoloistEpoch:
        return SoloistEpoch(number, training, validation)

    def epoch_from_json(self, values: Mapping[str, Any]) -> SoloistEpoch:
        held_out = values["validation"]  # JSON has lists where there were tuples
        return SoloistEpoch(values["number"], tuple(values["training"]), None if held_out is None else tuple(held_out))


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
        how = Run(run, checkpoint, is_over(options.epochs), resume, cluster, on_epoch)
        state = train_epochs(trainer, train, validation, how)
    return state, trainer.shared.net(list(state.best))


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

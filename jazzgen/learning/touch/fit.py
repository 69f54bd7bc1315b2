"""Train touch: AdamW over the training graph, and averaged weights, in `learning.loop`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
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
from jazzgen.learning.options import TouchFitOptions
from jazzgen.learning.touch.examples import Batch, Example, make_batch, windows
from jazzgen.learning.touch.graphs import TouchLayers, training_graph
from jazzgen.learning.touch.net import Net, Sizes
from jazzgen.learning.touch.scale import QUANTITIES, Scale

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


class TouchTrainer(AveragedTrainer[TouchLayers, TouchFitOptions, Sequence[Example], Batch, TouchEpoch]):
    """Trains the network of touch; call `fit_touch`."""

    def __init__(self, sizes: Sizes, scale: Scale, options: TouchFitOptions, cluster: Cluster = ALONE) -> None:
        self._scale = scale
        super().__init__(partial(TouchLayers.build, sizes), options, cluster)

    def build_graph(self) -> keras.Model:
        return training_graph(self.shared, self.options.tx, self.options.dropout, self.options.seed)

    def batches(self, data: Sequence[Example], rng: np.random.Generator | None) -> Iterator[Batch]:
        """Yield batches cut, and with names and lengths hidden, as `rng` draws."""
        options = self.options
        nameless, wordless = (options.nameless, options.wordless) if rng else (0.0, 0.0)
        for cuts in in_batches(windows(data, options.tx, rng), options.batch_size):
            yield make_batch(data, cuts, options.tx, self._scale, nameless=nameless, wordless=wordless, rng=rng)

    def count(self, batch: Batch) -> float:
        return float(batch.weights.sum() / len(QUANTITIES))

    def costs(self, batch: Batch, *, training: bool) -> tuple[list[Tensor], Tensor]:
        """Sum cross-entropy in nats and notes by quantity; the loss has the squared error of the means too."""
        inputs = [batch.heard, batch.numbers, batch.last, batch.drift, batch.own]
        means, *logits = self.graph(inputs, training=training)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch.bins, logits=tf.stack(logits, axis=2))
        nats = tf.reduce_sum(losses * batch.weights, axis=(0, 1))
        error = tf.reduce_sum(tf.square(means - batch.values) * batch.weights)
        return [nats, tf.reduce_sum(batch.weights, axis=(0, 1))], tf.reduce_sum(nats) + _MEANS * error

    def result(self, totals: np.ndarray) -> tuple[float, ...]:
        """Return bits a note by quantity."""
        nats, notes = totals.reshape(2, -1)
        return tuple((nats / np.maximum(notes, 1) / np.log(2)).tolist())

    def epoch(self, number: int, training: tuple[float, ...], validation: tuple[float, ...] | None) -> TouchEpoch:
        return TouchEpoch(number, training, validation)

    def epoch_from_json(self, values: Mapping[str, Any]) -> TouchEpoch:
        held_out = values["validation"]  # JSON has lists where there were tuples
        return TouchEpoch(values["number"], tuple(values["training"]), None if held_out is None else tuple(held_out))


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
        fingerprint = _fingerprint(sizes, options, train, validation)
        run = Run(fingerprint, checkpoint, is_over(options.epochs), resume, cluster, on_epoch)
        state = train_epochs(trainer, train, validation, run)
    return state, trainer.shared.net(list(state.best))


def _fingerprint(
    sizes: Sizes, options: TouchFitOptions, train: Sequence[Example], validation: Sequence[Example] | None
) -> str:
    """Hash what a checkpoint must share to be resumed: data, sizes and options."""
    digest = sha256(json.dumps([asdict(sizes), asdict(options)], sort_keys=True).encode())
    for example in (*train, *(validation or ())):
        digest.update(example.facts.columns.tobytes() + example.bins.tobytes())
    return digest.hexdigest()

"""Train the bassist: AdamW over the line graph, and averaged weights, in `learning.loop`.

The weights of the last epochs are kept: nothing of the tunes held out decides which.
"""

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
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.examples import Batch, Line, make_batch, windows
from jazzgen.learning.bass.graphs import BassLayers, Dropout, line_graph
from jazzgen.learning.bass.net import Net
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.loop import Run, TrainingState, train_epochs
from jazzgen.learning.options import BassFitOptions


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


class BassTrainer(AveragedTrainer[BassLayers, BassFitOptions, Sequence[Line], Batch, BassEpoch]):
    """Trains the network of beats; call `fit_bass`."""

    def __init__(self, config: BassConfig, options: BassFitOptions, cluster: Cluster = ALONE) -> None:
        self._config = config
        super().__init__(partial(BassLayers.build, config), options, cluster)

    def build_graph(self) -> keras.Model:
        options = self.options
        return line_graph(self.shared, self._config, options.tx, Dropout(*options.dropout), options.seed)

    def batches(self, data: Sequence[Line], rng: np.random.Generator | None) -> Iterator[Batch]:
        """Yield batches of windows, cut as `rng` draws."""
        options = self.options
        for cuts in in_batches(windows(data, options.tx, rng), options.batch_size):
            yield make_batch(data, cuts, options.tx)

    def count(self, batch: Batch) -> float:
        return float(max(batch.weights.sum(), 1))

    def costs(self, batch: Batch, *, training: bool) -> tuple[list[Tensor], Tensor]:
        """Sum the cross-entropy in nats, and the beats."""
        states = tf.zeros((tf.shape(batch.last)[0], self._config.n_a))
        inputs = [batch.heard, batch.last, batch.root, batch.next_bass, states, states]
        logits, _ = self.graph(inputs, training=training)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=batch.choices, logits=logits)
        nats = tf.reduce_sum(losses * batch.weights)
        return [nats, tf.reduce_sum(batch.weights)], nats

    def result(self, totals: np.ndarray) -> float:
        """Return bits a beat."""
        return float(totals[0] / max(totals[1], 1) / np.log(2))

    def epoch(self, number: int, training: float, validation: float | None) -> BassEpoch:
        return BassEpoch(number, training, validation)

    def epoch_from_json(self, values: Mapping[str, Any]) -> BassEpoch:
        return BassEpoch(values["number"], values["training"], values["validation"])


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
        run = Run(fingerprint, checkpoint, is_over(options.epochs), resume, cluster, on_epoch)
        state = train_epochs(trainer, train, validation, run)
    return state, trainer.shared.net(list(state.best))


def _fingerprint(config: BassConfig, options: BassFitOptions, *sides: Sequence[Line]) -> str:
    """Hash what a checkpoint must share to be resumed: data, sizes and options."""
    digest = sha256(json.dumps([asdict(config), asdict(options)], sort_keys=True).encode())
    for lines in sides:
        for line in lines:
            digest.update(line.rows.tobytes() + line.pitch.tobytes())
        digest.update(b"side")
    return digest.hexdigest()

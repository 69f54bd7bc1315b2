"""A trainer with AdamW and a moving average of the weights, for `learning.loop`; models say what a batch costs.

The learning rate falls to 0 along a cosine. The averaged weights are those that are judged and kept.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, Generic, Protocol, TypeVar

import keras
import numpy as np
import tensorflow as tf

from jazzgen.errors import TrainingError
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.loop import Arrays, Epoch, TrainingState

Tensor = Any
_AVERAGING = 0.99  # decay of the weights' moving average at each step, set by hand
_EPSILON = 1e-7  # AdamW's, Keras's default


class FitOptions(Protocol):
    """The options that every such training has, as `learning.options` describes them."""

    @property
    def epochs(self) -> int: ...
    @property
    def batch_size(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def clip_norm(self) -> float: ...
    @property
    def tx(self) -> int: ...
    @property
    def seed(self) -> int: ...


class Layers(Protocol):
    """The layers that are trained."""

    @property
    def variables(self) -> list[keras.Variable]: ...


L = TypeVar("L", bound=Layers)
Options = TypeVar("Options", bound=FitOptions)
Data = TypeVar("Data")
Batch = TypeVar("Batch")
E = TypeVar("E", bound=Epoch)


class AveragedTrainer(ABC, Generic[L, Options, Data, Batch, E]):
    """Holds the compiled step.

    Attributes:
        shared: the layers.
        options: how to train.
        graph: the training graph over the layers.
        shards: into how many equal parts a model cuts each worker's rows.
    """

    shards = 1

    def __init__(self, build: Callable[[int], L], options: Options, cluster: Cluster = ALONE) -> None:
        """Make layers by `build`, which takes the seed."""
        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(options.seed)  # required by determinism; nothing here draws from it
        self.shared = build(options.seed)
        self.options = options
        self.graph = self.build_graph()
        self._cluster = cluster
        self._optimizer = keras.optimizers.AdamW(
            options.learning_rate, weight_decay=options.weight_decay, epsilon=_EPSILON
        )
        self._optimizer.build(self.shared.variables)
        self._averages = [tf.Variable(variable.value) for variable in self.shared.variables]
        self._step = tf.function(self._take_step)
        self._measure = tf.function(self._sums)

    @abstractmethod
    def build_graph(self) -> keras.Model:
        """Return the training graph over `shared`."""

    @abstractmethod
    def batches(self, data: Data, rng: np.random.Generator | None) -> Iterator[Batch]:
        """Yield the batches of a pass, drawn from `rng`; in order, with nothing hidden, if it is None."""

    @abstractmethod
    def count(self, batch: Batch) -> float:
        """Return the number of choices in a batch, by which its loss is divided."""

    @abstractmethod
    def costs(self, batch: Batch, *, training: bool) -> tuple[list[Tensor], Tensor]:
        """Return what is summed over a batch for `result`, and the loss to minimise, summed likewise."""

    @abstractmethod
    def result(self, totals: np.ndarray) -> Any:
        """Return an epoch's figures from its totals."""

    @abstractmethod
    def epoch(self, number: int, training: Any, validation: Any) -> E:
        """Return the result of an epoch."""

    @abstractmethod
    def epoch_from_json(self, values: Mapping[str, Any]) -> E:
        """Rebuild an epoch from JSON values."""

    def arrays(self) -> dict[str, Arrays]:
        """Return the variables of layers, optimiser and dropout, and the averages of the layers'."""
        return {"variable": tuple(v.numpy() for v in self._variables()), "average": self.weights()}

    def restore(self, arrays: Mapping[str, Arrays]) -> None:
        """Restore them; inverse of `arrays`."""
        _assign(self._variables(), arrays["variable"])
        _assign(self._averages, arrays["average"])

    def weights(self) -> Arrays:
        """Return the averaged weights of the layers."""
        return tuple(average.numpy() for average in self._averages)

    def average_anew(self) -> None:
        """Start the averages from the weights as they are."""
        _assign(self._averages, self.shared.variables)

    def run_epoch(self, number: int, train: Data, validation: Data | None) -> E:
        """Make one pass over the data, cut as (seed, number) gives.

        Raises:
            TrainingError: a number is not finite.
        """
        options = self.options
        rng = np.random.default_rng([options.seed, number])
        progress = (number - 1) / options.epochs
        self._optimizer.learning_rate.assign(options.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
        totals = reduce(np.add, (self._run(self._step, batch) for batch in self.batches(train, rng)))
        if not (np.isfinite(totals).all() and all(np.isfinite(v.numpy()).all() for v in self.shared.variables)):
            raise TrainingError(
                f"epoch {number}: the loss or a weight is not finite; give a lower learning rate "
                "(the checkpoint of the epoch before is kept, and resuming continues from it)"
            )
        return self.epoch(number, self.result(totals), None if validation is None else self.evaluate(validation))

    def evaluate(self, data: Data) -> Any:
        """Return the figures of data with the averaged weights."""
        live = [variable.numpy() for variable in self.shared.variables]
        _assign(self.shared.variables, self._averages)
        totals = reduce(np.add, (self._run(self._measure, batch) for batch in self.batches(data, None)))
        _assign(self.shared.variables, live)
        return self.result(totals)

    def _variables(self) -> list[keras.Variable]:
        return [*self.shared.variables, *self._optimizer.variables, *self.graph.non_trainable_variables]

    def _run(self, step: Callable[[Batch, Tensor], list[Tensor]], batch: Batch) -> np.ndarray:
        """Run `step` on this worker's rows, zero-padded to a fixed batch size to avoid retracing."""
        count = tf.constant(self.count(batch), tf.float32)
        per_shard = self.shards * self._cluster.size
        size = -(-max(self.options.batch_size, per_shard) // per_shard) * per_shard
        share = tf.nest.map_structure(lambda array: tf.constant(self._cluster.rows(_filled(array, size))), batch)
        return np.concatenate([np.ravel(value) for value in step(share, count)]).astype(np.float64)

    def _sums(self, batch: Batch, count: Tensor) -> list[Tensor]:  # noqa: ARG002 - as a step has it
        totals, _ = self.costs(batch, training=False)
        return self._cluster.sum(totals)

    def _take_step(self, batch: Batch, count: Tensor) -> list[Tensor]:
        with tf.GradientTape() as tape:
            totals, loss = self.costs(batch, training=True)
            mean = loss / count
        gradients = map(tf.convert_to_tensor, tape.gradient(mean, self.shared.variables))  # those of rows are sparse
        summed = self._cluster.sum([*gradients, *totals])
        clipped, _ = tf.clip_by_global_norm(summed[: -len(totals)], self.options.clip_norm)
        self._optimizer.apply(clipped)
        for average, variable in zip(self._averages, self.shared.variables, strict=True):
            average.assign(_AVERAGING * average + (1 - _AVERAGING) * variable)
        return summed[-len(totals) :]


def is_over(epochs: int) -> Callable[[TrainingState[Any]], bool]:
    """Return what tells that so many epochs are over."""
    return lambda state: len(state.history) >= epochs


def in_batches(cuts: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Yield the rows of windows, so many at once."""
    yield from (cuts[start : start + size] for start in range(0, len(cuts), size))


def _assign(variables: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _filled(array: np.ndarray, rows: int) -> np.ndarray:
    return np.concatenate([array, np.zeros((rows - len(array), *array.shape[1:]), array.dtype)])

"""The loop of epochs that every training in Keras goes through: a checkpoint each, broken off and gone on with.

All that an epoch depends on is in `TrainingState`, and a trainer draws its batches from (seed, epoch) alone. So a run
that is killed and resumed takes the very steps that an unbroken one takes, and ends with the same weights. Several
workers share each batch, and take the steps of one up to rounding.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from jazzgen import __version__
from jazzgen.errors import BundleError
from jazzgen.learning.checkpoint import Checkpoint, checkpoint_bytes, checkpoint_from_bytes, read_checkpoint
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.system.files import write_bytes

Arrays = tuple[np.ndarray, ...]


class Epoch(Protocol):
    """What an epoch came to; a frozen dataclass.

    Attributes:
        number: from 1.
        score: the loss that decides which epoch is best.
    """

    @property
    def number(self) -> int: ...

    @property
    def score(self) -> float: ...


E = TypeVar("E", bound=Epoch)
E_co = TypeVar("E_co", bound=Epoch, covariant=True)


@dataclass(frozen=True)
class TrainingState(Generic[E]):
    """Everything that the next epoch depends on.

    Attributes:
        history: the epochs so far.
        arrays: by name, what the trainer is restored from: the layers' variables and the optimiser's, and the like.
        best: weights after the best epoch.
    """

    history: tuple[E, ...]
    arrays: Mapping[str, Arrays]
    best: Arrays

    @property
    def best_epoch(self) -> E:
        return min(self.history, key=lambda epoch: epoch.score)


class EpochTrainer(Protocol[E_co]):
    """What the loop asks of a trainer."""

    def run_epoch(self, number: int) -> E_co:
        """One pass over the data; raises TrainingError once a number is not finite."""

    def arrays(self) -> dict[str, Arrays]:
        """All that the next epoch depends on, by name."""

    def restore(self, arrays: Mapping[str, Arrays]) -> None:
        """Inverse of `arrays`."""

    def weights(self) -> Arrays:
        """The weights that would be kept if this epoch were the best."""

    def epoch_from_json(self, values: Mapping[str, Any]) -> E_co:
        """Inverse of `dataclasses.asdict`, as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Run(Generic[E]):
    """Where and how a training goes on.

    Attributes:
        fingerprint: of data, sizes and options; a checkpoint of another one is not gone on with.
        checkpoint: where the state is kept after each epoch, replaced in one step.
        is_finished: tells when to stop.
        resume: go on from the checkpoint if there is one.
        cluster: the workers, all of which train; the checkpoint is the chief's.
        on_epoch: called after each epoch, once its checkpoint is written.
    """

    fingerprint: str
    checkpoint: Path
    is_finished: Callable[[TrainingState[E]], bool]
    resume: bool = False
    cluster: Cluster = ALONE
    on_epoch: Callable[[TrainingState[E]], None] = lambda _: None


def train_epochs(trainer: EpochTrainer[E], run: Run[E]) -> TrainingState[E]:
    """Trains until the run is finished.

    Raises:
        BundleError: when the checkpoint is damaged, or of another run.
        TrainingError: when the loss is no longer a number or a worker is lost; the last good checkpoint stays.
    """
    cluster = run.cluster
    cluster.require_same(f"{run.fingerprint} {__version__}")
    state = TrainingState[E]((), trainer.arrays(), trainer.weights())
    to_resume = cluster.is_chief and run.resume and run.checkpoint.exists()
    saved = cluster.from_chief(read_checkpoint(run.checkpoint) if to_resume else None)
    if saved is not None:
        state = state_from_bytes(saved, run.checkpoint, run.fingerprint, trainer.epoch_from_json)
        trainer.restore(state.arrays)
    while not run.is_finished(state):
        epoch = trainer.run_epoch(len(state.history) + 1)
        better = not state.history or epoch.score < state.best_epoch.score
        best = trainer.weights() if better else state.best
        state = TrainingState((*state.history, epoch), trainer.arrays(), best)
        if cluster.is_chief:
            write_bytes(run.checkpoint, state_to_bytes(state, run.fingerprint))
        run.on_epoch(state)
    return state


def state_to_bytes(state: TrainingState[Any], fingerprint: str) -> bytes:
    """A checkpoint file."""
    history: Sequence[dict[str, Any]] = [asdict(epoch) for epoch in state.history]
    return checkpoint_bytes(Checkpoint(history, {**state.arrays, "best": state.best}), fingerprint)


def state_from_bytes(
    data: bytes, path: Path, fingerprint: str, epoch_from_json: Callable[[Mapping[str, Any]], E]
) -> TrainingState[E]:
    """Inverse of `state_to_bytes`; `path` is for messages.

    Raises:
        BundleError: when the checkpoint is damaged, or of another run.
    """
    history, groups = checkpoint_from_bytes(data, path, fingerprint)
    try:
        arrays = {name: tuple(group) for name, group in groups.items()}
        best = arrays.pop("best")
        return TrainingState(tuple(map(epoch_from_json, history)), arrays, best)
    except (KeyError, TypeError) as error:
        raise BundleError(f"{path}: the checkpoint is damaged ({error}); delete it and train again") from None

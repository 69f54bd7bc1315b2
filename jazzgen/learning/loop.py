"""The epoch loop of every training in Keras, with a checkpoint after each epoch to resume from.

`TrainingState` holds everything that the next epoch depends on, and a trainer draws its batches from (seed, epoch)
alone. So a run that is killed and resumed takes exactly the steps of an unbroken one, and ends with the same weights.
Several workers share each batch, and take the steps of one up to rounding.
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
    """The result of an epoch; a frozen dataclass.

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
Data = TypeVar("Data")
Data_contra = TypeVar("Data_contra", contravariant=True)


@dataclass(frozen=True)
class TrainingState(Generic[E]):
    """Everything that the next epoch depends on.

    Attributes:
        history: the epochs so far.
        arrays: by name, what the trainer is restored from, such as variables of layers and optimiser.
        best: weights after the best epoch.
    """

    history: tuple[E, ...]
    arrays: Mapping[str, Arrays]
    best: Arrays

    @property
    def best_epoch(self) -> E:
        return min(self.history, key=lambda epoch: epoch.score)


class EpochTrainer(Protocol[Data_contra, E_co]):
    """What the loop needs of a trainer."""

    def run_epoch(self, number: int, train: Data_contra, validation: Data_contra | None) -> E_co:
        """Make one pass over the data; raise TrainingError if a number is not finite."""

    def arrays(self) -> dict[str, Arrays]:
        """Return everything that the next epoch depends on, by name."""

    def restore(self, arrays: Mapping[str, Arrays]) -> None:
        """Restore the state; inverse of `arrays`."""

    def weights(self) -> Arrays:
        """Return the weights to keep if this epoch is the best."""

    def epoch_from_json(self, values: Mapping[str, Any]) -> E_co:
        """Rebuild an epoch from JSON values; inverse of `dataclasses.asdict`."""


@dataclass(frozen=True, slots=True)
class Run(Generic[E]):
    """How a training runs.

    Attributes:
        fingerprint: of data, sizes and options; a checkpoint with another one is refused.
        checkpoint: file that holds the state after each epoch, replaced atomically.
        is_finished: tells when to stop.
        resume: continue from the checkpoint if there is one.
        cluster: the workers, all of which train; only the chief writes the checkpoint.
        on_epoch: called after each epoch, once its checkpoint is written.
    """

    fingerprint: str
    checkpoint: Path
    is_finished: Callable[[TrainingState[E]], bool]
    resume: bool = False
    cluster: Cluster = ALONE
    on_epoch: Callable[[TrainingState[E]], None] = lambda _: None


def train_epochs(trainer: EpochTrainer[Data, E], train: Data, validation: Data | None, run: Run[E]) -> TrainingState[E]:
    """Train until the run is finished.

    Raises:
        BundleError: the checkpoint is damaged, or of another run.
        TrainingError: the loss is not finite or a worker is lost; the last good checkpoint stays.
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
        epoch = trainer.run_epoch(len(state.history) + 1, train, validation)
        better = not state.history or epoch.score < state.best_epoch.score
        best = trainer.weights() if better else state.best
        state = TrainingState((*state.history, epoch), trainer.arrays(), best)
        if cluster.is_chief:
            write_bytes(run.checkpoint, state_to_bytes(state, run.fingerprint))
        run.on_epoch(state)
    return state


def state_to_bytes(state: TrainingState[Any], fingerprint: str) -> bytes:
    """Serialise the state as a checkpoint file."""
    history: Sequence[dict[str, Any]] = [asdict(epoch) for epoch in state.history]
    return checkpoint_bytes(Checkpoint(history, {**state.arrays, "best": state.best}), fingerprint)


def state_from_bytes(
    data: bytes, path: Path, fingerprint: str, epoch_from_json: Callable[[Mapping[str, Any]], E]
) -> TrainingState[E]:
    """Read the state back; inverse of `state_to_bytes`. `path` is for messages.

    Raises:
        BundleError: the checkpoint is damaged, or of another run.
    """
    history, groups = checkpoint_from_bytes(data, path, fingerprint)
    try:
        arrays = {name: tuple(group) for name, group in groups.items()}
        best = arrays.pop("best")
        return TrainingState(tuple(map(epoch_from_json, history)), arrays, best)
    except (KeyError, TypeError) as error:
        raise BundleError(f"{path}: the checkpoint is damaged ({error}); delete it and train again") from None

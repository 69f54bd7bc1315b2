"""Training checkpoints: named groups of arrays and the epochs so far, in one file without pickle."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from jazzgen.errors import BundleError
from jazzgen.learning.arrays import all_arrays, arrays_to_bytes
from jazzgen.learning.folder import DAMAGE
from jazzgen.system.files import open_plain


class Checkpoint(NamedTuple):
    """The state of a training.

    Attributes:
        history: the epochs so far, as JSON values.
        arrays: by group, in order.
    """

    history: Sequence[Mapping[str, Any]]
    arrays: Mapping[str, Sequence[np.ndarray]]


def checkpoint_bytes(checkpoint: Checkpoint, run: str) -> bytes:
    """Serialise a checkpoint; `run` tells this training from others."""
    about = json.dumps({"run": run, "history": list(checkpoint.history)})
    arrays = {f"{name}_{i:03}": a for name, group in checkpoint.arrays.items() for i, a in enumerate(group)}
    return arrays_to_bytes(arrays | {"about": np.frombuffer(about.encode(), np.uint8)})


def checkpoint_from_bytes(data: bytes, path: Path, run: str) -> Checkpoint:
    """Read the bytes of the checkpoint file at `path`, perhaps on another machine; inverse of `checkpoint_bytes`.

    Raises:
        BundleError: it is damaged, or of another run.
    """
    groups: dict[str, list[np.ndarray]] = {}
    try:
        arrays = all_arrays(data)
        about = json.loads(arrays.pop("about").tobytes())
        for name in sorted(arrays):
            groups.setdefault(name.rpartition("_")[0], []).append(arrays[name])
        found = Checkpoint([dict(epoch) for epoch in about["history"]], groups)
    except DAMAGE as error:
        raise BundleError(f"{path}: the checkpoint is damaged ({error}); delete it and train again") from None
    if about["run"] != run:
        raise BundleError(
            f"{path}: the checkpoint is of another corpus or other options; give those it was started with, "
            "or train anew without resuming"
        )
    return found


def read_checkpoint(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        BundleError: they cannot be read.
    """
    try:
        with open_plain(path) as file:
            return file.read()
    except OSError as error:
        raise BundleError(f"{path}: the checkpoint cannot be read ({error.strerror})") from None

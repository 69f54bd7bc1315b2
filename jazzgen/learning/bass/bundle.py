"""A bassist as a folder.

config.json   what it is (see `BassConfig`), kind, format and checksum
weights.npz   the network's arrays, in half precision
report.json   what it was trained on, and the losses
README.md     the model card
training.png  the losses as a picture
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from jazzgen.learning.arrays import arrays_from_bytes, arrays_to_bytes, as_type
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.net import ARRAYS, Net
from jazzgen.learning.bass.walk import Bassist
from jazzgen.learning.folder import CONFIG_FILE, FolderKind, read_about, require_types

FORMAT = 1
KIND = "jazzgen bassist"
_WEIGHTS = "weights.npz"
_FOLDER = FolderKind(KIND, FORMAT, "jazzgen train", (_WEIGHTS,))
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("n_x", "n_a", "n_joint"), int),
    **dict.fromkeys(("grooves", "meters"), list),
}


def save_bassist(folder: Path, config: BassConfig, net: Net, report: Mapping[str, Any], card: str) -> None:
    """Write the folder; it does not load until it is complete."""
    halves = {name: getattr(net, name).astype(np.float16) for name in ARRAYS}
    files = {
        _WEIGHTS: arrays_to_bytes(halves),
        "report.json": json.dumps(report, indent=1).encode(),
        "README.md": card.encode(),
    }
    _FOLDER.save(folder, files, asdict(config))


def load_bassist(folder: Path) -> Bassist:
    """Read and check a bassist; the inverse of `save_bassist` up to half precision.

    Raises:
        BundleError: it is missing, incomplete, damaged, of another kind or from another version.
    """

    def make(values: Mapping[str, Any], files: Mapping[str, bytes]) -> Bassist:
        config = _config(values)
        arrays = arrays_from_bytes(files[_WEIGHTS], ARRAYS)
        shapes = config.shapes()
        for name, array in zip(ARRAYS, arrays, strict=True):
            if array.shape != shapes[name]:
                raise ValueError(f"{name} has shape {array.shape}, its config says {shapes[name]}")
        net = Net(*(as_type(array, np.float32) for array in arrays))
        return Bassist(folder.resolve().name, config, net, sha256(files[_WEIGHTS]).hexdigest())

    return _FOLDER.load(folder, make)


def is_bassist(folder: Path) -> bool:
    """Return True if the folder's config says that it is a bassist, complete or not."""
    return (folder / CONFIG_FILE).is_file() and read_about(folder).get("kind") == KIND


def _config(values: Mapping[str, Any]) -> BassConfig:
    require_types(values, _TYPES)
    if not all(isinstance(groove, str) for groove in values["grooves"]):
        raise ValueError("a groove is no text")
    if not all(type(quarters) is int and quarters > 0 for quarters in values["meters"]):
        raise ValueError("a meter is no number of quarters")
    config = BassConfig(**{**values, "grooves": tuple(values["grooves"]), "meters": tuple(values["meters"])})
    if min(config.n_x, config.n_a, config.n_joint) < 1:
        raise ValueError("a layer has no units")
    return config

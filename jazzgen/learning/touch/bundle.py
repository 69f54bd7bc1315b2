"""A model of touch as a folder: its config, its network, its scale, and how it was trained.

config.json       what it is (see `Config`), kind, format and checksums
weights.npz       the network's arrays in half precision; `scale` in single
report.json       what it was trained on, and the losses
README.md         the model card
training.png      the losses as a picture
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jazzgen.learning.arrays import arrays_from_bytes, arrays_to_bytes, as_type
from jazzgen.learning.folder import CONFIG_FILE, FolderKind, read_about, require_types
from jazzgen.learning.touch.columns import MOST_PERFORMERS, MOST_STYLES, Names
from jazzgen.learning.touch.net import Net, Sizes
from jazzgen.learning.touch.scale import N_KNOTS, QUANTITIES, Quantity, Scale

FORMAT = 1
KIND = "jazzgen touch"
_FOLDER = FolderKind(KIND, FORMAT, "jazzgen train", ("weights.npz",))
_SCALE = "scale"
_SIZES = ("n_x", "n_a", "n_d", "n_j")
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(_SIZES, int),
    **dict.fromkeys(("performers", "styles", "programs", "measured"), list),
    **dict.fromkeys(("slowest_bpm", "fastest_bpm"), float),
}


@dataclass(frozen=True, slots=True)
class Config:
    """What the model is, and whom and what it has heard.

    Attributes:
        n_x: size of the embedding.
        n_a, n_d: units of the LSTMs over the notes, each way, and over what was drawn.
        n_j: units of the layer before each choice.
        performers, styles: that it knows by name.
        programs: General MIDI programs of the instruments it has heard.
        slowest_bpm, fastest_bpm: tempos it has heard.
        measured: the quantities that its corpus had; others are not drawn.
    """

    n_x: int = 64
    n_a: int = 96
    n_d: int = 96
    n_j: int = 64
    performers: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    programs: tuple[int, ...] = ()
    slowest_bpm: float = 60.0
    fastest_bpm: float = 300.0
    measured: tuple[Quantity, ...] = QUANTITIES

    @property
    def names(self) -> Names:
        return Names(self.performers, self.styles)

    @property
    def sizes(self) -> Sizes:
        return Sizes(self.n_x, self.n_a, self.n_d, self.n_j)


@dataclass(frozen=True, eq=False)
class TouchModel:
    """A model of touch in memory; `checksum` is of its weights."""

    name: str
    config: Config
    net: Net
    scale: Scale
    checksum: str


def save_touch(folder: Path, config: Config, net: Net, scale: Scale, report: Mapping[str, Any], card: str) -> None:
    """Write the folder; it does not load until it is complete."""
    halves = {name: array.astype(np.float16) for name, array in net.arrays.items()}
    files = {
        "weights.npz": arrays_to_bytes({**halves, _SCALE: scale.knots.astype(np.float32)}),
        "report.json": json.dumps(report, indent=1).encode(),
        "README.md": card.encode(),
    }
    _FOLDER.save(folder, files, asdict(config))


def load_touch(folder: Path) -> TouchModel:
    """Read and check a model of touch; the inverse of `save_touch` up to half precision.

    Raises:
        BundleError: it is missing, incomplete, damaged, of another kind or from another version.
    """

    def make(values: Mapping[str, Any], files: Mapping[str, bytes]) -> TouchModel:
        config = _config(values)
        shapes = config.sizes.shapes() | {_SCALE: (len(QUANTITIES), N_KNOTS)}
        arrays = dict(zip(shapes, arrays_from_bytes(files["weights.npz"], shapes), strict=True))
        for name, array in arrays.items():
            if array.shape != shapes[name]:
                raise ValueError(f"{name} has shape {array.shape}, its config says {shapes[name]}")
        knots = as_type(arrays.pop(_SCALE), np.float32)
        if (knots[:, 1:] < knots[:, :-1]).any():
            raise ValueError("its scale does not rise")
        net = Net(config.sizes, {name: as_type(array, np.float32) for name, array in arrays.items()})
        return TouchModel(folder.resolve().name, config, net, Scale(knots), str(read_about(folder).get("weights")))

    return _FOLDER.load(folder, make)


def is_touch(folder: Path) -> bool:
    """Return True if the folder's config says that it is a model of touch, complete or not."""
    return (folder / CONFIG_FILE).is_file() and read_about(folder).get("kind") == KIND


def _config(values: Mapping[str, Any]) -> Config:
    """Build the config from JSON values, turning lists into tuples."""
    require_types(values, _TYPES)
    lists = {name: tuple(values[name]) for name in ("performers", "styles", "programs", "measured")}
    config = Config(**dict(values) | lists)
    if min(getattr(config, name) for name in _SIZES) < 1:
        raise ValueError("a size is below 1")
    if not all(isinstance(name, str) for name in (*config.performers, *config.styles)):
        raise ValueError("a performer or a style has no name")
    if len(config.performers) > MOST_PERFORMERS or len(config.styles) > MOST_STYLES:
        raise ValueError(f"more than {MOST_PERFORMERS} performers or {MOST_STYLES} styles")
    if not all(type(program) is int and 0 <= program <= 127 for program in config.programs):
        raise ValueError("a program is not 0 to 127")
    if not set(config.measured) <= set(QUANTITIES):
        raise ValueError(f"it measures {config.measured}")
    if not 0 < config.slowest_bpm <= config.fastest_bpm < float("inf"):
        raise ValueError(f"tempos {config.slowest_bpm} to {config.fastest_bpm}")
    return config

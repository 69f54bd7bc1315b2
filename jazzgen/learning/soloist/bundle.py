"""A soloist as a folder: its config, its network, its licks, and how it was trained.

config.json       what it is (see `Config`), kind, format and checksums
weights.npz       the network's arrays, in half precision
licks.npz         for each part the four arrays of `Licks`
runs.npz          its training solos as steps (see `Runs`); older soloists lack it
ear.npz           the network that tells its solos from people's (see `Ear`), if it has one
habits.npz        profiles and ideas of its training solos (see `Habits`); older soloists lack it
report.json       what it was trained on, and the losses
README.md         the model card
training.png      the losses as a picture
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import numpy as np

from jazzgen.learning.arrays import arrays_from_bytes, arrays_to_bytes, as_type
from jazzgen.learning.folder import FolderKind, require_types
from jazzgen.learning.soloist.ear import Ear, ear_from_bytes
from jazzgen.learning.soloist.habits import Habits, habits_from_bytes
from jazzgen.learning.soloist.hearing import N_CHORD, N_FIRST_ROWS, N_ROWS
from jazzgen.learning.soloist.licks import Licks
from jazzgen.learning.soloist.memory import N_ADVISERS, Memory
from jazzgen.learning.soloist.moments import CLASSES, PARTS, Who
from jazzgen.learning.soloist.net import Net, Voice, n_outputs
from jazzgen.learning.soloist.runs import Runs, runs_from_bytes
from jazzgen.music.score import Feel

FORMAT = 2  # format 1 came before plans; see `_widened`
KIND = "jazzgen soloist"
RUNS_FILE, EAR_FILE, HABITS_FILE = "runs.npz", "ear.npz", "habits.npz"
ADDED = (RUNS_FILE, EAR_FILE, HABITS_FILE)
_FOLDER = FolderKind(KIND, FORMAT, "jazzgen train", ("weights.npz", "licks.npz"), ADDED, (1,))
_VOICE = tuple(field.name for field in fields(Voice) if field.name != "part")
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("n_x", "n_a", "n_joint", "low", "high"), int),
    **dict.fromkeys(("performers", "styles", "meters"), list),
    "feel": str,
    "human": (dict, type(None)),
}
_LICK_TYPES: dict[str, type[np.unsignedinteger[Any]]] = {
    "keys": np.uint32,
    "sizes": np.uint8,
    "classes": np.uint8,
    "counts": np.uint16,
}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything about the soloist that playing needs, so that nothing is given again.

    Attributes:
        n_x: size of the embedding of what is heard.
        n_a: units of the LSTM; docs/results.md compares sizes.
        n_joint: units of the layer before each choice.
        performers, styles: that it knows by name.
        low, high: MIDI pitch range of most of the corpus.
        feel: of most of the corpus.
        meters: lengths of the bars it was trained on, in quarter notes.
        human: for each figure of `metrics.figures`, mean and standard deviation over its training solos.
    """

    n_x: int = 96
    n_a: int = 256
    n_joint: int = 128
    performers: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    low: int = 48
    high: int = 84
    feel: Feel = "swing"
    meters: tuple[float, ...] = (4.0,)
    human: Mapping[str, tuple[float, float]] | None = None

    @property
    def who(self) -> Who:
        return Who(self.performers, self.styles)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each of the network's arrays, by its name in weights.npz."""
        x, a, j = self.n_x, self.n_a, self.n_joint
        shapes: dict[str, tuple[int, ...]] = {"embedding": (N_ROWS + N_CHORD, x)}
        for part in PARTS:
            outputs = sum(n_outputs(part).values())
            lstm = ((x, 4 * a), (a, 4 * a), (4 * a,))
            sizes = (*lstm, (a + x + N_ADVISERS[part], j), (j,), (j, outputs), (outputs,))
            shapes |= {f"{part}_{name}": size for name, size in zip(_VOICE, sizes, strict=True)}
        return shapes


@dataclass(frozen=True, eq=False)
class Soloist:
    """A soloist in memory.

    Attributes:
        name: its folder's.
        checksum: of its weights, licks and added files.
        runs: its training solos, to tell how far it quotes; None in an older soloist.
        ear: chooses among candidates; None if it has none.
        habits: plans are drawn from it; None in an older soloist.
    """

    name: str
    config: Config
    net: Net
    memory: Memory
    checksum: str
    runs: Runs | None = None
    ear: Ear | None = None
    habits: Habits | None = None


def net_of(arrays: Mapping[str, np.ndarray]) -> Net:
    """Build the network from its arrays by name."""
    voices = {part: Voice(part, *(arrays[f"{part}_{name}"] for name in _VOICE)) for part in PARTS}
    return Net(arrays["embedding"], voices)


def arrays_of(net: Net) -> dict[str, np.ndarray]:
    """Return the network's arrays by name; inverse of `net_of`."""
    voices = {f"{part}_{name}": getattr(net.voices[part], name) for part in PARTS for name in _VOICE}
    return {"embedding": net.embedding} | voices


def save_soloist(
    folder: Path,
    config: Config,
    net: Net,
    memory: Memory,
    report: Mapping[str, Any],
    card: str,
    *,
    added: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Write the folder; it does not load until it is complete. `added` may hold the files of `ADDED`."""
    halves = {name: array.astype(np.float16) for name, array in arrays_of(net).items()}
    licks = {
        f"{part}_{name}": _narrowed(getattr(memory[part], name), dtype)
        for part in PARTS
        for name, dtype in _LICK_TYPES.items()
    }
    files = {
        "weights.npz": arrays_to_bytes(halves),
        "licks.npz": _compressed(licks),
        "report.json": json.dumps(report, indent=1).encode(),
        "README.md": card.encode(),
    }
    _FOLDER.save(folder, files | dict(added), asdict(config))


def added_files(folder: Path) -> dict[str, bytes]:
    """Read the optional files of a soloist's folder, by name."""
    return {name: (folder / name).read_bytes() for name in ADDED if (folder / name).exists()}


def load_soloist(folder: Path) -> Soloist:
    """Read and check a soloist; the inverse of `save_soloist` up to half precision.

    Raises:
        BundleError: it is missing, incomplete, damaged, of another kind or from another version.

    Example:
        >>> from jazzgen.system.places import shipped_soloist
        >>> soloist = load_soloist(shipped_soloist())
        >>> soloist.name, soloist.config.feel
        ('soloist', 'swing')
    """

    def make(values: Mapping[str, Any], files: Mapping[str, bytes]) -> Soloist:
        config = _config(values)
        shapes = config.shapes()
        arrays = dict(zip(shapes, arrays_from_bytes(files["weights.npz"], shapes), strict=True))
        arrays = _widened(arrays)
        for name, array in arrays.items():
            if array.shape != shapes[name]:
                raise ValueError(f"{name} has shape {array.shape}, its config says {shapes[name]}")
        net = net_of({name: as_type(array, np.float32) for name, array in arrays.items()})
        summed = (files.get(name, b"") for name in ("weights.npz", "licks.npz", *ADDED))
        return Soloist(
            folder.resolve().name,
            config,
            net,
            _memory(files["licks.npz"]),
            sha256(b"".join(summed)).hexdigest(),
            runs_from_bytes(files[RUNS_FILE]) if RUNS_FILE in files else None,
            ear_from_bytes(files[EAR_FILE]) if EAR_FILE in files else None,
            habits_from_bytes(files[HABITS_FILE]) if HABITS_FILE in files else None,
        )

    return _FOLDER.load(folder, make)


def _config(values: Mapping[str, Any]) -> Config:
    """Build the config from JSON values, turning lists into tuples."""
    require_types(values, _TYPES)
    lists = {name: tuple(values[name]) for name in ("performers", "styles", "meters")}
    human = {name: (float(mean), float(sd)) for name, (mean, sd) in (values["human"] or {}).items()}
    config = Config(**dict(values) | lists | {"human": human})
    numbers = [*config.meters, *(number for pair in human.values() for number in pair)]
    if not np.isfinite(numbers).all() or min(config.meters, default=0) <= 0:
        raise ValueError("a length of bars or a figure is not a number that can be")
    if not all(isinstance(name, str) for name in (*config.performers, *config.styles)):
        raise ValueError("a performer or a style has no name")
    if config.feel not in get_args(Feel):
        raise ValueError(f"feel '{config.feel}'")
    if not 0 <= config.low < config.high <= 127 or min(config.n_x, config.n_a, config.n_joint) < 1:
        raise ValueError(f"pitches {config.low} to {config.high}, sizes {config.n_x}, {config.n_a}, {config.n_joint}")
    return config


def _widened(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Bring arrays of format 1 to today's sizes, with zeros for inputs and outputs that it lacked."""
    if len(arrays["embedding"]) != N_FIRST_ROWS + N_CHORD:
        return arrays
    more = sum(n_outputs("pitch").values()) - len(arrays["pitch_out_bias"])
    return arrays | {
        "embedding": np.insert(arrays["embedding"], [N_FIRST_ROWS] * (N_ROWS - N_FIRST_ROWS), 0, axis=0),
        "pitch_out": np.pad(arrays["pitch_out"], ((0, 0), (0, more))),
        "pitch_out_bias": np.pad(arrays["pitch_out_bias"], (0, more)),
    }


def _memory(data: bytes) -> Memory:
    """Read the licks, checking that no look-up can be out of bounds."""
    memory: Memory = {}
    for part in PARTS:
        names = [f"{part}_{name}" for name in _LICK_TYPES]
        keys, sizes, classes, counts = arrays_from_bytes(data, names)
        sizes = sizes.astype(np.int64)
        counts = counts.astype(np.int64)
        if (
            len(keys) != len(sizes)
            or len(classes) != len(counts)
            or sizes.sum() != len(classes)
            or not (len(keys) and sizes.min() > 0 and counts.min() > 0 and classes.max() < CLASSES[part])
            or (keys[1:] <= keys[:-1]).any()
        ):
            raise ValueError(f"the licks for the {part} do not fit together")
        memory[part] = Licks(part, keys.astype(np.uint32), sizes, classes.astype(np.uint8), counts)
    return memory


def _narrowed(values: np.ndarray, dtype: type[np.unsignedinteger[Any]]) -> np.ndarray:
    """Narrow values to a smaller type; those that are too large become its largest."""
    return np.minimum(values, np.iinfo(dtype).max).astype(dtype)


def _compressed(arrays: Mapping[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()

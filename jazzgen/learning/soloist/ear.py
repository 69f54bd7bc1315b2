"""An ear: a network, trained to tell a soloist's solos from people's, that scores how human the last notes sound.

Each note is heard as a row of columns, 0 for nothing. The network is a listener's (`listener.graphs`): embeddings, a
GRU in each direction (K. Cho et al., 2014; Keras's gates, in the order z, r, h, the reset after the product), mean and
maximum over the notes, and from those the log-odds. An embedding is only ever multiplied by the GRU's kernel, so these
products are tabulated.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import QUALITY_NAMES
from jazzgen.codec.events import DURATIONS, IOIS, PITCHES
from jazzgen.learning.arrays import arrays_from_bytes, as_type, names_in
from jazzgen.learning.soloist.moments import INDEX, PLACE
from jazzgen.learning.soloist.stage import Stage

# Set by hand.
WINDOW = 32  # notes
WIDEST_STEP = 18  # semitones; wider leaps are clipped
BEATS = 8

# What is heard of a note, and the number of values of each column.
COLUMNS: Mapping[str, int] = {
    "step": 2 * WIDEST_STEP + 2,
    "degree": 13,
    "quality": len(QUALITY_NAMES) + 1,
    "pitch": len(PITCHES) + 1,
    "ioi": len(IOIS) + 1,
    "tatum": 13,
    "beat": BEATS + 1,
    "duration": len(DURATIONS) + 1,
}
WAYS = ("forward", "backward")
_OF_WAY = ("kernel", "recurrent", "bias")


class Place(NamedTuple):
    """Where notes start: the chord's root and quality (`NONE` for no chord), tatum in the beat, beat in the bar."""

    root: np.ndarray
    quality: np.ndarray
    tatum: np.ndarray
    beat: np.ndarray


def ear_columns(pitch: np.ndarray, ioi: np.ndarray, duration: np.ndarray, place: Place) -> np.ndarray:
    """Return the columns (m, n, columns) of notes (m, n) in order; each row starts a solo.

    Args:
        pitch: MIDI numbers.
        ioi: tatums since the previous onset, as scored.
        duration: tatums, as scored.
        place: of each note.
    """
    is_first = np.arange(pitch.shape[1]) == 0
    steps = np.clip(np.diff(pitch, axis=1, prepend=pitch[:, :1]), -WIDEST_STEP, WIDEST_STEP) + WIDEST_STEP
    values = {
        "step": np.where(is_first, NONE, steps),
        "degree": np.where(place.root == NONE, NONE, (pitch - place.root) % 12),
        "quality": place.quality,
        "pitch": pitch,
        "ioi": np.where(is_first, NONE, ioi),
        "tatum": place.tatum,
        "beat": np.minimum(place.beat, BEATS - 1),
        "duration": duration - 1,
    }
    return np.stack([values[name] for name in COLUMNS], axis=-1) - NONE


def places_on(stage: Stage, tatum: np.ndarray) -> Place:
    """Return the places at tatums of a stage."""
    rows = stage.place[np.minimum(tatum, len(stage.place) - 1)] - 1
    names = ("root", "quality", "tatum", "beat")
    return Place(*(rows[..., INDEX[name] - PLACE.start] for name in names))


@dataclass(frozen=True, eq=False)
class Listening:
    """One network.

    Attributes:
        tables: (rows, 2, 3 units), what each value of each column adds to the gates, by direction.
        recurrent: (2, units, 3 units).
        bias: (2, 3 units), of the recurrent product.
        odds_kernel, odds_bias: (4 units,) and a number.
    """

    tables: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    odds_kernel: np.ndarray
    odds_bias: float

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> "Listening":
        """Build the network from a recurrent listener's arrays by name (see `ear_names`); it must hear all columns.

        Raises:
            ValueError: the shapes do not fit together.
        """
        units = arrays["forward_recurrent"].shape[0]
        widths = [arrays[name].shape[1] for name in COLUMNS]
        shapes: dict[str, tuple[int, ...]] = {
            name: (size, width) for (name, size), width in zip(COLUMNS.items(), widths, strict=True)
        }
        for way in WAYS:
            sizes = ((sum(widths), 3 * units), (units, 3 * units), (2, 3 * units))
            shapes |= {f"{way}_{part}": size for part, size in zip(_OF_WAY, sizes, strict=True)}
        shapes |= {"odds_kernel": (4 * units, 1), "odds_bias": (1,)}
        for name, shape in shapes.items():
            if arrays[name].shape != shape:
                raise ValueError(f"{name} of the ear has shape {arrays[name].shape}, not {shape}")
        edges = np.cumsum(widths)[:-1]
        tables = []
        for way in WAYS:
            kernels = np.split(arrays[f"{way}_kernel"], edges)
            products = [arrays[name] @ kernel for name, kernel in zip(COLUMNS, kernels, strict=True)]
            # Every note has exactly one row of the first column, so the input bias goes there.
            products[0] = products[0] + arrays[f"{way}_bias"][0]
            tables.append(np.concatenate(products))
        return cls(
            np.stack(tables, axis=1),
            np.stack([arrays[f"{way}_recurrent"] for way in WAYS]),
            np.stack([arrays[f"{way}_bias"][1] for way in WAYS]),
            arrays["odds_kernel"][:, 0],
            float(arrays["odds_bias"][0]),
        )

    def odds(self, columns: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Return the log-odds (m,) that a person played notes (m, n, columns), masked by `there` (m, n).

        Each row must have a note.
        """
        # Look up the gates' inputs, run both directions, and pool over the notes.
        gates = self.tables[columns + _OFFSETS].sum(axis=2)
        backward = self._run(gates[:, ::-1, 1], there[:, ::-1], 1)[:, ::-1]
        hidden = np.concatenate([self._run(gates[:, :, 0], there, 0), backward], axis=2)
        counted = there[..., None]
        mean = (hidden * counted).sum(axis=1) / counted.sum(axis=1)
        most = np.where(counted, hidden, -np.inf).max(axis=1)
        return np.concatenate([mean, most], axis=1) @ self.odds_kernel + self.odds_bias

    def _run(self, gates: np.ndarray, there: np.ndarray, way: int) -> np.ndarray:
        """Return the hidden states (m, n, units) of one direction; a masked note leaves the state unchanged."""
        m, n, _ = gates.shape
        recurrent = self.recurrent[way]
        bias = self.bias[way]
        units = len(recurrent)
        state = np.zeros((m, units), gates.dtype)
        states = np.empty((m, n, units), gates.dtype)
        for place in range(n):
            own = gates[:, place]
            fed = state @ recurrent + bias
            z, r = (_sigmoid(own[:, part] + fed[:, part]) for part in (slice(units), slice(units, 2 * units)))
            new = np.tanh(own[:, 2 * units :] + r * fed[:, 2 * units :])
            state = np.where(there[:, place, None], z * state + (1 - z) * new, state)
            states[:, place] = state
        return states


@dataclass(frozen=True, eq=False)
class Ear:
    """Networks trained in turn, each on solos that the earlier ones chose; their log-odds add up."""

    networks: tuple[Listening, ...]

    def odds(self, columns: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Return the summed log-odds, as `Listening.odds`."""
        return np.add.reduce([network.odds(columns, there) for network in self.networks])


_OFFSETS = np.cumsum([0, *list(COLUMNS.values())[:-1]])


def ear_names() -> list[str]:
    """Name the arrays in ear.npz: an embedding for each column, and the layers."""
    ways = [f"{way}_{part}" for way in WAYS for part in _OF_WAY]
    return [*COLUMNS, *ways, "odds_kernel", "odds_bias"]


def ear_to_bytes(networks: Sequence[Mapping[str, np.ndarray]]) -> bytes:
    """Serialise one or more networks as an .npz file, in half precision."""
    buffer = io.BytesIO()
    halves: dict[str, np.ndarray] = {}
    for number, arrays in enumerate(networks):
        halves |= {_named(name, number): arrays[name].astype(np.float16) for name in ear_names()}
    np.savez(buffer, allow_pickle=False, **halves)
    return buffer.getvalue()


def ear_arrays(data: bytes) -> list[dict[str, np.ndarray]]:
    """Read the arrays of each network; inverse of `ear_to_bytes`. ValueError if it is damaged."""
    names = ear_names()
    found: list[dict[str, np.ndarray]] = []
    held = names_in(data)
    while not found or _named(names[0], len(found)) in held:
        arrays = arrays_from_bytes(data, [_named(name, len(found)) for name in names])
        found.append(dict(zip(names, arrays, strict=True)))
    return found


def ear_from_bytes(data: bytes) -> Ear:
    """Read an ear from a file's bytes; ValueError if it is damaged."""
    networks = ({name: as_type(array, np.float32) for name, array in arrays.items()} for arrays in ear_arrays(data))
    return Ear(tuple(map(Listening.of, networks)))


def _named(name: str, number: int) -> str:
    """Name an array of a network; the first network's names have no number."""
    return f"{name}_{number + 1}" if number else name


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * np.tanh(0.5 * x) + 0.5

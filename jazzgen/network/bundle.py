"""A trained model as a folder that NumPy alone can read.

config.json       what the model is, with the version of this format and checksums of the next two
weights.npz       five arrays, see `Weights`
vocabulary.json   the tokens
report.json       what it was trained on and how that went
README.md         the model card
training.png      the same as a picture
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from jazzgen.errors import BundleError, JazzgenError
from jazzgen.files import make_folder, write_bytes, write_text
from jazzgen.score import Feel
from jazzgen.vocabulary import Vocabulary

FORMAT = 1
KIND = "jazzgen grammar model"
_MAX_BYTES = 256 * 1024 * 1024


class Weights(NamedTuple):
    """What the shared layers have learnt, gates packed in the order input, forget, candidate, output.

    Attributes:
        kernel: (n_values, 4 n_a).
        recurrent: (n_a, 4 n_a).
        bias: (4 n_a,).
        dense_kernel: (n_a, n_values).
        dense_bias: (n_values,).
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    dense_kernel: np.ndarray
    dense_bias: np.ndarray


@dataclass(frozen=True, slots=True)
class Config:
    """What the model is; nothing of it is given again when it plays.

    Attributes:
        n_values: size of the vocabulary.
        n_a: units of the LSTM.
        tx: steps of a training window.
        low, high: MIDI pitches between which the corpus lies.
        feel: of most of the corpus: whether even eighths are meant to swing.
        rhythm: for each tatum of the beat (0 to 11) the durations, in ticks, that start there in the corpus.
    """

    n_values: int
    n_a: int = 64
    tx: int = 30
    low: int = 55
    high: int = 84
    feel: Feel = "swing"
    rhythm: tuple[tuple[int, ...], ...] = ()

    def shapes(self) -> Weights:
        """The shape of each array of the weights."""
        n, a = self.n_values, self.n_a
        return Weights((n, 4 * a), (a, 4 * a), (4 * a,), (a, n), (n,))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Bundle:
    """A model in memory: `name` is its folder's name and `checksum` that of its weights."""

    name: str
    config: Config
    vocabulary: Vocabulary
    weights: Weights
    checksum: str


def save_bundle(
    folder: Path, config: Config, vocabulary: Vocabulary, weights: Weights, report: Mapping[str, Any], card: str
) -> None:
    """Writes the folder, `config.json` last: until it is there and fits, the bundle does not load."""
    make_folder(folder)
    data, words = weights_to_bytes(weights), vocabulary.to_json()
    write_bytes(folder / "weights.npz", data)
    write_text(folder / "vocabulary.json", words)
    write_text(folder / "report.json", json.dumps(report, indent=1))
    write_text(folder / "README.md", card)
    about = {"kind": KIND, "format": FORMAT, "weights": _checksum(data), "vocabulary": _checksum(words.encode())}
    write_text(folder / "config.json", json.dumps(about | {"config": asdict(config)}, indent=1))


def load_bundle(folder: Path) -> Bundle:
    """Reads and checks a bundle; the inverse of `save_bundle`.

    Raises:
        BundleError: when it is missing, incomplete, damaged, of another kind or from another version.
    """
    if not folder.is_dir():
        raise BundleError(f"{folder}: no such model; train one with 'jazzgen train' or give another --model")
    about = _read_about(folder)
    data, words = _read(folder / "weights.npz"), _read(folder / "vocabulary.json")
    for what, found in (("weights", data), ("vocabulary", words)):
        if about.get(what) != _checksum(found):
            raise BundleError(
                f"{folder}: the {what} are not those that config.json was written for; train the model again"
            )
    try:
        config = _config(about["config"])
        vocabulary = Vocabulary.from_json(words.decode())
        weights = weights_from_bytes(data)
    except (KeyError, TypeError, ValueError, JazzgenError) as error:
        raise BundleError(f"{folder}: is damaged ({error}); train the model again") from None
    _check_shapes(folder, config, vocabulary, weights)
    return Bundle(folder.resolve().name, config, vocabulary, weights, about["weights"])


def weights_to_bytes(weights: Weights) -> bytes:
    """The weights as an .npz file."""
    buffer = io.BytesIO()
    np.savez(buffer, **weights._asdict())
    return buffer.getvalue()


def weights_from_bytes(data: bytes) -> Weights:
    """Inverse of `weights_to_bytes`; raises ValueError when an array is missing or not finite."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        missing = set(Weights._fields) - set(arrays.files)
        if missing:
            raise ValueError(f"no array {sorted(missing)[0]}")
        weights = Weights(*(arrays[name] for name in Weights._fields))
    if not all(np.isfinite(array).all() for array in weights):
        raise ValueError("a weight is not a finite number")
    return weights


def _read_about(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        about = json.loads(_read(path))
    except ValueError:
        raise BundleError(f"{path}: is not JSON; train the model again") from None
    if not isinstance(about, dict) or about.get("kind") != KIND:
        raise BundleError(f"{folder}: is not a {KIND}; give a folder that 'jazzgen train' wrote")
    if about.get("format") != FORMAT:
        raise BundleError(
            f"{folder}: has format {about.get('format')}, this jazzgen reads {FORMAT}; "
            "train it again, or use the jazzgen that wrote it"
        )
    return about


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BundleError(f"{path}: is larger than any model that jazzgen writes")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(
            f"{path}: cannot be read ({error.strerror}); finish it with --resume or train it again"
        ) from None


def _config(values: Mapping[str, Any]) -> Config:
    known = {field.name for field in fields(Config)}
    rhythm = tuple(tuple(int(ticks) for ticks in durations) for durations in values["rhythm"])
    return Config(**{name: value for name, value in values.items() if name in known} | {"rhythm": rhythm})


def _check_shapes(folder: Path, config: Config, vocabulary: Vocabulary, weights: Weights) -> None:
    if len(vocabulary) != config.n_values:
        raise BundleError(f"{folder}: has {len(vocabulary)} tokens, its config says {config.n_values}; train it again")
    for name, array, shape in zip(Weights._fields, weights, config.shapes(), strict=True):
        if array.shape != tuple(shape):
            raise BundleError(f"{folder}: {name} has shape {array.shape}, its config says {shape}; train it again")


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""A trained model as a folder that NumPy alone can read.

config.json       what the model is, with the version of this format and checksums of the next two
weights.npz       five arrays, see `Weights`
vocabulary.json   the tokens
report.json       what it was trained on, and the losses
README.md         the model card
training.png      the losses as a picture
training.npz      where training stopped, to go on from; a model plays without it
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np

from jazzgen.learning.arrays import arrays_from_bytes, arrays_to_bytes
from jazzgen.learning.folder import FolderKind, require_types
from jazzgen.learning.grammar.tilt import Tilt
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.music.score import Feel
from jazzgen.music.timing import TATUMS_PER_BEAT

FORMAT = 1
KIND = "jazzgen grammar model"
_FOLDER = FolderKind(KIND, FORMAT, "jazzgen train", ("weights.npz", "vocabulary.json"))


class Weights(NamedTuple):
    """The weights of the shared layers, gates packed in the order input, forget, candidate, output.

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
    """Everything about the model that playing needs, so that nothing is given again.

    Attributes:
        n_values: size of the vocabulary.
        n_a: units of the LSTM.
        tx: steps of a training window.
        low, high: MIDI pitch range of the corpus.
        feel: of most of the corpus: "swing" if even eighths are to be swung.
        rhythm: for each tatum of the beat (0 to 11), the durations in ticks of the corpus's notes that start there.
        tilt: what each place in the bar adds to the network's logits; empty in older bundles.
    """

    n_values: int
    n_a: int = 64
    tx: int = 30
    low: int = 55
    high: int = 84
    feel: Feel = "swing"
    rhythm: tuple[tuple[int, ...], ...] = ()
    tilt: Tilt = field(default_factory=Tilt)

    def shapes(self) -> Weights:
        """Return the shape of each array of the weights."""
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
    """Write the folder; it does not load until it is complete."""
    files = {
        "weights.npz": arrays_to_bytes(weights._asdict()),
        "vocabulary.json": vocabulary.to_json().encode(),
        "report.json": json.dumps(report, indent=1).encode(),
        "README.md": card.encode(),
    }
    _FOLDER.save(folder, files, asdict(config))


def load_bundle(folder: Path) -> Bundle:
    """Read and check a bundle; the inverse of `save_bundle`.

    Raises:
        BundleError: it is missing, incomplete, damaged, of another kind or from another version.
    """

    def make(values: Mapping[str, Any], files: Mapping[str, bytes]) -> Bundle:
        config = _config(values)
        vocabulary = Vocabulary.from_json(files["vocabulary.json"].decode())
        weights = Weights(*arrays_from_bytes(files["weights.npz"], Weights._fields))
        _check_shapes(config, vocabulary, weights)
        return Bundle(folder.resolve().name, config, vocabulary, weights, sha256(files["weights.npz"]).hexdigest())

    return _FOLDER.load(folder, make)


_TYPES = {**dict.fromkeys(("n_values", "n_a", "tx", "low", "high"), int), "feel": str, "rhythm": list}


def _config(values: Mapping[str, Any]) -> Config:
    known = {field.name for field in fields(Config)}
    require_types(values, _TYPES)
    if values["feel"] not in get_args(Feel) or min(values["n_values"], values["n_a"], values["tx"]) < 1:
        raise ValueError(f"feel '{values['feel']}', {values['n_values']} tokens, {values['n_a']} units")
    rhythm = tuple(tuple(int(ticks) for ticks in durations) for durations in values["rhythm"])
    tilt = Tilt.of(values.get("tilt", {}))
    return Config(**{name: value for name, value in values.items() if name in known} | {"rhythm": rhythm, "tilt": tilt})


def _check_shapes(config: Config, vocabulary: Vocabulary, weights: Weights) -> None:
    if len(config.rhythm) != TATUMS_PER_BEAT or not 0 <= config.low < config.high <= 127:
        raise ValueError(f"rhythm of {len(config.rhythm)} tatums, pitches {config.low} to {config.high}")
    if len(vocabulary) != config.n_values:
        raise ValueError(f"it has {len(vocabulary)} tokens, its config says {config.n_values}")
    for name, array, shape in zip(Weights._fields, weights, config.shapes(), strict=True):
        if array.shape != tuple(shape):
            raise ValueError(f"{name} has shape {array.shape}, its config says {shape}")

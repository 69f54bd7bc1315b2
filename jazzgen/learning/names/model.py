"""A names model as a folder, and new names drawn from it.

config.json   what the model is, with the version of this format and checksums of the next two
weights.npz   the five arrays of `charlm_cells`, in single precision
names.txt     the names it was made from, held-out ones included, one a line
report.json   the losses of its training
README.md     the model card
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.learning.arrays import arrays_from_bytes, arrays_to_bytes, as_type
from jazzgen.learning.folder import CONFIG_FILE, FolderKind, read_about, require_types
from jazzgen.reference.charlm import END, check_sampling, decode, draw
from jazzgen.reference.charlm_cells import NAMES, Parameters, find_cell
from jazzgen.reference.charlm_net import check_parameters

FORMAT = 1
KIND = "jazzgen names model"
_FOLDER = FolderKind(KIND, FORMAT, "jazzgen names train", ("weights.npz", "names.txt"))
_MOST = 10_000  # names at once, set by hand
_TRIES = 200  # for each name asked for, set by hand


@dataclass(frozen=True, slots=True)
class NamesConfig:
    """What the model is.

    Attributes:
        cell: rnn or lstm.
        n_a: its units.
        characters: the vocabulary, sorted, the newline among them.
        max_length: of a name, in characters.
        lower: it learnt lower case; names are capitalised when made.
    """

    cell: str
    n_a: int
    characters: str
    max_length: int
    lower: bool


@dataclass(frozen=True)
class NamesModel:
    """A model in memory: `name` is its folder's name and `known` the names it was made from."""

    name: str
    config: NamesConfig
    parameters: Parameters
    known: tuple[str, ...]

    @cached_property
    def char_to_ix(self) -> Mapping[str, int]:
        return {character: index for index, character in enumerate(self.config.characters)}

    @cached_property
    def known_names(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.known)

    @cached_property
    def known_pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pair for name in self.known for pair in _pairs(name))

    def holds_words(self, name: str) -> bool:
        """Return True if each word occurs in the known names, after the same word as here."""
        return self.known_pairs.issuperset(_pairs(name))


@dataclass(frozen=True, slots=True)
class NameOptions:
    """How to make up names.

    Attributes:
        temperature: 1 samples as learnt, lower is safer, higher bolder.
        starts_with: start of every name.
        allow_known: allow names that the model was made from.
        real_words: allow only words of those names, each after a word that it follows there.
    """

    temperature: float = 1.0
    starts_with: str = ""
    allow_known: bool = False
    real_words: bool = False


def make_names(
    model: NamesModel, n: int, options: NameOptions = NameOptions(), *, rng: np.random.Generator
) -> tuple[str, ...]:
    """Make up `n` different names.

    Raises:
        OptionError: an option is out of range, or too few new names are found within the tries.
    """
    if not 1 <= n <= _MOST:
        raise OptionError(f"{n} names: ask for 1 to {_MOST}")
    found: dict[str, str] = {}
    for name in _candidates(model, _TRIES * n, options, rng):
        if name and (options.allow_known or name.casefold() not in model.known_names):
            found.setdefault(name.casefold(), name)
        if len(found) == n:
            return tuple(found.values())
    start = f" that start with '{options.starts_with}'" if options.starts_with else ""
    raise OptionError(
        f"{model.name}: {_TRIES * n} tries made {len(found)} new names{start}, not {n}; "
        "ask for fewer, raise the temperature, or allow known ones"
    )


def _candidates(model: NamesModel, tries: int, options: NameOptions, rng: np.random.Generator) -> Iterator[str]:
    """Yield names as drawn, skipping those that were cut off or, if asked, that hold unknown words."""
    config = model.config
    prefix = options.starts_with.lower() if config.lower else options.starts_with
    check_sampling(prefix, options.temperature, model.char_to_ix, config.max_length)
    given = [model.char_to_ix[character] for character in prefix]
    for _ in range(tries):
        indices = draw(model.parameters, given, model.char_to_ix[END], rng, options.temperature, config.max_length)
        name = " ".join(decode(indices, model.char_to_ix).split())
        if len(indices) <= config.max_length and (not options.real_words or model.holds_words(name)):
            yield name[:1].upper() + name[1:] if config.lower else name


def save_names_model(folder: Path, model: NamesModel, report: Mapping[str, Any], card: str) -> None:
    """Write the folder; it does not load until it is complete."""
    files = {
        "weights.npz": arrays_to_bytes({name: model.parameters[name].astype(np.float32) for name in NAMES}),
        "names.txt": END.join([*model.known, ""]).encode(),
        "report.json": json.dumps(report, indent=1).encode(),
        "README.md": card.encode(),
    }
    _FOLDER.save(folder, files, asdict(model.config))


def load_names_model(folder: Path) -> NamesModel:
    """Read and check a names model; the inverse of `save_names_model`.

    Raises:
        BundleError: it is missing, incomplete, damaged, of another kind or from another version.
    """

    def make(values: Mapping[str, Any], files: Mapping[str, bytes]) -> NamesModel:
        config = _config(values)
        arrays = arrays_from_bytes(files["weights.npz"], NAMES)
        parameters = {name: as_type(array, np.float64) for name, array in zip(NAMES, arrays, strict=True)}
        _check_sizes(config, parameters)
        return NamesModel(folder.resolve().name, config, parameters, tuple(files["names.txt"].decode().splitlines()))

    return _FOLDER.load(folder, make)


def is_names_model(folder: Path) -> bool:
    """Return True if the folder's config says that it is a names model, complete or not."""
    return (folder / CONFIG_FILE).is_file() and read_about(folder).get("kind") == KIND


def _config(values: Mapping[str, Any]) -> NamesConfig:
    config = NamesConfig(**values)
    types = {"cell": str, "n_a": int, "characters": str, "max_length": int, "lower": bool}
    require_types(asdict(config), types)
    if END not in config.characters or list(config.characters) != sorted(set(config.characters)):
        raise ValueError("the characters are not sorted, with a newline among them")
    if config.max_length < 1:
        raise ValueError(f"names of at most {config.max_length} characters")
    return config


def _check_sizes(config: NamesConfig, parameters: Parameters) -> None:
    check_parameters(parameters)
    n = len(config.characters)
    rows = find_cell(config.cell).gates * config.n_a
    for name, shape in (("Wax", (rows, n)), ("Waa", (rows, config.n_a)), ("by", (n, 1))):
        if parameters[name].shape != shape:
            raise ValueError(f"{name} has shape {parameters[name].shape}, its config says {shape}")


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """Return each word with the one after it; "" stands before the first and after the last."""
    return pairwise(["", *name.split(), ""])

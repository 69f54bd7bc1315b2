"""The tokens that a model knows, sorted, with their indices; saved as JSON beside the weights."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jazzgen.errors import BundleError


@dataclass(frozen=True)
class Vocabulary:
    """Distinct tokens in sorted order, so that a corpus gives one vocabulary in whatever order its files are read.

    >>> vocabulary = Vocabulary.of([("R,1.000", "C,0.500"), ("R,1.000",)])
    >>> vocabulary.encode(("R,1.000", "C,0.500")).tolist()
    [1, 0]
    """

    tokens: tuple[str, ...]

    @classmethod
    def of(cls, sequences: Iterable[Sequence[str]]) -> "Vocabulary":
        """Collect the tokens of some sequences."""
        return cls(tuple(sorted({token for sequence in sequences for token in sequence})))

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def indices(self) -> Mapping[str, int]:
        return {token: index for index, token in enumerate(self.tokens)}

    def encode(self, tokens: Iterable[str]) -> np.ndarray:
        """Return the indices (n,) of the tokens; KeyError for one outside the vocabulary."""
        return np.array([self.indices[token] for token in tokens], dtype=np.int32)

    def decode(self, indices: Iterable[int]) -> tuple[str, ...]:
        """Return the tokens of indices; inverse of `encode`."""
        return tuple(self.tokens[index] for index in indices)

    def to_json(self) -> str:
        return json.dumps(self.tokens, indent=0)

    @classmethod
    def from_json(cls, text: str) -> "Vocabulary":
        """Read JSON; inverse of `to_json`."""
        tokens = json.loads(text)
        if not isinstance(tokens, list) or not all(isinstance(t, str) for t in tokens) or tokens != sorted(set(tokens)):
            raise BundleError("the vocabulary is not a sorted list of tokens")
        return cls(tuple(tokens))

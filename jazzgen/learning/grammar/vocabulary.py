"""The tokens a model knows, sorted, with their indices; saved as JSON beside the weights."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jazzgen.errors import BundleError


@dataclass(frozen=True)
class Vocabulary:
    """Distinct tokens in sorted order: one corpus has one vocabulary, whatever order its files came in."""

    tokens: tuple[str, ...]

    @classmethod
    def of(cls, sequences: Iterable[Sequence[str]]) -> "Vocabulary":
        """The vocabulary of some token sequences."""
        return cls(tuple(sorted({token for sequence in sequences for token in sequence})))

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def indices(self) -> Mapping[str, int]:
        return {token: index for index, token in enumerate(self.tokens)}

    def encode(self, tokens: Iterable[str]) -> np.ndarray:
        """Indices (n,) of the tokens; KeyError for one that is not in the vocabulary."""
        return np.array([self.indices[token] for token in tokens], dtype=np.int32)

    def decode(self, indices: Iterable[int]) -> tuple[str, ...]:
        """Inverse of `encode`."""
        return tuple(self.tokens[index] for index in indices)

    def to_json(self) -> str:
        return json.dumps(self.tokens, indent=0)

    @classmethod
    def from_json(cls, text: str) -> "Vocabulary":
        """Inverse of `to_json`."""
        tokens = json.loads(text)
        if not isinstance(tokens, list) or not all(isinstance(t, str) for t in tokens) or tokens != sorted(set(tokens)):
            raise BundleError("the vocabulary is not a sorted list of tokens")
        return cls(tuple(tokens))

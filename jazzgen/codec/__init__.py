"""Convert music to tokens and back: one protocol, one module for each language.

Doors: `Codec` here, `grammar` (the deepjazz grammar) and `kinds` (a note against its chord), `events` (whole notes as
numbers), `context` (what stands around each note), `ideas` (what a stretch of a solo does).
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from jazzgen.harmony.changes import Changes
from jazzgen.music.score import Note, Score


class Codec(Protocol):
    """A token language for solos. `decode` inverts `encode`, except for what the language leaves open."""

    def encode(self, score: Score) -> tuple[str, ...]: ...

    def decode(self, tokens: Sequence[str], changes: Changes, rng: np.random.Generator) -> tuple[Note, ...]: ...

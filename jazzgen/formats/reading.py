"""What a reader is asked and what it answers: one format a module, each with `readings(path, options)`.

A file may hold one piece or many. `readings` yields, for each in turn, a `Reading`, or an `Unread` if that piece
cannot be read; it raises a JazzgenError if that is so of the whole file. Neither names the file: `read_file` does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from jazzgen.errors import CorpusError
from jazzgen.music.score import Score

# How the part with the solo is named, if it is.
SOLO_NAMES = re.compile(r"solo|melod|lead|theme|head|vocal|voice|sax|trumpet|flute|clarinet|violin|guit", re.I)
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user may say about a file; it holds for every piece in it.

    Attributes:
        melody: name (or part of it) or number of the melody track; None to find it.
        chords: likewise for the track that chords are inferred from.
        bars: first and last bar to take, or None for all.
    """

    melody: str | None = None
    chords: str | None = None
    bars: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where music comes from: a source's name, its licence (an SPDX name where there is one), how to cite it."""

    source: str = ""
    licence: str = ""
    citation: str = ""

    def __str__(self) -> str:
        return "; ".join(filter(None, (self.source, self.licence and f"licence {self.licence}", self.citation)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A score and how it was found.

    Attributes:
        melody_reason, chords_reason: what was taken for the solo and for the changes, and why; for people to read.
        piece: what tells this piece from others in its file; empty where a file holds one.
        left_out: what the file holds and the score does not, each in a few words.
    """

    score: Score
    melody_reason: str
    chords_reason: str
    piece: str = ""
    provenance: Provenance = Provenance()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece of a file that cannot be read, and why, in one line.

    Attributes:
        piece: as in `Reading`.
        broken_off: whether another try, on a machine that is faster or larger, may read it.
    """

    piece: str
    reason: str
    broken_off: bool = False


Pieces = tuple[Reading | Unread, ...]


class Named(Protocol):
    """What a user may ask for by its number in the file, or its name."""

    @property
    def name(self) -> str: ...

    @property
    def number(self) -> int: ...


_Named = TypeVar("_Named", bound=Named)


def asked_for(voices: Sequence[_Named], wanted: str, option: str, what: str = "track") -> list[_Named]:
    """Those of that number, or of that name, or else with that in their name.

    Raises:
        CorpusError: when there are none, with the list of those there are.
    """
    if wanted.isdecimal():
        found = [voice for voice in voices if voice.number == int(wanted)]
    else:
        name = wanted.lower()
        found = [v for v in voices if v.name.lower() == name] or [v for v in voices if name in v.name.lower()]
    if not found:
        names = ", ".join(f"{voice.number} '{voice.name}'" for voice in voices) or "none"
        raise CorpusError(f"no {what} is '{wanted}' ({option}); {what}s with notes: {names}")
    return found


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The file's bytes.

    Raises:
        CorpusError: when it is not there, cannot be read or is larger than `limit`.
    """
    try:
        size = path.stat().st_size
        if size > limit:
            raise CorpusError(f"it has {size / 2**20:.0f} MiB; at most {limit / 2**20:.0f} are read, split it")
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"cannot be read ({error.strerror})") from None

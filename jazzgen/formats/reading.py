"""What a reader is asked and what it answers: one format a module, each with `readings(path, options)`.

A file may hold one piece or many. `readings` yields, for each in turn, a `Reading`, or an `Unread` if that piece
cannot be read; it raises a JazzgenError if that is so of the whole file. Neither names the file: `read_file` does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from jazzgen.errors import ChoiceError, CorpusError
from jazzgen.music.score import Score

# How the part with the solo is named, if it is.
SOLO_NAMES = re.compile(r"solo|melod|lead|theme|head|vocal|voice|sax|trumpet|flute|clarinet|violin|guit", re.I)
_MOST_TOLD = 40  # pieces of a file
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user may say about a file; it holds for every piece in it.

    Attributes:
        melody: name (or part of it) or number of the melody track, or `channel 4`; None to find it.
        chords: likewise for the track that chords are inferred from.
        bars: first and last bar to take, or None for all.
        bpm: quarter notes a minute; None for what the file says. Of MIDI alone, as is the next.
        downbeat: when bar 1 begins, in seconds; None for where the file has it.
    """

    melody: str | None = None
    chords: str | None = None
    bars: tuple[int, int] | None = None
    bpm: float | None = None
    downbeat: float | None = None


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
        warnings: what was taken on trust and may be wrong, each a sentence.
    """

    score: Score
    melody_reason: str
    chords_reason: str
    piece: str = ""
    provenance: Provenance = Provenance()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def infers_chords(self) -> bool:
        """True if no chord is written in the file: they are heard in its notes."""
        return self.chords_reason.startswith("chords: inferred")


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


def chosen(pieces: Sequence[Reading | Unread], number: int | None) -> Reading | Unread:
    """The piece of that number, from 1; without one, the only piece.

    Raises:
        ChoiceError: when there are several and none is chosen, or none of that number, with a list of them.
    """
    if number is None and len(pieces) == 1:
        return pieces[0]
    if number is not None and 1 <= number <= len(pieces):
        return pieces[number - 1]
    names = [f"{n} '{piece.piece or _title(piece)}'" for n, piece in enumerate(pieces[:_MOST_TOLD], 1)]
    more = f" and {len(pieces) - _MOST_TOLD} more" if len(pieces) > _MOST_TOLD else ""
    wrong = f"there is no number {number}; it" if number is not None else "it"
    what = "piece" if len(pieces) == 1 else "pieces"
    raise ChoiceError(f"{wrong} holds {len(pieces)} {what}: {', '.join(names)}{more}; say which, by its number")


def _title(piece: Reading | Unread) -> str:
    return piece.score.title if isinstance(piece, Reading) else "not read"


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


def told(faults: Sequence[str], at_most: int = 10) -> Iterator[str]:
    """The first of many things to tell, and how many more there are."""
    yield from faults[:at_most]
    if len(faults) > at_most:
        yield f"and {len(faults) - at_most} more like these"


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

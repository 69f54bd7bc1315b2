"""What a reader takes and returns; each format's module has a function `readings(path, options)`.

A file may hold one piece or many. For each, `readings` yields a `Reading`, or an `Unread` if that piece cannot be read;
it raises a JazzgenError if the whole file cannot be read. Messages do not name the file: the caller knows it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from jazzgen.errors import ChoiceError, CorpusError
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import Score
from jazzgen.system.files import open_plain

# Words in the name of a solo's part.
SOLO_NAMES = re.compile(r"solo|melod|lead|theme|head|vocal|voice|sax|trumpet|flute|clarinet|violin|guit", re.I)
_MOST_TOLD = 40  # pieces listed in a message; set by hand
MAX_BYTES = 64 * 1024 * 1024  # of a file; set by hand


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user may ask of a file; it applies to every piece in it.

    Attributes:
        melody: name (or part of the name) or number of the melody track, or `channel 4`; None to find it.
        chords: the same for the track that chords are inferred from.
        bars: first and last bar to keep, or None for all.
        bpm: quarter notes a minute; None for what the file says. For MIDI alone, as is the next.
        downbeat: when bar 1 begins, in seconds; None for where the file has it.
        as_written: whether to keep repeats and jumps as signs (`Reading.signs`), each bar once, as a sheet does.
    """

    melody: str | None = None
    chords: str | None = None
    bars: tuple[int, int] | None = None
    bpm: float | None = None
    downbeat: float | None = None
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where music comes from: the source's name, its licence (SPDX if there is one), and how to cite it."""

    source: str = ""
    licence: str = ""
    citation: str = ""

    def __str__(self) -> str:
        return "; ".join(filter(None, (self.source, self.licence and f"licence {self.licence}", self.citation)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A score read from a file, and how it was read.

    Attributes:
        melody_reason, chords_reason: which part became the solo, where the changes come from, and why; for people.
        piece: name of the piece within its file; empty if the file holds only one.
        left_out: what the file holds but the score does not, in a few words each.
        warnings: what was taken on trust and may be wrong, each a sentence.
        signs: of the score's bars, if it is as written; empty if it is as played.
    """

    score: Score
    melody_reason: str
    chords_reason: str
    piece: str = ""
    provenance: Provenance = Provenance()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    signs: tuple[Signs, ...] = ()

    @property
    def infers_chords(self) -> bool:
        """True if no chord is written in the file: they are heard in its notes."""
        return self.chords_reason.startswith("chords: inferred")


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece that cannot be read, and the reason in one line.

    Attributes:
        piece: as in `Reading`.
        broken_off: whether it hit a limit of time or memory, so that a larger machine may read it.
    """

    piece: str
    reason: str
    broken_off: bool = False


Pieces = tuple[Reading | Unread, ...]


def chosen(pieces: Sequence[Reading | Unread], number: int | None) -> Reading | Unread:
    """Return the piece with this number, counted from 1; with no number, the only piece.

    Raises:
        ChoiceError: when there are several and no number, or no piece has it; the message lists the pieces.

    Example:
        >>> chosen([Unread("Blues", "empty"), Unread("Waltz", "empty")], 2).piece
        'Waltz'
    """
    if number is None and len(pieces) == 1:
        return pieces[0]
    if number is not None and 1 <= number <= len(pieces):
        return pieces[number - 1]
    names = [f"{n} '{piece_name(piece)}'" for n, piece in enumerate(pieces[:_MOST_TOLD], 1)]
    more = f" and {len(pieces) - _MOST_TOLD} more" if len(pieces) > _MOST_TOLD else ""
    wrong = f"there is no number {number}; it" if number is not None else "it"
    what = "piece" if len(pieces) == 1 else "pieces"
    raise ChoiceError(f"{wrong} holds {len(pieces)} {what}: {', '.join(names)}{more}; say which, by its number")


def piece_name(piece: Reading | Unread) -> str:
    """Return what to call a piece in a list: its name in the file, or its title."""
    return piece.piece or (piece.score.title if isinstance(piece, Reading) else "not read")


class Named(Protocol):
    """A part or track that a user may ask for by its number in the file or by its name."""

    @property
    def name(self) -> str: ...

    @property
    def number(self) -> int: ...


_Named = TypeVar("_Named", bound=Named)


def asked_for(voices: Sequence[_Named], wanted: str, option: str, what: str = "track") -> list[_Named]:
    """Find the tracks with the wanted number or name, or else those whose name contains it.

    Args:
        voices: to choose from.
        wanted: a number, a name or part of one; case does not matter.
        option: what asked for it, for the message.
        what: what to call a track in the message.

    Raises:
        CorpusError: when none fits; the message lists all.
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
    """Yield the first messages, and then how many more there are."""
    yield from faults[:at_most]
    if len(faults) > at_most:
        yield f"and {len(faults) - at_most} more like these"


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Read a whole file.

    Raises:
        CorpusError: when it cannot be read or has more than `limit` bytes.
    """
    try:
        with open_plain(path) as file:
            size = path.stat().st_size
            data = b"" if size > limit else file.read(limit + 1)  # a file may grow as it is read
    except OSError as error:
        raise CorpusError(f"cannot be read ({error.strerror})") from None
    if max(size, len(data)) > limit:
        raise CorpusError(f"it has {size / 2**20:.0f} MiB; at most {limit / 2**20:.0f} are read, split it")
    return data

"""Conversion of files between formats: from any that can be read to those that can be written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jazzgen.corpus import name_of, read_pieces
from jazzgen.corpus.cache import NO_CACHE, Cache
from jazzgen.engraving import musicxml_bytes
from jazzgen.errors import CorpusError, JazzgenError, OptionError
from jazzgen.formats.charts import sheet_text
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.formats.reading import Pieces, Reading, ReadOptions, Unread
from jazzgen.music.channels import on_own_channels
from jazzgen.music.score import Score
from jazzgen.system.files import write_bytes

_UNSAFE = set('<>:"/\\|?*')
_LONGEST_NAME = 80  # characters; set by hand, well within file systems' 255 bytes


@dataclass(frozen=True, slots=True)
class Target:
    """A format that can be written; `lacks` names what of a score it cannot hold."""

    to_bytes: Callable[[Score], bytes]
    lacks: str = ""


def _midi_bytes(score: Score) -> bytes:
    return midi_bytes(on_own_channels(score))


def _text_bytes(score: Score) -> bytes:
    return sheet_text(score).encode()


_MIDI = Target(_midi_bytes)
_MUSICXML = Target(musicxml_bytes)
_TEXT = Target(_text_bytes, lacks="notes")
TARGETS = {
    ".mid": _MIDI,
    ".midi": _MIDI,
    ".musicxml": _MUSICXML,
    ".xml": _MUSICXML,
    ".txt": _TEXT,
    ".changes": _TEXT,
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """A piece and the file it was written to; or None, with the reason in `note`."""

    piece: str
    path: Path | None
    note: str = ""


def convert_piece(
    source: Path,
    target: Path,
    piece: str | None = None,
    *,
    options: ReadOptions = ReadOptions(),
    cache: Cache = NO_CACHE,
) -> Conversion:
    """Write one piece of `source` to `target`, in the format of its suffix.

    Args:
        source: any file that can be read.
        target: the file to write.
        piece: its name, or number from 1; None if there is only one.
        options: for reading.
        cache: keeps readings between runs.

    Raises:
        CorpusError: if the piece cannot be read or does not exist.
        OptionError: if the format cannot be written.
    """
    to = target_of(target.suffix)
    return _write(source, _choose(source, read_pieces(source, options, cache), piece), target, to)


def convert_all(
    source: Path,
    folder: Path,
    suffix: str,
    *,
    options: ReadOptions = ReadOptions(),
    cache: Cache = NO_CACHE,
) -> Iterator[Conversion]:
    """Write every piece of `source` to a file in `folder` named after it; yield a note for one that fails."""
    to = target_of(suffix)
    taken = set[str]()
    for number, piece in enumerate(read_pieces(source, options, cache), 1):
        stem = _free_stem(piece.piece or source.stem, taken)
        try:
            yield _write(source, piece, folder / (stem + suffix), to)
        except JazzgenError as error:
            yield Conversion(piece.piece or str(number), None, str(error))


def target_of(suffix: str) -> Target:
    """Return the format of a suffix; raise OptionError with the list if there is none."""
    if suffix.lower() not in TARGETS:
        raise OptionError(f"'{suffix}' cannot be written; name a file that ends in {' '.join(TARGETS)}")
    return TARGETS[suffix.lower()]


def _choose(source: Path, pieces: Pieces, wanted: str | None) -> Reading | Unread:
    if wanted is None and len(pieces) == 1:
        return pieces[0]
    if wanted is None:
        raise CorpusError(
            f"{source}: holds {len(pieces)} pieces; choose one by name or number, or name a folder for all"
        )
    if wanted.isdecimal() and 0 < int(wanted) <= len(pieces):
        return pieces[int(wanted) - 1]
    found = [piece for piece in pieces if wanted.casefold() in piece.piece.casefold()]
    exact = [piece for piece in found if piece.piece == wanted] or found
    if len(exact) != 1:
        near = ", ".join(f"'{piece.piece}'" for piece in (found or pieces)[:5])
        raise CorpusError(f"{source}: {len(exact)} of its {len(pieces)} pieces fit '{wanted}'; such as {near}")
    return exact[0]


def _write(source: Path, piece: Reading | Unread, target: Path, to: Target) -> Conversion:
    if isinstance(piece, Unread):
        raise CorpusError(f"{name_of(source, piece.piece)}: {piece.reason}")
    write_bytes(target, to.to_bytes(piece.score))
    lost = (*piece.left_out, *([to.lacks] if to.lacks and piece.score.parts else []))
    return Conversion(piece.piece, target, f"left out: {', '.join(lost)}" if lost else "")


def _free_stem(name: str, taken: set[str]) -> str:
    """Return an unused file name for a piece, without characters that file systems forbid."""
    safe = "".join("-" if sign in _UNSAFE or not sign.isprintable() else sign for sign in name).strip(" .") or "piece"
    stem = safe[:_LONGEST_NAME]
    free = next(s for s in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if s.casefold() not in taken)
    taken.add(free.casefold())
    return free

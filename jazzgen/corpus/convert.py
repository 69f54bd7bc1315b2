"""Files of one format to another: what can be read, to what can be written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jazzgen.corpus import name_of, read_pieces
from jazzgen.corpus.cache import NO_CACHE, Cache
from jazzgen.engraving import musicxml_bytes
from jazzgen.errors import CorpusError, JazzgenError, OptionError
from jazzgen.formats.charts import sheet_text
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.formats.reading import Pieces, Reading, ReadOptions, Unread
from jazzgen.music.channels import channels_for
from jazzgen.music.score import DRUM_CHANNEL, Score
from jazzgen.system.files import write_bytes

_UNSAFE = set('<>:"/\\|?*')
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Target:
    """A format that can be written; `lacks` says what of a score has no place in it."""

    to_bytes: Callable[[Score], bytes]
    lacks: str = ""


def _midi_bytes(score: Score) -> bytes:
    return midi_bytes(on_own_channels(score))


def _text_bytes(score: Score) -> bytes:
    return sheet_text(score).encode()


_MIDI, _MUSICXML, _TEXT = Target(_midi_bytes), Target(musicxml_bytes), Target(_text_bytes, lacks="notes")
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
    """A piece and the file that it went to; or None, and why it did not."""

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
    """Writes one piece of `source` to `target`, whose suffix says in which format.

    Args:
        source: any file that can be read.
        target: where to.
        piece: its name, or number from 1; None where the file holds one.
        options: how to read.
        cache: where readings are kept between runs, if they are.

    Raises:
        CorpusError: when the piece cannot be read or is not there.
        OptionError: when the format cannot be written.
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
    """Writes every piece of `source` to a file in `folder` that is named after it; one that fails is passed over."""
    to, taken = target_of(suffix), set[str]()
    for number, piece in enumerate(read_pieces(source, options, cache), 1):
        stem = _free_stem(piece.piece or source.stem, taken)
        try:
            yield _write(source, piece, folder / (stem + suffix), to)
        except JazzgenError as error:
            yield Conversion(piece.piece or str(number), None, str(error))


def target_of(suffix: str) -> Target:
    """The format of a suffix; OptionError with the list if there is none."""
    if suffix.lower() not in TARGETS:
        raise OptionError(f"'{suffix}' cannot be written; name a file that ends in {' '.join(TARGETS)}")
    return TARGETS[suffix.lower()]


def on_own_channels(score: Score) -> Score:
    """The score with each part on a MIDI channel of its own as far as there are enough, drums on theirs."""
    if len({part.channel for part in score.parts}) == len(score.parts):
        return score
    free = iter(channels_for([part.program for part in score.parts if part.channel != DRUM_CHANNEL]))
    parts = (part if part.channel == DRUM_CHANNEL else replace(part, channel=next(free)) for part in score.parts)
    return score.with_parts(*parts)


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
    """A file name for a piece that no other has, with no sign in it that a file system minds."""
    safe = "".join("-" if sign in _UNSAFE or not sign.isprintable() else sign for sign in name).strip(" .") or "piece"
    stem = safe[:_LONGEST_NAME]
    free = next(s for s in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if s.casefold() not in taken)
    taken.add(free.casefold())
    return free

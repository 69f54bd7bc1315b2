"""Many files at once: find, read in parallel, cache, split, convert and fetch them.

Doors: `read_corpus` and `read_pieces` here, `split` (hold tunes out), `convert`, `fetch`, `cache`.
`formats` reads each file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from jazzgen.corpus.cache import NO_CACHE, Cache
from jazzgen.corpus.pool import Work, for_each_file
from jazzgen.corpus.table import UNREAD, Row, rows_of
from jazzgen.corpus.titles import Titles
from jazzgen.errors import ChoiceError, CorpusError
from jazzgen.formats.reading import Pieces, Reading, ReadOptions, Unread, chosen
from jazzgen.formats.registry import find_files, format_name, read_file
from jazzgen.music.score import Score

_Item = TypeVar("_Item")


class Progress(Protocol):
    """Wraps the results of `total` files to show progress."""

    def __call__(self, results: Iterable[_Item], total: int) -> Iterable[_Item]: ...


@dataclass(frozen=True, slots=True)
class Corpus:
    """The readings of a corpus, and what could not be read.

    Attributes:
        readings: each file with one of its pieces; untitled files get a title by `titles`.
        failures: one line for each piece that could not be read, with the reason.
        passed_over: the kinds of files in the folders that have no reader, in words.
    """

    readings: tuple[tuple[Path, Reading], ...]
    failures: tuple[str, ...]
    passed_over: str = ""


def no_progress(results: Iterable[_Item], total: int) -> Iterable[_Item]:  # noqa: ARG001 - Progress passes it
    return results


def name_of(path: Path, piece: str) -> str:
    """Return the name of a piece of a file for messages."""
    return f"{path} ({piece})" if piece else str(path)


def read_score(path: Path, options: ReadOptions = ReadOptions(), number: int | None = None) -> Score:
    """Return the score of `read_piece`."""
    return read_piece(path, options, number).score


def read_piece(path: Path, options: ReadOptions = ReadOptions(), number: int | None = None) -> Reading:
    """Return the piece of that number, from 1, of a file; without a number, its only piece.

    Raises:
        CorpusError: if it cannot be read; ChoiceError if there are several and none is chosen.
    """
    pieces = read_file(path, options)
    try:
        piece = chosen(pieces, number) if pieces else Unread("", "it holds no music")
    except ChoiceError as error:
        raise ChoiceError(f"{path}: {error}") from None
    if isinstance(piece, Unread):
        raise CorpusError(f"{name_of(path, piece.piece)}: {piece.reason}")
    return piece


def read_pieces(path: Path, options: ReadOptions = ReadOptions(), cache: Cache = NO_CACHE) -> Pieces:
    """Return every piece in a file, from the cache if possible; like `formats.read_file`, raises nothing."""
    key = cache.key(path, options)
    return cache.pieces(key) or _read_anew(options, cache, key, path)


def read_corpus(
    paths: Sequence[Path],
    options: ReadOptions = ReadOptions(),
    *,
    strict: bool = False,
    cache: Cache = NO_CACHE,
    scheduler: str | None = None,
    progress: Progress = no_progress,
) -> Corpus:
    """Read every file; report and skip what cannot be read.

    Args:
        paths: files, folders and patterns.
        options: for every file.
        strict: raise at the first piece that cannot be read, instead of skipping it.
        cache: keeps readings between runs.
        scheduler: address of a Dask scheduler whose workers read; None to read on this machine.
        progress: shows progress.

    Raises:
        CorpusError: if nothing could be read, or the cluster cannot be used.

    Example:
        >>> _ = Path("loop.txt").write_text("Dm7 G7 | Cmaj7")
        >>> [(path.name, reading.score.title) for path, reading in read_corpus([Path("loop.txt")]).readings]
        [('loop.txt', 'loop')]
    """
    found = find_files(paths)
    files = found.files
    titles = Titles.among(files)
    readings: list[tuple[Path, Reading]] = []
    failures: list[str] = []
    results = _for_each(files, partial(read_pieces, options=options, cache=cache), _crashed, scheduler=scheduler)
    for path, pieces in progress(results, len(files)):
        for piece in pieces:
            if isinstance(piece, Reading):
                readings.append((path, _titled(path, piece, titles)))
                continue
            failures.append(f"{name_of(path, piece.piece)}: {piece.reason}")
            if strict:
                raise CorpusError(failures[-1])
    if not readings:
        others = f" (and {len(failures) - 1} more like it)" if len(failures) > 1 else ""
        raise CorpusError(failures[0] + others if failures else f"{files[0]}: it holds no music")
    return Corpus(tuple(readings), tuple(failures), found.kinds_passed_over)


def _titled(path: Path, reading: Reading, titles: Titles) -> Reading:
    if reading.piece:
        return reading
    return replace(reading, score=replace(reading.score, title=titles.title(path, reading.score.title)))


def look_over(
    files: Sequence[Path],
    options: ReadOptions = ReadOptions(),
    *,
    cache: Cache = NO_CACHE,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[Path, list[Row]]]:
    """Yield each file with its rows for the table, in the files' order; memory does not grow with their number.

    Args:
        files: to read.
        options: for every file.
        cache: keeps readings between runs.
        workers: processes on this machine; None for one per core.
        scheduler: as for `read_corpus`.
    """
    titles = Titles.among(files)
    for path, rows in _for_each(files, partial(_look, options, cache), _rows_of_crashed, workers, scheduler):
        yield path, [row if row.piece or row.verdict == UNREAD else _titled_row(path, row, titles) for row in rows]


def _titled_row(path: Path, row: Row, titles: Titles) -> Row:
    return replace(row, title=titles.title(path, row.title))


def _for_each(
    files: Sequence[Path],
    work: Work[_Item],
    on_crash: Work[_Item],
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[Path, _Item]]:
    if scheduler is None:
        return for_each_file(files, work, on_crash, workers)
    from jazzgen.corpus.cluster import for_each_file_on_cluster  # noqa: PLC0415 - one machine needs none of it

    return for_each_file_on_cluster(files, work, on_crash, scheduler)


def _look(options: ReadOptions, cache: Cache, path: Path) -> list[Row]:
    key = cache.key(path, options)
    return cache.rows(key) or _rows(path, _read_anew(options, cache, key, path))


def _read_anew(options: ReadOptions, cache: Cache, key: str | None, path: Path) -> Pieces:
    pieces = read_file(path, options)
    cache.store(key, _rows(path, pieces), pieces)
    return pieces


def _crashed(_: Path) -> Pieces:
    return (Unread("", "the process that read it died, perhaps out of memory; split or simplify it"),)


def _rows_of_crashed(path: Path) -> list[Row]:
    return _rows(path, _crashed(path))


def _rows(path: Path, pieces: Pieces) -> list[Row]:
    return rows_of(format_name(path), pieces)

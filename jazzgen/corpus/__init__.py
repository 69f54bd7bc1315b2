"""Files to scores: one reader a format, and `read_corpus` over them all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jazzgen.corpus.midi import Reading, ReadOptions, read_midi_with_reasons
from jazzgen.errors import CorpusError

SUFFIXES = (".mid", ".midi")


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was read, and what was not and why."""

    readings: tuple[tuple[Path, Reading], ...]
    failures: tuple[str, ...]


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files named and those in the folders named, subfolders too, in sorted order.

    Raises:
        CorpusError: when a path is not there or a folder holds no MIDI file.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CorpusError(f"{path}: no such file or folder; give MIDI files or folders that hold some")
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        if not found:
            raise CorpusError(f"{path}: holds no file ending in {' or '.join(SUFFIXES)}")
        files += found
    return files


def read_corpus(
    paths: Sequence[Path],
    options: ReadOptions = ReadOptions(),
    *,
    strict: bool = False,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Corpus:
    """Reads every file; one that cannot be read is reported and skipped.

    Args:
        paths: files and folders.
        options: what holds for every file.
        strict: raise at the first file that cannot be read.
        progress: wraps the files, to show how far reading has come.

    Raises:
        CorpusError: when nothing at all could be read.
    """
    readings: list[tuple[Path, Reading]] = []
    failures: list[str] = []
    for path in progress(find_files(paths)):
        try:
            readings.append((path, read_midi_with_reasons(path, options)))
        except CorpusError as error:
            if strict:
                raise
            failures.append(str(error))
    if not readings:
        others = f" (and {len(failures) - 1} more files like it)" if len(failures) > 1 else ""
        raise CorpusError(failures[0] + others)
    return Corpus(tuple(readings), tuple(failures))

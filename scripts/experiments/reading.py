"""Measure reading speed: against music21, without the cache, and on one core, as ratios in one run.

Measurements that need the data folder beside the project (the Weimar Jazz Database) are skipped if it is absent.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from jazzgen.corpus import look_over
from jazzgen.corpus.cache import NO_CACHE, Cache
from jazzgen.formats.reading import Reading
from jazzgen.formats.registry import find_files, read_file
from jazzgen.harmony.chords import parse_chord

_PROJECT = Path(__file__).parents[2]
STARTER = _PROJECT / "midi" / "starter"
DATA = _PROJECT.parent / "shared" / "data"
# Set by hand, as are the bars below.
_MANY, _FEW = 5000, 500  # files
_ROUNDS = 5


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        # Memory first: a child process's peak includes what its parent held when it started.
        for figures in (many_files(Path(folder) / "many"), chords(), midi(), weimar(), cached(Path(folder) / "cache")):
            for line in figures:
                print(line, flush=True)


def chords() -> Iterator[str]:
    """Measure chord symbols parsed a second, each for the first time."""
    roots = [letter + accidental for letter in "CDEFGAB" for accidental in ("", "b", "#")]
    symbols = [root + rest for root in roots for rest in ("m7", "7b9", "maj7#11", "ø7", "-7b5", "13b9#11", "7alt", "")]

    def read_all() -> None:
        parse_chord.cache_clear()
        for symbol in symbols:
            parse_chord(symbol)

    yield f"chord symbols read: {len(symbols) / _quickest(read_all):,.0f} a second"


def midi() -> Iterator[str]:
    """Time reading a MIDI file to a score with changes, against music21's parser."""
    from music21 import converter  # noqa: PLC0415 - the rest does without

    metheny = DATA / "seed" / "original_metheny.mid"
    for path in (metheny, sorted(STARTER.glob("*.mid"))[0]):
        if path.exists():
            ours = _quickest(partial(read_file, path), rounds=30)
            theirs = _quickest(partial(converter.parse, path, forceSource=True), rounds=2)
            ratio = theirs / ours
            yield f"{path.name}: music21 {theirs:.3g} s, jazzgen {ours:.3g} s, ratio {ratio:.0f} (bar 100)"


def weimar() -> Iterator[str]:
    """Time reading all solos of the Weimar Jazz Database, in one process."""
    path = DATA / "wjazzd" / "wjazzd.db"
    if path.exists():
        found = [piece for piece in read_file(path) if isinstance(piece, Reading)]
        notes = sum(len(reading.score.melody.notes) for reading in found)
        yield f"Weimar Jazz Database: {len(found)} solos, {notes:,} notes in {_quickest(lambda: read_file(path)):.2f} s"


def cached(folder: Path) -> Iterator[str]:
    """Time table rows for the starter corpus, its sources and the database, without and with the cache."""
    database = DATA / "wjazzd" / "wjazzd.db"
    files = find_files([STARTER.parent, *([database] if database.exists() else [])]).files
    cache = Cache(folder)
    first = _seconds(lambda: list(look_over(files, cache=cache)))
    second = _quickest(lambda: list(look_over(files, cache=cache)))
    yield f"{len(files)} files: first {first:.2f} s, from the cache {second:.3f} s, ratio {first / second:.0f} (bar 10)"


def many_files(folder: Path) -> Iterator[str]:
    """Time reading thousands of small files with one process and two, and compare peak memory for few and many."""
    folder.mkdir()
    sources = [path.read_bytes() for path in sorted(STARTER.glob("*.mid"))]
    for number in range(_MANY):
        (folder / f"{number:04}.mid").write_bytes(sources[number % len(sources)])
    times = {workers: _seconds(partial(_look_with, folder, workers)) for workers in (1, 2)}
    yield f"{_MANY} files: one process {times[1]:.1f} s, two {times[2]:.1f} s, ratio {times[1] / times[2]:.2f}"
    few, many = (_peak_memory(folder, count) for count in (_FEW, _MANY))
    yield f"most memory of a process: {few:.0f} MiB for {_FEW} files, {many:.0f} MiB for {_MANY}"


def _look_with(folder: Path, workers: int) -> int:
    return sum(1 for _ in look_over(find_files([folder]).files, workers=workers))


def _peak_memory(folder: Path, count: int) -> float:
    """Return the peak memory in MiB of the largest process that reads this many files."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_look_and_weigh, folder, count).result()


def _look_and_weigh(folder: Path, count: int) -> float:
    for _ in look_over(find_files([folder]).files[:count], cache=NO_CACHE):
        pass
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _quickest(call: Callable[[], object], rounds: int = _ROUNDS) -> float:
    return float(np.min([_seconds(call) for _ in range(rounds)]))


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start

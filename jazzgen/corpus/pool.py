"""Work on many files, one by one or on all cores, with the results in the files' order.

A few files take less time than starting processes does, so these start only after a second. They are kept a few
batches ahead and no more, so memory does not grow with the number of files. `cluster` does the same on many machines.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jazzgen.formats.registry import MAX_SECONDS

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

AHEAD = 3  # batches in flight for each worker; this and the next four set by hand
_ALONE_SECONDS = 1.0
_LEAST_BATCHES = 32  # per worker, so that all end at about the same time
_MOST_IN_BATCH = 16
_GRACE = 1.5  # times the files' own limit, which code hanging in C ignores
_Result = TypeVar("_Result")
Work = Callable[[Path], _Result]


def for_each_file(
    files: Sequence[Path], work: Work[_Result], on_crash: Work[_Result], workers: int | None = None
) -> Iterator[tuple[Path, _Result]]:
    """Yield (file, result) in order.

    Args:
        files: to work on.
        work: a function that can be pickled and raises nothing.
        on_crash: returns the result for a file that killed its process.
        workers: number of processes; None for one per core, 1 for none but this.
    """
    workers = workers or os.cpu_count() or 1
    started = time.perf_counter()
    done = 0
    for file in files:
        if workers > 1 and time.perf_counter() - started > _ALONE_SECONDS:
            break
        yield file, work(file)
        done += 1
    if done < len(files):
        yield from _in_processes(files[done:], work, on_crash, workers)


def batches_of(files: Sequence[Path], workers: int) -> list[Sequence[Path]]:
    """Batch files: dispatching them one by one would dominate."""
    size = min(max(len(files) // (workers * _LEAST_BATCHES), 1), _MOST_IN_BATCH)
    return [files[start : start + size] for start in range(0, len(files), size)]


def do_all(work: Work[_Result], files: Sequence[Path]) -> list[_Result]:
    """Return the result of each file, in this process."""
    return [work(file) for file in files]


def schedule(pool: "ProcessPool", work: Work[_Result], files: Sequence[Path]) -> "ProcessFuture":
    """Send a batch to a process, with a time limit somewhat above that of its files."""
    return pool.schedule(do_all, args=(work, files), timeout=_GRACE * MAX_SECONDS * len(files))


def received(
    pool: "ProcessPool", future: "ProcessFuture", work: Work[_Result], on_crash: Work[_Result], files: Sequence[Path]
) -> list[_Result]:
    """Return the results of a batch; if its process died or hung, retry its files one by one."""
    from jazzgen.system.processes import LostError, result_of  # noqa: PLC0415 - see _in_processes

    try:
        results: list[_Result] = result_of(future)
    except LostError:
        if len(files) == 1:
            return [on_crash(files[0])]
        return [
            result for file in files for result in received(pool, schedule(pool, work, [file]), work, on_crash, [file])
        ]
    return results


def _in_processes(
    files: Sequence[Path], work: Work[_Result], on_crash: Work[_Result], workers: int
) -> Iterator[tuple[Path, _Result]]:
    """Yield (file, result) in order, with at most a few batches in flight for each worker."""
    from jazzgen.system import processes  # noqa: PLC0415 - brings asyncio, and most reading needs no process

    batches = batches_of(files, workers)
    with processes.pool(min(workers, len(batches))) as pool:
        waiting: deque[tuple[Sequence[Path], ProcessFuture]] = deque()

        def first() -> Iterator[tuple[Path, _Result]]:
            batch, future = waiting.popleft()
            return zip(batch, received(pool, future, work, on_crash, batch), strict=True)

        for batch in batches:
            waiting.append((batch, schedule(pool, work, batch)))
            if len(waiting) > workers * AHEAD:
                yield from first()
        while waiting:
            yield from first()

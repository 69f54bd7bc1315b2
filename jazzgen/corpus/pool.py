"""Work on many files, one after the other or on all cores, with the results in the files' order.

Few files are done sooner here than other processes start, so those start only when a second has gone by. They are
kept a few batches ahead and no more, so that memory does not grow with their number. `cluster` does the same on many
machines.
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

AHEAD = 3  # batches in flight for each worker
_ALONE_SECONDS = 1.0
_LEAST_BATCHES, _MOST_IN_BATCH = 32, 16
_GRACE = 1.5  # on a file's own time, which what hangs in C does not heed
_Result = TypeVar("_Result")
Work = Callable[[Path], _Result]


def for_each_file(
    files: Sequence[Path], work: Work[_Result], on_crash: Work[_Result], workers: int | None = None
) -> Iterator[tuple[Path, _Result]]:
    """Yields (file, result) in order.

    Args:
        files: what to work on.
        work: a function that can be sent to another process; it raises nothing.
        on_crash: gives the result for a file on which the process died.
        workers: how many processes; None for one a core, 1 for none but this.
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
    """The files some at a time, as sending each alone would take longer than many of them do."""
    size = min(max(len(files) // (workers * _LEAST_BATCHES), 1), _MOST_IN_BATCH)
    return [files[start : start + size] for start in range(0, len(files), size)]


def do_all(work: Work[_Result], files: Sequence[Path]) -> list[_Result]:
    """The result of each file, here."""
    return [work(file) for file in files]


def schedule(pool: "ProcessPool", work: Work[_Result], files: Sequence[Path]) -> "ProcessFuture":
    """Has a process do a batch, and stops it if that takes much longer than its files may."""
    return pool.schedule(do_all, args=(work, files), timeout=_GRACE * MAX_SECONDS * len(files))


def received(
    pool: "ProcessPool", future: "ProcessFuture", work: Work[_Result], on_crash: Work[_Result], files: Sequence[Path]
) -> list[_Result]:
    """The results of a batch; if its process died or hung, those of its files one by one."""
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
    """Yields (file, result) in order; a few batches for each worker are under way."""
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

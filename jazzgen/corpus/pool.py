"""Work on many files, one after the other or on all cores, with the results in the files' order.

Few files are done sooner here than other processes start, so those start only when a second has gone by. They are
kept a few batches ahead and no more, so that memory does not grow with their number. `cluster` does the same on many
machines.
"""

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

from jazzgen.system.limits import limit_memory

AHEAD = 3  # batches in flight for each worker
_ALONE_SECONDS = 1.0
_LEAST_BATCHES, _MOST_IN_BATCH = 32, 16
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
    batches = batches_of(files[done:], workers)
    while batches:
        finished = 0
        for results in _in_processes(batches, work, workers):
            yield from zip(batches[finished], results, strict=True)
            finished += 1
        if finished < len(batches):  # a process died: its batch is one of those under way, most likely the first
            yield from one_by_one(batches[finished], work, on_crash)
            finished += 1
        batches = batches[finished:]


def new_pool(processes: int) -> ProcessPoolExecutor:
    """Processes to read files in: their memory is limited, and they end with this one, however it ends."""
    context = multiprocessing.get_context("spawn")  # a fork would copy whatever threads hold
    return ProcessPoolExecutor(processes, context, initializer=_start)


def batches_of(files: Sequence[Path], workers: int) -> list[Sequence[Path]]:
    """The files some at a time, as sending each alone would take longer than many of them do."""
    size = min(max(len(files) // (workers * _LEAST_BATCHES), 1), _MOST_IN_BATCH)
    return [files[start : start + size] for start in range(0, len(files), size)]


def one_by_one(files: Sequence[Path], work: Work[_Result], on_crash: Work[_Result]) -> Iterator[tuple[Path, _Result]]:
    """Yields (file, result) in order: each file in a process of its own, which may die of it."""
    for file in files:
        results = next(_in_processes([[file]], work, 1), None)
        yield file, results[0] if results else on_crash(file)


def do_all(work: Work[_Result], files: Sequence[Path]) -> list[_Result]:
    """The result of each file, here."""
    return [work(file) for file in files]


def _in_processes(batches: Sequence[Sequence[Path]], work: Work[_Result], workers: int) -> Iterator[list[_Result]]:
    """Results in order, up to the first batch that is lost because a process died."""
    with new_pool(min(workers, len(batches))) as pool:
        waiting: deque[Future[list[_Result]]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(do_all, work, batch))
                if len(waiting) > workers * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            return
        finally:
            for future in waiting:
                future.cancel()


def _start() -> None:
    limit_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)

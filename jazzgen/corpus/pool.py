"""Work on many files, one after the other or on all cores, with the results in the files' order.

Few files are done sooner here than other processes start, so those start only when a second has gone by. They are
kept a few files ahead and no more, so that memory does not grow with their number.
"""

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

from jazzgen.corpus.limits import limit_memory

_ALONE_SECONDS = 1.0
_AHEAD = 8  # files in flight for each worker
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
    rest = files[done:]
    while rest:
        finished = 0
        for result in _in_processes(rest, work, workers):
            yield rest[finished], result
            finished += 1
        rest = rest[finished:]
        if rest:  # the process that did one of the files under way died: most likely the first
            yield rest[0], next(_in_processes(rest[:1], work, 1), None) or on_crash(rest[0])
            rest = rest[1:]


def _in_processes(files: Sequence[Path], work: Work[_Result], workers: int) -> Iterator[_Result]:
    """Results in order, up to the first that is lost because a process died."""
    context = multiprocessing.get_context("spawn")  # a fork would copy whatever threads hold
    with ProcessPoolExecutor(min(workers, len(files)), context, initializer=limit_memory) as pool:
        waiting: deque[Future[_Result]] = deque()
        coming = iter(files)
        try:
            for file in coming:
                waiting.append(pool.submit(work, file))
                if len(waiting) >= workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            return
        finally:
            for future in waiting:
                future.cancel()

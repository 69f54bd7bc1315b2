"""Worker processes by Pebble: work in them can be stopped, is limited in time and memory, and may crash.

Processes are started with "spawn", the same on Linux, macOS and Windows: a fork would copy locks that threads hold.
They end with this process, however it ends.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from jazzgen.system.limits import limit_memory


class LostError(Exception):
    """Work was lost: its process died or was stopped. The message is a clause such as "its process died"."""


class TooLongError(LostError):
    """Work was stopped because it took too long."""


def new_pool(processes: int, prepare: Callable[[], None] | None = None, *, limited: bool = True) -> ProcessPool:
    """Start processes that wait for work.

    Args:
        processes: how many.
        prepare: called first in each process; must be picklable.
        limited: whether each is limited to `limits.MAX_MEMORY_BYTES` of memory.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPool(processes, context=context, initializer=_start, initargs=(prepare, limited))


@contextmanager
def pool(processes: int) -> Iterator[ProcessPool]:
    """Yield processes that are stopped at the end of the block, even if they are still working."""
    made = new_pool(processes)
    try:
        yield made
    finally:
        made.stop()
        made.join()


def result_of(future: ProcessFuture) -> Any:
    """Wait for scheduled work and return its result.

    Raises:
        LostError: when the process died, or was stopped.
        Exception: whatever the work raises.
    """
    with losses():
        return future.result()


@contextmanager
def losses() -> Iterator[None]:
    """Turn Pebble's errors for lost work into LostError; errors of the work itself pass through."""
    try:
        yield
    except TimeoutError:
        raise TooLongError("it took too long, and was stopped") from None
    except ProcessExpired as error:
        raise LostError(f"its process died (exit code {error.exitcode})") from None
    except (CancelledError, BrokenProcessPool):
        raise LostError("its process was stopped") from None


def _start(prepare: Callable[[], None] | None, limited: bool) -> None:
    if limited:
        limit_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)

"""Other processes, by Pebble: work that can be stopped, takes no more time and memory than it may, and may die.

Processes are started anew ("spawn"), alike on Linux, macOS and Windows: a fork would copy whatever threads hold. They
end with this one, however it ends.
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
    """Work was lost: its process died or was stopped. It says so in words for a sentence: "its process died"."""


class TooLongError(LostError):
    """Work was stopped since it took longer than it may."""


def new_pool(processes: int, prepare: Callable[[], None] | None = None, *, limited: bool = True) -> ProcessPool:
    """Processes that wait for work.

    Args:
        processes: how many.
        prepare: what each does first; it can be sent to another process.
        limited: whether they may take no more than `limits.MAX_MEMORY_BYTES`.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPool(processes, context=context, initializer=_start, initargs=(prepare, limited))


@contextmanager
def pool(processes: int) -> Iterator[ProcessPool]:
    """Processes that end with the block, whatever they are at."""
    made = new_pool(processes)
    try:
        yield made
    finally:
        made.stop()
        made.join()


def result_of(future: ProcessFuture) -> Any:
    """The result of work that was scheduled, once it is there.

    Raises:
        LostError: when the process died, or was stopped.
        Exception: whatever the work raises.
    """
    with losses():
        return future.result()


@contextmanager
def losses() -> Iterator[None]:
    """Has what Pebble raises for work that was lost as LostError; what the work itself raises stays."""
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

"""Worker processes by Pebble: work in them can be stopped, is limited in time and memory, and may crash.

Processes are started with "spawn", the same on Linux, macOS and Windows: a fork would copy locks that threads hold.
They end with this process, however it ends.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool, concurrent

from jazzgen.system.limits import MAX_MEMORY_BYTES, limit_memory
from jazzgen.system.machine import memory_bytes
from jazzgen.system.stopping import StoppedError, stopped_by

_SHARE = 0.75  # of the machine's memory, for work apart; set by hand
_flags: Any = None  # of this process, which `Stops` sets in the parent


class LostError(Exception):
    """Work was lost: its process died or was stopped. The message is a clause such as "its process died"."""


class TooLongError(LostError):
    """Work was stopped because it took too long."""


class NoProcessError(LostError):
    """No process could be started to do the work."""


class Stops:
    """Lets a pool's work be stopped between two of its steps (`stopping`), without ending its process.

    Each piece of work has a place, of which there are as many as pieces may run at once, and a number of its own.
    """

    def __init__(self, places: int) -> None:
        self.flags = multiprocessing.get_context("spawn").RawArray("Q", places)
        self._last = 0

    def number(self) -> int:
        """Return a number for the next piece of work."""
        self._last += 1
        return self._last

    def stop(self, place: int, number: int) -> None:
        """Ask the work of that place and number to stop; one that has not begun stops as it begins."""
        self.flags[place] = number


def new_pool(
    processes: int,
    prepare: Callable[[], None] | None = None,
    *,
    memory_bytes: int | None = MAX_MEMORY_BYTES,
    stops: Stops | None = None,
) -> ProcessPool:
    """Start processes that wait for work.

    Args:
        processes: how many.
        prepare: called first in each process; must be picklable.
        memory_bytes: what each may use, on systems that can limit it; None for no limit.
        stops: stops work that is run by `run_stoppable`.
    """
    context = multiprocessing.get_context("spawn")
    given = (prepare, memory_bytes, stops.flags if stops else None)
    return ProcessPool(processes, context=context, initializer=_start, initargs=given)


def schedule(to: ProcessPool, work: Callable[..., Any], *args: Any, seconds: float) -> ProcessFuture:
    """Give work to a pool, which stops it after `seconds`.

    Raises:
        NoProcessError: when the pool cannot start its processes, or lost them before.
    """
    try:
        return to.schedule(work, args=args, timeout=seconds)
    except RuntimeError as error:  # of which Pebble's BrokenProcessPool is one
        raise NoProcessError(f"no process could be started{_reason(error)}") from None


def run_stoppable(place: int, number: int, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Do work in a process of a pool with `Stops`, until it is asked to stop; return None if it was stopped."""
    with stopped_by(lambda: bool(_flags[place] == number)):
        try:
            return None if _flags[place] == number else work(*args, **kwargs)
        except StoppedError:
            return None


@contextmanager
def pool(processes: int) -> Iterator[ProcessPool]:
    """Yield processes that are stopped at the end of the block, even if they are still working."""
    made = new_pool(processes)
    try:
        yield made
    finally:
        made.stop()
        made.join()


def apart(work: Callable[..., Any], *args: Any) -> Any:
    """Do one piece of work in a process of its own, with a share of the machine's memory, and return its result.

    Args:
        work: a module-level function; it, the arguments and the result must be picklable.

    Raises:
        LostError: when the process died.
        Exception: whatever the work raises.
    """
    run = concurrent.process(context=multiprocessing.get_context("spawn"))(_limited)
    with losses():
        try:
            future = run(min(MAX_MEMORY_BYTES, round(_SHARE * memory_bytes())), work, args)
        except OSError as error:
            raise NoProcessError(f"no process could be started ({error.strerror})") from None
        try:
            return future.result()
        finally:
            future.cancel()  # as at Ctrl-C


def _limited(most_bytes: int, work: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Do work with limited memory; if it is stopped, it leaves no temporary files."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _start(None, most_bytes, None)
    try:
        return work(*args)
    except MemoryError:
        raise LostError("it takes too much memory") from None
    finally:
        signal.signal(signal.SIGTERM, before)


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
    except BrokenProcessPool as error:
        raise NoProcessError(f"no process could be started{_reason(error)}") from None
    except CancelledError:
        raise LostError("its process was stopped") from None


def _reason(error: BaseException) -> str:
    """Return what the system said, as " (too many open files)"; empty if it said nothing."""
    cause = error.__cause__
    return f" ({cause.strerror.lower()})" if isinstance(cause, OSError) and cause.strerror else ""


def _start(prepare: Callable[[], None] | None, memory_bytes: int | None, flags: Any) -> None:
    global _flags  # noqa: PLW0603 - one for each process, set as it starts
    _flags = flags
    if memory_bytes is not None:
        limit_memory(memory_bytes)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)

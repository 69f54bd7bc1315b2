"""Limits on what one file may cost: time, and the memory of a process that reads files."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MAX_MEMORY_BYTES = 6 * 1024**3


class TooSlowError(BaseException):
    """A reader ran out of time. It is no Exception, so that no library's `except Exception` swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TooSlowError in the block once it has run for so long.

    It needs a signal, so it holds in a main thread on Linux and macOS; elsewhere there is no limit.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again each second, should it be swallowed
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory() -> None:
    """Keeps this process from taking more than `MAX_MEMORY_BYTES`, where the system can do that."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, hard))


def _give_up(*_: object) -> None:
    raise TooSlowError

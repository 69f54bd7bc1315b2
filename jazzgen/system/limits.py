"""Limits on what one file may cost: time, and the memory of a process that reads files."""

import ctypes
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

MAX_MEMORY_BYTES = 6 * 1024**3
_AGAIN_SECONDS = 1.0


class TooSlowError(BaseException):
    """A reader ran out of time. It is no Exception, so that no library's `except Exception` swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TooSlowError in the block once it has run for so long.

    Another thread has the interpreter raise it in this one, which works in any thread and on any system. Like a signal
    it is heeded between two steps of Python: what hangs inside a library in C is for the limits of `processes`.
    """
    watch, thread = _watch(), threading.get_ident()
    watch.begin(thread, seconds)
    try:
        yield
    finally:
        try:
            watch.end(thread)
        finally:  # that, too, may be interrupted
            watch.end(thread)


class _Watch(threading.Thread):
    """Interrupts threads when their time is up, and again each second, should that be swallowed."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._deadlines: dict[int, float] = {}
        self._interrupted: set[int] = set()
        self._changed, self._wakes = threading.Condition(), math.inf

    def begin(self, thread: int, seconds: float) -> None:
        """Watches a thread from now on."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self._deadlines[thread] = deadline
            if deadline < self._wakes:
                self._changed.notify()

    def end(self, thread: int) -> None:
        """Watches it no more; an interruption that it has not heeded yet is taken back."""
        with self._changed:
            self._deadlines.pop(thread, None)
            if thread in self._interrupted:
                self._interrupted.discard(thread)
                _raise_in(thread, None)

    def run(self) -> None:
        """Waits for the next deadline, for ever."""
        with self._changed:
            while True:
                now = time.monotonic()
                for thread in [thread for thread, deadline in self._deadlines.items() if deadline <= now]:
                    _raise_in(thread, TooSlowError)
                    self._interrupted.add(thread)
                    self._deadlines[thread] = now + _AGAIN_SECONDS
                self._wakes = min(self._deadlines.values(), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)


@cache
def _watch() -> _Watch:
    watch = _Watch()
    watch.start()
    return watch


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)


def limit_memory() -> None:
    """Keeps this process from taking more than `MAX_MEMORY_BYTES`, where the system can do that."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, hard))

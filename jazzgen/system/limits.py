"""Limits on what reading a file may cost: time, memory, and the length of a line of text."""

import ctypes
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from queue import Empty, SimpleQueue

from jazzgen.errors import CorpusError

MAX_LINE = 20_000  # characters; set by hand, more than a solo in one line takes
MAX_MEMORY_BYTES = 6 * 1024**3  # set by hand
_AGAIN_SECONDS = 1.0  # set by hand


def short_lines(text: str) -> str:
    """Return the text.

    Raises:
        CorpusError: when one of its lines has more than `MAX_LINE` characters.

    Example:
        >>> short_lines("| Dm7 | G7 |")
        '| Dm7 | G7 |'
    """
    if len(text) > MAX_LINE:
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > MAX_LINE:
                raise CorpusError(
                    f"line {number} has {len(line)} characters; at most {MAX_LINE} are read, break it into several"
                )
    return text


class TooSlowError(BaseException):
    """A reader ran out of time. Not an Exception, so that a library's `except Exception` does not swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlowError in the block once `seconds` have passed.

    A watching thread has the interpreter raise it here, which works in any thread and on any system. Like a signal, it
    arrives between two Python instructions: code that hangs inside a C library needs the limits of `processes`.
    """
    watch = _watch()
    thread = threading.get_ident()
    watch.begin(thread, seconds)
    try:
        yield
    finally:
        try:
            watch.end(thread)
        finally:  # the first call may itself be interrupted
            watch.end(thread)


class _Watch(threading.Thread):
    """Interrupts threads when their time is up, and again each second in case the error was swallowed.

    A thread may be interrupted while it calls `begin` or `end`. So these use a plain lock and a plain queue, which are
    written in C: a Condition takes its lock in Python, where an interruption could leave it taken for ever.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._deadlines: dict[int, float] = {}
        self._interrupted: set[int] = set()
        self._lock = threading.Lock()
        self._sooner: SimpleQueue[None] = SimpleQueue()  # an item wakes the watch before it would wake by itself
        self._wakes = math.inf

    def begin(self, thread: int, seconds: float) -> None:
        """Interrupt a thread once `seconds` have passed."""
        deadline = time.monotonic() + seconds
        with self._lock:
            self._deadlines[thread] = deadline
            if deadline < self._wakes:
                self._sooner.put(None)

    def end(self, thread: int) -> None:
        """Stop watching a thread, and take back an interruption that it has not received yet."""
        with self._lock:
            self._deadlines.pop(thread, None)
            if thread in self._interrupted:
                self._interrupted.discard(thread)
                _raise_in(thread, None)

    def run(self) -> None:
        """Interrupt threads at their deadlines, for ever."""
        while True:
            with self._lock:
                now = time.monotonic()
                for thread in [thread for thread, deadline in self._deadlines.items() if deadline <= now]:
                    _raise_in(thread, TooSlowError)
                    self._interrupted.add(thread)
                    self._deadlines[thread] = now + _AGAIN_SECONDS
                self._wakes = wakes = min(self._deadlines.values(), default=math.inf)
            with suppress(Empty):
                self._sooner.get(timeout=None if wakes == math.inf else max(wakes - now, 0))


@cache
def _watch() -> _Watch:
    watch = _Watch()
    watch.start()
    return watch


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)


def limit_memory(most_bytes: int = MAX_MEMORY_BYTES) -> None:
    """Limit this process to `most_bytes` of memory, on systems that can: Linux; not Windows, nor macOS."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    with suppress(ValueError, OSError):  # macOS knows the limit, and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))

"""Stop work between two steps: long loops ask whether to go on, and whoever runs them answers.

A loop calls `stop_if_asked` once a step. It costs nothing noticeable, and does nothing outside `stopped_by`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class StoppedError(BaseException):
    """Work was stopped, since nobody waits for it. Not an Exception, so that no `except Exception` swallows it."""


def _never() -> bool:
    return False


_is_asked: ContextVar[Callable[[], bool]] = ContextVar("is_asked", default=_never)


def stop_if_asked() -> None:
    """Raise StoppedError if the work that calls this is to stop.

    Example:
        >>> with stopped_by(lambda: True):
        ...     try:
        ...         stop_if_asked()
        ...     except StoppedError:
        ...         print("stopped")
        stopped
    """
    if _is_asked.get()():
        raise StoppedError


@contextmanager
def stopped_by(is_asked: Callable[[], bool]) -> Iterator[None]:
    """Stop the work in the block at its next step once `is_asked` returns True."""
    before = _is_asked.set(is_asked)
    try:
        yield
    finally:
        _is_asked.reset(before)

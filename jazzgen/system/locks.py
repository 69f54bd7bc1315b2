"""Let one process at a time work in a folder. The system ends a lock with its process, however that ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jazzgen.errors import OutputError

_NAME = ".in-use"


@contextmanager
def held(folder: Path, what: str) -> Iterator[None]:
    """Hold a folder while the block runs.

    Args:
        folder: it must exist.
        what: who else may hold it, for the message, such as "another training".

    Raises:
        OutputError: when it is held, or the lock cannot be made.
    """
    path = folder / _NAME
    handle = _opened(path)
    ours = False
    try:
        while _locked(handle) and not _is_still(path, handle):  # whoever held it has removed the file
            os.close(handle)
            handle = _opened(path)
        if not _locked(handle):
            raise OutputError(f"{folder}: {what} is working there; wait for it to end, or choose another place")
        ours = True
        yield
    finally:
        if ours:
            with suppress(OSError):
                path.unlink()
        os.close(handle)


def require_unheld(folder: Path, what: str) -> None:
    """Raise OutputError if a folder is held now; one that is not there is not."""
    if (folder / _NAME).exists():
        with held(folder, what):
            pass


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be written ({error.strerror}); choose another place") from None


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

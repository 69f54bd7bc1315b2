"""Read plain files alone; write under a temporary name beside the target, then rename.

A symbolic link is followed: its target is replaced. A pipe or a character device is written into, and never read: it
may not end.
"""

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO

from jazzgen.errors import OutputError

_TEMPORARY_PREFIX = ".jazzgen-"
_STREAMS = (stat.S_ISFIFO, stat.S_ISCHR)
Guard = Callable[[Path], None]
_GUARD: ContextVar[Guard | None] = ContextVar("guard", default=None)


def write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` to `path` atomically: a reader sees the old file or the new one, never a part.

    Args:
        path: where to write; its folder must exist.
        data: the whole content.
        durable: whether to wait until it is on the disk; if not, as for a cache, a power cut soon after may leave a
            damaged file, and no guard is asked.

    Raises:
        OutputError: when the folder is missing or cannot be written.

    Example:
        >>> write_bytes(Path("notes.txt"), b"C4 E4 G4")
        >>> Path("notes.txt").read_bytes()
        b'C4 E4 G4'
    """
    with replaced(path, durable=durable) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replaced(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield a temporary file beside `path` that replaces it if the block succeeds; for output too large for memory.

    Raises:
        OutputError: when the folder is missing or cannot be written.
    """
    if durable:
        _ask_guard(path)
    with _output_errors(path):
        stream = _is_stream(path)
        target = _led_to(path)  # a link stays; what it leads to is replaced
        folder = None if stream else target.parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=_TEMPORARY_PREFIX, suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            if stream:
                _copy_into(path, temporary)
            else:
                _put(temporary, target, durable=durable)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _put(temporary: Path, target: Path, *, durable: bool) -> None:
    if durable:
        with temporary.open("rb+") as file:  # Windows flushes no file that is open for reading only
            os.fsync(file.fileno())
    temporary.chmod(0o666 & ~_umask())
    temporary.replace(target)


def _copy_into(stream: Path, temporary: Path) -> None:
    with temporary.open("rb") as file, stream.open("wb") as out:
        shutil.copyfileobj(file, out)
    temporary.unlink()


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """Have `guard` called with each existing file before it is replaced; it raises to keep it."""
    token = _GUARD.set(guard)
    try:
        yield
    finally:
        _GUARD.reset(token)


def _ask_guard(path: Path) -> None:
    guard = _GUARD.get()
    if guard and path.is_file():
        guard(path)


def _led_to(path: Path) -> Path:
    """Return the path that links lead to."""
    try:
        return path.resolve()
    except RuntimeError:  # before Python 3.13; later the system refuses to open it
        raise OutputError(f"{path}: is a link that leads back to itself; choose another place") from None


def _is_stream(path: Path) -> bool:
    """Return whether a path is a pipe or a character device.

    Raises:
        OutputError: it is neither that nor a file, or what is printed goes there.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode):
        return False
    if not any(kind(found.st_mode) for kind in _STREAMS):
        raise OutputError(f"{path}: is a device or a socket, which would be destroyed; choose another place")
    if stat.S_ISFIFO(found.st_mode) and _is_printed_to(found):
        raise OutputError(f"{path}: what is printed goes there too; choose another place")
    return True


def _is_printed_to(found: os.stat_result) -> bool:
    try:
        return os.path.samestat(found, os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError, AttributeError):  # stdout is closed, or no file
        return False


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        OSError: when it cannot be opened, or is a pipe, a device or a socket, which may never end.
    """
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():  # the system has words for folders
        raise OSError(errno.EINVAL, "a pipe or a device, where a file is needed")
    return path.open("rb")


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files that killed processes left in `folder`."""
    for leftover in folder.glob(f"{_TEMPORARY_PREFIX}*"):
        leftover.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and its parents.

    Raises:
        OutputError: when they cannot be made.
    """
    with _output_errors(path):
        path.mkdir(parents=True, exist_ok=True)


def require_writable(path: Path) -> None:
    """Raise OutputError unless a file could be written to `path` now; call it before long work. Asks the guard."""
    with _output_errors(path):
        stream = _is_stream(path)
        folder = _led_to(path).parent
    if not folder.is_dir():
        raise OutputError(f"{path}: the folder '{path.parent}' is not there; make it or choose another")
    if path.is_dir() or not os.access(path if stream else folder, os.W_OK):
        raise OutputError(f"{path}: cannot be written; choose another place")
    _ask_guard(path)


@contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise OutputError(f"{path}: the folder '{path.parent}' is not there; make it or choose another") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

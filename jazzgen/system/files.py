"""Atomic output: write under a temporary name beside the target, then rename."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jazzgen.errors import OutputError

_TEMPORARY_PREFIX = ".jazzgen-"


def write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` to `path` atomically: a reader sees the old file or the new one, never a part.

    Args:
        path: where to write; its folder must exist.
        data: the whole content.
        durable: whether to wait until it is on the disk; if not, a power cut soon after may leave a damaged file.

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
    with _output_errors(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY_PREFIX, suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            if durable:
                with temporary.open("rb+") as file:  # Windows flushes no file that is open for reading only
                    os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


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
    """Raise OutputError unless a file could be written to `path` now; call it before long work."""
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"{path}: the folder '{folder}' is not there; make it or choose another")
    if path.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: cannot be written; choose another place")


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

"""Output that is whole or not there: written beside its target under a temporary name, then renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jazzgen.errors import OutputError

_TEMPORARY_PREFIX = ".jazzgen-"


def write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Puts `data` at `path` in one step; a reader sees the old file or the new one, never a part.

    Args:
        path: where to; its folder must be there.
        data: the whole content.
        durable: wait until it is on the disk. Without, a power cut soon after may leave a damaged file.

    Raises:
        OutputError: when the folder is missing or cannot be written.
    """
    with replaced(path, durable=durable) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replaced(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """A file beside `path` to be written, which takes its place if all goes well; for what is too long for memory.

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
                with temporary.open("rb+") as file:  # Windows writes out no file that is open to be read
                    os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def remove_leftovers(folder: Path) -> None:
    """Removes the temporary files that processes killed while writing to `folder` have left there."""
    for leftover in folder.glob(f"{_TEMPORARY_PREFIX}*"):
        leftover.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Makes a folder and those above it.

    Raises:
        OutputError: when that cannot be done.
    """
    with _output_errors(path):
        path.mkdir(parents=True, exist_ok=True)


def require_writable(path: Path) -> None:
    """Raises OutputError unless a file could be put at `path` now: ask before long work, not after it."""
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"{path}: the folder '{folder}' is not there; make it or choose another")
    if path.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: cannot be written; choose another place with -o")


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

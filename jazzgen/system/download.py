"""Downloads, for users who ask for one: the only module that uses the network.

A download goes over HTTPS into a folder of its own beside its target, is checked there, and is renamed into place only
if it is whole and what it should be. Nothing else is left behind.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib import request
from urllib.error import HTTPError

from jazzgen.errors import DownloadError, OutputError

MAX_BYTES = 64 * 2**20  # set by hand: the largest file offered is about 40 MB
_CHUNK_BYTES = 256 * 1024  # set by hand
_TIMEOUT_SECONDS = 30.0  # set by hand
_PREFIX = ".fetch-"

Progress = Callable[[Iterable[bytes], int | None], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Source:
    """Something to download.

    Attributes:
        page: where people find it.
    """

    name: str
    url: str
    page: str
    file_name: str

    def failure(self, what: str) -> DownloadError:
        """Return the error of a failed download, which says how to get the file by hand."""
        return DownloadError(f"{self.url}: {what}; try again, or get it from {self.page} in a browser")


def all_chunks(chunks: Iterable[bytes], total: int | None) -> Iterable[bytes]:  # noqa: ARG001 - as Progress has it
    """Return the chunks as they are: a `Progress` that shows nothing."""
    return chunks


def https_only() -> request.OpenerDirector:
    """Return an opener for HTTPS alone; it follows redirects and uses the system's proxies."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.UnknownHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPRedirectHandler(),
        request.HTTPErrorProcessor(),
        request.HTTPSHandler(),
    ):
        opener.add_handler(handler)
    return opener


def download(
    source: Source,
    target: Path,
    check: Callable[[Path, str], None],
    *,
    progress: Progress = all_chunks,
    opener: request.OpenerDirector | None = None,
) -> tuple[Path, int, str]:
    """Download a file.

    Args:
        source: what to download.
        target: the file to write, or a folder to put it in.
        check: called with the file and its SHA-256 before the file is put in place; raises to refuse it.
        progress: wraps the chunks as they come; its second argument is the total number of bytes, None if not known.
        opener: opens addresses; HTTPS alone by default.

    Returns:
        Where the file is, its size in bytes and its SHA-256.

    Raises:
        DownloadError: when it cannot be downloaded; the message says how to get it by hand.
        OutputError: when it cannot be written.
    """
    path = target / source.file_name if target.is_dir() else target
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=_PREFIX) as folder:
            part = Path(folder) / source.file_name
            digest, size = _save(_download(source, progress, opener or https_only()), part)
            check(part, digest)
            part.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return path, size, digest


def _download(source: Source, progress: Progress, opener: request.OpenerDirector) -> Iterator[bytes]:
    """Yield the file in chunks. Network errors become DownloadError: any OSError is the disk's."""
    try:
        response: HTTPResponse = opener.open(source.url, timeout=_TIMEOUT_SECONDS)
    except HTTPError as error:
        error.close()
        raise source.failure(f"the server answers {error.code} {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise source.failure(f"cannot be reached ({getattr(error, 'reason', error)})") from None
    with closing(response):
        yield from progress(_chunks(source, response), response.length)


def _chunks(source: Source, response: HTTPResponse) -> Iterator[bytes]:
    expected = response.length
    done = 0
    while chunk := _read(source, response):
        done += len(chunk)
        if max(done, expected or 0) > MAX_BYTES:
            raise source.failure(f"is larger than the {MAX_BYTES >> 20} MiB that can be read")
        yield chunk
    if expected is not None and done != expected:
        raise source.failure(f"broke off after {done} of {expected} bytes")


def _read(source: Source, response: HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK_BYTES)
    except (OSError, HTTPException) as error:
        raise source.failure(f"broke off ({error})") from None


def _save(chunks: Iterable[bytes], part: Path) -> tuple[str, int]:
    """Write the file and return its SHA-256 and size in bytes."""
    digest = hashlib.sha256()
    size = 0
    with part.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size

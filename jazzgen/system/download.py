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

MAX_BYTES = 64 * 2**20
_CHUNK_BYTES = 256 * 1024
_TIMEOUT_SECONDS = 30.0
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
        """The error of a download that failed, with the way to do without."""
        return DownloadError(f"{self.url}: {what}; try again, or get it from {self.page} in a browser")


def all_chunks(chunks: Iterable[bytes], total: int | None) -> Iterable[bytes]:  # noqa: ARG001 - as Progress has it
    """Progress that shows nothing."""
    return chunks


def https_only() -> request.OpenerDirector:
    """An opener that follows redirects and the system's proxies, and knows no scheme but HTTPS."""
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
    """Downloads a file; gives where it is, its size in bytes and its SHA-256.

    Args:
        source: what to download.
        target: the file to write, or a folder to put it in.
        check: is given the file and its SHA-256 before it is put in place, and raises if it is not what it should be.
        progress: wraps the chunks as they come; its second argument is how many bytes there will be, if that is known.
        opener: what opens addresses, HTTPS alone by default.

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
    """The file in chunks. No OSError comes out, so that one is always the disk's."""
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
    expected, done = response.length, 0
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
    """Writes the file; gives its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size

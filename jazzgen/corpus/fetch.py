"""Downloads data sets from their home pages, for users who ask for it: the only module that uses the network.

A download goes over HTTPS into a folder of its own beside its target, is checked there, and is renamed into place only
if it is whole and what it should be. Nothing else is left behind.
"""

import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib import request
from urllib.error import HTTPError

from jazzgen.corpus.reading import MAX_BYTES, Provenance
from jazzgen.corpus.wjazzd import open_database
from jazzgen.corpus.wjazzd.terms import PROVENANCE
from jazzgen.errors import CorpusError, OptionError, OutputError

_CHUNK_BYTES = 256 * 1024
_TIMEOUT_SECONDS = 30.0
_PREFIX = ".fetch-"

Progress = Callable[[Iterable[bytes], int | None], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Something to download.

    Attributes:
        page: where people find it.
        known_sha256: of the edition that this reader was made for, as a public record has it; its publisher gives none.
        least_rows: how many rows its tables have at least, by table.
    """

    name: str
    url: str
    page: str
    file_name: str
    provenance: Provenance
    known_sha256: str | None = None
    least_rows: Mapping[str, int] = field(default_factory=dict)

    def failure(self, what: str) -> CorpusError:
        """The error of a download that failed, with the way to do without."""
        return CorpusError(f"{self.url}: {what}; try again, or get it from {self.page} in a browser")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A download in its place. `is_known`: it is the edition whose hash was on record."""

    path: Path
    size_bytes: int
    sha256: str
    is_known: bool


WJAZZD = Dataset(
    name="wjazzd",
    url="https://jazzomat.hfm-weimar.de/download/downloads/wjazzd.db",
    page="https://jazzomat.hfm-weimar.de/download/download.html",
    file_name="wjazzd.db",
    provenance=PROVENANCE,
    known_sha256="af6a0d9debf042c3581565bd75baad591d32e166cd2ec7298519883de614bf12",
    least_rows={"solo_info": 456, "melody": 200_809},
)
DATASETS = {dataset.name: dataset for dataset in (WJAZZD,)}


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


def fetch(
    dataset: Dataset,
    target: Path,
    *,
    sha256: str | None = None,
    progress: Progress = all_chunks,
    opener: request.OpenerDirector | None = None,
) -> Fetched:
    """Downloads a data set.

    Args:
        dataset: one of `DATASETS`.
        target: the file to write, or a folder to put it in.
        sha256: what the file's hash must be, in hexadecimal; None to take any edition that holds all it should.
        progress: wraps the chunks as they come; its second argument is how many bytes there will be, if that is known.
        opener: what opens addresses, HTTPS alone by default.

    Raises:
        CorpusError: when it cannot be downloaded or is not what it should be; the message says how to get it by hand.
        OptionError: when `sha256` is no such hash.
        OutputError: when it cannot be written.
    """
    if sha256 is not None and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise OptionError(f"SHA-256 '{sha256}': write its 64 hexadecimal digits")
    path = target / dataset.file_name if target.is_dir() else target
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=_PREFIX) as folder:
            part = Path(folder) / dataset.file_name
            digest, size = _save(_download(dataset, progress, opener or https_only()), part)
            _check(dataset, part, digest, sha256)
            part.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return Fetched(path, size, digest, digest == dataset.known_sha256)


def _download(dataset: Dataset, progress: Progress, opener: request.OpenerDirector) -> Iterator[bytes]:
    """The file in chunks. No OSError comes out, so that one is always the disk's."""
    try:
        response: HTTPResponse = opener.open(dataset.url, timeout=_TIMEOUT_SECONDS)
    except HTTPError as error:
        error.close()
        raise dataset.failure(f"the server answers {error.code} {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise dataset.failure(f"cannot be reached ({getattr(error, 'reason', error)})") from None
    with closing(response):
        yield from progress(_chunks(dataset, response), response.length)


def _chunks(dataset: Dataset, response: HTTPResponse) -> Iterator[bytes]:
    expected, done = response.length, 0
    while chunk := _read(dataset, response):
        done += len(chunk)
        if max(done, expected or 0) > MAX_BYTES:
            raise dataset.failure(f"is larger than the {MAX_BYTES >> 20} MiB that can be read")
        yield chunk
    if expected is not None and done != expected:
        raise dataset.failure(f"broke off after {done} of {expected} bytes")


def _read(dataset: Dataset, response: HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK_BYTES)
    except (OSError, HTTPException) as error:
        raise dataset.failure(f"broke off ({error})") from None


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


def _check(dataset: Dataset, part: Path, digest: str, wanted: str | None) -> None:
    if wanted and digest != wanted.lower():
        raise dataset.failure(f"its SHA-256 is {digest}, not {wanted.lower()}")
    try:
        with closing(open_database(part)) as connection:
            _check_rows(dataset, connection)
    except (CorpusError, sqlite3.Error) as error:
        raise dataset.failure(f"what came is not the data set ({error})") from None


def _check_rows(dataset: Dataset, connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise CorpusError(f"it is damaged: {verdict}")
    for table, least in dataset.least_rows.items():
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - named above
        if count < least:
            raise CorpusError(f"its table {table} has {count} rows; at least {least} are there in the one published")

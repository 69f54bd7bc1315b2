"""Corpora to download from their home pages, with checks of what arrives."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib import request

from jazzgen.errors import CorpusError, OptionError
from jazzgen.formats.reading import Provenance
from jazzgen.formats.wjazzd import open_database
from jazzgen.formats.wjazzd.terms import PROVENANCE
from jazzgen.system.download import Progress, Source, all_chunks, download


@dataclass(frozen=True, slots=True)
class Dataset(Source):
    """A corpus to download.

    Attributes:
        known_sha256: of the edition that this reader was made for, from a public record; the publisher gives none.
        least_rows: the fewest rows of each table, by its name.
    """

    provenance: Provenance
    known_sha256: str | None = None
    least_rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A finished download; `is_known` is True for the edition whose hash is on record."""

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


def fetch(
    dataset: Dataset,
    target: Path,
    *,
    sha256: str | None = None,
    progress: Progress = all_chunks,
    opener: request.OpenerDirector | None = None,
) -> Fetched:
    """Download a data set.

    Args:
        dataset: one of `DATASETS`.
        target: the file to write, or the folder to put it in.
        sha256: the hash to require, in hexadecimal; None for any edition with all its tables and rows.
        progress: wraps the chunks as they arrive; its second argument is the total in bytes, if known.
        opener: opens the address; None for the default, which takes HTTPS only.

    Raises:
        DownloadError: if the download fails or its content is wrong; the message says how to get it by hand.
        OptionError: if `sha256` is no such hash.
        OutputError: if the file cannot be written.
    """
    if sha256 is not None and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise OptionError(f"SHA-256 '{sha256}': write its 64 hexadecimal digits")
    check = partial(_check, dataset, sha256)
    path, size, digest = download(dataset, target, check, progress=progress, opener=opener)
    return Fetched(path, size, digest, digest == dataset.known_sha256)


def _check(dataset: Dataset, wanted: str | None, part: Path, digest: str) -> None:
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
            raise CorpusError(f"its table {table} has {count} rows; the published one has at least {least}")

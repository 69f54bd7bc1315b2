"""Cache of readings by content: an unchanged file is not read again.

The key of an entry is a hash of the file's bytes and name, the options, and the source of the readers, so an entry
never outlives what it depends on. It holds two lines of JSON: the table rows for `jazzgen corpus inspect`, and pieces.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from jazzgen.corpus.table import Row
from jazzgen.errors import JazzgenError, OutputError
from jazzgen.formats.reading import Pieces, Reading, ReadOptions, Unread
from jazzgen.formats.score_json import reading_from_json, reading_to_json
from jazzgen.system.files import make_folder, open_plain, write_bytes

FOLDER_VARIABLE = "JAZZGEN_CACHE"
MAX_BYTES = 1024**3  # 1 GiB; set by hand
# Errors from an entry that is missing, cut short or tampered with.
_DAMAGE = (ValueError, KeyError, TypeError, JazzgenError)
_PACKAGE = Path(__file__).parent.parent
# The sources that a reading depends on.
_SOURCES = ("corpus/*.py", "formats/**/*.py", "harmony/*.py", "music/*.py")


def default_folder() -> Path:
    """Return the folder in the environment variable JAZZGEN_CACHE, or else the user's cache folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_cache_path("jazzgen")


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries, or None to cache nothing. An entry that cannot be written or read is ignored."""

    folder: Path | None

    def key(self, path: Path, options: ReadOptions) -> str | None:
        """Return the key of a file as it is now; None without a cache, or if the file cannot be read."""
        digest = hashlib.sha256(f"{_source_digest()}\n{path.name}\n{options}\n".encode(errors="surrogateescape"))
        if self.folder is None:
            return None
        with suppress(OSError), open_plain(path) as file:
            while block := file.read(1 << 20):  # 1 MiB at a time
                digest.update(block)
            return digest.hexdigest()
        return None

    def rows(self, key: str | None) -> list[Row]:
        """Return the rows of a file; empty if not cached."""
        rows, _ = self._load(key)
        with suppress(*_DAMAGE):
            return [Row(**row | {"left_out": tuple(row["left_out"])}) for row in json.loads(rows)]
        return []

    def pieces(self, key: str | None) -> Pieces:
        """Return the pieces of a file; empty if not cached."""
        _, pieces = self._load(key)
        with suppress(*_DAMAGE):
            return tuple(_piece_from_json(piece) for piece in json.loads(pieces))
        return ()

    def store(self, key: str | None, rows: Sequence[Row], pieces: Pieces) -> None:
        """Store what has been read, unless reading was cut off for lack of time or memory."""
        if self.folder is None or key is None or any(isinstance(p, Unread) and p.broken_off for p in pieces):
            return
        path = _path(self.folder, key)
        lines = [asdict(row) for row in rows], [_piece_to_json(piece) for piece in pieces]
        with suppress(OutputError):
            make_folder(path.parent)
            write_bytes(path, b"\n".join(map(_dumps, lines)), durable=False)

    def prune(self, max_bytes: int = MAX_BYTES) -> None:
        """Remove the oldest entries until the rest take up at most `max_bytes`."""
        if self.folder is None:
            return
        entries = sorted(((p, p.stat()) for p in self.folder.glob("??/*.json")), key=lambda e: e[1].st_mtime)
        total = sum(stat.st_size for _, stat in entries)
        for path, stat in entries:
            if total <= max_bytes:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size

    def _load(self, key: str | None) -> tuple[bytes, bytes]:
        """Return the two lines of an entry, empty if there is none."""
        if self.folder is not None and key is not None:
            with suppress(OSError):
                rows, _, pieces = _path(self.folder, key).read_bytes().partition(b"\n")
                return rows, pieces
        return b"", b""


NO_CACHE = Cache(None)


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json"


@cache
def _source_digest() -> str:
    digest = hashlib.sha256()
    for source in sorted(path for pattern in _SOURCES for path in _PACKAGE.glob(pattern)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _dumps(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()


def _piece_to_json(piece: Reading | Unread) -> dict[str, Any]:
    return {"unread": asdict(piece)} if isinstance(piece, Unread) else reading_to_json(piece)


def _piece_from_json(data: dict[str, Any]) -> Reading | Unread:
    return Unread(**data["unread"]) if "unread" in data else reading_from_json(data)

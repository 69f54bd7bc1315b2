"""The SQLite file that sessions are in: made for its user alone, tried by writing, and never waited for long.

Transactions of this process run one after the other, so that a lock that SQLite meets is always another program's.
"""

import os
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from jazzgen.errors import BusyError, SessionError
from jazzgen.system.files import make_folder

_APPLICATION = 0x4A415A5A  # "JAZZ", which identifies the file among SQLite's
# Seconds to wait for another program's lock: the first time, and while it is known to hold one; set by hand.
_PATIENCE = 0.5
_NO_PATIENCE = 0.02
_LOCKED_SECONDS = 2.0
_TRIAL_BYTES = 64 * 1024
_OURS_ALONE = 0o600
_LOCK_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Database:
    """One file of tables, made if it is not there.

    Args:
        path: the file.
        tables: statements that make the tables, separated by semicolons.
        version: of the tables.

    Raises:
        SessionError: if the file is another program's, damaged, of another version, or cannot be written.
        BusyError: if another program holds it.
    """

    def __init__(self, path: Path, tables: str, version: int) -> None:
        self._path = path
        self._one_at_a_time = threading.Lock()
        self._locked_until = 0.0
        make_folder(path.parent)
        _make_file(path)
        with self.write() as db:
            self._make_tables(db, tables, version)
            db.execute("CREATE TABLE IF NOT EXISTS trial (data BLOB)")
            db.execute("INSERT INTO trial VALUES ('')")
        with self.write() as db:  # what cannot be written has shown by now
            db.execute("DROP TABLE IF EXISTS trial")
        _require_space(path)

    def _make_tables(self, db: sqlite3.Connection, tables: str, version: int) -> None:
        found = db.execute("PRAGMA application_id").fetchone()[0], db.execute("PRAGMA user_version").fetchone()[0]
        if found == (0, 0) and not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in tables.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.execute(f"PRAGMA user_version = {version}")
        elif found != (_APPLICATION, version):
            raise SessionError(
                f"{self._path}: is no session file of this version of jazzgen; give another with --session, or move it"
            )

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection.

        Raises:
            SessionError: if the file cannot be read or written.
            BusyError: if another program holds it.
        """
        with self._one_at_a_time:
            try:
                with closing(sqlite3.connect(self._path, timeout=self._patience(), isolation_level=None)) as db:
                    db.row_factory = sqlite3.Row
                    yield db
            except sqlite3.Error as error:
                raise self._refusal(error) from None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction: all or nothing, and on disk at the end of the block."""
        with self.read() as db:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have done it already, as when the disk is full
                    db.execute("ROLLBACK")
                raise

    def _patience(self) -> float:
        return _NO_PATIENCE if time.monotonic() < self._locked_until else _PATIENCE

    def _refusal(self, error: sqlite3.Error) -> SessionError | BusyError:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _LOCK_CODES:  # the low byte is the primary code
            return SessionError(f"{self._path}: {error}; give another session file with --session")
        self._locked_until = time.monotonic() + _LOCKED_SECONDS
        return BusyError(f"{self._path}: another program is using it; close that program, then try again")


def _make_file(path: Path) -> None:
    """Make the file, or an older one, readable by its user alone."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SessionError(f"{path}: is no file; give another session file with --session")
        with suppress(PermissionError):  # another user's, who let us write it
            path.chmod(_OURS_ALONE)
    except FileNotFoundError:
        with suppress(OSError):  # SQLite says why it cannot be made
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OURS_ALONE))
    except OSError as error:
        raise SessionError(f"{path}: {error.strerror}; give another session file with --session") from None


def _require_space(path: Path) -> None:
    """Raise SessionError unless some takes fit on the disk."""
    try:
        with tempfile.TemporaryFile(dir=path.parent) as trial:
            trial.write(bytes(_TRIAL_BYTES))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        raise SessionError(
            f"{path}: takes cannot be kept beside it ({error.strerror}); make room, or give another with --session"
        ) from None

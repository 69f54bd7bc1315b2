"""The session file: sessions, all their takes, and the steps for undo and redo. One SQLite file.

What a method has returned is on disk: SQLite writes each transaction through. Of a take, only the rating ever changes.
Methods may be called from any thread, and by several processes on one file.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jazzgen.errors import MissingError, SessionError
from jazzgen.system.files import make_folder

FILE_NAME = "studio.sqlite3"
MAX_TAKES = 5_000  # of a session, as the page gets all of them; set by hand
MAX_RATING = 5
_VERSION = 1
_APPLICATION = 0x4A415A5A  # "JAZZ", which identifies the file among SQLite's
_SECONDS_TO_WAIT = 20.0  # for another process's lock; set by hand
_TABLES = """
CREATE TABLE session (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, created TEXT NOT NULL, draft TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE take (
    id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session, parent INTEGER REFERENCES take,
    created TEXT NOT NULL, what TEXT NOT NULL, rating INTEGER NOT NULL, about TEXT NOT NULL, midi BLOB NOT NULL
);
CREATE TABLE step (
    session INTEGER NOT NULL REFERENCES session, number INTEGER NOT NULL, take INTEGER NOT NULL REFERENCES take,
    PRIMARY KEY (session, number)
);
CREATE INDEX take_by_session ON take (session);
"""
_TAKE_COLUMNS = "id, session, parent, created, what, rating, about"


@dataclass(frozen=True, slots=True)
class About:
    """What a list shows of a take.

    Attributes:
        bpm: quarter notes per minute at the start.
        swing: ratio of the first to the second of two eighths.
        style: of the band; "" for none.
        model: that played; "" for a file from elsewhere, which has no seed.
    """

    title: str
    key: str
    meter: str
    bpm: float
    bars: int
    choruses: int
    notes: int
    seconds: float
    swing: float
    style: str
    model: str
    seed: int | None

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> "About":
        """Read what a session file holds; fields that another version did not store stay empty."""
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        return replace(_NOTHING_KNOWN, **known)


_NOTHING_KNOWN = About("", "", "", 0.0, 0, 0, 0, 0.0, 1.0, "", "", None)


@dataclass(frozen=True, slots=True)
class NewTake:
    """A take to store.

    Attributes:
        what: how it was made, in a few words.
        midi: the MIDI file.
    """

    what: str
    about: About
    midi: bytes


@dataclass(frozen=True, slots=True)
class KeptTake:
    """A stored take without its file.

    Attributes:
        parent: the take it was made from.
        created: UTC, ISO 8601.
        rating: 1 to `MAX_RATING` stars, 0 for none.
    """

    id: int
    session: int
    parent: int | None
    created: str
    what: str
    rating: int
    about: About


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is now.

    Attributes:
        draft: what the page stores: the changes as typed, the settings.
        shown: the take on the page, None before the first.
        can_undo, can_redo: whether there is a step back or forth.
    """

    id: int
    name: str
    created: str
    draft: Mapping[str, Any]
    shown: int | None
    can_undo: bool
    can_redo: bool
    takes: tuple[KeptTake, ...]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list; `takes` is the number of its takes."""

    id: int
    name: str
    created: str
    takes: int


class SessionFile:
    """Sessions on disk.

    Raises:
        SessionError: if the file is another program's, damaged, of another version, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        make_folder(path.parent)
        with self._write() as db:
            found = db.execute("PRAGMA application_id").fetchone()[0], db.execute("PRAGMA user_version").fetchone()[0]
            if found == (0, 0) and not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _TABLES.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {_APPLICATION}")
                db.execute(f"PRAGMA user_version = {_VERSION}")
            elif found != (_APPLICATION, _VERSION):
                raise SessionError(
                    f"{path}: is no session file of this version of jazzgen; give another with --session, or move it"
                )

    def sessions(self) -> list[SessionRow]:
        """Return all sessions, newest first."""
        with self._read() as db:
            rows = db.execute(
                "SELECT id, name, created, (SELECT count(*) FROM take WHERE session = session.id) AS takes "
                "FROM session ORDER BY id DESC"
            )
            return [SessionRow(**dict(row)) for row in rows]

    def begin(self, name: str) -> Session:
        """Begin a session."""
        with self._write() as db:
            row = db.execute(
                "INSERT INTO session (name, created, draft, position) VALUES (?, ?, '{}', 0)", (name, _now())
            )
            return _session(db, row.lastrowid)

    def session(self, session: int) -> Session:
        """Return a session; like all methods below, raise MissingError if the number is unknown."""
        with self._read() as db:
            return _session(db, session)

    def rename(self, session: int, name: str) -> Session:
        return self._changed(session, "UPDATE session SET name = ? WHERE id = ?", name)

    def keep_draft(self, session: int, draft: Mapping[str, Any]) -> Session:
        return self._changed(session, "UPDATE session SET draft = ? WHERE id = ?", json.dumps(draft))

    def add(self, session: int, takes: Sequence[NewTake], parent: int | None = None) -> list[KeptTake]:
        """Store takes, and show the first of them."""
        with self._write() as db:
            _session(db, session)
            count = db.execute("SELECT count(*) FROM take WHERE session = ?", (session,)).fetchone()[0]
            if count + len(takes) > MAX_TAKES:
                raise SessionError(f"session {session} has {count} takes, and no more fit; begin another session")
            ids = [_insert(db, session, take, parent) for take in takes]
            _show(db, session, ids[0])
            return [_take(db, take) for take in ids]

    def show(self, take: int) -> Session:
        """Show a take, as a step that can be undone."""
        with self._write() as db:
            session = _take(db, take).session
            if _session(db, session).shown != take:
                _show(db, session, take)
            return _session(db, session)

    def step(self, session: int, by: int) -> Session:
        """Undo (-1) or redo (1) one step of showing takes; do nothing at either end."""
        with self._write() as db:
            found = _session(db, session)
            if found.can_undo if by < 0 else found.can_redo:
                db.execute("UPDATE session SET position = position + ? WHERE id = ?", (by, session))
            return _session(db, session)

    def rate(self, take: int, rating: int) -> KeptTake:
        with self._write() as db:
            _take(db, take)
            db.execute("UPDATE take SET rating = ? WHERE id = ?", (rating, take))
            return _take(db, take)

    def take(self, take: int) -> KeptTake:
        with self._read() as db:
            return _take(db, take)

    def midi(self, take: int) -> bytes:
        """Return the MIDI file of a take."""
        with self._read() as db:
            row = db.execute("SELECT midi FROM take WHERE id = ?", (take,)).fetchone()
            if row is None:
                raise MissingError(f"take {take}: there is none of that number")
            return bytes(row["midi"])

    def _changed(self, session: int, statement: str, value: str) -> Session:
        with self._write() as db:
            _session(db, session)
            db.execute(statement, (value, session))
            return _session(db, session)

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_SECONDS_TO_WAIT, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                yield db
        except sqlite3.Error as error:
            raise SessionError(f"{self._path}: {error}; give another session file with --session") from None

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction: all or nothing, and on disk at the end of the block."""
        with self._read() as db:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _session(db: sqlite3.Connection, session: int | None) -> Session:
    row = db.execute("SELECT * FROM session WHERE id = ?", (session,)).fetchone()
    if row is None:
        raise MissingError(f"session {session}: there is none of that number")
    steps = _last_step(db, row["id"])
    position = row["position"]
    shown = db.execute("SELECT take FROM step WHERE session = ? AND number = ?", (row["id"], position)).fetchone()
    takes = db.execute(f"SELECT {_TAKE_COLUMNS} FROM take WHERE session = ? ORDER BY id", (row["id"],))  # noqa: S608
    return Session(
        id=row["id"],
        name=row["name"],
        created=row["created"],
        draft=json.loads(row["draft"]),
        shown=shown and shown["take"],
        can_undo=position > 1,
        can_redo=position < steps,
        takes=tuple(map(_kept, takes)),
    )


def _last_step(db: sqlite3.Connection, session: int) -> int:
    found: int = db.execute("SELECT count(*) FROM step WHERE session = ?", (session,)).fetchone()[0]
    return found


def _show(db: sqlite3.Connection, session: int, take: int) -> None:
    """Add a step after the current one; the steps undone are lost."""
    position = db.execute("SELECT position FROM session WHERE id = ?", (session,)).fetchone()[0]
    db.execute("DELETE FROM step WHERE session = ? AND number > ?", (session, position))
    db.execute("INSERT INTO step (session, number, take) VALUES (?, ?, ?)", (session, position + 1, take))
    db.execute("UPDATE session SET position = ? WHERE id = ?", (position + 1, session))


def _insert(db: sqlite3.Connection, session: int, take: NewTake, parent: int | None) -> int:
    values = (session, parent, _now(), take.what, json.dumps(asdict(take.about)), take.midi)
    row = db.execute(
        "INSERT INTO take (session, parent, created, what, rating, about, midi) VALUES (?, ?, ?, ?, 0, ?, ?)", values
    )
    assert row.lastrowid is not None
    return row.lastrowid


def _take(db: sqlite3.Connection, take: int) -> KeptTake:
    row = db.execute(f"SELECT {_TAKE_COLUMNS} FROM take WHERE id = ?", (take,)).fetchone()  # noqa: S608
    if row is None:
        raise MissingError(f"take {take}: there is none of that number")
    return _kept(row)


def _kept(row: sqlite3.Row) -> KeptTake:
    return KeptTake(**dict(row) | {"about": About.kept(json.loads(row["about"]))})

"""The session file: sessions, all their takes, and the steps for undo and redo. One SQLite file.

What a method has returned is on disk: SQLite writes each transaction through. Of a take, only the rating ever changes.
Methods may be called from any thread, and by several processes on one file. A damaged row costs that row alone.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jazzgen.errors import MissingError, SessionError
from jazzgen.studio.database import Database
from jazzgen.studio.kept import (
    KeptTake,
    NewTake,
    Session,
    SessionRow,
    damage,
    last_step,
    position_in,
    read_session,
    read_take,
)

FILE_NAME = "studio.sqlite3"
MAX_TAKES = 5_000  # of a session, as the page gets all of them; set by hand
_VERSION = 1
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


class SessionFile:
    """Sessions on disk.

    Raises:
        SessionError: if the file is another program's, damaged, of another version, or cannot be written.
        BusyError: if another program holds it; all methods raise it.
    """

    def __init__(self, path: Path) -> None:
        self._db = Database(path, _TABLES, _VERSION)

    def sessions(self) -> list[SessionRow]:
        """Return all sessions, newest first."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT id, name, created, (SELECT count(*) FROM take WHERE session = session.id) AS takes "
                "FROM session ORDER BY id DESC"
            )
            return [SessionRow(row["id"], str(row["name"]), str(row["created"]), row["takes"]) for row in rows]

    def begin(self, name: str) -> Session:
        """Begin a session."""
        with self._db.write() as db:
            row = db.execute(
                "INSERT INTO session (name, created, draft, position) VALUES (?, ?, '{}', 0)", (name, _now())
            )
            return read_session(db, row.lastrowid)

    def session(self, session: int) -> Session:
        """Return a session; like all methods below, raise MissingError if the number is unknown."""
        with self._db.read() as db:
            return read_session(db, session)

    def rename(self, session: int, name: str) -> Session:
        return self._changed(session, "UPDATE session SET name = ? WHERE id = ?", name)

    def keep_draft(self, session: int, draft: Mapping[str, Any]) -> Session:
        return self._changed(session, "UPDATE session SET draft = ? WHERE id = ?", json.dumps(draft))

    def add(self, session: int, takes: Sequence[NewTake], parent: int | None = None) -> list[KeptTake]:
        """Store takes, and show the first of them."""
        with self._db.write() as db:
            read_session(db, session)
            count = db.execute("SELECT count(*) FROM take WHERE session = ?", (session,)).fetchone()[0]
            if count + len(takes) > MAX_TAKES:
                raise SessionError(f"session {session} has {count} takes, and no more fit; begin another session")
            ids = [_insert(db, session, take, parent) for take in takes]
            _show(db, session, ids[0])
            return [read_take(db, take) for take in ids]

    def show(self, take: int) -> Session:
        """Show a take, as a step that can be undone."""
        with self._db.write() as db:
            session = read_take(db, take).session
            if read_session(db, session).shown != take:
                _show(db, session, take)
            return read_session(db, session)

    def step(self, session: int, by: int) -> Session:
        """Undo (-1) or redo (1) one step of showing takes; do nothing at either end."""
        with self._db.write() as db:
            found = read_session(db, session)
            if found.can_undo if by < 0 else found.can_redo:
                db.execute("UPDATE session SET position = position + ? WHERE id = ?", (by, session))
            return read_session(db, session)

    def rate(self, take: int, rating: int) -> KeptTake:
        with self._db.write() as db:
            read_take(db, take)
            db.execute("UPDATE take SET rating = ? WHERE id = ?", (rating, take))
            return read_take(db, take)

    def take(self, take: int) -> KeptTake:
        with self._db.read() as db:
            return read_take(db, take)

    def midi(self, take: int) -> bytes:
        """Return the MIDI file of a take."""
        with self._db.read() as db:
            row = db.execute("SELECT midi FROM take WHERE id = ?", (take,)).fetchone()
            if row is None:
                raise MissingError(f"take {take}: there is none of that number")
            if not isinstance(row["midi"], bytes):
                raise damage(take)
            return row["midi"]

    def _changed(self, session: int, statement: str, value: str) -> Session:
        with self._db.write() as db:
            read_session(db, session)
            db.execute(statement, (value, session))
            return read_session(db, session)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _show(db: sqlite3.Connection, session: int, take: int) -> None:
    """Add a step after the current one; the steps undone are lost."""
    row = db.execute("SELECT position FROM session WHERE id = ?", (session,)).fetchone()
    position = position_in(row, last_step(db, session))
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

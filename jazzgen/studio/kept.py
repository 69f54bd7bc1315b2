"""What the session file holds, as values, and how they are read from its rows; a damaged row costs itself alone."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any

from jazzgen.errors import MissingError, SessionError

MAX_RATING = 5
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
        """Read what a session file holds; fields that another version did not store stay empty.

        Raises:
            ValueError: if a value is of another type.
        """
        if not isinstance(values, Mapping):
            raise ValueError(f"{values!r} has no fields")
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        for name, value in known.items():
            if not isinstance(value, _TYPES[name]):
                raise ValueError(f"{name} is {value!r}")
        return replace(_NOTHING_KNOWN, **known)


_NOTHING_KNOWN = About("", "", "", 0.0, 0, 0, 0, 0.0, 1.0, "", "", None)
_TYPES: Mapping[str, Any] = {field.name: int | float if field.type is float else field.type for field in fields(About)}


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
        damaged: the takes that the file holds no more as they were kept.
    """

    id: int
    name: str
    created: str
    draft: Mapping[str, Any]
    shown: int | None
    can_undo: bool
    can_redo: bool
    takes: tuple[KeptTake, ...]
    damaged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list; `takes` is the number of its takes."""

    id: int
    name: str
    created: str
    takes: int


def read_session(db: sqlite3.Connection, session: int | None) -> Session:
    """Return a session with all takes that are whole; raise MissingError if the number is unknown."""
    row = db.execute("SELECT * FROM session WHERE id = ?", (session,)).fetchone()
    if row is None:
        raise MissingError(f"session {session}: there is none of that number")
    steps = last_step(db, row["id"])
    position = position_in(row, steps)
    shown = db.execute("SELECT take FROM step WHERE session = ? AND number = ?", (row["id"], position)).fetchone()
    found = dict(_takes(db, row["id"]))
    whole = tuple(take for take in found.values() if take)
    return Session(
        id=row["id"],
        name=str(row["name"]),
        created=str(row["created"]),
        draft=_draft(row["draft"]),
        shown=shown["take"] if shown and found.get(shown["take"]) else None,
        can_undo=position > 1,
        can_redo=position < steps,
        takes=whole,
        damaged=tuple(take for take, kept in found.items() if kept is None),
    )


def position_in(row: sqlite3.Row, steps: int) -> int:
    """Return the step that a session is at; the last one if that is damaged."""
    return row["position"] if isinstance(row["position"], int) else steps


def _draft(text: Any) -> Mapping[str, Any]:
    """Return a draft; an empty one for what is damaged."""
    with suppress(ValueError, TypeError, RecursionError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    return {}


def _takes(db: sqlite3.Connection, session: int) -> Iterator[tuple[int, KeptTake | None]]:
    """Yield the number of each take and the take, None if it is damaged.

    The numbers come from the index, and each row is read by itself, so that a damaged page costs its rows alone.
    """
    numbers = [row[0] for row in db.execute("SELECT id FROM take WHERE session = ? ORDER BY id", (session,))]
    for number in numbers:
        try:
            yield number, read_take(db, number)
        except SessionError:
            yield number, None


def last_step(db: sqlite3.Connection, session: int) -> int:
    """Return the number of steps of a session."""
    found: int = db.execute("SELECT count(*) FROM step WHERE session = ?", (session,)).fetchone()[0]
    return found


def read_take(db: sqlite3.Connection, take: int) -> KeptTake:
    """Return a take; raise MissingError if the number is unknown, SessionError if its row is damaged."""
    try:
        row = db.execute(f"SELECT {_TAKE_COLUMNS} FROM take WHERE id = ?", (take,)).fetchone()  # noqa: S608
    except sqlite3.OperationalError:  # the file cannot be read now
        raise
    except sqlite3.DatabaseError:
        raise damage(take) from None
    if row is None:
        raise MissingError(f"take {take}: there is none of that number")
    try:
        return _kept(row)
    except (ValueError, TypeError, RecursionError):
        raise damage(take) from None


def damage(take: int) -> SessionError:
    """Return the error for a damaged row."""
    return SessionError(f"take {take}: is damaged in the session file; the others are not")


def _kept(row: sqlite3.Row) -> KeptTake:
    values = dict(row)
    types = {"parent": int | None, "created": str, "what": str, "rating": int}
    if not all(isinstance(values[name], expected) for name, expected in types.items()):
        raise ValueError("a column is of another type")
    return KeptTake(**values | {"about": About.kept(json.loads(values["about"]))})

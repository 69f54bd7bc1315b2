"""Read the Weimar Jazz Database, an SQLite file with hundreds of solos; each is a piece.

Columns are read by name; optional ones may be missing. The file is opened read-only, and only stored tables are read,
no views, with at most `MAX_ROWS` rows each, so that no file can keep the reader busy for long. A solo that cannot be
read is reported, and the others are read.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.reading import MAX_BYTES, Reading, ReadOptions, Unread
from jazzgen.formats.wjazzd.grid import Beat
from jazzgen.formats.wjazzd.solo import Solo, Stretch, read_solo
from jazzgen.formats.wjazzd.touch import Event
from jazzgen.music.score import Credits
from jazzgen.system.files import open_plain

# Limits for a query, set by hand: rows of a table, bytes of a value, and instructions of SQLite's virtual machine
# between two checks and in all.
MAX_ROWS = 500_000
_MAX_VALUE_BYTES = 1_000_000
_STEPS = 100_000
_MAX_STEPS = 1_000_000_000
_HEADER = b"SQLite format 3\0"
_FIRST_LETTER = re.compile(r"^'?[^\W\d_]")
_FILE_ENDING = re.compile(r"(?:_FINAL)?\.sv$")


@dataclass(frozen=True, slots=True)
class Table:
    """What to read of a table.

    Attributes:
        columns, optional: required and optional columns, in the order the reader expects.
        order: column to sort by.
        where: SQL condition on the rows.
    """

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    order: str = "melid"
    where: str = "TRUE"


_MELODY = Table(
    "melody",
    ("melid", "bar", "beat", "division", "tatum", "pitch", "duration"),
    ("beatdur", "loud_med", "onset"),
    order="eventid",
)
_BEATS = Table(
    "beats",
    ("melid", "bar", "beat"),
    ("signature", "chord", "form", "chorus_id", "bass_pitch", "onset"),
    order="beatid",
)
_PHRASES = Table("sections", ("melid", "start", "end"), ("value",), order="start", where="type = 'PHRASE'")
_IDEAS = replace(_PHRASES, where="type = 'IDEA'")
_SOLOS = Table(
    "solo_info",
    ("melid", "performer", "title"),
    ("titleaddon", "compid", "instrument", "style", "rhythmfeel", "avgtempo", "key", "signature"),
)
_COMPOSERS = Table("composition_info", ("compid",), ("composer",), order="compid")
_FILES = Table("transcription_info", ("melid",), ("filename_sv",))
TABLES = (_MELODY, _BEATS, _PHRASES, _SOLOS)

_Row = tuple[Any, ...]


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading | Unread]:
    """Yield every solo, in the database's order.

    Raises:
        CorpusError: when the file is not the database or is damaged.
    """
    rows = _read_tables(path)
    solos = rows[_SOLOS]
    beats, events, phrases, ideas = (_by_solo(rows[table]) for table in (_BEATS, _MELODY, _PHRASES, _IDEAS))
    files, composers = ({row[0]: _text(row[1]) for row in rows[table]} for table in (_FILES, _COMPOSERS))
    for piece, row in zip(solo_names(solos, files), solos, strict=True):
        melid = row[0]
        solo = replace(
            _facts(row, composers),
            beats=[Beat._make(beat) for beat in beats[melid]],
            events=[Event._make(event) for event in events[melid]],
            phrases=[Stretch(first, last, _text(label)) for first, last, label in phrases[melid]],
            ideas=[Stretch(first, last, _text(label)) for first, last, label in ideas[melid]],
        )
        try:
            yield read_solo(solo, options, piece)
        except JazzgenError as error:
            yield Unread(piece, _text(str(error)))


def _read_tables(path: Path) -> dict[Table, list[_Row]]:
    try:
        with closing(open_database(path)) as connection:
            return {table: _rows(connection, table) for table in (*TABLES, _IDEAS, _FILES, _COMPOSERS)}
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot be read as a database ({_text(str(error))}); download it again") from None


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database read-only, with limits on the size of values and the work of all queries.

    Raises:
        CorpusError: when the file cannot be read, is too large, is not SQLite or lacks tables.
    """
    _check_file(path)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
        looks = iter(range(_MAX_STEPS // _STEPS))
        connection.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
        missing = [table.name for table in TABLES if table.name not in _stored(connection)]
        if missing:
            raise CorpusError(f"is a database, but not the Weimar Jazz Database: it has no table {', '.join(missing)}")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
        with open_plain(path) as file:
            header = file.read(len(_HEADER))
    except OSError as error:
        raise CorpusError(f"cannot be read ({error.strerror})") from None
    if size > MAX_BYTES:
        raise CorpusError(f"it has {size / 2**20:.0f} MiB; at most {MAX_BYTES / 2**20:.0f} are read")
    if header != _HEADER:
        raise CorpusError("is not an SQLite database, which the Weimar Jazz Database is; download it again")


def _stored(connection: sqlite3.Connection) -> set[str]:
    """Return the names of stored tables; views and virtual tables have no root page."""
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table' AND rootpage>0")}


def _rows(connection: sqlite3.Connection, table: Table) -> list[_Row]:
    """Read the rows of a table; empty if the file lacks it."""
    if table.name not in _stored(connection):
        return []
    present = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
    for column in (*table.columns, table.order):
        if column not in present:
            raise CorpusError(f"its table {table.name} has no column '{column}'; download the database again")
    columns = ", ".join(f'"{name}"' if name in present else "NULL" for name in (*table.columns, *table.optional))
    # All names come from the tables above, none from the file.
    query = f'SELECT {columns} FROM {table.name} WHERE {table.where} ORDER BY "{table.order}"'  # noqa: S608
    rows = connection.execute(query).fetchmany(MAX_ROWS + 1)
    if len(rows) > MAX_ROWS:
        raise CorpusError(f"its table {table.name} has more than {MAX_ROWS} rows")
    return rows


def _by_solo(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    groups: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row[1:])
    return groups


def solo_names(solos: Sequence[_Row], files: Mapping[int, str]) -> list[str]:
    """Name each solo as the project does: `BennyCarter_JustFriends`, with a number if several have the same name.

    Args:
        solos: rows that start with melid, performer, title, title's addition.
        files: the transcription's file name by melid, if the edition has it; otherwise performer and title are joined.

    Example:
        >>> solo_names([(1, "Benny Carter", "Just Friends", None)], {})
        ['BennyCarter_JustFriends']
    """
    names = [_FILE_ENDING.sub("", files.get(row[0], "")) or _joined(*map(_text, row[1:4])) for row in solos]
    counts = Counter(names)
    numbers = Counter[str]()
    for index, name in enumerate(names):
        numbers[name] += 1
        if counts[name] > 1:
            names[index] = f"{name}-{numbers[name]}"
    return names


def _joined(performer: str, title: str, addon: str) -> str:
    parts = (_capitals(performer).replace(".", ""), *(_capitals(text).replace("-", "=") for text in (title, addon)))
    return "_".join(part for part in parts if part)


def _capitals(text: str) -> str:
    return "".join(_FIRST_LETTER.sub(lambda letter: letter[0].upper(), word) for word in text.split())


def _facts(row: _Row, composers: Mapping[int, str]) -> Solo:
    """Make a solo from its row, without beats and notes."""
    _, performer, title, _, compid, instrument, style, groove, tempo, key, signature = row
    return Solo(
        title=_text(title),
        credits=Credits(composers.get(compid, ""), *map(_text, (performer, style, groove))),
        beats=(),
        events=(),
        instrument=_text(instrument),
        tempo=tempo,
        key=_text(key),
        signature=_text(signature).split(" ")[0] or "4/4",
    )


def _text(value: object) -> str:
    """Return a value as one line of text; empty for NULL."""
    return "" if value is None else " ".join(str(value).split())

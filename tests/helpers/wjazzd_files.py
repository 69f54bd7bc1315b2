"""Small files in the Weimar Jazz Database's formats, of solos that tests make up."""

import csv
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE solo_info(melid INTEGER PRIMARY KEY, compid INTEGER, performer TEXT, title TEXT, titleaddon TEXT,
  instrument TEXT, style TEXT, avgtempo REAL, rhythmfeel TEXT, key TEXT, signature TEXT, chorus_count INTEGER);
CREATE TABLE composition_info(compid INTEGER PRIMARY KEY, title TEXT, composer TEXT);
CREATE TABLE melody(eventid INTEGER PRIMARY KEY, melid INTEGER, onset REAL, pitch REAL, duration REAL, period INTEGER,
  division INTEGER, bar INTEGER, beat INTEGER, tatum INTEGER, beatdur REAL, loud_med REAL);
CREATE TABLE beats(beatid INTEGER PRIMARY KEY, melid INTEGER, onset REAL, bar INTEGER, beat INTEGER, signature TEXT,
  chord TEXT, form TEXT, bass_pitch INTEGER, chorus_id INTEGER);
CREATE TABLE sections(melid INTEGER, type TEXT, start INTEGER, end INTEGER, value TEXT);
"""
Row = Mapping[str, object]
SOLO: Row = {
    "compid": 1,
    "performer": "Ann B. Reed",
    "title": "Two-Door 'n Blues",
    "instrument": "cl",
    "style": "COOL",
    "avgtempo": 200.0,
    "rhythmfeel": "SWING",
    "key": "F-min",
    "signature": "4/4",
}
# Two beats of pickup, two bars of 4/4, one of 3/4, and a beat.
BEATS: Sequence[Row] = [
    {
        "bar": bar,
        "beat": beat,
        "signature": "3/4" if bar == 3 else "4/4",
        "chord": "",
        "form": "",
        "chorus_id": int(bar > 0),
    }
    | {"bass_pitch": 40 + beat if bar == 2 else None}
    for bar, places in {0: (3, 4), 1: (1, 2, 3, 4), 2: (1, 2, 3, 4), 3: (1, 2, 3), 4: (1,)}.items()
    for beat in places
]
CHORDS = {0: "NC", 2: "F-7", 6: "Bb7", 8: "Ebj7"}
FORMS = {0: "I1", 2: "A1", 6: "A2"}
# Bar, beat, tatum, division, pitch, seconds, decibels; a beat takes 0.3 s.
NOTES = [
    (0, 4, 2, 2, 65, 0.15, 60.0),
    (1, 1, 1, 3, 68, 0.1, 62.0),
    (1, 1, 3, 3, 72, 0.05, None),
    (1, 2, 1, 1, 70, 0.9, 64.0),
    (2, 1, 2, 4, 63, 0.3, -66.0),
    (3, 3, 1, 1, 61, 0.3, 68.0),
]
EVENTS: Sequence[Row] = [
    dict(zip(("bar", "beat", "tatum", "division", "pitch", "duration", "loud_med"), note, strict=True))
    | {"beatdur": 0.3, "period": 4}
    for note in NOTES
]
PHRASES = [("PHRASE", 0, 3, "1"), ("PHRASE", 4, 5, "2"), ("IDEA", 0, 2, "void->lick"), ("IDEA", 3, 5, "~#line_d")]


def beats() -> list[dict[str, object]]:
    """The beats with chords and sections where they start."""
    return [{**beat, "chord": CHORDS.get(index, ""), "form": FORMS.get(index, "")} for index, beat in enumerate(BEATS)]


def make_database(path: Path, solos: Sequence[Row] = (SOLO,), sql: str = "") -> Path:
    """Writes a database in which each solo has the notes above, then runs `sql` on it."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO composition_info VALUES(1, 'Two-Door ''n Blues', 'C. Oak')")
        for melid, solo in enumerate(solos, 1):
            insert(connection, "solo_info", [{**solo, "melid": melid}])
            insert(connection, "beats", ({**beat, "melid": melid} for beat in beats()))
            insert(connection, "melody", ({**event, "melid": melid} for event in EVENTS))
            connection.executemany("INSERT INTO sections VALUES(?,?,?,?,?)", [(melid, *row) for row in PHRASES])
        connection.executescript(sql)
        connection.commit()
    return path


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table}({', '.join(row)}) VALUES({marks})", list(row.values()))


def make_csv(path: Path, rows: Sequence[Row], delimiter: str = ",") -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path

"""Read solos of the Weimar Jazz Database as CSV: a file of notes for each, and a file of its beats if there is one.

There are two layouts, with columns separated by commas, semicolons or tabs:

    ArtPepper_Anthropology_FINAL.csv, ArtPepper_Anthropology_FINAL_beattrack.csv      MeloSpyGUI's export (MCSV2)
    csv_melody/ArtPepper_Anthropology_Solo.csv, csv_beats/ArtPepper_Anthropology_Solo.csv       the database's tables

Performer and title come from columns, or else from the file's name. Without a beat track, bars run from the first to
the last with notes, all complete, and a chord starts on the beat of its first note.

Format: Jazzomat Research Project, "melconv" (jazzomat.hfm-weimar.de/commandline_tools/melconv/melconv.html).
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from jazzgen.errors import CorpusError
from jazzgen.formats.reading import Reading, ReadOptions, read_bytes
from jazzgen.formats.wjazzd.grid import Beat
from jazzgen.formats.wjazzd.solo import Solo, Stretch, read_solo
from jazzgen.formats.wjazzd.touch import Event
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.music.score import Credits
from jazzgen.music.timing import Meter
from jazzgen.system.limits import short_lines

# Limits for one solo, set by hand; the longest published has 5,000 notes.
MAX_BYTES = 8 * 2**20
MAX_ROWS = 100_000
# Required columns.
COLUMNS = ("bar", "beat", "division", "tatum", "pitch", "duration")
_LINE = "line number"  # a column added while reading
_ENDING = re.compile(r"_(?:PRE)?FINAL$|_Solo$", re.I)
_TAKE = re.compile(r"-\d+$")
# Where words start: So|What, K.C.|Blues; Item|1; I|Got.
_WORD_STARTS = re.compile(r"(?<=[a-z0-9'!?,.])(?=[A-Z][a-z])|(?<=[a-z'!?,])(?=[A-Z0-9#])|(?<=[A-Z])(?=[A-Z][a-z])")
_FACTS = ("composer", "style", "rhythmfeel", "instrument", "avgtempo", "key")
_Row = Mapping[str, str]
_T = TypeVar("_T")


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading]:
    """Yield the one solo of a file.

    Raises:
        CorpusError: naming the line and what is wrong in it.
    """
    rows = _table(path, COLUMNS)
    under_notes = _each(_beat, rows)
    track = next((place for place in _beat_tracks(path) if place.is_file()), None)
    if track:
        beats = _read_beat_track(track)
        source = f"the beat track {track.name}"
    else:
        beats = list(_filled(under_notes))
        source = "the notes' rows, for want of a beat track"
    solo = replace(_solo(rows, path.stem), beats=list(_where_they_start(beats)), source=source)
    yield read_solo(solo, options)


def _beat_tracks(path: Path) -> Iterator[Path]:
    """Yield the paths at which the beat track of a solo may be."""
    for folder in (path.parent, path.parent.parent / "mcsv_beat"):
        yield folder / f"{path.stem}_beattrack.csv"
    yield path.parent.parent / "csv_beats" / path.name


def _read_beat_track(path: Path) -> list[Beat]:
    try:
        return _each(_timed_beat, _table(path, COLUMNS[:2]))
    except CorpusError as error:
        raise CorpusError(f"its beat track {path.name}: {error}") from None


def _table(path: Path, required: Sequence[str]) -> list[_Row]:
    try:
        text = read_bytes(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"is not UTF-8 text ({error.reason} at byte {error.start}); save it as such") from None
    header = short_lines(text).partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), restval="")
    try:
        missing = [name for name in required if name not in (lines.fieldnames or ())]
        if missing:
            raise CorpusError(f"is no solo of the Weimar Jazz Database: it has no column {', '.join(missing)}")
        rows: list[_Row] = [
            {name: _plain(value) for name, value in row.items() if isinstance(value, str)}
            | {_LINE: str(lines.line_num)}
            for row in islice(lines, MAX_ROWS + 1)
        ]
    except csv.Error as error:
        raise CorpusError(f"line {lines.line_num + 1} is not CSV ({error})") from None
    if not 1 <= len(rows) <= MAX_ROWS:
        raise CorpusError(f"has {'no' if not rows else f'more than {MAX_ROWS}'} rows under its header")
    return rows


def _plain(value: str) -> str:
    """Return a cell's text on one line, without quotes; empty for the missing values of R and pandas."""
    text = " ".join(value.split()).strip("'\"")
    return "" if text in ("NA", "nan", "None") else text


def _each(read: Callable[[_Row], _T], rows: Iterable[_Row]) -> list[_T]:
    results = []
    for row in rows:
        try:
            results.append(read(row))
        except CorpusError as error:
            raise CorpusError(f"line {row[_LINE]}: {error}") from None
    return results


def _beat(row: _Row) -> Beat:
    bass = _number(row, "bass_pitch", "bass")
    chorus = _number(row, "chorus_id")
    return Beat(
        _whole(row, "bar"),
        _whole(row, "beat"),
        row.get("signature") or (f"{row['num']}/{row['denom']}" if row.get("num") and row.get("denom") else None),
        row.get("chord"),
        row.get("form"),
        None if chorus is None else int(chorus),
        bass if bass and bass > 0 else None,
    )


def _timed_beat(row: _Row) -> Beat:
    return _beat(row)._replace(onset=_number(row, "onset"))


def _event(row: _Row) -> Event:
    return Event(
        _whole(row, "bar"),
        _whole(row, "beat"),
        _whole(row, "division"),
        _whole(row, "tatum"),
        _needed(row, "pitch"),
        _needed(row, "duration"),
        _number(row, "beatdur", "beat_duration"),
        _number(row, "loud_med", "loud_median"),
        _number(row, "onset"),
    )


def _number(row: _Row, *names: str) -> float | None:
    """Return the number in the first column that is not empty, None if all are; it may have a decimal comma."""
    text = next((row[name] for name in names if row.get(name)), None)
    if text is None:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CorpusError(f"'{text[:40]}' as {names[0]} is no number")
    return number


def _needed(row: _Row, name: str) -> float:
    number = _number(row, name)
    if number is None:
        raise CorpusError(f"it has no {name}")
    return number


def _whole(row: _Row, name: str) -> int:
    number = _needed(row, name)
    if not number.is_integer():
        raise CorpusError(f"{name} {number:g} is no whole number")
    return int(number)


def _filled(heads: Sequence[Beat]) -> Iterator[Beat]:
    """Yield every beat of every bar from the first to the last with notes; beats with notes keep their columns."""
    places = {beat[:2]: beat for beat in reversed(heads)}  # the first note of each beat counts
    signatures = {bar: signature for (bar, _), beat in places.items() if (signature := beat.signature)}
    first, last = min(places)[0], max(places)[0]
    if last - first >= MAX_BARS:
        raise CorpusError(f"its notes lie in bars {first} to {last}; at most {MAX_BARS} bars are read")
    signature = "4/4"
    for bar in range(first, last + 1):
        signature = signatures.get(bar, signature)
        for beat in range(1, Meter.parse(signature).numerator + 1):
            yield places.get((bar, beat), Beat(bar, beat))._replace(signature=signature)


def _where_they_start(beats: Iterable[Beat]) -> Iterator[Beat]:
    """Keep chords and sections only on the beats where they start, as in the database."""
    chord = section = chorus = None
    for beat in beats:
        chorus = chorus if beat.chorus is None else beat.chorus
        before = chord, section
        chord = beat.chord or chord
        section = (beat.form, chorus) if beat.form else section
        yield beat._replace(
            chord=None if chord == before[0] else chord, form=None if section == before[1] else beat.form, chorus=chorus
        )


def _solo(rows: Sequence[_Row], stem: str) -> Solo:
    """Make a solo of its rows, without beats."""
    named = _names(stem)
    facts = {name: rows[0].get(name) or named.get(name, "") for name in (*named, *_FACTS)}
    return Solo(
        title=facts["title"],
        credits=Credits(facts["composer"], facts["performer"], facts["style"], facts["rhythmfeel"]),
        beats=(),
        events=_each(_event, rows),
        phrases=list(_phrases(rows)),
        instrument=facts["instrument"],
        tempo=_number(facts, "avgtempo"),
        key=facts["key"],
    )


def _phrases(rows: Sequence[_Row]) -> Iterator[Stretch]:
    """Yield the runs of notes with the same phrase number."""
    for label, run in groupby(range(len(rows)), key=lambda index: rows[index].get("phrase_id", "")):
        indices = list(run)
        if label:
            yield Stretch(indices[0], indices[-1], label)


def _names(stem: str) -> dict[str, str]:
    """Split `BennyCarter_It'sAWonderfulWorld-1_FINAL` into performer and title, without the number of the take."""
    performer, underscore, rest = _ENDING.sub("", stem).partition("_")
    title = rest.partition("_")[0] if underscore else performer
    return {"performer": _words(performer) if underscore else "", "title": _words(_TAKE.sub("", title))}


def _words(joined: str) -> str:
    """Separate words joined by capitals: `SoWhat` is So What; `=` stands for a hyphen."""
    return _WORD_STARTS.sub(" ", joined).replace("=", "-")

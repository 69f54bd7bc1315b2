"""How notes were played, from rows of the Weimar Jazz Database."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from helpers.wjazzd_files import EVENTS, beats, make_csv, make_database

from jazzgen.formats.reading import Reading
from jazzgen.formats.wjazzd import csv_files, readings
from jazzgen.formats.wjazzd.grid import Beat
from jazzgen.formats.wjazzd.touch import Event, played
from jazzgen.music.score import Played

BEAT_TRACK = [Beat(1, 1, onset=10.0), Beat(1, 2, onset=10.5), Beat(1, 3, onset=11.1), Beat(3, 1, onset=13.0)]


def test_lateness_is_counted_from_the_even_division_of_the_beat_as_it_was_played() -> None:
    rows = [
        Event(1, 1, 2, 1, 60, 0.2, 0.5, 60.0, 9.99),  # 10 ms early on the beat
        Event(1, 1, 2, 2, 62, 0.2, 0.5, 70.0, 10.33),  # a swung eighth, 80 ms behind the even one
        Event(1, 2, 3, 3, 64, 0.25, 0.6, 65.0, 10.9),  # a triplet's last note, in a beat of 0.6 s, on time
        Event(
            1, 3, 1, 1, 65, 0.4, 0.55, -66.2, 11.1
        ),  # too soft to measure; bar 2 is missing, so the row says how long
    ]
    found = played(rows, BEAT_TRACK, 0.5)
    assert [touch and touch.late_ms for touch in found] == pytest.approx([-10, 80, 0, 0], abs=1e-3)
    assert [touch and touch.duration_ms for touch in found] == [200, 200, 250, 400]
    assert [touch and touch.quarter_ms for touch in found] == pytest.approx([500, 500, 600, 550])
    assert [touch and touch.loudness for touch in found] == [-1.0, 1.0, 0.0, None]


def test_what_is_not_measured_is_none() -> None:
    plain = Event(1, 1, 2, 2, 60, 0.2)
    assert played([plain], BEAT_TRACK, 0.5) == [None]
    untimed = [Beat(1, 1), Beat(1, 2)]
    loud = [plain._replace(loudness=level, onset=1.0) for level in (60.0, 62.0)]
    touches = [touch for touch in played(loud, untimed, 0.5) if touch]
    assert [touch.late_ms for touch in touches] == [None, None]
    assert [touch.loudness for touch in touches] == pytest.approx([-0.7071, 0.7071])
    alike = [event._replace(loudness=60.0) for event in loud]
    assert played(alike, untimed, 0.5) == [None, None]
    slip = played([plain._replace(onset=12.0)], BEAT_TRACK, 0.5)  # three beats from its place
    assert slip == [None]


def test_in_meters_of_eighths_a_quarter_is_two_beats() -> None:
    (touch,) = played([Event(1, 1, 1, 1, 60, 0.2, onset=10.1)], BEAT_TRACK, 0.5, 2.0)
    assert touch == Played(100.0, None, 200.0, 1000.0)


def _timed(rows: list[dict[str, object]], places: Mapping[tuple[object, object], float]) -> list[dict[str, object]]:
    return [{**row, "onset": places[row["bar"], row["beat"]]} for row in rows]


def _checked(reading: object) -> None:
    assert isinstance(reading, Reading)
    touches = [note.played for note in reading.score.melody.notes]
    assert [touch and touch.late_ms for touch in touches] == pytest.approx([20.0] * len(touches), abs=0.01)
    assert [touch is not None and touch.loudness is None for touch in touches] == [
        False,
        False,
        True,
        False,
        True,
        False,
    ]


def test_the_database_and_its_csv_edition_are_measured_alike(tmp_path: Path) -> None:
    track = beats()
    places = {(row["bar"], row["beat"]): 0.3 * number for number, row in enumerate(track)}
    events = [
        {
            **row,
            "onset": places[row["bar"], row["beat"]]
            + (int(str(row["tatum"])) - 1) / int(str(row["division"])) * 0.3
            + 0.02,
        }
        for row in EVENTS
    ]
    sql = "".join(
        f"UPDATE beats SET onset = {onset} WHERE bar = {bar} AND beat = {beat};"
        for (bar, beat), onset in places.items()
    ) + "".join(f"UPDATE melody SET onset = {row['onset']} WHERE eventid = {i};" for i, row in enumerate(events, 1))
    (reading,) = readings(make_database(tmp_path / "w.db", sql=sql))
    _checked(reading)
    path = make_csv(tmp_path / "csv_melody" / "AnnReed_Blues_Solo.csv", events)
    make_csv(tmp_path / "csv_beats" / path.name, _timed(track, places))
    (reading,) = csv_files.readings(path)
    _checked(reading)


def test_a_database_without_onsets_tells_loudness_alone(tmp_path: Path) -> None:
    (reading,) = readings(make_database(tmp_path / "w.db"))
    assert isinstance(reading, Reading)
    assert {note.played.late_ms for note in reading.score.melody.notes if note.played} == {None}

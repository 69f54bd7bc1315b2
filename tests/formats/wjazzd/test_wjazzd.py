"""The Weimar Jazz Database: what a solo becomes, and what is said of those that cannot be read."""

import json
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from helpers.wjazzd_files import SOLO, make_database
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats import wjazzd
from jazzgen.formats.reading import Reading, ReadOptions, Unread
from jazzgen.formats.registry import format_of, read_file
from jazzgen.formats.wjazzd import readings, solo_names
from jazzgen.formats.wjazzd.terms import feel_of, key_of
from jazzgen.formats.wjazzd.touch import velocities
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Credits, Mark, Score
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Meter, iter_bars, quantize_ticks


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wjazzd.db"


def read(path: Path, options: ReadOptions = ReadOptions()) -> Reading:
    (reading,) = readings(path, options)
    assert isinstance(reading, Reading), reading
    return reading


def changed(path: Path, sql: str) -> Score:
    return read(make_database(path, sql=sql)).score


def test_facts_about_a_solo(path: Path) -> None:
    reading = read(make_database(path))
    score = reading.score
    assert (score.title, score.bpm, score.key, score.feel) == (
        "Two-Door 'n Blues",
        200.0,
        Key("F", minor=True),
        "swing",
    )
    assert score.credits == Credits("C. Oak", "Ann B. Reed", "COOL", "SWING")
    assert [(part.name, part.program, part.channel) for part in score.parts] == [("Clarinet", 71, 0), ("Bass", 32, 1)]
    assert (reading.piece, reading.provenance.licence) == ("AnnBReed_Two=Door'NBlues", "ODbL-1.0")
    assert "Clarinet" in reading.melody_reason
    assert reading.chords_reason == "chords: 4 symbols annotated in the beat track; key as annotated: F-min"


def test_notes_stand_at_their_place_in_the_beat_and_last_as_played(path: Path) -> None:
    notes = read(make_database(path)).score.melody.notes
    assert [(note.onset, note.duration, note.pitch) for note in notes] == [
        (480 + 240, 240, 65),
        (960, 160, 68),
        (960 + 320, 80, 72),
        (1440, 1440, 70),
        (2880 + 120, 480, 63),
        (4800 + 960, 480, 61),
    ]


def test_a_note_may_reach_over_the_next(path: Path) -> None:
    long = changed(path, "UPDATE melody SET duration = 9 WHERE eventid = 1").melody.notes[0]
    assert (long.onset, long.pitch, long.duration > 240) == (720, 65, True)


def test_of_notes_at_one_tick_the_last_is_kept_and_that_is_said(path: Path) -> None:
    reading = read(make_database(path, sql="UPDATE melody SET tatum = 1 WHERE eventid = 3"))
    assert [note.pitch for note in reading.score.melody.notes] == [65, 72, 70, 63, 61]
    assert "1 notes that start with another" in reading.left_out


def test_bars_chords_and_bass(path: Path) -> None:
    score = read(make_database(path)).score
    assert (score.pickup, score.meters) == (960, ((0, Meter()), (4800, Meter(3, 4)), (6240, Meter())))
    assert [(span.onset, span.duration, span.symbol) for span in score.changes] == [
        (0, 960, "N.C."),
        (960, 1920, "Fm7"),
        (2880, 960, "Bb7"),
        (3840, 2880, "Ebmaj7"),
    ]
    assert [(note.onset, note.duration, note.pitch) for note in score.parts[1].notes] == [
        (2880, 480, 41),
        (3360, 480, 42),
        (3840, 480, 43),
        (4320, 960, 44),  # nobody says when it ends: two beats
    ]


def test_ideas_are_marked_from_their_first_notes_on(path: Path) -> None:
    score = read(make_database(path)).score
    notes = score.melody.notes
    ideas = score.marked("idea")
    assert [mark.label for mark in ideas] == ["void->lick", "~#line_d"]
    assert [mark.onset for mark in ideas] == [notes[0].onset, notes[3].onset]
    assert ideas[0].end <= notes[3].onset
    make_database(path, sql="UPDATE sections SET end = 99 WHERE value = 'void->lick'")
    (unread,) = readings(path)
    assert isinstance(unread, Unread)
    assert "idea void->lick is notes 0 to 99; it has notes 0 to 5" in unread.reason


def test_sections_choruses_and_phrases_are_marked(path: Path) -> None:
    marks = [mark for mark in read(make_database(path)).score.marks if mark.kind != "idea"]
    assert marks == [
        Mark(0, 960, "section", "I1"),
        Mark(720, 2160, "phrase", "1"),
        Mark(960, 1920, "section", "A1"),
        Mark(960, 5760, "chorus", "1"),
        Mark(2880, 3840, "section", "A2"),
        Mark(3000, 3240, "phrase", "2"),
    ]


def test_an_excerpt_and_a_solo_too_short_for_it(path: Path) -> None:
    make_database(path)
    assert read(path, ReadOptions(bars=(1, 2))).score.end == 3840
    (unread,) = readings(path, ReadOptions(bars=(1, 99)))
    assert isinstance(unread, Unread)
    assert "it has bars 1 to 4" in unread.reason


def test_what_is_missing_is_done_without(path: Path) -> None:
    nothing = ("compid", "instrument", "style", "avgtempo", "rhythmfeel", "key", "signature")
    sql = "UPDATE solo_info SET " + ", ".join(f"{column} = NULL" for column in nothing)
    reading = read(make_database(path, sql=sql + "; UPDATE melody SET loud_med = NULL; DROP TABLE composition_info"))
    score = reading.score
    assert (score.bpm, score.credits) == (200.0, Credits(performer="Ann B. Reed"))  # by the notes' beats of 0.3 s
    assert (score.melody.name, {note.velocity for note in score.melody.notes}) == ("Solo", {80})
    assert "key guessed" in reading.chords_reason


def test_columns_that_an_edition_lacks_or_has_besides(path: Path) -> None:
    lacks = "ALTER TABLE beats DROP COLUMN bass_pitch; ALTER TABLE solo_info DROP COLUMN key;"
    reading = read(make_database(path, sql=lacks + "ALTER TABLE melody ADD COLUMN f0_mod TEXT"))
    assert len(reading.score.parts) == 1


def test_the_name_of_the_transcription_is_the_solo_s_name_where_the_edition_has_it(path: Path) -> None:
    table = "CREATE TABLE transcription_info(melid INTEGER, filename_sv TEXT, status TEXT);"
    make_database(path, sql=f"{table} INSERT INTO transcription_info VALUES(1, 'AnnReed_Doors_1961_FINAL.sv', '')")
    assert read(path).piece == "AnnReed_Doors_1961"


def test_one_bad_solo_does_not_stop_the_rest(path: Path) -> None:
    sql = "UPDATE beats SET chord = 'H!' WHERE melid = 2 AND beat = 2"
    first, second, third = readings(make_database(path, [SOLO, {**SOLO, "title": "Bad"}, SOLO], sql))
    assert isinstance(first, Reading)
    assert isinstance(third, Reading)
    assert isinstance(second, Unread)
    assert second.piece == "AnnBReed_Bad"
    assert "H!" in second.reason


BAD = {
    "UPDATE melody SET bar = 7 WHERE eventid = 1": "bar 7, beat 4 is on a beat that its beat track lacks",
    "UPDATE melody SET tatum = 3 WHERE eventid = 1": "part 3 of 2",
    "UPDATE melody SET division = 0 WHERE eventid = 1": "part 2 of 0",
    "UPDATE melody SET duration = -1 WHERE eventid = 1": "lasts -1",
    "UPDATE melody SET duration = 'x' WHERE eventid = 1": "bar 0, beat 4",
    "UPDATE melody SET pitch = NULL WHERE eventid = 1": "bar 0, beat 4",
    "UPDATE melody SET pitch = 9e999 WHERE eventid = 1": "bar 0, beat 4",
    "UPDATE melody SET pitch = 200 WHERE eventid = 1": "pitch is 0 to 127",
    "UPDATE melody SET beat = 3, tatum = 1 WHERE eventid = 2": "no beat|lacks|before it",
    "UPDATE melody SET bar = 2, beat = 4 WHERE eventid = 1": "comes before it",
    "UPDATE melody SET loud_med = 'loud' WHERE eventid = 1": "cannot be read",
    "UPDATE beats SET bar = NULL WHERE beatid = 3": "no whole number",
    "UPDATE beats SET signature = 'FREE' WHERE beatid = 3": "meter 'FREE'",
    "UPDATE beats SET chord = x'00' WHERE beatid = 3": "cannot be read",
    "UPDATE solo_info SET avgtempo = 'fast'": "cannot be read",
    "UPDATE solo_info SET avgtempo = 9000": "outside",
    "UPDATE solo_info SET avgtempo = NULL; UPDATE melody SET beatdur = NULL": "no tempo",
    "UPDATE sections SET end = 6": "notes 0 to 5",
    "DELETE FROM beats": "no beats",
    "DELETE FROM melody": "no notes",
}


@pytest.mark.parametrize("sql", BAD)
def test_a_bad_row_makes_its_solo_unread_and_is_named_in_one_line(path: Path, sql: str) -> None:
    (unread,) = readings(make_database(path, sql=sql))
    assert isinstance(unread, Unread)
    assert re.search(BAD[sql], unread.reason)
    assert "\n" not in unread.reason


def test_files_that_are_not_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript("CREATE TABLE beats(x); CREATE TABLE melody(x)")
    (text := tmp_path / "text.db").write_text("not a database")
    (empty := tmp_path / "empty.db").write_bytes(b"")
    torn = tmp_path / "torn.db"
    torn.write_bytes(make_database(tmp_path / "whole.db").read_bytes()[:5000])
    no_column = make_database(tmp_path / "column.db", sql="ALTER TABLE melody DROP COLUMN tatum")
    view = make_database(tmp_path / "v.db", sql="DROP TABLE beats; CREATE VIEW beats AS SELECT 1 AS melid")
    errors = {
        other: "no table sections, solo_info",
        text: "not an SQLite database",
        empty: "not an SQLite database",
        torn: "cannot be read as a database",
        no_column: "melody has no column 'tatum'",
        view: "no table beats",
        tmp_path / "none.db": "cannot be read",
    }
    for path, message in errors.items():
        with pytest.raises(CorpusError, match=message):
            list(readings(path))
    monkeypatch.setattr(wjazzd, "MAX_BYTES", 5000)
    with pytest.raises(CorpusError, match="at most 0 are read"):
        list(readings(tmp_path / "whole.db"))
    monkeypatch.undo()
    monkeypatch.setattr(wjazzd, "MAX_ROWS", 5)
    with pytest.raises(CorpusError, match="more than 5 rows"):
        list(readings(tmp_path / "whole.db"))


def test_a_file_that_keeps_the_reader_busy_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wjazzd, "_STEPS", 10)
    monkeypatch.setattr(wjazzd, "_MAX_STEPS", 20)
    with pytest.raises(CorpusError, match="interrupted"):
        list(readings(make_database(path)))


@pytest.mark.parametrize("name", ["what?.db", "50%.db", "#1 🎷.db", 'it\'s "so".db', "a&mode=rw.sqlite3"])
def test_any_file_name_will_do_and_the_file_is_left_alone(tmp_path: Path, name: str) -> None:
    make_database(tmp_path / name)
    assert format_of(tmp_path / name).module == "wjazzd"
    assert len(list(read_file(tmp_path / name))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_solos_are_named_as_the_file_they_were_transcribed_in_or_after_performer_and_title() -> None:
    def row(melid: int, title: str, addon: str | None = None) -> tuple[Any, ...]:
        return (melid, "J.J. Reed", title, addon)

    solos = [row(1, "In a Mood"), row(2, "Be-Up"), row(3, "Be-Up"), row(4, "Oak", "Alternate Take"), row(5, "Ash")]
    files = {5: "JJReed_Ash_1961_FINAL.sv"}
    expected = ["JJReed_InAMood", "JJReed_Be=Up-1", "JJReed_Be=Up-2", "JJReed_Oak_AlternateTake", "JJReed_Ash_1961"]
    assert solo_names(solos, files) == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [("Bb-maj", Key("Bb")), ("D-dor", Key("D", minor=True)), ("G-mix", Key("G")), ("C#-min", Key("C#", minor=True))]
    + [(text, None) for text in ("", "F", "C-chrom", "F-blues", "G#-maj", "x")],
)
def test_keys(text: str, key: Key | None) -> None:
    assert key_of(text) == key


def test_the_first_groove_that_is_known_says_whether_eighths_swing() -> None:
    grooves = ("SWING", "TWOBEAT", "LATIN", "FUNK/SWING", "A:LATIN/B:SWING", "", "POLKA")
    assert [feel_of(groove) for groove in grooves] == ["swing"] * 2 + ["straight"] * 3 + ["swing"] * 2


@given(st.lists(st.none() | st.floats(-70, 90), min_size=1))
def test_louder_is_never_softer(levels: list[float | None]) -> None:
    pairs = sorted((a, b) for a, b in zip(levels, velocities(levels), strict=True) if a is not None and a >= 0)
    assert [velocity for _, velocity in pairs] == sorted(velocity for _, velocity in pairs)
    assert all(40 <= velocity <= 110 for _, velocity in pairs)


def test_velocity_spans_the_solo_and_notes_that_were_not_measured_are_in_between() -> None:
    levels = [float(level) for level in range(50, 71)]
    assert velocities(levels) == [40, *(round(40 + 70 * step / 18) for step in range(19)), 110]
    assert velocities([None, -66.2, 50.0, 70.0]) == [80, 80, 40, 110]
    assert velocities([60.0, 60.5]) == [80, 80]


def test_damaged_databases_end_in_one_line(path: Path) -> None:
    whole = make_database(path, [SOLO, SOLO]).read_bytes()
    rng = random.Random(1)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 3, 30))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data[: rng.choice((len(data), rng.randrange(len(data))))])
        try:
            reasons = [piece.reason for piece in readings(path) if isinstance(piece, Unread)]
        except JazzgenError as error:
            reasons = [str(error)]
        assert not any("\n" in reason for reason in reasons)


@pytest.fixture(scope="module")
def solos(weimar_path: Path) -> list[Reading]:
    pieces = list(readings(weimar_path))
    unread = [piece for piece in pieces if not isinstance(piece, Reading)]
    assert not unread, unread[:3]
    return [piece for piece in pieces if isinstance(piece, Reading)]


def query(path: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as connection:
        yield from connection.execute(sql)


def test_nothing_published_is_lost(solos: list[Reading]) -> None:
    assert len(solos) == 408
    assert sum(len(solo.score.melody.notes) for solo in solos) == 180_529
    assert sum(solo.score.changes[-1].end for solo in solos) == 118_758 * TICKS_PER_BEAT  # each has a chord at first
    onsets = [[note.onset for note in solo.score.melody.notes] for solo in solos]
    assert all(a < b for line in onsets for a, b in pairwise(line))
    assert Counter(solo.score.feel for solo in solos) == {"swing": 359, "straight": 49}


def test_every_published_bar_starts_where_its_first_beat_does(weimar_path: Path, solos: list[Reading]) -> None:
    bars = Counter(melid for melid, _ in query(weimar_path, "SELECT DISTINCT melid, bar FROM beats"))
    for melid, solo in enumerate(solos, 1):
        score = solo.score
        end = score.changes[-1].end
        assert len(list(iter_bars(score.meters, score.pickup, end))) == bars[melid]


def test_the_grid_of_12_finds_published_onsets_where_the_database_has_them(
    weimar_path: Path, solos: list[Reading]
) -> None:
    starts = dict.fromkeys(range(1, 409), 0)
    places = {}
    for melid, bar, beat in query(weimar_path, "SELECT melid, bar, beat FROM beats ORDER BY beatid"):
        places[melid, bar, beat] = starts[melid]
        starts[melid] += 1
    rows = query(weimar_path, "SELECT melid, bar, beat, tatum, division FROM melody ORDER BY eventid")
    onsets = (note.onset for solo in solos for note in solo.score.melody.notes)
    halves = 0
    for (melid, bar, beat, tatum, division), onset in zip(rows, onsets, strict=True):
        step = (tatum - 1) / division * 12
        halves += step % 1 == 0.5
        if step % 1 != 0.5:
            assert quantize_ticks(onset) == TICKS_PER_TATUM * (places[melid, bar, beat] * 12 + round(step))
    assert halves == 3_247


def test_published_solos_have_the_names_that_the_project_gives_them(weimar_path: Path, solos: list[Reading]) -> None:
    split = json.loads((weimar_path.parent / "split.json").read_text(encoding="utf-8"))
    ids = {*split["train"], *split["val"]}
    names = {solo.piece for solo in solos}
    assert len(names) == 408
    # The rest differ in capitals, a take's number, or an addition to the title that this edition has lost.
    assert len(names & ids) == 391

    def tune(name: str) -> str:
        return re.sub(r"-\d$|_(AlternateTake\d?|No1|\d{4})$", "", name).casefold()

    assert Counter(map(tune, names)) == Counter(map(tune, ids))

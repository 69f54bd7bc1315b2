"""Solos as CSV files: both kinds, with and without a beat track."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from helpers.wjazzd_files import CHORDS, EVENTS, FORMS, beats, make_csv, make_database

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats import wjazzd
from jazzgen.formats.reading import Reading
from jazzgen.formats.registry import find_files, format_of
from jazzgen.formats.wjazzd import csv_files
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Mark, Score
from jazzgen.music.timing import Meter

Row = Mapping[str, object]
FILE = "AnnReed_Two=DoorBlues-2_FINAL.csv"


def read(path: Path) -> Reading:
    (reading,) = csv_files.readings(path)
    return reading


def held(texts: Mapping[int, str], index: int) -> str:
    """The text that stands at or last before a beat."""
    return texts[max(start for start in texts if start <= index)]


def beat_track() -> list[Row]:
    """The beats as MeloSpyGUI writes them, with chord and section on each."""
    return [
        {key: beat[key] for key in ("bar", "beat")}
        | {"signature": f"'{beat['signature']}'", "chord": held(CHORDS, index), "form": held(FORMS, index)}
        | {"chorus_id": beat["chorus_id"], "bass": beat["bass_pitch"] or "NA"}
        for index, beat in enumerate(beats())
    ]


def melody() -> list[Row]:
    """The notes as MeloSpyGUI writes them."""
    places = {(beat["bar"], beat["beat"]): beat for beat in beat_track()}
    rows: list[Row] = []
    for index, event in enumerate(EVENTS):
        beat = places[event["bar"], event["beat"]]
        rows.append(
            {name: event[name] for name in ("duration", "period", "division", "bar", "beat", "tatum", "pitch")}
            | {
                "beat_duration": event["beatdur"],
                "loud_median": event["loud_med"],
                "signature": f'"{beat["signature"]}"',
            }
            | {"phrase_id": 1 if index < 4 else 2, "chorus_id": beat["chorus_id"]}
            | {"chord": beat["chord"], "form": beat["form"]}
        )
    return rows


def outcome(path: Path) -> str:
    try:
        return read(path).score.title
    except JazzgenError as error:
        return str(error)


def music(score: Score) -> tuple[object, ...]:
    notes = [part.notes for part in score.parts]
    marks = [mark for mark in score.marks if mark.kind != "idea"]  # which exports do not have
    return notes, score.changes, score.meters, score.pickup, marks


@pytest.fixture
def from_database(tmp_path: Path) -> Score:
    (reading,) = wjazzd.readings(make_database(tmp_path / "wjazzd.db"))
    assert isinstance(reading, Reading)
    return reading.score


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("track", ["solos/{}_beattrack.csv", "mcsv_beat/{}_beattrack.csv"])
def test_an_export_is_the_same_music_as_the_database(
    tmp_path: Path, from_database: Score, delimiter: str, track: str
) -> None:
    path = make_csv(tmp_path / "solos" / FILE, melody(), delimiter)
    make_csv(tmp_path / track.format(path.stem), beat_track(), delimiter)
    reading = read(path)
    assert music(reading.score) == music(from_database)
    assert reading.score.bpm == 200.0
    assert "the beat track AnnReed_Two=DoorBlues-2_FINAL_beattrack.csv" in reading.chords_reason


def test_the_tables_as_files_are_the_same_music_as_the_database(tmp_path: Path, from_database: Score) -> None:
    path = make_csv(tmp_path / "csv_melody" / "AnnReed_Blues_Solo.csv", EVENTS)
    make_csv(tmp_path / "csv_beats" / path.name, beats())
    score = read(path).score
    assert score.marked("phrase") == ()  # they are in a table of their own
    assert score.melody.notes == from_database.melody.notes
    assert (score.changes, score.meters) == (from_database.changes, from_database.meters)


def test_without_a_beat_track_chords_start_at_the_notes_under_them(tmp_path: Path) -> None:
    reading = read(make_csv(tmp_path / FILE, melody()))
    score = reading.score
    assert (score.pickup, score.meters) == (0, ((0, Meter()), (5760, Meter(3, 4))))
    assert [(span.onset, span.symbol) for span in score.changes] == [
        (1440, "N.C."),
        (1920, "Fm7"),
        (3840, "Bb7"),
        (6720, "Ebmaj7"),
    ]
    assert score.marked("chorus") == (Mark(1920, 5280, "chorus", "1"),)
    assert "for want of a beat track" in reading.chords_reason


def test_columns_may_say_what_the_name_does_not(tmp_path: Path) -> None:
    facts = {
        "performer": "Bo",
        "title": "Ash",
        "instrument": "tp",
        "rhythmfeel": "LATIN",
        "avgtempo": "99,5",
        "key": "D-dor",
    }
    score = read(make_csv(tmp_path / FILE, [{**row, **facts} for row in melody()], ";")).score
    assert (score.title, score.credits.performer, score.melody.name) == ("Ash", "Bo", "Trumpet")
    assert (score.bpm, score.key, score.feel) == (99.5, Key("D", minor=True), "straight")


@pytest.mark.parametrize(
    ("name", "performer", "title"),
    [
        (FILE, "Ann Reed", "Two-Door Blues"),
        ("AnnReed_IGotItBad_Solo.csv", "Ann Reed", "I Got It Bad"),
        ("AnnReed_K.C.Runnin'Up_AlternateTake_FINAL.csv", "Ann Reed", "K.C. Runnin' Up"),
        ("notes.csv", "", "notes"),
    ],
)
def test_performer_and_title_are_in_the_name(tmp_path: Path, name: str, performer: str, title: str) -> None:
    score = read(make_csv(tmp_path / name, melody())).score
    assert (score.credits.performer, score.title) == (performer, title)


def test_an_error_in_the_beat_track_names_it(tmp_path: Path) -> None:
    path = make_csv(tmp_path / FILE, melody())
    make_csv(tmp_path / f"{path.stem}_beattrack.csv", [{**beat, "beat": "x"} for beat in beat_track()])
    with pytest.raises(CorpusError, match=r"its beat track .*_beattrack.csv: line 2: 'x' as beat"):
        read(path)


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    path = make_csv(tmp_path / FILE, spoilt(1, bar="two"))
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n\n"))
    with pytest.raises(CorpusError, match="line 5: 'two' as bar"):
        read(path)


def test_a_folder_gives_the_solos_and_not_their_beat_tracks(tmp_path: Path) -> None:
    path = make_csv(tmp_path / FILE, melody())
    make_csv(tmp_path / f"{path.stem}_beattrack.csv", beat_track())
    make_csv(tmp_path / "other.csv", [{"name": "x", "size": 1}])
    assert format_of(path).module == "wjazzd.csv_files"
    assert find_files([tmp_path]).files == (path,)


def spoilt(index: int, **values: object) -> list[Row]:
    return [{**row, **values} if number == index else row for number, row in enumerate(melody())]


BAD: dict[str, tuple[Sequence[Row], str]] = {
    "other": ([{"name": "x"}], "no column bar, beat, division, tatum, pitch, duration"),
    "text": (spoilt(1, bar="two"), "line 3: 'two' as bar is no number"),
    "fraction": (spoilt(0, beat=1.5), "line 2: beat 1.5 is no whole number"),
    "empty": (spoilt(0, pitch=""), "line 2: it has no pitch"),
    "nan": (spoilt(0, duration="-nan"), "line 2: '-nan' as duration is no number"),
    "inf": (spoilt(0, duration="1e999"), "line 2: '1e999' as duration is no number"),
    "far": (spoilt(5, bar=10**9), "at most 50000 bars"),
    "meter": (spoilt(0, signature="FREE"), "meter 'FREE'"),
    "chord": (spoilt(0, chord="H!"), "H!"),
    "beat": (spoilt(0, beat=5), "bar 0, beat 5"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, case: str) -> None:
    rows, message = BAD[case]
    with pytest.raises(JazzgenError, match=message):
        read(make_csv(tmp_path / FILE, rows))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no column"),
        (b"bar,beat,division,tatum,pitch,duration\n", "has no rows"),
        (b"bar,beat,division,tatum,pitch,duration\n" + b"1,1,1,1,60,1\n" * 100_001, "more than 100000 rows"),
        (b" " * 9 * 2**20, "at most 8 are read"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"bar,beat,division,tatum,pitch,duration\n" + b"9" * 200_000, "line 2 has 200000 characters"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(CorpusError, match=message):
        read(tmp_path / FILE)


def test_damaged_files_end_in_one_line(tmp_path: Path) -> None:
    path = make_csv(tmp_path / FILE, melody())
    make_csv(tmp_path / f"{path.stem}_beattrack.csv", beat_track())
    whole = path.read_bytes()
    rng = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 2, 9))):
            data[rng.randrange(len(data))] = rng.choice(b'",;\n0123456789-.eE/AbN\xc3\x00')
        path.write_bytes(data[: rng.choice((len(data), rng.randrange(len(data))))])
        assert "\n" not in outcome(path)

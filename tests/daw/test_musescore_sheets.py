"""MuseScore 3 opens our sheets: without complaint, with the notes, chord symbols and repeats that are there."""

import subprocess
from os import environ
from pathlib import Path

import pytest
from helpers.daw_desk import need

from jazzgen.corpus import read_piece, read_score
from jazzgen.engraving.engrave import Look, write_sheet
from jazzgen.engraving.instruments import instrument_named, part_for
from jazzgen.formats.reading import ReadOptions

pytestmark = [pytest.mark.daw, pytest.mark.slow]
PROJECT = Path(__file__).parents[2]
TUNES = sorted(PROJECT.glob("midi/leadsheets/*.txt"))[::6]
ROAD = """title: Road
changes:
[A] |: C7alt | F6 | 1. G7 :| 2. C6 |
Segno Dm7 To Coda | G7 D.S. al Coda
Coda N.C. | C6
"""


def reopened(source: Path) -> tuple[Path, str]:
    """Return the MusicXML that MuseScore makes of a file, and what it says meanwhile."""
    need("mscore3")
    target = source.with_stem(source.stem + "-again")
    done = subprocess.run(
        ["mscore3", "-o", str(target), str(source)],
        env={**environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return target, done.stdout + done.stderr


@pytest.mark.parametrize("tune", TUNES, ids=lambda path: path.stem)
def test_a_lead_sheet_opens_without_complaint_and_keeps_its_notes(tune: Path, tmp_path: Path) -> None:
    score = read_score(tune)
    (sheet,) = write_sheet(score, tmp_path / "sheet.musicxml").paths
    again, said = reopened(sheet)
    assert "not a valid MusicXML" not in said
    kept = read_score(again)
    assert [(note.onset, note.pitch) for note in kept.melody.notes] == [
        (note.onset, note.pitch) for note in read_score(sheet).melody.notes
    ]
    assert [span.symbol for span in kept.changes] == [span.symbol for span in score.changes]


def test_a_part_sounds_at_concert_pitch(tmp_path: Path) -> None:
    score = read_score(TUNES[0])
    made = part_for(score, instrument_named("alto sax"))
    (sheet,) = write_sheet(made.score, tmp_path / "part.musicxml", Look(instrument=made.instrument)).paths
    again, said = reopened(sheet)
    assert "not a valid MusicXML" not in said
    sounding = [note.pitch for note in read_score(again).melody.notes]
    assert sounding == [note.pitch + 12 * made.octaves for note in score.melody.notes]


def test_a_chart_keeps_its_road(tmp_path: Path) -> None:
    (tmp_path / "road.txt").write_text(ROAD)
    piece = read_piece(tmp_path / "road.txt", ReadOptions(as_written=True))
    (sheet,) = write_sheet(piece.score, tmp_path / "road.musicxml", Look(signs=piece.signs)).paths
    again, said = reopened(sheet)
    assert "not a valid MusicXML" not in said
    symbols = [span.symbol for span in read_score(again).changes]
    assert symbols == [span.symbol for span in read_score(tmp_path / "road.txt").changes]

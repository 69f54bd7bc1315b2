"""Bar lines, endings and jumps."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from jazzgen.corpus import read_piece
from jazzgen.engraving import musicxml_bytes
from jazzgen.engraving.engrave import engrave
from jazzgen.engraving.verovio_input import for_verovio
from jazzgen.formats.reading import ReadOptions
from jazzgen.harmony.unfold import play
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter

TEXT = """title: Road
changes:
[A] |: Dm7 | G7 | 1. Cmaj7 :| 2. C6 |
[B] Segno Fm7 | Bb7 To Coda | Ebmaj7 | D.S. al Coda
Coda C6 | Fine
"""
THREE = "changes:\n|: F7 | C7 :|x3\nF6 |\n"


def written(tmp_path: Path, text: str) -> bytes:
    (tmp_path / "road.txt").write_text(text)
    piece = read_piece(tmp_path / "road.txt", ReadOptions(as_written=True))
    return musicxml_bytes(piece.score, signs=piece.signs)


@pytest.mark.parametrize("text", [TEXT, THREE])
def test_what_is_written_is_played_alike_when_read_back(tmp_path: Path, text: str) -> None:
    (tmp_path / "road.musicxml").write_bytes(written(tmp_path, text))
    back = read_piece(tmp_path / "road.musicxml", ReadOptions(as_written=True))
    source = read_piece(tmp_path / "road.txt", ReadOptions(as_written=True))
    assert list(play(back.signs)) == list(play(source.signs))
    played = [read_piece(tmp_path / name).score for name in ("road.musicxml", "road.txt")]
    assert [span.symbol for span in played[0].changes] == [span.symbol for span in played[1].changes]


def test_signs_and_bar_lines_are_printed(tmp_path: Path) -> None:
    root = fromstring(written(tmp_path, TEXT))
    measures = list(root.iter("measure"))
    styles = [measure.findtext("barline[@location='right']/bar-style", "") for measure in measures]
    assert styles == ["", "", "light-heavy", "light-light", "", "", "", "light-heavy"]
    endings = [(end.get("number"), end.get("type")) for end in root.iter("ending")]
    assert endings == [("1", "start"), ("1", "stop"), ("2", "start"), ("2", "discontinue")]
    words = [word.text for word in root.iter("words")]
    assert words[-3:] == ["To Coda", "D.S. al Coda", "Fine"]
    assert [len(list(root.iter(sign))) for sign in ("segno", "coda")] == [1, 1]


def test_a_repeat_of_more_than_two_says_so(tmp_path: Path) -> None:
    root = fromstring(written(tmp_path, THREE))
    assert [repeat.get("times") for repeat in root.iter("repeat")] == [None, "3"]
    assert "3x" in [word.text for word in root.iter("words")]


def test_changes_alone_have_slashes_on_the_page_and_no_melody_in_the_file(tmp_path: Path) -> None:
    document = written(tmp_path, THREE)
    assert "slash" in for_verovio(document)
    assert for_verovio(document).count("<notehead>slash</notehead>") == 12
    (tmp_path / "road.musicxml").write_bytes(document)
    assert not read_piece(tmp_path / "road.musicxml").score.parts


def test_parts_that_rest_in_a_full_score_have_no_slashes() -> None:
    full = Score(parts=(Part("Sax", (Note(0, 480, 60),)), Part("Piano", (), 0, 1)))
    assert "slash" not in for_verovio(musicxml_bytes(full), is_lead=False)


def test_the_tempo_of_a_lead_sheet_stands_over_the_first_line(tmp_path: Path) -> None:
    swing = for_verovio(written(tmp_path, THREE))
    assert ">Swing\N{NO-BREAK SPACE}♩ = 140</credit-words>" in swing
    assert "<metronome>" not in swing
    six = for_verovio(musicxml_bytes(Score(meters=((0, Meter(6, 8)),), tempos=((0, 120.0),), feel="straight")))
    assert ">♩. = 80</credit-words>" in six
    assert "<metronome>" in for_verovio(written(tmp_path, THREE), is_lead=False)


def test_a_page_has_title_and_composer(tmp_path: Path) -> None:
    (tmp_path / "tune.abc").write_text('X:1\nT:Evening Tram\nC:A. Helper\nM:4/4\nL:1/4\nK:C\n"C"CDEF|\n')
    (page,) = engrave(read_piece(tmp_path / "tune.abc").score)
    assert "Evening Tram" in page
    assert "A. Helper" in page

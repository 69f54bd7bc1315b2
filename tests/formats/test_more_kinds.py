"""Inputs of the kinds in `cases`, in other programs' and people's ways of writing them."""

from pathlib import Path

import pytest

from jazzgen.formats.charts import tune_of_text
from jazzgen.formats.reading import Reading
from jazzgen.formats.registry import read_file

BAR = 1920


def read(path: Path, text: str) -> Reading:
    path.write_text(text, encoding="utf-8")
    (reading,) = read_file(path)
    assert isinstance(reading, Reading), reading
    return reading


def chords_of(reading: Reading) -> list[str]:
    return [span.symbol for span in reading.score.changes]


def played(text: str) -> str:
    chart = tune_of_text(text).chart
    return " ".join(
        next(str(span.chord) for span in chart.changes if span.onset <= bar.onset < span.end) for bar in chart.bars()
    )


@pytest.mark.parametrize(
    ("endings", "order"),
    [
        ("N1F6 }|N2G7 ", "C6 F6 C6 G7 A6"),
        ("N1F6 }|N3G7 ", "C6 F6 C6 G7 A6"),
        ("N1F6 }|N1G7 ", "C6 F6 C6 G7 A6"),
        ("N0F6 }|N2G7 ", "C6 F6 C6 G7 A6"),
        ("N1F6 |N2G7 ", "C6 F6 C6 G7 A6"),
        ("N1F6 }|N2G7 }|N2D6 ", "C6 F6 C6 G7 C6 D6 A6"),
        ("F6 |N2G7 ", "C6 F6 G7 A6"),
    ],
)
def test_endings_are_played_in_turn_whatever_their_numbers(endings: str, order: str) -> None:
    assert played(f"irealbook://E=X=Swing=C=n={{*AT44C6 |{endings}|A6 Z") == order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("| C | F |1 G | C :|2 A | D |", "C F G C C F A D"),
        ("|: C |1,2. F :|3. G |", "C F C F C G"),
        ("|: C | 1-2 F :| 3 G |", "C F C F C G"),
        ("|: C |1.2. F :|3. G |", "C F C F C G"),
        ("|: C | F :|x3 | G", "C F C F C F G"),
        ("| Segno C | F Fine | G | D.S. al Fine |", "C F G C F"),
        ("| C | F To Coda | G | A D.C. al Coda | Coda D | E |", "C F G A C F D E"),
    ],
)
def test_forms_as_people_write_them(text: str, order: str) -> None:
    assert played(text) == order


@pytest.mark.parametrize(
    ("meter", "bar", "onsets", "named"),
    [
        ("3 4", "Dm7 G7 C7 F7 Bb7 Eb7 Ab7", [0, 206, 411, 617, 823, 1029, 1234], "line 1: 7 chords that do not"),
        ("4 4", "C / / / G7 / / / /", [0, 853], "line 1: 9 chords that do not share 4/4 equally"),
        ("5 4", "Dm7 / G7", [0, 1600], ""),
    ],
)
def test_a_bar_of_impro_visor_that_does_not_come_out_even_costs_no_sheet(
    tmp_path: Path, meter: str, bar: str, onsets: list[int], named: str
) -> None:
    reading = read(tmp_path / "a.ls", f"(meter {meter}) {bar} | C6 | % |\n c4 d e f")
    assert [span.onset for span in reading.score.changes][: len(onsets)] == onsets
    assert chords_of(reading)[len(onsets)] == "C6"
    assert len(reading.score.melody.notes) == 4
    assert reading.left_out[0] == "line 1: '%', no chord, note or directive"
    assert len(reading.left_out[1:]) == bool(named)
    assert all(what.startswith(named) for what in reading.left_out[1:])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.abc", 'X:1\nT:A\nL:1/4\nK:C\n"Dm7"cdef|"Hm7"g4|"Es7"g4|"C6"c4|\n'),
        ("a.ls", "Dm7 | Hm7 | Es7 | C6 | c4 d e f"),
        ("a.cho", "{title: A}\n[Dm7]one [Hm7]two [Es7]three [C6]four\n"),
    ],
)
def test_german_names_cost_their_chord_alone_and_the_right_one_is_suggested(
    tmp_path: Path, name: str, text: str
) -> None:
    reading = read(tmp_path / name, text)
    assert [symbol for symbol in chords_of(reading) if symbol != "N.C."] == ["Dm7", "C6"]
    told = "; ".join(reading.left_out)
    assert "'Hm7'" in told
    assert "did you mean Bm7?" in told
    assert "'Es7'" in told
    assert "did you mean Eb7?" in told


@pytest.mark.parametrize(("symbol", "chord"), [("Cmj7", "Cmaj7"), ("Fmj9", "Fmaj9"), ("CmM7", "Cmmaj7")])
def test_mj_is_a_major_seventh(symbol: str, chord: str) -> None:
    assert played(symbol) == chord

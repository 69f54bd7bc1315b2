"""Reading music as it is written, with repeats and jumps as signs."""

from pathlib import Path

import pytest

from jazzgen.corpus import read_piece
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.harmony.unfold import Signs, play

AS_WRITTEN = ReadOptions(as_written=True)
ABC = """X:1
T:Road
M:4/4
L:1/4
K:F
|:"F"FGAc|1"C7"c2 B2:|2"F"A4|]
"""
TEXT = """title: Road
meter: 3/4
changes:
[A] |: Dm7 | G7 :|x3
Segno Cmaj7 | A7 To Coda | D.S. al Coda
Coda F6 | Fine
"""


def read(folder: Path, name: str, text: str, options: ReadOptions) -> Reading:
    (folder / name).write_text(text)
    return read_piece(folder / name, options)


def symbols(reading: Reading) -> list[str]:
    return [span.symbol for span in reading.score.changes]


@pytest.mark.parametrize(("name", "text"), [("road.abc", ABC), ("road.txt", TEXT)])
def test_bars_in_the_order_that_their_signs_say_are_those_that_are_played(tmp_path: Path, name: str, text: str) -> None:
    written = read(tmp_path, name, text, AS_WRITTEN)
    played = read(tmp_path, name, text, ReadOptions())
    assert played.signs == ()
    assert len(written.signs) == len(list(written.score.bars())) < len(list(played.score.bars()))
    order = list(play(written.signs))
    assert [symbols(written)[place] for place in order] == symbols(played)


def test_the_signs_are_those_of_the_bars(tmp_path: Path) -> None:
    signs = read(tmp_path, "road.abc", ABC, AS_WRITTEN).signs
    assert signs == (
        Signs(repeat_start=True),
        Signs(times=2, endings=frozenset({1})),
        Signs(endings=frozenset({2})),
    )


def test_the_melody_is_written_once(tmp_path: Path) -> None:
    written = read(tmp_path, "road.abc", ABC, AS_WRITTEN).score
    assert [note.pitch for note in written.melody.notes] == [65, 67, 69, 72, 72, 70, 69]


def test_a_bar_that_a_repeat_sign_splits_is_read_as_played(tmp_path: Path) -> None:
    split = ABC.replace('|1"C7"c2 B2:|2"F"A4|]', '|"C7"c2:|B2|"F"A4|]')
    reading = read(tmp_path, "split.abc", split, AS_WRITTEN)
    assert reading.signs == ()
    assert symbols(reading) == symbols(read(tmp_path, "split.abc", split, ReadOptions()))


def test_a_lead_sheet_whose_melody_is_in_playing_order_is_read_as_played(tmp_path: Path) -> None:
    text = "changes:\n|: F7 :|\nmelody:\n| 1 F4 | A4 |"
    reading = read(tmp_path, "riff.txt", text, AS_WRITTEN)
    assert reading.signs == ()
    assert len(list(reading.score.bars())) == 2


def test_an_ireal_chart_keeps_its_signs_and_its_outro(tmp_path: Path) -> None:
    link = "irealbook://Road=Doe John=Medium Swing=C=n={C|N1F}|N2G|Q|]QA Z "
    written = read(tmp_path, "road.html", f'<a href="{link}">x</a>', AS_WRITTEN)
    assert len(written.signs) == len(list(written.score.bars()))
    assert written.signs[0].repeat_start
    assert written.signs[-1].coda
    played = read(tmp_path, "road.html", f'<a href="{link}">x</a>', ReadOptions())
    assert symbols(played) == ["C", "F", "C", "G", *symbols(played)[4:]]

"""Where bars stand in a text, so that what is wrong with one can be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.form import bar_places, written_bars
from jazzgen.harmony.sheet import lines_of_changes, split_sheet
from jazzgen.music.timing import Meter

CHARTS = st.lists(
    st.sampled_from(
        ["Dm7", "G7", "| ", " | ", "|: ", " :|", "[A] ", "1. ", "3/4 ", "%", " . ", "\n", " # Am7 |\n", "C6 "]
    ),
    max_size=25,
).map("".join)


def places(text: str) -> list[str]:
    return [text[start:end] for start, end in bar_places(lines_of_changes(text))]


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("Dm7 G7 | Cmaj7 | %", ["Dm7 G7", "Cmaj7", "%"]),
        ("|: [A] 3/4 Dm7 . G7 :| 1. C # a comment | with bars\nF || G", ["Dm7 . G7", "C", "F", "G"]),
        ("title: Mine\nkey: F\nchanges: F7 |\r\n  Bb7 |\nmelody:\nC4:1 | D4:1", ["F7", "Bb7"]),
        ("tempo: 140\nF7 | Bb7", ["F7", "Bb7"]),
        ("C7(b9, #11) | D", ["C7(b9, #11)", "D"]),
        ("", []),
    ],
)
def test_bars_are_where_they_stand(text: str, bars: list[str]) -> None:
    assert places(text) == bars


@given(chart=CHARTS)
def test_there_are_as_many_places_as_bars(chart: str) -> None:
    try:
        bars = written_bars(chart, Meter(), 1000)
    except ChordError:
        return
    assert len(bar_places([(0, line) for line in chart.splitlines()])) == len(bars)


@given(headers=st.lists(st.sampled_from(["title: x", "key: F", "changes:", "melody:", "feel: swing", "", "F7 | G7"])))
def test_the_lines_of_changes_are_those_that_are_read(headers: list[str]) -> None:
    text = "\n".join(headers)
    try:
        _, blocks = split_sheet(text, block="changes")
    except ChordError:
        return
    found = [line for _, line in lines_of_changes(text)]
    assert "".join("\n".join(found).split()) == "".join(blocks.get("changes", "").split())
    for start, line in lines_of_changes(text):
        assert text[start : start + len(line)] == line

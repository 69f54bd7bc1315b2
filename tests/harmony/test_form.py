"""The bars of a chart: how they are told apart, and the order they are played in."""

import pytest

from jazzgen.errors import ChordError
from jazzgen.harmony.form import WrittenBar, written_bars
from jazzgen.harmony.form_playing import played
from jazzgen.music.timing import Meter


def written(text: str) -> list[WrittenBar]:
    return written_bars(text, Meter(), 100)


def play(text: str) -> str:
    """The items of each bar as they are played."""
    return " | ".join(" ".join(bar.items) for bar in played(written(text)))


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("C F | G\nAm | Dm", "C F | G | Am | Dm"),
        ("| C | F |\n|| G || Am ||", "C | F | G | Am"),
        ("|C|F|G|", "C | F | G"),
        ("  | C |\r\n\n\t| F |  ", "C | F"),
        ("C . / F", "C . / F"),
        ("C7(b9, #11) | C(add9)/E", "C7(b9, #11) | C(add9)/E"),
        ("# all of it", ""),
        ("C # one | F\n# two\n|# three\nG#m7 | F#7 #four", "C | G#m7 | F#7"),
        ("C | #11", "C | #11"),
        ("C | % | F | %", "C | C | F | F"),
        ("C F | %\n%", "C F | C F | C F"),
        ("C % | % F", "C C | C F"),
        ("F . | % .", "F . | F ."),
    ],
)
def test_bars_are_told_apart_by_bar_lines_and_lines(text: str, bars: str) -> None:
    assert play(text) == bars


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("|: C | F :| G", "C | F | C | F | G"),
        ("|:C|F:|G", "C | F | C | F | G"),
        ("C | F :| G", "C | F | C | F | G"),
        ("|: C :|: F :|", "C | C | F | F"),
        ("|: C :||: F :|", "C | C | F | F"),
        ("|: C :| |: F :|", "C | C | F | F"),
        ("|: C :|\n|: F\n:| G", "C | C | F | F | G"),
        ("C |:\nF\n:|", "C | F | F"),
        ("C | F |: G :|", "C | F | G | G"),
        ("|: C |1. F :|2. G | Am", "C | F | C | G | Am"),
        ("|: C | 1. F | F :| 2. G |: Am :|", "C | F | F | C | G | Am | Am"),
        ("C |1. F :|2. G", "C | F | C | G"),
        ("|: C |1. F :|2. G :|3. Am", "C | F | C | G | C | Am"),
        ("|: C | % :| %", "C | C | C | C | C"),
        ("|: C |1. F :|2. %", "C | F | C | F"),
    ],
)
def test_repeats_and_endings_are_unfolded(text: str, bars: str) -> None:
    assert play(text) == bars


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("[A] C | F | [B] G", ["A", None, "B"]),
        ("[A]\nC | F\n\n[ Bridge 2 ]\n| G", ["A", None, "Bridge 2"]),
        ("[A] |: C :| [B]| G", ["A", "B"]),
        ("|[A]C|[B]F|", ["A", "B"]),
        ("[A] 3/4 C | 1. [B] F :| 2. G", ["A", "B", None]),
    ],
)
def test_a_section_belongs_to_the_bar_after_its_name(text: str, sections: list[str | None]) -> None:
    assert [bar.section for bar in written(text)] == sections


def test_a_meter_holds_from_its_bar_on_in_the_order_of_writing() -> None:
    bars = written("C | 3/4 F | G |\n6/8\nC | 12/8 F")
    assert [str(bar.meter) for bar in bars] == ["4/4", "3/4", "3/4", "6/8", "12/8"]
    assert [str(bar.meter) for bar in played(written("|: C | 3/4 F :| G"))] == ["4/4", "3/4", "4/4", "3/4", "3/4"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("%", "bar 1: '%' repeats the bar before, and there is none"),
        ("% C", "bar 1: '%' repeats the bar before"),
        ("C | | F", "bar 2 is empty: write a chord, '%' or 'N.C.'"),
        ("C || | F", "bar 2 is empty"),
        ("C | F [B]", r"bar 2: '\[B\]' stands after a chord; put it first in its bar"),
        ("C 3/4 F", "bar 1: '3/4' stands after a chord"),
        ("C 1. F", "bar 1: '1.' stands after a chord"),
        ("[A] [B] C", r"bar 1: '\[A\]' and '\[B\]' are both given; keep one"),
        ("3/4 4/4 C", "bar 1: '3/4' and '4/4' are both given"),
        ("C | [A", "bar 2: '\\[' starts the name of a section; write it as \\[A\\]"),
        ("C | [] F", "bar 2: '\\[' starts the name of a section"),
        ("C | 4/5 F", "bar 2: meter 4/5: write it as 4/4"),
        ("C | 99/4 F", "bar 2: meter 99/4"),
        ("C\n[B]", r"'\[B\]' stands at the end, with no bar after it"),
        ("C |:", r"'\|:' stands at the end"),
        (":| C", r"':\|' ends a repeat, and no bar comes before it"),
        ("|: C | |: F :|", r"bar 2: '\|:' inside the repeat from bar 1; close that first with ':\|'"),
        ("C |1. F |: G :|", r"bar 3: '\|:' inside the repeat from the start"),
        ("C | |: F | G", r"the repeat from bar 2 is not closed; write ':\|' where it goes back"),
        ("C |1. F", "the repeat from the start is not closed"),
        ("|: C |1. F", "the repeat from bar 1 is not closed"),
        ("|: C :| F :|", r"bar 2: ':\|' ends a repeat that has no start; write '\|:'"),
        ("|: C |1. F :| G", "bar 3: the repeat has an ending 1. and needs another; put '2.' here"),
        ("|: C |1. F :|", "the repeat ends with its ending 1.; write '2.' and bars after it"),
        ("|: C |1. F |2. G", r"bar 3: '2.' follows the ':\|' of ending 1.; write that"),
        ("|: C |2. F :|", r"bar 2: '2.' follows the ':\|' of ending 1."),
        ("|: C :| F |1. G :|", r"bar 3: '1.' is outside a repeat; write '\|:'"),
        ("|: C |1. F :|2. G :| Am", "bar 4: the repeat has an ending 2. and needs another; put '3.' here"),
    ],
)
def test_what_has_no_counterpart_is_named_with_its_bar_and_the_cure(text: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        list(played(written(text)))


def test_a_text_of_more_bars_than_asked_for_is_refused_at_once() -> None:
    assert len(written_bars("C\n" * 7, Meter(), 7)) == 7
    with pytest.raises(ChordError, match="more than 7 bars"):
        written_bars("C\n" * 8 + "[", Meter(), 7)

"""The line of changes: laid out in ticks, written again, errors by bar."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import chords

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import (
    MAX_BARS,
    Changes,
    ChordSpan,
    chord_at,
    cut_at_bars,
    format_changes,
    is_no_chord,
    parse_changes,
    repeated,
    split_bars,
)
from jazzgen.harmony.chords import parse_chord
from jazzgen.timing import Meter, iter_bars

METERS = [Meter(), Meter(3, 4), Meter(5, 4), Meter(6, 8), Meter(7, 8), Meter(2, 2), Meter(1, 4)]


def spans(*laid_out: tuple[int, int, str]) -> Changes:
    return tuple(
        ChordSpan(onset, duration, None if symbol == "N.C." else parse_chord(symbol))
        for onset, duration, symbol in laid_out
    )


@st.composite
def bars_of_changes(draw: st.DrawFn) -> tuple[Changes, Meter]:
    """Bars of one meter, each filled with chords whole beats long."""
    meter = draw(st.sampled_from(METERS))
    changes: list[ChordSpan] = []
    for bar in range(draw(st.integers(1, 3))):
        beat = 0
        while beat < meter.numerator:
            beats = draw(st.integers(1, meter.numerator - beat))
            onset = bar * meter.bar_ticks + beat * meter.beat_ticks
            changes.append(ChordSpan(onset, beats * meter.beat_ticks, draw(st.none() | chords())))
            beat += beats
    return tuple(changes), meter


@pytest.mark.parametrize(
    ("text", "meter", "expected"),
    [
        ("Dm7 | G7", "4/4", [(0, 1920, "Dm7"), (1920, 1920, "G7")]),
        ("| Dm7 G7 | Cmaj7 |", "4/4", [(0, 960, "Dm7"), (960, 960, "G7"), (1920, 1920, "Cmaj7")]),
        ("C | %", "4/4", [(0, 1920, "C"), (1920, 1920, "C")]),
        ("C F | % | %", "4/4", [(t * 960, 960, "CF"[t % 2]) for t in range(6)]),
        ("F7 . . Bb7", "4/4", [(0, 1440, "F7"), (1440, 480, "Bb7")]),
        ("F7 / Bb7 /", "4/4", [(0, 960, "F7"), (960, 960, "Bb7")]),
        ("N.C. | nc | C", "4/4", [(0, 1920, "N.C."), (1920, 1920, "N.C."), (3840, 1920, "C")]),
        ("N.C. . . C7", "4/4", [(0, 1440, "N.C."), (1440, 480, "C7")]),
        ("C | F", "3/4", [(0, 1440, "C"), (1440, 1440, "F")]),
        ("C . F", "3/4", [(0, 960, "C"), (960, 480, "F")]),
        ("C F", "6/8", [(0, 720, "C"), (720, 720, "F")]),
        ("C . . F .", "5/4", [(0, 1440, "C"), (1440, 960, "F")]),
        ("C\nF", "4/4", [(0, 1920, "C"), (1920, 1920, "F")]),
        ("| C |\n\n|\n| F |\n", "4/4", [(0, 1920, "C"), (1920, 1920, "F")]),
        ("C |\nF | G", "4/4", [(0, 1920, "C"), (1920, 1920, "F"), (3840, 1920, "G")]),
    ],
)
def test_changes_are_laid_out_in_ticks(text: str, meter: str, expected: list[tuple[int, int, str]]) -> None:
    assert parse_changes(text, Meter.parse(meter)) == spans(*expected)


@pytest.mark.parametrize(
    ("text", "meter", "message"),
    [
        ("", "4/4", "the changes are empty: write bars"),
        (" | \n", "4/4", "the changes are empty"),
        ("%", "4/4", "bar 1: '%' repeats the bar before, and there is none"),
        ("C | | F", "4/4", "bar 2 is empty: write a chord, '%' or 'N.C.'"),
        ("C | . F", "4/4", "bar 2: '.' holds a chord, and the bar starts with none"),
        ("/ C", "4/4", "bar 1: '/' holds a chord"),
        ("C | F | C F G", "4/4", "bar 3: 3 chords do not share 4/4 equally; write one item a beat, with dots"),
        ("C F", "3/4", "bar 1: 2 chords do not share 3/4 equally"),
        ("C | Dmm7", "4/4", "bar 2: chord 'Dmm7': 'm7' is not understood; did you mean Dm7"),
        ("C\nF\nH7", "4/4", "bar 3: chord 'H7': a chord starts with its root"),
        ("C | % %", "4/4", "bar 2: chord '%'"),
    ],
)
def test_errors_name_the_bar_and_the_cure(text: str, meter: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        parse_changes(text, Meter.parse(meter))


def test_as_many_bars_are_read_as_the_limit_says_and_no_more() -> None:
    assert len(parse_changes("C\n" * MAX_BARS)) == MAX_BARS
    with pytest.raises(ChordError, match=f"{MAX_BARS + 1} bars: at most {MAX_BARS}"):
        parse_changes("C\n" * (MAX_BARS + 1))


@given(bars_of_changes())
def test_changes_read_back_from_the_line_they_are_written_as(written: tuple[Changes, Meter]) -> None:
    changes, meter = written
    assert parse_changes(format_changes(changes, meter), meter) == changes


@pytest.mark.parametrize(
    ("laid_out", "line"),
    [
        ([(0, 1920, "C"), (1920, 1920, "N.C.")], "C | N.C."),
        ([(0, 960, "Dm7"), (960, 960, "G7")], "Dm7 G7"),
        ([(0, 1440, "F7"), (1440, 480, "Bb7")], "F7 . . Bb7"),
    ],
)
def test_dots_are_written_only_where_chords_differ_in_length(laid_out: list[tuple[int, int, str]], line: str) -> None:
    assert format_changes(spans(*laid_out)) == line


@pytest.mark.parametrize(
    ("laid_out", "bar"),
    [
        ([(0, 1900, "C")], 1),
        ([(0, 240, "C"), (240, 1680, "F")], 1),
        ([(0, 1920, "C"), (1920, 960, "F")], 2),
        ([(0, 3840, "C")], 1),
        ([(1920, 1920, "C")], 1),
        ([(0, 1920, "C"), (3840, 1920, "F")], 2),
        ([(240, 1920, "C")], 1),
        ([(0, 480, "C"), (960, 1440, "F")], 1),
    ],
)
def test_chords_that_do_not_fill_their_bar_cannot_be_written(laid_out: list[tuple[int, int, str]], bar: int) -> None:
    with pytest.raises(ChordError, match=f"bar {bar}: its chords do not fill 4/4 in whole beats"):
        format_changes(spans(*laid_out))


@pytest.mark.parametrize("text", ["N.C.", "NC", "n.c.", " N.C "])
def test_no_chord_is_known_in_its_spellings(text: str) -> None:
    assert is_no_chord(text)
    assert not is_no_chord("C")


def test_bars_are_split_at_lines_and_bar_lines() -> None:
    assert split_bars("| C F | G |\nAm | Dm\n") == [["C", "F"], ["G"], ["Am"], ["Dm"]]


def test_long_chords_are_cut_at_the_bar_lines() -> None:
    bars = list(iter_bars(((0, Meter(3, 4)),), 480, 480 + 3 * 1440))
    assert cut_at_bars(spans((0, 2400, "C"), (2400, 2400, "F")), bars) == spans(
        (0, 480, "C"), (480, 1440, "C"), (1920, 480, "C"), (2400, 960, "F"), (3360, 1440, "F")
    )


@given(st.sampled_from(METERS), st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_chords_that_were_cut_at_bar_lines_can_be_written(meter: Meter, beats: list[int]) -> None:
    edges = [meter.beat_ticks * sum(beats[:place]) for place in range(len(beats))]
    end = -(-(edges[-1] + 1) // meter.bar_ticks) * meter.bar_ticks
    changes = tuple(ChordSpan(a, b - a, parse_chord("C")) for a, b in pairwise([*edges, end]))
    cut = cut_at_bars(changes, list(iter_bars(((0, meter),), 0, end)))
    assert {span.onset for span in cut} == {*edges, *range(0, end, meter.bar_ticks)}
    assert parse_changes(format_changes(cut, meter), meter) == cut


def test_a_form_repeated_follows_on_itself() -> None:
    twice = repeated(parse_changes("C F | G"), 2)
    assert twice == parse_changes("C F | G | C F | G")


@pytest.mark.parametrize(
    ("onset", "heard"),
    [(0, "Dm7"), (959, "Dm7"), (960, "Dm7"), (1920, "Dm7"), (3839, "Dm7"), (3840, "G7"), (5760, "C"), (99999, "C")],
)
def test_over_no_chord_the_last_one_stays_in_the_ear(onset: int, heard: str) -> None:
    assert chord_at(parse_changes("N.C. Dm7 | N.C. | G7 | C"), onset) == parse_chord(heard)


def test_changes_without_a_chord_leave_nothing_in_the_ear() -> None:
    assert chord_at(parse_changes("N.C. | N.C."), 0) is None
    assert chord_at((), 0) is None


def test_a_span_names_its_chord_and_end() -> None:
    span = ChordSpan(480, 960, parse_chord("C^7"))
    assert (span.end, span.symbol, ChordSpan(0, 1, None).symbol) == (1440, "Cmaj7", "N.C.")

"""Note values and beams: what prints a stretch of a bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.engraving.beams import beams, is_beamed_alone
from jazzgen.engraving.division_table import Division
from jazzgen.engraving.divisions import Leaf
from jazzgen.engraving.grouping import grouping
from jazzgen.engraving.values import Piece, pieces
from jazzgen.music.timing import Meter

METERS = [Meter.parse(text) for text in ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8")]


def signs(start: int, end: int, meter: str = "4/4", *, is_rest: bool = False) -> list[str]:
    found = pieces(start, end, grouping(Meter.parse(meter)), is_rest=is_rest)
    return [piece.value.name + "." * piece.value.dots if piece.value else "?" for piece in found]


NOTES = [
    ("4/4", 0, 1920, ["whole"]),
    ("4/4", 0, 1440, ["half."]),
    ("4/4", 480, 1920, ["half."]),
    ("4/4", 240, 720, ["quarter"]),
    ("4/4", 480, 1440, ["half"]),  # common enough to be read at once
    ("4/4", 720, 1200, ["eighth", "eighth"]),  # the middle of the bar is shown
    ("4/4", 360, 600, ["16th", "16th"]),
    ("4/4", 0, 600, ["quarter", "16th"]),
    ("6/8", 0, 1440, ["half."]),
    ("6/8", 480, 960, ["eighth", "eighth"]),  # the second beat is shown
    ("5/4", 0, 2400, ["half.", "half"]),
    ("7/8", 0, 1680, ["half", "quarter."]),
]
RESTS = [
    ("4/4", 240, 1920, ["eighth", "quarter", "half"]),
    ("4/4", 480, 1920, ["quarter", "half"]),
    ("4/4", 240, 1200, ["eighth", "quarter", "eighth"]),
    ("6/8", 720, 1440, ["quarter."]),
    ("6/8", 240, 1200, ["eighth", "eighth", "quarter"]),
    ("3/4", 480, 1440, ["quarter", "quarter"]),
]


@pytest.mark.parametrize(("meter", "start", "end", "printed"), NOTES)
def test_notes_are_printed_as_musicians_write_them(meter: str, start: int, end: int, printed: list[str]) -> None:
    assert signs(start, end, meter) == printed


@pytest.mark.parametrize(("meter", "start", "end", "printed"), RESTS)
def test_rests_hide_no_beat(meter: str, start: int, end: int, printed: list[str]) -> None:
    assert signs(start, end, meter, is_rest=True) == printed


@given(st.sampled_from(METERS), st.integers(0, 47), st.integers(1, 48), st.booleans())
def test_signs_fill_the_stretch(meter: Meter, start: int, length: int, is_rest: bool) -> None:
    first = 60 * start % meter.bar_ticks
    last = min(first + 60 * length, meter.bar_ticks)
    found = list(pieces(first, last, grouping(meter), is_rest=is_rest))
    assert [piece.start for piece in found] == [first, *(piece.end for piece in found[:-1])]
    assert found[-1].end == last
    assert all(piece.value is not None for piece in found)


@given(st.sampled_from(METERS), st.integers(0, 47), st.integers(1, 48))
def test_no_rest_hides_the_middle_of_the_bar_or_a_compound_beat(meter: Meter, start: int, length: int) -> None:
    first = 60 * start % meter.bar_ticks
    last = min(first + 60 * length, meter.bar_ticks)
    beats = grouping(meter)
    shown = [group[0] for group in beats.groups] + [beat[0] for beat in beats.beats if beats.is_compound(beat)]
    for piece in pieces(first, last, beats, is_rest=True):
        hidden = [tick for tick in shown if piece.start < tick < piece.end]
        assert not hidden or (piece.start, piece.end) in beats.groups


def line(meter: str, *ends: int) -> list[tuple[Piece, bool]]:
    beats = grouping(Meter.parse(meter))
    stretches = zip((0, *ends), ends, strict=False)
    return [(piece, True) for start, end in stretches for piece in pieces(start, end, beats, is_rest=False)]


def joined(meter: str, signs: list[tuple[Piece, bool]]) -> list[tuple[str, ...]]:
    return beams(signs, grouping(Meter.parse(meter)))


def test_beams_join_eighths_by_half_bars_and_compound_beats() -> None:
    four = [("begin",), ("continue",), ("continue",), ("end",)]
    assert joined("4/4", line("4/4", *range(240, 1921, 240))) == four * 2
    three = [("begin",), ("continue",), ("end",)]
    assert joined("6/8", line("6/8", *range(240, 1441, 240))) == three * 2


def test_beams_of_sixteenths_show_the_beats() -> None:
    assert joined("4/4", line("4/4", 120, 240, 480, 720, 960))[2:4] == [("end",), ("begin",)]


def test_sixteenths_have_hooks_where_they_stand_alone() -> None:
    assert joined("4/4", line("4/4", 360, 480)) == [("begin",), ("end", "backward hook")]
    assert joined("4/4", line("4/4", 120, 480)) == [("begin", "forward hook"), ("end",)]


def test_a_tuplet_within_a_beat_breaks_the_beams_of_sixteenths() -> None:
    three = Leaf(240, Division(240, 3, 2, "16th", 0))
    stretches = [(0, 120), (120, 240), (240, 320), (320, 400), (400, 480)]
    beats = grouping(Meter())
    found = [(p, True) for start, end in stretches for p in pieces(start, end, beats, [three], is_rest=False)]
    beamed = beams(found, beats)
    assert [beam[0] for beam in beamed] == ["begin", "continue", "continue", "continue", "end"]
    assert [beam[1] for beam in beamed] == ["begin", "end", "begin", "continue", "end"]
    assert is_beamed_alone(beamed[2:])
    assert not is_beamed_alone(beamed[1:])


def test_quarters_and_rests_have_no_beams() -> None:
    quarter, *rest = line("4/4", 480, 720, 960)
    assert joined("4/4", [quarter, *((piece, False) for piece, _ in rest)]) == [(), (), ()]

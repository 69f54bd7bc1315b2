"""Note values: what prints a stretch of a bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.engraving.values import Piece, beams, pieces, triplets
from jazzgen.music.timing import Meter

FOUR, SIX = Meter(4, 4), Meter(6, 8)


def signs(start: int, end: int, boundaries: tuple[int, ...] = ()) -> list[str]:
    spans = triplets({start, end, *boundaries}, 1920, FOUR)
    return [
        ("t" if piece.triplet else "") + (piece.value.name + "." * piece.value.dots if piece.value else "?")
        for piece in pieces(start, end, spans)
    ]


PRINTED = [
    (0, 1920, ["whole"]),
    (0, 1440, ["half."]),
    (480, 1920, ["half."]),
    (240, 720, ["quarter"]),
    (120, 360, ["eighth"]),
    (360, 600, ["16th", "16th"]),
    (0, 600, ["quarter", "16th"]),
    (0, 160, ["teighth"]),
    (160, 480, ["tquarter"]),
    (0, 440, ["tquarter", "t16th."]),
    (320, 960, ["teighth", "quarter"]),
    (0, 20, ["?"]),
]


@pytest.mark.parametrize(("start", "end", "printed"), PRINTED)
def test_a_stretch_is_printed_as_musicians_write_it(start: int, end: int, printed: list[str]) -> None:
    assert signs(start, end) == printed


@given(st.integers(0, 47), st.integers(1, 48), st.sets(st.integers(0, 48)))
def test_signs_fill_the_stretch_and_have_values_on_the_grid(start: int, length: int, others: set[int]) -> None:
    first, last = 40 * start, min(40 * (start + length), 1920)
    spans = triplets({first, last, *(40 * place for place in others)}, 1920, FOUR)
    found = list(pieces(first, last, spans))
    assert [piece.start for piece in found] == [first, *(piece.end for piece in found[:-1])]
    assert found[-1].end == last
    assert all(piece.value is not None for piece in found)


def test_a_beat_is_a_triplet_if_sixteenths_do_not_reach_a_place_in_it() -> None:
    assert triplets({0, 120, 480, 640, 960}, 1920, FOUR) == [(480, 960)]
    assert triplets({80, 240, 400}, 1440, SIX) == [(0, 240), (240, 480)]


def line(*ends: int) -> list[tuple[Piece, bool]]:
    found = [piece for start, end in zip((0, *ends), ends, strict=False) for piece in pieces(start, end, [])]
    return [(piece, True) for piece in found]


def test_beams_join_what_is_in_a_beat() -> None:
    eighths = line(240, 480, 720, 960)
    assert beams(eighths, FOUR) == [("begin",), ("end",), ("begin",), ("end",)]
    assert beams(line(240, 480, 720), SIX) == [("begin",), ("continue",), ("end",)]


def test_sixteenths_have_hooks_where_they_stand_alone() -> None:
    assert beams(line(360, 480), FOUR) == [("begin",), ("end", "backward hook")]
    assert beams(line(120, 480), FOUR) == [("begin", "forward hook"), ("end",)]
    assert beams(line(120, 240, 480), FOUR) == [("begin", "begin"), ("continue", "end"), ("end",)]


def test_quarters_and_rests_have_no_beams() -> None:
    quarter, *rest = line(480, 720, 960)
    assert beams([quarter, *((piece, False) for piece, _ in rest)], FOUR) == [(), (), ()]

"""Where the lines of a lead sheet start."""

from hypothesis import given
from hypothesis import strategies as st

from jazzgen.engraving.line_breaks import line_starts
from jazzgen.music.score import Mark, Note, Part, Score

BAR = 1920


def score(*sizes: int, sections: tuple[int, ...] = (), pickup: int = 0) -> Score:
    """Return a score with so many notes in each bar, and sections at some of them."""
    notes = [
        Note(pickup + BAR * bar + BAR * place // size, 20, 60)
        for bar, size in enumerate(sizes)
        for place in range(size)
    ]
    upbeat = [Note(0, pickup, 60)] if pickup else []
    marks = tuple(Mark(pickup + BAR * bar, BAR, "section", "A") for bar in sections)
    return Score(pickup=pickup, parts=(Part("Solo", (*upbeat, *notes)),), marks=marks)


def test_a_line_has_four_bars() -> None:
    assert list(line_starts(score(*[4] * 12))) == [5, 9]
    assert list(line_starts(score(*[4] * 8), most=2)) == [3, 5, 7]


def test_crowded_bars_are_fewer() -> None:
    assert list(line_starts(score(*[20] * 4))) == [3]


def test_sections_start_lines() -> None:
    assert list(line_starts(score(*[4] * 9, sections=(0, 3)))) == [4, 8]


def test_a_pickup_stands_before_the_first_bar() -> None:
    assert list(line_starts(score(*[4] * 8, pickup=480))) == [5]


def test_a_short_line_is_the_last() -> None:
    assert list(line_starts(score(*[4] * 6))) == [5]
    assert list(line_starts(score(*[4] * 5))) == [4]


def test_a_section_of_one_bar_has_a_line() -> None:
    assert list(line_starts(score(*[4] * 9, sections=(0, 4, 5)))) == [5, 6]


@given(st.lists(st.integers(1, 11), min_size=1, max_size=40), st.data())
def test_sections_start_lines_and_no_other_bar_stands_alone(sizes: list[int], data: st.DataObject) -> None:
    sections = data.draw(st.sets(st.integers(1, len(sizes)), max_size=6)) | {1}
    starts = [1, *line_starts(score(*sizes, sections=tuple(sorted(bar - 1 for bar in sections if bar <= len(sizes)))))]
    ends = [*starts[1:], len(sizes) + 1]
    assert set(starts) >= sections - {len(sizes) + 1}
    for start, end in zip(starts, ends, strict=True):
        assert 1 <= end - start <= 4
        edges = sections | {len(sizes) + 1}
        assert end - start > 1 or {start, end} <= edges

"""The language of rhythms: what it reads, what it refuses, and that writing is its inverse."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.band.rhythm import ACCENT, GHOST, NORMAL, Hit, format_rhythm, joined, parse_rhythm, placed
from jazzgen.errors import ScoreError
from jazzgen.music.timing import Bar, Meter

FOUR = Meter(4, 4)


def hits() -> st.SearchStrategy[Hit]:
    within = st.sampled_from(
        [Fraction(0), Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)]
    )
    return st.builds(
        Hit,
        beats=st.builds(lambda beat, part: beat + part, st.integers(0, 4), within),
        length=st.none() | st.integers(1, 40).map(lambda quarters: Fraction(quarters, 4)),
        stress=st.sampled_from((GHOST, NORMAL, ACCENT)),
        degree=st.sampled_from(("", "R", "5", "N")),
    )


@given(st.lists(hits(), max_size=8).map(lambda found: tuple(sorted(found, key=lambda hit: hit.beats))))
def test_reading_is_the_inverse_of_writing(rhythm: tuple[Hit, ...]) -> None:
    assert parse_rhythm(format_rhythm(rhythm), Meter(5, 4)) == rhythm


def test_hits_are_counted_as_musicians_count_them() -> None:
    found = parse_rhythm("1=R:1.5 2& (3a) >4l", FOUR)
    assert found == (
        Hit(Fraction(0), Fraction(3, 2), NORMAL, "R"),
        Hit(Fraction(3, 2)),
        Hit(Fraction(11, 4), stress=GHOST),
        Hit(Fraction(11, 3), stress=ACCENT),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 x", "'x' is no hit"),
        ("5", "'5' is not in a bar of 4/4"),
        ("0", "not in a bar"),
        ("2 1", "not in order"),
        ("(1", "no hit"),
    ],
)
def test_what_does_not_parse_is_named(text: str, reason: str) -> None:
    with pytest.raises(ScoreError, match=reason.replace("(", r"\(")):
        parse_rhythm(text, FOUR)


def test_rhythms_are_joined_one_after_the_other() -> None:
    waltz, two = parse_rhythm("1 3", Meter(3, 4)), parse_rhythm("2&", Meter(2, 4))
    assert joined([(waltz, 3), (two, 2)]) == parse_rhythm("1 3 5&", Meter(5, 4))


@pytest.mark.parametrize(
    ("meter", "ticks"), [(Meter(4, 4), [0, 720]), (Meter(2, 2), [0, 720]), (Meter(6, 8), [0, 360])]
)
def test_a_beat_is_the_lower_number_of_the_meter_but_no_longer_than_a_quarter(meter: Meter, ticks: list[int]) -> None:
    bar = Bar(3, 9600, meter.bar_ticks, meter)
    rhythm = (Hit(Fraction(0)), Hit(Fraction(3, 2), Fraction(1)))
    assert [tick - 9600 for tick, _, _ in placed(rhythm, bar)] == ticks


def test_what_lies_after_a_bar_that_is_cut_short_is_left_out() -> None:
    assert [tick for tick, _, _ in placed(parse_rhythm("1 2 3 4", FOUR), Bar(1, 0, 960, FOUR))] == [0, 480]

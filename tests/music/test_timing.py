"""Ticks, beats, seconds, tempo and bars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ScoreError
from jazzgen.music.timing import (
    TICKS_PER_BEAT,
    Bar,
    Meter,
    beats_to_ticks,
    bpm_to_microseconds,
    iter_bars,
    microseconds_to_bpm,
    milliseconds_to_ticks,
    quantize_ticks,
    tempo_seconds,
    ticks_to_beats,
    without_repeats,
)

METERS = [Meter(n, d) for n in (1, 2, 3, 4, 5, 6, 7, 9, 12, 64) for d in (1, 2, 4, 8, 16, 32)]


@pytest.mark.parametrize(
    ("beats", "ticks"), [(1, 480), (1 / 3, 160), (0.25, 120), (1 / 5, 96), (4, 1920), (0.333, 160), (1.5, 720), (0, 0)]
)
def test_beats_are_the_nearest_tick(beats: float, ticks: int) -> None:
    assert beats_to_ticks(beats) == ticks


@given(st.integers(-10_000_000, 10_000_000))
def test_ticks_survive_a_trip_through_beats(ticks: int) -> None:
    assert beats_to_ticks(ticks_to_beats(ticks)) == ticks


@given(st.integers(0, 1_000_000))
def test_three_decimals_of_a_beat_name_the_tick(ticks: int) -> None:
    assert beats_to_ticks(float(f"{ticks_to_beats(ticks):.3f}")) == ticks


@pytest.mark.parametrize(("bpm", "microseconds"), [(120, 500_000), (60, 1_000_000), (140, 428_571), (4, 15_000_000)])
def test_a_tempo_is_microseconds_a_beat(bpm: float, microseconds: int) -> None:
    assert bpm_to_microseconds(bpm) == microseconds


@given(st.integers(4_000, 240_000).map(lambda thousandths: thousandths / 1000))
def test_a_tempo_survives_to_three_decimals(bpm: float) -> None:
    assert microseconds_to_bpm(bpm_to_microseconds(bpm)) == bpm


@pytest.mark.parametrize(
    ("ticks", "grid", "expected"),
    [(0, 40, 0), (19, 40, 0), (20, 40, 40), (21, 40, 40), (59, 40, 40), (60, 40, 80), (479, 480, 480), (239, 480, 0)],
)
def test_quantizing_takes_the_nearest_step_and_halves_go_up(ticks: int, grid: int, expected: int) -> None:
    assert quantize_ticks(ticks, grid) == expected


@given(st.integers(0, 100_000), st.integers(1, 960))
def test_a_quantized_tick_is_on_the_grid_at_most_half_a_step_away(ticks: int, grid: int) -> None:
    on_grid = quantize_ticks(ticks, grid)
    assert on_grid % grid == 0
    assert -grid < 2 * (on_grid - ticks) <= grid
    assert quantize_ticks(on_grid, grid) == on_grid


@pytest.mark.parametrize("meter", METERS, ids=str)
def test_a_meter_reads_back_from_its_name(meter: Meter) -> None:
    assert Meter.parse(str(meter)) == meter


@pytest.mark.parametrize(
    ("text", "beat", "bar"),
    [("4/4", 480, 1920), ("3/4", 480, 1440), ("6/8", 240, 1440), ("7/8", 240, 1680), ("2/2", 960, 1920)],
)
def test_a_meter_measures_its_beat_and_bar(text: str, beat: int, bar: int) -> None:
    assert (Meter.parse(text).beat_ticks, Meter.parse(text).bar_ticks) == (beat, bar)


@pytest.mark.parametrize("text", ["", "4", "4/", "/4", "four/4", "-4/4", "4/4/4", "4.5/4"])
def test_what_is_no_meter_is_an_error(text: str) -> None:
    with pytest.raises(ScoreError, match=f"meter '{text}': write it as 4/4, 3/4 or 6/8"):
        Meter.parse(text)


@pytest.mark.parametrize("text", ["0/4", "65/4", "4/3", "4/64", "4/0"])
def test_a_meter_out_of_range_is_an_error(text: str) -> None:
    with pytest.raises(
        ScoreError, match=f"meter {text}: write it as 4/4, 3/4, 6/8, with 1 to 64 beats of a 1/1 to 1/32"
    ):
        Meter.parse(text)


def test_full_bars_count_from_one() -> None:
    four = Meter()
    assert list(iter_bars(((0, four),), 0, 1921)) == [Bar(1, 0, 1920, four), Bar(2, 1920, 1920, four)]
    assert list(iter_bars(((0, four),), 0, 1920)) == [Bar(1, 0, 1920, four)]
    assert list(iter_bars(((0, four),), 0, 0)) == []


def test_a_pickup_is_bar_zero() -> None:
    waltz = Meter(3, 4)
    assert list(iter_bars(((0, waltz),), 480, 1000)) == [Bar(0, 0, 480, waltz), Bar(1, 480, 1440, waltz)]


def test_a_change_of_meter_inside_a_bar_cuts_it_short() -> None:
    four, three = Meter(), Meter(3, 4)
    bars = list(iter_bars(((0, four), (2400, three)), 0, 5000))
    assert [(bar.number, bar.onset, bar.duration, bar.meter) for bar in bars] == [
        (1, 0, 1920, four),
        (2, 1920, 480, four),
        (3, 2400, 1440, three),
        (4, 3840, 1440, three),
    ]


@given(st.integers(0, 900), st.integers(1, 30_000), st.lists(st.integers(1, 20_000), max_size=3, unique=True))
def test_bars_follow_one_another_and_cover_the_music(pickup: int, end: int, changes: list[int]) -> None:
    meters = [(0, Meter()), *((onset, METERS[onset % len(METERS)]) for onset in sorted(changes))]
    bars = list(iter_bars(meters, pickup, end))
    assert bars[0].onset == 0
    assert bars[-1].end >= end > bars[-1].onset or bars[0].number == 0
    assert [bar.end for bar in bars[:-1]] == [bar.onset for bar in bars[1:]]
    assert [bar.number for bar in bars] == list(range(0 if pickup else 1, len(bars) + (0 if pickup else 1)))
    assert all(0 < bar.duration <= bar.meter.bar_ticks for bar in bars)


def test_a_beat_holds_triplets_sixteenths_and_quintuplets() -> None:
    assert all(TICKS_PER_BEAT % parts == 0 for parts in (3, 4, 5, 6, 12))


def test_seconds_go_by_the_tempo_map() -> None:
    tempos = ((0, 120.0), (960, 60.0))
    assert [tempo_seconds(tempos, tick) for tick in (0, 480, 960, 1440)] == [0.0, 0.5, 1.0, 2.0]


def test_milliseconds_are_ticks_by_the_tempo() -> None:
    assert [milliseconds_to_ticks(25, bpm) for bpm in (60, 120, 240)] == [12, 24, 48]


def test_an_event_that_says_what_holds_already_is_left_out() -> None:
    assert list(without_repeats([(0, "a"), (5, "a"), (9, "b"), (12, "a")])) == [(0, "a"), (9, "b"), (12, "a")]

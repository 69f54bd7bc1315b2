"""Beats in ticks: bars start where they should, whatever is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError, ScoreError
from jazzgen.formats.wjazzd.grid import Beat, lay_out
from jazzgen.music.timing import Meter, iter_bars

Bars = list[tuple[str, list[int]]]


def track(bars: Bars, first: int = 1) -> list[Beat]:
    return [Beat(bar, beat, signature) for bar, (signature, places) in enumerate(bars, first) for beat in places]


@st.composite
def tracks(draw: st.DrawFn) -> Bars:
    """Whole bars with the odd one that is short or long, perhaps after a pickup."""
    bars: Bars = []
    for signature in draw(st.lists(st.sampled_from(("4/4", "3/4", "5/4", "6/8", "1/4")), min_size=1, max_size=12)):
        count = draw(st.just(int(signature[0])) | st.integers(1, 7))
        bars.append((signature, list(range(1, count + 1))))
    pickup = draw(st.integers(0, int(bars[0][0][0]) - 1))
    return [(bars[0][0], bars[0][1][-pickup:]), *bars] if 0 < pickup < len(bars[0][1]) else bars


def test_a_late_first_beat_is_the_pickup_and_a_last_bar_may_stop_short() -> None:
    grid = lay_out(track([("4/4", [3, 4]), ("4/4", [1, 2, 3, 4]), ("4/4", [1, 2])], first=0))
    assert (grid.meters, grid.pickup, grid.end) == (((0, Meter()),), 960, 3840)
    assert grid.places[1, 1] == (960, 480)


def test_a_bar_with_a_beat_too_few_gets_a_meter_of_its_own() -> None:
    grid = lay_out(track([("4/4", [1, 2, 3, 4]), ("4/4", [1, 2, 3]), ("4/4", [1, 2, 3, 4])]))
    assert grid.meters == ((0, Meter()), (1920, Meter(3, 4)), (3360, Meter()))


def test_a_signature_holds_until_the_next_and_says_how_long_a_beat_is() -> None:
    grid = lay_out([Beat(1, 1), Beat(1, 2), Beat(1, 3), Beat(2, 1, "6/8")], "3/4")
    assert (grid.meters, list(grid.onsets)) == (((0, Meter(3, 4)), (1440, Meter(6, 8))), [0, 480, 960, 1440])
    assert grid.places[2, 1] == (1440, 240)


@given(tracks())
def test_every_bar_of_the_score_starts_on_the_first_beat_of_a_bar_of_the_track(bars: Bars) -> None:
    beats = track(bars)
    grid = lay_out(beats)
    starts = [onset for index, onset in enumerate(grid.onsets) if not index or beats[index - 1].bar != beats[index].bar]
    assert [bar.onset for bar in iter_bars(grid.meters, grid.pickup, grid.end)] == starts


def test_bars_without_beats_are_counted() -> None:
    assert lay_out([Beat(1, 1), Beat(4, 1)], "1/4").gaps == 2


@pytest.mark.parametrize(
    ("beats", "message"),
    [
        ([], "no beats"),
        ([Beat(1, 2), Beat(1, 1)], "not in order"),
        ([Beat(1, 1), Beat(1, 1)], "not in order"),
        ([Beat(1.5, 1)], "no whole number"),  # type: ignore[arg-type]
        ([Beat(1, None)], "no whole number"),  # type: ignore[arg-type]
        ([Beat(bar, 1) for bar in range(50_001)], "50001 bars"),
        ([Beat(1, 1, "FREE")], "meter 'FREE'"),
    ],
)
def test_what_is_no_beat_track_is_an_error(beats: list[Beat], message: str) -> None:
    with pytest.raises((CorpusError, ScoreError), match=message):
        lay_out(beats)

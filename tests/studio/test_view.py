"""What a page is told of a score."""

import pytest
from helpers.small_soloist import small_soloist

from jazzgen.band.arrange import Arrangement
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.options import Options
from jazzgen.studio.view import about, bar_named_in, chart, drawn
from jazzgen.takes.take import make_take

TAKE = make_take(small_soloist(), find_tune("waltz-g"), Options(bpm=160), Arrangement(intro=True), seed=1)


@pytest.mark.parametrize(
    ("message", "bar"),
    [
        ("bar 3: chord 'X': no", 3),
        ("bar 12 is empty: write a chord", 12),
        ("the file: bar 7: no", 7),
        ("the changes are empty", None),
        ("chord 'bar 3': no", None),
        ("bars 1-2: no", None),
        ("bar 99999999999999999999: no", None),
    ],
)
def test_the_bar_is_read_from_an_error(message: str, bar: int | None) -> None:
    assert bar_named_in(message) == bar


def test_a_take_in_a_list() -> None:
    found = about(TAKE.played, TAKE.recipe.to_json())
    assert (found.key, found.meter, found.bpm, found.choruses) == ("G", "3/4", 160, 1)
    assert found.bars == len(list(TAKE.played.bars()))
    assert found.notes == len(TAKE.played.melody.notes)
    assert (found.seed, found.model) == (1, "small")


def test_a_score_without_a_recipe() -> None:
    found = about(TAKE.played, None)
    assert (found.seed, found.model, found.style) == (None, "", "")


def test_a_take_as_it_is_drawn() -> None:
    found = drawn(TAKE.played)
    assert [bar.number for bar in found.bars] == list(range(1, len(found.bars) + 1))
    assert all(a.tick + a.ticks == b.tick for a, b in zip(found.bars, found.bars[1:], strict=False))
    assert [part.drums for part in found.parts] == [False, False, False, True]
    assert set(found.kinds) <= set("CSAX-")
    assert len(found.kinds) == len(found.parts[0].notes)


def test_a_chart() -> None:
    found = chart(find_tune("waltz-g"))
    assert (found.key, found.meter, found.minor) == ("G", "3/4", False)
    assert all(bar.beats == 3 for bar in found.bars)
    assert all(0 <= chord.beat < 3 for bar in found.bars for chord in bar.chords)

"""The built-in forms."""

import pytest

from jazzgen.errors import ChordError
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import find_tune, tune_names
from jazzgen.timing import Meter

BARS = {"blues-f": 12, "blues-bb": 12, "bird-blues-f": 12, "minor-blues-c": 12, "rhythm-bb": 32, "waltz-g": 16}


@pytest.mark.parametrize("name", tune_names())
def test_every_tune_fills_whole_bars_and_its_first_chord_or_last_is_at_home(name: str) -> None:
    tune = find_tune(name)
    assert tune.changes[0].onset == 0
    assert tune.changes[-1].end % tune.meter.bar_ticks == 0
    assert len(tune.changes) >= 8
    assert 50 <= tune.bpm <= 300


@pytest.mark.parametrize(("name", "bars"), BARS.items())
def test_forms_are_as_long_as_musicians_expect(name: str, bars: int) -> None:
    tune = find_tune(name)
    assert tune.changes[-1].end // tune.meter.bar_ticks == bars


def test_a_blues_goes_to_the_fourth_in_bar_five() -> None:
    tune = find_tune("blues-f")
    assert tune.key == Key("F")
    assert [span.symbol for span in tune.changes if span.onset == 4 * 1920] == ["Bb7"]


def test_the_waltz_is_in_three_and_the_bossa_straight() -> None:
    assert find_tune("waltz-g").meter == Meter(3, 4)
    assert find_tune("bossa-a").straight
    assert not find_tune("blues-f").straight


@pytest.mark.parametrize(
    ("wrong", "hint"), [("blues-g", "did you mean blues-"), ("xyzzy", "'jazzgen tunes' lists them")]
)
def test_an_unknown_name_is_an_error_with_a_hint(wrong: str, hint: str) -> None:
    with pytest.raises(ChordError, match=f"no tune is called '{wrong}'; {hint}"):
        find_tune(wrong)

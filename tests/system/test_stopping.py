"""Work that stops between two steps, and only where it is asked to."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest
from helpers.small_model import save_small_model
from helpers.small_soloist import small_soloist

from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.improvise.solo import improvise
from jazzgen.system.stopping import StoppedError, stop_if_asked, stopped_by


def test_nothing_stops_unless_it_is_asked_to() -> None:
    stop_if_asked()
    with stopped_by(lambda: False):
        stop_if_asked()


def test_what_stops_work_ends_with_its_block() -> None:
    with pytest.raises(StoppedError), stopped_by(lambda: True):
        stop_if_asked()
    stop_if_asked()


def test_no_library_swallows_it() -> None:
    assert not issubclass(StoppedError, Exception)


def steps_to_stop(model: Model, asked: Options, after: int) -> int:
    """How often an improviser asks, where it is to stop after some times."""
    steps = count()
    with pytest.raises(StoppedError), stopped_by(lambda: next(steps) >= after):
        improvise(model, find_tune("blues-f"), asked, rng=np.random.default_rng(0))
    return next(steps) - 1


@pytest.mark.parametrize("asked", [Options(ear=1), Options(), Options(beam=2)], ids=["plain", "by ear", "beam"])
def test_a_soloist_stops_at_its_next_note(asked: Options) -> None:
    assert steps_to_stop(small_soloist(), asked, 5) == 5


def test_a_grammar_stops_at_its_next_note(tmp_path: Path) -> None:
    assert steps_to_stop(save_small_model(tmp_path), Options(), 5) == 5

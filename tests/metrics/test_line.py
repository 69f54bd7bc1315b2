"""A melody as arrays, and where its notes stand in their bars."""

import numpy as np
import pytest
from helpers.melodies import BEAT, line_of
from helpers.strategies import scores
from hypothesis import given

from jazzgen.errors import ScoreError
from jazzgen.metrics.line import Line
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter


@given(scores())
def test_every_note_stands_in_its_bar_within_half_a_tatum(score: Score) -> None:
    line = Line.of(score)
    bar, tick = line.tatums
    last = bar == len(line.bars) - 1
    moved = np.abs(line.bar_starts[bar] + tick - line.onsets)
    assert (tick % 40 == 0).all()
    assert (moved[~last] <= 39).all()  # a bar that is cut short off the grid ends before its last place
    assert (tick >= 0).all()


def test_a_note_just_ahead_of_the_bar_line_is_on_beat_1_of_the_next_bar_but_there_is_none_after_the_last() -> None:
    line = line_of([Note(4 * BEAT - 19, 10, 60), Note(8 * BEAT - 19, 10, 60)])
    bar, tick = line.tatums
    assert bar.tolist() == [1, 1]
    assert tick.tolist() == [0, 47 * 40]


def test_a_pickup_counts_from_the_beat_1_that_it_lacks() -> None:
    solo = Part("Solo", (Note(0, BEAT, 60), Note(BEAT, BEAT, 62)))
    bar, tick = Line.of(Score(pickup=BEAT, parts=(solo,), meters=((0, Meter(3, 4)),))).tatums
    assert bar.tolist() == [0, 1]
    assert tick.tolist() == [2 * BEAT, 0]


def test_other_parts_are_left_out() -> None:
    solo, bass = Part("Solo", (Note(0, 1, 60), Note(2, 1, 61))), Part("Bass", (Note(0, 9, 30),))
    assert Line.of(Score(parts=(solo, bass))).pitches.tolist() == [60, 61]


@pytest.mark.parametrize(
    ("notes", "message"),
    [((Note(0, 480, 60),), "has 1 notes; measuring needs two"), ((Note(0, 9, 60), Note(5, 9, 64)), "sound at once")],
)
def test_what_cannot_be_measured_says_why(notes: tuple[Note, ...], message: str) -> None:
    with pytest.raises(ScoreError, match=f"'Mine': .*{message}"):
        line_of(notes, title="Mine")

"""When a line plays."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from helpers.melodies import BEAT, any_lines, line_of, played
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.metrics.line import Line
from jazzgen.metrics.rhythm import (
    _milliseconds,
    grooving_similarity,
    length_milliseconds,
    note_density,
    onset_milliseconds,
    rest_share,
    swing_ratio,
)
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.swing import swing
from jazzgen.music.timing import Meter, tempo_seconds


def test_bars_that_start_notes_alike_are_wholly_similar() -> None:
    assert grooving_similarity(played([60, 62, 64, 65] * 3)) == 1


def test_bars_that_differ_in_one_place_of_48() -> None:
    assert grooving_similarity(played([60] * 7)) == pytest.approx(47 / 48)


@given(any_lines(grid_ticks=40))
def test_grooving_agrees_with_every_pair_of_bars(line: Line) -> None:
    bars = [set(line.tatums[1][line.tatums[0] == number]) for number in range(len(line.bars))]
    pairs = [1 - len(a ^ b) / 48 for a, b in itertools.combinations(bars, 2)]
    assert grooving_similarity(line) == pytest.approx(np.mean(pairs) if pairs else math.nan, nan_ok=True)


def test_only_the_commonest_length_of_bar_is_compared() -> None:
    meters = ((0, Meter()), (8 * BEAT, Meter(3, 4)))
    notes = tuple(Note(beat * BEAT, BEAT, 60) for beat in (*range(8), 9))
    assert grooving_similarity(Line.of(Score(meters=meters, parts=(Part("Solo", notes),)))) == 1


def test_density_and_rests_go_from_first_note_to_last() -> None:
    notes = [Note(10 * BEAT, BEAT, 60), Note(12 * BEAT, BEAT - 120, 60), Note(13 * BEAT, BEAT, 62)]
    assert note_density(line_of(notes)) == pytest.approx(3 / 4)
    assert rest_share(line_of(notes)) == pytest.approx(1 / 4)  # a sixteenth is articulation


def test_times_in_milliseconds_go_by_the_tempo_at_each_note() -> None:
    notes = tuple(Note(beat * BEAT, BEAT // 2, 60) for beat in range(5))
    line = Line.of(Score(tempos=((0, 60), (BEAT * 3 // 2, 120)), parts=(Part("Solo", notes),)))
    assert np.diff(_milliseconds(line, line.onsets)).tolist() == pytest.approx([1000, 750, 500, 500])
    assert onset_milliseconds(line) == pytest.approx(625)
    assert length_milliseconds(line) == pytest.approx(250)


@given(any_lines(), st.lists(st.tuples(st.integers(1, 5000), st.floats(20, 400)), max_size=4, unique_by=lambda t: t[0]))
def test_times_in_milliseconds_are_those_of_the_tempo_map(line: Line, changes: list[tuple[int, float]]) -> None:
    tempos = ((0, 90.0), *sorted(changes))
    found = _milliseconds(replace(line, tempos=tempos), line.ends)
    assert found.tolist() == pytest.approx([1000 * tempo_seconds(tempos, tick) for tick in line.ends.tolist()])


@given(st.integers(100, 300), st.integers(8, 20))
def test_swing_is_measured_as_it_was_played(percent: int, beats: int) -> None:
    eighths = tuple(Note(i * BEAT // 2, 100, 60) for i in range(2 * beats))
    assert swing_ratio(line_of(swing(eighths, percent / 100))) == pytest.approx(percent / 100, abs=0.02)


def test_swing_needs_eight_beats_of_two_notes_and_counts_no_triplets() -> None:
    few = [Note(i * BEAT // 2, 100, 60) for i in range(14)]
    triplets = [Note((20 + i // 3) * BEAT + i % 3 * 160, 100, 60) for i in range(60)]
    assert math.isnan(swing_ratio(line_of([*few, *triplets])))
    more = [Note(50 * BEAT + i * BEAT // 2, 100, 60) for i in range(2)]
    assert swing_ratio(line_of([*few, *triplets, *more])) == pytest.approx(1)


def test_swing_goes_by_beats_after_a_pickup_off_the_beat_and_by_notes_a_little_early() -> None:
    notes = [Note(0, 50, 60), *(Note(240 + beat * BEAT + place, 50, 60) for beat in range(9) for place in (-10, 320))]
    score = Score(pickup=240, parts=(Part("Solo", tuple(notes)),))
    assert swing_ratio(Line.of(score)) == pytest.approx(2)

"""Phrases, and what comes back."""

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers.melodies import BEAT, any_lines, line_of, played, transposed
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.metrics.line import Line
from jazzgen.metrics.structure import bar_similarity, phrases_of
from jazzgen.music.score import Mark, Note

NOTES = [Note(0, BEAT, 60), Note(BEAT, BEAT, 67), Note(3 * BEAT, 2 * BEAT, 62), Note(5 * BEAT + 359, BEAT, 60)]


def test_phrases_end_at_rests() -> None:
    phrases = phrases_of(line_of(NOTES))
    assert phrases.notes.tolist() == [2, 2]
    assert phrases.beats.tolist() == [2, pytest.approx(3 + 359 / 480)]
    assert phrases.ranges.tolist() == [7, 2]


def test_phrases_go_by_marks_where_there_are_any() -> None:
    marks = (Mark(0, BEAT, "phrase"), Mark(BEAT, 20 * BEAT, "phrase"))
    line = replace(line_of(NOTES), phrase_marks=marks)
    assert phrases_of(line).notes.tolist() == [1, 3]
    assert phrases_of(line.unmarked()).notes.tolist() == [2, 2]


@given(any_lines())
def test_every_note_is_in_one_phrase(line: Line) -> None:
    phrases = phrases_of(line)
    assert phrases.notes.sum() == len(line)
    assert phrases.beats.sum() * BEAT <= line.span
    assert (phrases.ranges <= np.ptp(line.pitches)).all()


@pytest.mark.parametrize(("lag", "similarity"), [(1, 0), (2, 1), (4, 1), (3, 0)])
def test_what_comes_again_every_two_bars(lag: int, similarity: float) -> None:
    assert bar_similarity(played([60, 62, 64, 65, 67, 69, 71, 72] * 4), lag) == similarity


def test_similarity_is_what_both_bars_have_by_what_either_has() -> None:
    assert bar_similarity(played([60, 62, 64, 65, 60, 62, 64, 67]), 1) == pytest.approx(3 / 5)
    assert math.isnan(bar_similarity(played([60, 62, 64, 65]), 2))


@given(any_lines(grid_ticks=240, low=60, high=61), st.integers(1, 4), st.integers(-12, 12))
def test_similarity_agrees_with_sets_of_notes_and_is_the_same_in_every_key(line: Line, lag: int, by: int) -> None:
    bar, tick = line.tatums
    bars = [set(zip(tick[bar == n], line.pitches[bar == n], strict=True)) for n in range(len(line.bars))]
    pairs = [(a, b) for a, b in zip(bars, bars[lag:], strict=False) if a | b]
    expected = np.mean([len(a & b) / len(a | b) for a, b in pairs]) if pairs else math.nan
    assert bar_similarity(line, lag) == pytest.approx(expected, nan_ok=True)
    assert bar_similarity(transposed(line, by), lag) == pytest.approx(expected, nan_ok=True)

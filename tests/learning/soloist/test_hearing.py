"""What is heard: each column has rows of its own, and chords are heard from the last pitch and from the root."""

import numpy as np
from helpers.chart_text import parse_changes
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.codec.context import context_at, solo_arrays
from jazzgen.learning.soloist.hearing import HEARD, N_CHORD, N_ROWS, OFFSETS, chord_classes, heard_chords, heard_rows
from jazzgen.learning.soloist.moments import COLUMNS, Who, moments_of
from jazzgen.music.score import Score


@given(st.integers(0, 2**32))
def test_each_column_picks_one_of_its_own_rows(seed: int) -> None:
    sizes = np.array(list(COLUMNS.values()))
    rows = heard_rows(np.random.default_rng(seed).integers(0, sizes + 1))
    assert (rows >= OFFSETS).all()
    assert (rows < [*OFFSETS[1:], N_ROWS]).all()


def test_the_rows_are_all_taken() -> None:
    assert heard_rows(np.zeros(len(COLUMNS), np.int64)).tolist() == OFFSETS.tolist()
    assert heard_rows(np.array(list(COLUMNS.values())))[-1] == N_ROWS - 1
    assert len(set(HEARD)) == len(HEARD)


def test_chords_by_hand() -> None:
    solo = solo_arrays(plain_score((0, 6, 65), (6, 6, 64), changes=parse_changes("| G7 | C |")))
    heard = heard_chords(chord_classes(solo.here), moments_of(solo, Who())[:, 1])  # the last pitches are C and F
    from_last, coming, from_root = np.split(heard[1], N_CHORD // 12)
    assert np.flatnonzero(from_last).tolist() == [0, 2, 6, 9]  # F, G, B, D over F
    assert np.flatnonzero(coming).tolist() == [2, 7, 11]  # G, C, E
    assert np.flatnonzero(from_root).tolist() == [0, 4, 7, 10]


def test_where_no_chord_is_none_is_heard() -> None:
    solo = solo_arrays(plain_score((0, 6, 65)))
    assert not heard_chords(chord_classes(solo.here), moments_of(solo, Who())[:, 1]).any()


@given(solo_scores(), st.integers(0, 6))
def test_in_another_key_the_chords_are_heard_alike(score: Score, semitones: int) -> None:
    solo = solo_arrays(score)
    here, there = (
        heard_chords(chord_classes(one.here), moments_of(one, Who())[:, 2])
        for one in (solo, solo.transposed(semitones))
    )
    np.testing.assert_array_equal(here, there)


@given(solo_scores())
def test_the_classes_are_of_the_chord_and_the_next(score: Score) -> None:
    context = context_at(score, np.arange(0, 200, 7))
    classes = chord_classes(context)
    np.testing.assert_array_equal(classes[:, 0], context.chord.pitch_classes)
    np.testing.assert_array_equal(classes[:, 1], context.next_chord.pitch_classes)

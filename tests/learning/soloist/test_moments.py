"""Moments: every column by hand or by rule, the same in every key but for the register."""

from typing import Any

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import assume, given
from hypothesis import strategies as st

from jazzgen.codec.context import QUALITY_NAMES, context_at, solo_arrays
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.moments import (
    CLASSES,
    COLUMNS,
    INDEX,
    PARTS,
    PLACE,
    START_PITCH,
    WHO,
    Who,
    choices_of,
    in_range,
    moments_of,
    place_columns,
    rest_column,
)
from jazzgen.music.score import Credits, Mark, Score
from jazzgen.music.timing import Meter

ANYBODY = Who()
STEPS = [name for name in COLUMNS if name.startswith("step")]


def moments(*notes: tuple[int, int, int], **more: Any) -> np.ndarray:
    return moments_of(solo_arrays(plain_score(*notes, **more)), ANYBODY)


def column(found: np.ndarray, name: str) -> list[Any]:
    return found[..., INDEX[name]].tolist()


def place(score: Score, tatum: int) -> dict[str, int]:
    names = list(COLUMNS)[PLACE]
    return dict(zip(names, place_columns(context_at(score, np.array([tatum])))[0].tolist(), strict=True))


@given(st.integers(0, 127))
def test_pitches_come_into_range_by_octaves(pitch: int) -> None:
    moved = int(in_range(np.array([pitch]))[0])
    assert LOWEST <= moved <= HIGHEST
    assert (moved - pitch) % 12 == 0
    assert moved == pitch or not LOWEST <= pitch <= HIGHEST
    assert abs(moved - pitch) <= 24


def test_choices_by_hand() -> None:
    notes = solo_arrays(plain_score((6, 3, 62), (12, 60, 59), (120, 1, 107), (120, 5, 21))).notes
    assert choices_of(notes).tolist() == [[6, 38, 2], [6, 33, 47], [96, 72, 0], [0, 0, 4]]


def test_each_part_knows_those_before_it() -> None:
    found = moments((6, 3, 62), (12, 5, 59))
    assert column(found, "ioi1") == [[0, 7, 7], [7, 7, 7]]
    assert column(found, "ioi2") == [[0, 0, 0], [0, 7, 7]]
    assert column(found, "step1") == [[0, 0, 39], [39, 39, 34]]
    assert column(found, "duration1") == [[0, 0, 0], [3, 3, 3]]
    start, first, second = (pitch - LOWEST + 1 for pitch in (START_PITCH, 62, 59))
    assert column(found, "pitch") == [[start, start, first], [first, first, second]]


def test_the_degree_is_of_the_last_pitch_over_the_chord_that_sounds() -> None:
    found = moments((6, 3, 62), (48, 5, 59), changes=parse_changes("| Dm7 | G7 |"))
    assert column(found, "degree") == [[11, 11, 1], [1, 8, 5]]  # C and D over D; then D and B over G
    assert set(column(moments((6, 3, 62)), "degree")[0]) == {0}


@pytest.mark.parametrize(
    ("ioi", "duration", "rest"), [(6, 9, 1), (6, 8, 2), (6, 6, 2), (6, 5, 3), (6, 3, 3), (6, 2, 4), (60, 1, 10)]
)
def test_the_rest_before_a_note_counts_threes_of_tatums(ioi: int, duration: int, rest: int) -> None:
    found = moments((0, duration, 60), (ioi, 1, 64), (ioi + 6, 1, 67))
    own = 4  # after five tatums
    assert column(found, "rest") == [[0, 0, 0], [0, rest, rest], [rest, own, own]]


def test_before_there_are_notes_there_is_no_rest() -> None:
    assert rest_column(np.zeros((1, len(COLUMNS)), np.int64)).tolist() == [0]


def test_the_place_by_hand() -> None:
    score = Score(
        changes=parse_changes("| Dm7 G7 | N.C. |"),
        tempos=((0, 120.0),),
        marks=(Mark(0, 1920, "section", "A"),),
    )
    first = place(score, 13)
    assert (first["tatum"], first["beat"], first["meter"], first["form_bar"]) == (2, 2, 1, 1)
    assert first["tempo"] == 1 + int(np.log(2) / 0.2)
    assert QUALITY_NAMES[first["quality"] - 1] == "minor"
    assert QUALITY_NAMES[first["next_quality"] - 1] == "dominant"
    assert (first["root"], first["next_root"], first["until"]) == (3, 6, 3)
    last = place(score, 50)
    assert [last[name] for name in ("quality", "next_quality", "next_root", "until", "root", "form_bar")] == [0] * 6


@pytest.mark.parametrize(("meter", "column"), [(Meter(4, 4), 1), (Meter(3, 4), 2), (Meter(6, 8), 2), (Meter(5, 4), 3)])
def test_meters_of_four_of_three_and_others(meter: Meter, column: int) -> None:
    assert place(Score(meters=((0, meter),)), 0)["meter"] == column


@pytest.mark.parametrize(("bpm", "column"), [(20, 1), (60, 1), (100, 3), (1000, 10)])
def test_tempos_are_ten(bpm: float, column: int) -> None:
    assert place(Score(tempos=((0, bpm),)), 0)["tempo"] == column


def test_who_plays_is_anybody_if_not_known() -> None:
    who = Who(("Ann", "Bob"), ("COOL",))
    assert who.columns("Bob", "COOL", "TWOBEAT") == (2, 1, 2)
    assert who.columns("Cy", "", "POLKA") == (0, 0, 0)
    solo = solo_arrays(plain_score((0, 1, 60), credits=Credits(performer="Bob", rhythm_feel="SWING")))
    assert moments_of(solo, who)[..., WHO].tolist() == [[[2, 0, 1]] * 3]


@given(solo_scores())
def test_columns_and_classes_keep_to_their_sizes(score: Score) -> None:
    solo = solo_arrays(score)
    assert (moments_of(solo, ANYBODY) >= 0).all()
    assert (moments_of(solo, ANYBODY) <= np.array(list(COLUMNS.values()))).all()
    assert (choices_of(solo.notes) >= 0).all()
    assert (choices_of(solo.notes) < [CLASSES[part] for part in PARTS]).all()


@given(solo_scores(max_size=14), st.integers(-6, 6))
def test_in_another_key_only_register_and_root_differ(score: Score, semitones: int) -> None:
    solo = solo_arrays(score)
    moved = solo.notes.pitch + semitones
    assume(LOWEST <= moved.min() <= moved.max() <= HIGHEST)
    here, there = (moments_of(one, ANYBODY) for one in (solo, solo.transposed(semitones)))
    same = (here == there).all(axis=1)
    moving = {*STEPS, "pitch", "root", "degree", "next_degree", "centre"}
    assert same[:, [INDEX[name] for name in COLUMNS if name not in moving]].all()
    later = same[len(STEPS) + 1 :]  # the first step and degree are from a pitch that does not move
    assert later[:, [INDEX[name] for name in (*STEPS, "degree", "next_degree")]].all()
    np.testing.assert_array_equal(there[1:, :, INDEX["pitch"]], here[1:, :, INDEX["pitch"]] + semitones)

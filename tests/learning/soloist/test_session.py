"""Sessions: what is fed back is what the moments of the finished solo say; solos do not mix; copies part."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.small_soloist import small_soloist, starter_scores
from helpers.solo_scores import solo_scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import solo_arrays
from jazzgen.codec.ideas import ideas_at
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.habits import Plan, limits_of
from jazzgen.learning.soloist.moments import CLASSES, PARTS, START_PITCH, WIDEST, choices_of, in_range, moments_of
from jazzgen.learning.soloist.profile import figures_of
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Mark, Score


def session(score: Score, m: int = 1) -> Session:
    soloist, of = small_soloist(), score.credits
    who = soloist.config.who.columns(of.performer, of.style, of.rhythm_feel)
    return Session(soloist.net, soloist.memory, Stage.of(score), m, who, score.melody.program + 1)


def some_choices(seed: int, notes: int, m: int) -> np.ndarray:
    """Classes (notes, 3, m) that keep in range."""
    rng = np.random.default_rng(seed)
    return np.stack(
        [rng.integers(0, 13, (notes, m)), WIDEST + rng.integers(-3, 4, (notes, m)), rng.integers(0, 12, (notes, m))],
        axis=1,
    )


def play(session: Session, choices: np.ndarray) -> list[np.ndarray]:
    """Feeds choices (notes, 3, m); the logits before each."""
    found = []
    for note in choices:
        for classes in note:
            found.append(session.logits())
            session.choose(classes)
    return found


@given(solo_scores())
def test_columns_are_those_of_the_moments(score: Score) -> None:
    solo = solo_arrays(score)
    moments, choices = moments_of(solo, small_soloist().config.who), choices_of(solo.notes)
    playing = session(score)
    for note, chosen in zip(moments, choices, strict=True):
        for part, columns, value in zip(PARTS, note, chosen, strict=True):
            assert playing.part == part
            np.testing.assert_array_equal(playing.columns[0], columns)
            playing.choose(np.array([value]))


@given(solo_scores(), st.data())
def test_a_planned_solo_hears_its_plan(score: Score, data: st.DataObject) -> None:
    onsets = sorted({0, *data.draw(st.lists(st.integers(0, max(score.end - 1, 1)), max_size=3))})
    labels = data.draw(st.lists(st.sampled_from(["lick", "#line_d", "*theme"]), min_size=4, max_size=4))
    marks = tuple(Mark(onset, 1, "idea", label) for onset, label in zip(onsets, labels, strict=False))
    score = replace(score, marks=marks)
    solo, playing = solo_arrays(score), session(score, 2)
    moments = moments_of(solo, small_soloist().config.who, planned=True)
    ideas = ideas_at(marks, np.arange(len(Stage.of(score).place)))
    who = small_soloist().config.who.columns(score.credits.performer, score.credits.style)[:2]
    profile = figures_of(solo, in_range(solo.notes.pitch) - LOWEST)
    plan = Plan(np.array([*who, score.melody.program + 1]), profile, limits_of(solo), ideas)
    none = Plan(plan.who, np.full_like(plan.profile, np.nan), plan.limits, np.full_like(plan.ideas, NONE))
    playing.follow([none, plan])
    playing = playing.take(np.array([1, 0]))
    bare = moments_of(solo, small_soloist().config.who)
    for note, unplanned, chosen in zip(moments, bare, choices_of(solo.notes), strict=True):
        for columns, others, value in zip(note, unplanned, chosen, strict=True):
            np.testing.assert_array_equal(playing.columns, [columns, others])
            playing.choose(np.array([value, value]))


@given(solo_scores())
def test_notes_are_those_that_were_chosen(score: Score) -> None:
    notes = solo_arrays(score).notes
    playing = session(score)
    for note in choices_of(notes):
        for value in note:
            playing.choose(np.array([value]))
    onset, duration, pitch = playing.notes()
    assert onset.tolist() == [notes.onset.tolist()]
    assert duration.tolist() == [notes.duration.tolist()]
    assert pitch.tolist() == [notes.pitch.tolist()]
    assert (playing.onset.tolist(), playing.pitch.tolist()) == ([notes.onset[-1]], [notes.pitch[-1]])


def test_at_first_there_are_no_notes_and_half_a_note_is_none() -> None:
    playing = session(starter_scores()[0], 2)
    assert [values.shape for values in playing.notes()] == [(2, 0)] * 3
    assert playing.pitch.tolist() == [START_PITCH] * 2
    playing.choose(np.array([3, 4]))
    assert playing.onset.tolist() == [3, 4]
    assert playing.notes()[0].shape == (2, 0)
    assert len(playing) == 2


@settings(max_examples=10)
@given(solo_scores())
def test_logits_have_a_row_a_solo_and_a_column_a_class(score: Score) -> None:
    for part, logits in zip(PARTS * 2, play(session(score, 3), some_choices(0, 2, 3)), strict=True):
        assert logits.shape == (3, CLASSES[part])
        assert np.isfinite(logits).all()


def test_solos_side_by_side_are_those_played_alone() -> None:
    score, choices = starter_scores()[1], some_choices(1, 8, 3)
    together = play(session(score, 3), choices)
    for row in range(3):
        for logits, alone in zip(together, play(session(score), choices[..., row : row + 1]), strict=True):
            np.testing.assert_allclose(logits[row], alone[0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("whole_choices", [0, 1, 2])
def test_copies_go_on_as_if_they_had_been_there_all_along(whole_choices: int) -> None:
    score, choices = starter_scores()[2], some_choices(2, 9, 2)
    playing = session(score, 2)
    play(playing, choices[:5])
    for classes in choices[5, :whole_choices]:
        playing.logits()
        playing.choose(classes)
    copied, columns = playing.take(np.array([1, 0, 1])), playing.columns.copy()
    rest = choices[5:, :, [1, 0, 1]].reshape(-1, 3)[whole_choices:]
    found = []
    for classes in rest:
        found.append(copied.logits())
        copied.choose(classes)
    np.testing.assert_array_equal(playing.columns, columns)  # the copies do not touch it
    expected = play(session(score, 3), choices[:, :, [1, 0, 1]])[-len(found) :]
    for mine, others in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, others, rtol=1e-4, atol=1e-4)
    for mine, others in zip(copied.notes(), _played(score, choices), strict=True):
        np.testing.assert_array_equal(mine, others[[1, 0, 1]])
    for classes in choices[5, whole_choices:]:
        playing.logits()
        playing.choose(classes)
    np.testing.assert_array_equal(playing.notes()[0], _played(score, choices)[0][:, :6])


def _played(score: Score, choices: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    playing = session(score, choices.shape[-1])
    play(playing, choices)
    return playing.notes()


def test_motifs_weigh_as_much_as_they_are_told_to() -> None:
    score, choices = starter_scores()[0], some_choices(3, 6, 1)
    found = []
    for strength in (0.0, 1.0, 2.0):
        playing = session(score)
        play(playing, choices)
        found.append(playing.logits(motif_strength=strength))
    np.testing.assert_allclose(found[1] - found[0], found[2] - found[1], rtol=1e-3, atol=1e-4)
    assert np.ptp(found[1] - found[0]) > 0.01


def test_past_the_end_of_the_form_the_last_tatum_holds() -> None:
    score = starter_scores()[0]
    playing = session(score)
    for _ in range(score.end // 40 // 96 + 3):
        playing.choose(np.array([96]))
        playing.choose(np.array([WIDEST]))
        playing.choose(np.array([5]))
    assert playing.onset[0] > len(Stage.of(score).place)
    assert np.isfinite(playing.logits()).all()

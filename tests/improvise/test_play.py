"""Playing fills the form, and what is heard is what was played."""

from itertools import pairwise

import numpy as np
import pytest
from helpers.plain_policy import PlainPolicy
from helpers.small_soloist import small_soloist
from helpers.strategies import lines
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.codec.events import NoteArrays, to_arrays
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.form import form_score
from jazzgen.improvise.play import NotBefore, Tally, hear, narrowed, one_at_a_time, play, solo_notes
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Note, Part, Score

FORM = form_score(find_tune("blues-f"), 1, 140.0, "swing")
STAGE = Stage.of(FORM)


def tally(m: int = 1) -> Tally:
    soloist = small_soloist()
    return Tally(soloist.net, soloist.memory, STAGE, m)


def heard(notes: tuple[Note, ...], m: int = 1) -> Tally:
    session = tally(m)
    hear(session, to_arrays(Score(parts=(Part("Solo", notes),))))
    return session


@given(seed=st.integers(0, 1000), m=st.integers(1, 4))
@settings(max_examples=10)
def test_every_solo_goes_on_to_the_end_of_the_form_one_note_at_a_time(seed: int, m: int) -> None:
    session = tally(m)
    play(session, PlainPolicy(), STAGE.end, rng=np.random.default_rng(seed))
    for row in range(m):
        notes = solo_notes(session, row, 0, FORM.end)
        assert notes
        assert all(a.end <= b.onset for a, b in pairwise(notes))
        assert notes[-1].end <= FORM.end
        starts = [*session.notes()[0][row].tolist(), int(session.onset[row])]
        assert starts[len(notes)] >= STAGE.end


def test_a_short_note_is_left_and_a_long_one_is_cut_by_the_next_or_the_end() -> None:
    notes = one_at_a_time(np.array([0, 6, 18]), np.array([3, 24, 48]), np.array([60, 62, 64]), 20 * 40)
    assert notes == (Note(0, 120, 60), Note(240, 480, 62), Note(720, 80, 64))


def test_what_starts_outside_the_form_is_left_out() -> None:
    session = heard((Note(0, 240, 60), Note(1920, 240, 62), Note(3840, 240, 64)))
    assert solo_notes(session, 0, 48, 1920) == (Note(0, 240, 62),)


@given(notes=lines(grid_ticks=40))
@settings(max_examples=25)
def test_a_session_has_the_notes_that_it_heard(notes: tuple[Note, ...]) -> None:
    onset, duration, pitch = (values[0].tolist() for values in heard(notes).notes())
    assert onset == [note.onset // 40 for note in notes]
    assert duration == [min(note.duration // 40, 48) for note in notes]
    assert pitch == [note.pitch for note in notes]


def test_a_rest_of_many_bars_is_heard_in_full() -> None:
    session = heard((Note(0, 240, 60), Note(11 * 1920 + 120, 240, 62)))
    assert session.notes()[0].tolist() == [[0, 11 * 48 + 3]]


def test_a_leap_too_wide_for_one_step_is_made_up_for_by_the_next() -> None:
    session = heard((Note(0, 240, 40), Note(480, 240, 100), Note(960, 240, 99)))
    assert session.notes()[2].tolist() == [[40, 76, 99]]


def test_to_have_heard_notes_is_to_have_played_them() -> None:
    session, rng = tally(), np.random.default_rng(3)
    for _ in range(30):
        scores = PlainPolicy().scores(session)
        session.choose((scores + rng.gumbel(size=scores.shape)).argmax(axis=1))
    onset, duration, pitch = (values[0] for values in session.notes())
    again = tally()
    hear(again, NoteArrays.of(onset, duration, pitch, np.full_like(pitch, 80)))
    assert np.array_equal(again.columns, session.columns)
    assert np.allclose(again.logits(), session.logits())


def test_the_tally_is_the_log_probability_of_a_choice() -> None:
    session = tally(2)
    session.logits()
    choices = np.stack([session.log_probability(np.full(2, choice)) for choice in range(97)])
    assert np.exp(choices).sum(axis=0) == pytest.approx(1)


def test_the_mean_is_over_the_choices_before_the_end() -> None:
    together, alone = tally(1), tally(1)
    mean = play(together, PlainPolicy(), 48, rng=np.random.default_rng(0), weigh=True)
    total, count, rng = 0.0, 0, np.random.default_rng(0)
    while alone.onset[0] < 48:
        scores = PlainPolicy().scores(alone)
        choice = (scores + rng.gumbel(size=scores.shape).astype(np.float32)).argmax(axis=1)
        total, count = total + float(alone.log_probability(choice)[0]), count + 1
        alone.choose(choice)
    assert mean[0] == pytest.approx(total / count)


@given(seed=st.integers(0, 1000))
@settings(max_examples=10)
def test_nothing_starts_before_the_tatum_given(seed: int) -> None:
    session = tally(3)
    play(session, NotBefore(PlainPolicy(), 60), STAGE.end, rng=np.random.default_rng(seed))
    assert session.notes()[0].min() >= 60


def test_a_tatum_out_of_reach_holds_nothing_back() -> None:
    session = tally()
    scores = NotBefore(PlainPolicy(), 97).scores(session)
    assert np.isfinite(scores).all()


def test_where_a_policy_forbids_all_that_is_allowed_that_is_all_alike() -> None:
    scores = np.array([[-np.inf, -1.0, -2.0], [-1.0, -np.inf, -np.inf]])
    allowed = np.array([[True, True, False], [False, True, True]])
    assert narrowed(scores, allowed).tolist() == [[-np.inf, -1, -np.inf], [-np.inf, 0, 0]]

"""Sayings: how likely a figure is gone on with that was played before, by its length."""

from dataclasses import replace

import numpy as np
from helpers.small_soloist import small_soloist

from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.form import form_score
from jazzgen.improvise.policy import Policy
from jazzgen.improvise.recall import Recall
from jazzgen.improvise.sayings import PLANNED, UNPLANNED, Sayings
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.profile import FIGURES
from jazzgen.learning.soloist.runs import Runs
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage

STAGE = Stage.of(form_score(find_tune("blues-f"), 2, 140.0, "swing"))
NOTHING = Runs.of([np.array([60])], ["x"], [""], ["x"])


def after(pitches: list[int]) -> Session:
    """A session that has played these."""
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, STAGE, 1)
    for pitch in pitches:
        for classes in (6, pitch - session.pitch[0] + WIDEST, 5):
            session.choose(np.array([classes]))
    return session


def test_going_on_with_a_figure_is_weighed_by_its_length() -> None:
    figure = [60, 62, 65, 64, 67, 71, 70, 66, 65, 73, 72]
    taken = []
    for known in range(min(UNPLANNED.again), len(figure)):
        bias = Sayings(Recall(NOTHING)).bias(after([*figure, 50, *figure[:known]]))
        assert bias is not None
        step = figure[known] - figure[known - 1] + WIDEST
        assert set(np.flatnonzero(bias[0])) <= {step}
        taken.append(-float(bias[0, step]))
    np.testing.assert_allclose(
        taken,
        [
            UNPLANNED.again.get(known, UNPLANNED.again[max(UNPLANNED.again)])
            for known in range(min(UNPLANNED.again), len(figure))
        ],
        1e-6,
    )


def test_so_is_what_the_corpus_has() -> None:
    line = [60, 62, 65, 64, 67, 71, 70, 66]
    runs = Runs.of([np.array([*line, 68])], ["x"], [""], ["x"])
    bias = Sayings(Recall(runs)).bias(after(line))
    assert bias is not None
    assert set(np.flatnonzero(bias[0])) == {2 + WIDEST}
    assert -bias[0, 2 + WIDEST] == np.float32(UNPLANNED.heard[8])


def test_short_figures_and_new_lines_are_left_alone() -> None:
    assert Sayings(Recall(NOTHING)).bias(after([60, 62, 65, 50, 60, 62])) is None
    assert Sayings(Recall(NOTHING)).bias(after([])) is None
    assert Sayings(Recall(NOTHING)).bias(after([60, 61, 63, 66, 70, 75, 69])) is None


def test_a_policy_adds_it_where_there_are_runs() -> None:
    figure = [60, 62, 65, 64, 67, 71, 70, 66]
    line = [*figure, 50, *figure[:-1]]
    soloist = small_soloist()
    scores = []
    for player in (soloist, replace(soloist, runs=NOTHING)):
        session = after(line)
        session.logits()
        session.choose(np.array([6]))
        scores.append(Policy(Controls(), STAGE, player).scores(session)[0])
    assert (np.isfinite(scores[0]) == np.isfinite(scores[1])).all()
    apart = np.nan_to_num(scores[1], neginf=0) - np.nan_to_num(scores[0], neginf=0)
    np.testing.assert_allclose(apart[figure[-1] - figure[-2] + WIDEST], -UNPLANNED.again[7], rtol=1e-3)
    assert np.flatnonzero(np.abs(apart) > 1e-4).tolist() == [figure[-1] - figure[-2] + WIDEST]


def test_a_trill_is_gone_on_with_the_less_the_longer_it_lasts() -> None:
    taken = []
    for times in (6, 10, 20, 40):
        bias = Sayings(Recall(NOTHING)).bias(after([60, 66] * times))
        assert bias is not None
        taken.append(-float(bias[0, WIDEST - 6]))
    assert taken == sorted(taken)
    assert taken[-1] > taken[0] + 1


def test_with_a_plan_a_run_of_others_is_gone_on_with_the_likelier_the_longer_it_is() -> None:
    line = [60, 62, 65, 64, 67, 71, 70, 66, 65, 73, 72, 68, 61]
    runs, given = Runs.of([np.array([*line, 63])], ["x"], [""], ["x"]), []
    for known in range(4, len(line) + 1):
        session = after(line[:known])
        session.wanted = np.full((1, len(FIGURES)), np.nan)
        bias = Sayings(Recall(runs)).bias(session)
        assert bias is not None
        given.append(float(bias.max()))
    assert given == sorted(given)
    assert given[0] > 0
    assert given[-1] == -np.float32(PLANNED.heard[max(PLANNED.heard)])


def test_a_solo_with_a_plan_has_less_taken_off() -> None:
    figure = [60, 62, 65, 64, 67, 71, 70, 66, 65, 73]
    session = after([*figure, 50, *figure[:-1]])
    session.wanted = np.full((1, len(FIGURES)), np.nan)
    bias = Sayings(Recall(NOTHING)).bias(session)
    assert bias is not None
    assert -bias[0, figure[-1] - figure[-2] + WIDEST] == np.float32(PLANNED.again[9])
    assert PLANNED.again[9] < UNPLANNED.again[9]

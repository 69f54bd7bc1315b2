"""Plans: what is drawn fits what is asked for, and what is asked for is in its bars."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from helpers.small_soloist import small_soloist, starter_scores, starter_solos

from jazzgen.codec.columns import NONE
from jazzgen.codec.ideas import IDEAS
from jazzgen.errors import OptionError
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.asked_ideas import parse_ideas
from jazzgen.improvise.controls import Controls, Curve
from jazzgen.improvise.form import form_score
from jazzgen.improvise.plan import draw_plans, plan_like
from jazzgen.improvise.policy import Policy
from jazzgen.improvise.usual import usual_controls
from jazzgen.learning.sampling import choose, gumbel
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.habits import Habits, Plan
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.profile import FIGURES
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Mark

BLUES = Stage.of(form_score(find_tune("blues-f"), 1, 140.0, "swing"))
NOBODY = (0, 0, 0)


@cache
def planner() -> Soloist:
    marked = [replace(score, marks=(Mark(0, 960, "idea", "lick"),)) for score in starter_scores()]
    return replace(small_soloist(), habits=Habits.of(marked, starter_solos(), small_soloist().config.who))


def plans(controls: Controls = Controls(), n: int = 1, seed: int = 0) -> list[Plan]:
    return draw_plans(planner(), BLUES, controls, NOBODY, n, rng=np.random.default_rng(seed))


def test_each_solo_gets_a_plan_and_one_seed_gives_the_same() -> None:
    found, again = plans(n=5), plans(n=5)
    assert len(found) == 5
    for one, other in zip(found, again, strict=True):
        np.testing.assert_array_equal(one.profile, other.profile)
        np.testing.assert_array_equal(one.ideas, other.ideas)
        assert one.ideas.shape == (len(BLUES.place), 2)
        assert one.profile.tolist() in planner().habits.profile.tolist()  # type: ignore[union-attr]


def test_a_soloist_without_habits_has_no_plans_and_refuses_ideas() -> None:
    rng = np.random.default_rng(0)
    assert draw_plans(small_soloist(), BLUES, Controls(), NOBODY, 2, rng=rng) == []
    with pytest.raises(OptionError, match="ideas: model 'small' knows none; leave them out"):
        draw_plans(small_soloist(), BLUES, Controls(ideas="1:lick"), NOBODY, 2, rng=rng)


def test_ideas_that_are_asked_for_last_from_their_bars_on() -> None:
    (plan,) = plans(Controls(ideas="3:melody 7:#line_up"))
    kinds, bar = plan.ideas[: BLUES.end, 0], BLUES.bar[: BLUES.end] + 1
    assert set(kinds[(bar >= 3) & (bar < 7)].tolist()) == {IDEAS.index("melody")}
    assert set(kinds[bar >= 7].tolist()) == {IDEAS.index("line_up")}
    assert set(plan.ideas[: BLUES.end, 1][bar >= 7].tolist()) == {1}
    assert (plans(Controls(ideas="off"))[0].ideas == NONE).all()


def test_ideas_beyond_the_form_are_an_error() -> None:
    with pytest.raises(OptionError, match="ideas: bar 13: the form has bars 1 to 12"):
        plans(Controls(ideas="1:lick 13:line"))


@pytest.mark.parametrize("text", ["lick", "1:ghost", "0:lick", "1:", ":lick", "1:lick,2:line", "1 :lick"])
def test_ideas_that_do_not_parse_are_one_line(text: str) -> None:
    with pytest.raises(OptionError, match=r"write bar:idea, as in 1:lick .* ideas are lick, line, ") as caught:
        Controls(ideas=text)
    assert "\n" not in str(caught.value)


def test_bars_of_ideas_go_up() -> None:
    with pytest.raises(OptionError, match="their bars go up"):
        Controls(ideas="3:lick 3:line")
    assert [asked.bar for asked in parse_ideas("1:lick 3:#line 7:##melody")] == [1, 3, 7]


@pytest.mark.parametrize(
    ("controls", "open_figures"),
    [
        (Controls(density=Curve.of(2)), {"pace", "space"}),
        (Controls(rests=Curve.of(0.5)), {"space"}),
        (Controls(outside=Curve.of(1)), {"inside"}),
        (Controls(motifs=Curve.of(0)), {"unity", "echo"}),
        (Controls(register=Curve.of(70)), {"tessitura", "spread"}),
        (Controls(profile="off"), set(FIGURES)),
    ],
)
def test_what_a_control_bends_is_left_open(controls: Controls, open_figures: set[str]) -> None:
    plain, (bent,) = plans()[0].profile, plans(controls)
    for name, here, there in zip(FIGURES, plain, bent.profile, strict=True):
        assert np.isnan(there) if name in open_figures else there == here


def test_the_range_and_the_player_asked_for_decide_whose_solo_is_drawn() -> None:
    habits = planner().habits
    assert habits is not None
    mean = habits.profile[:, 0] + LOWEST
    high = Controls(low=Curve.of(float(np.sort(mean)[-2:].mean()) - 3))
    assert {plan.profile[0] for plan in plans(high, n=20)} == {habits.profile[:, 0].max()}
    named = replace(planner(), habits=replace(habits, who=np.array([[1, 1, 66]] + [[2, 1, 66]] * (len(mean) - 1))))
    drawn = draw_plans(named, BLUES, Controls(), (1, 0, 0), 20, rng=np.random.default_rng(0))
    assert {tuple(plan.profile) for plan in drawn} == {tuple(habits.profile[0])}
    stranger = draw_plans(named, BLUES, Controls(low=Curve.of(90)), (7, 0, 0), 20, rng=np.random.default_rng(0))
    assert len({tuple(plan.profile) for plan in stranger}) > 1  # nobody fits, so anybody does


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(OptionError, match="profile 'high': it is off, or left out"):
        Controls(profile="high")


def test_a_plan_like_a_solo_has_its_profile() -> None:
    score = starter_scores()[0]
    habits = planner().habits
    assert habits is not None
    plan = plan_like(score, Controls(), Stage.of(score), (2, 1, 1))
    np.testing.assert_array_equal(plan.profile, habits.profile[0])
    assert (plan.ideas == NONE).all()


def test_who_goes_by_plans_is_not_held_to_what_is_mostly_played() -> None:
    assert usual_controls(Controls(), (), planner()).low is None
    assert usual_controls(Controls(), (), small_soloist()).low == Curve.of(small_soloist().config.low)
    session = Session(small_soloist().net, small_soloist().memory, BLUES, 1)
    session.choose(np.array([0]))
    lowest = -WIDEST + int(session.pitch[0])
    for soloist, least in ((planner(), lowest), (small_soloist(), small_soloist().config.low)):
        steps = np.flatnonzero(np.isfinite(Policy(Controls(), BLUES, soloist).scores(session)[0]))
        assert steps.min() + lowest == least


def test_a_solo_is_in_one_players_manner_unless_somebody_is_asked_for() -> None:
    habits = planner().habits
    assert habits is not None
    named = replace(planner(), habits=replace(habits, who=np.array([[2, 1, 66]] * len(habits.who))))

    def who(controls: Controls, asked: tuple[int, int, int]) -> list[int]:
        (plan,) = draw_plans(named, BLUES, controls, asked, 1, rng=np.random.default_rng(0))
        return plan.who.tolist()

    assert who(Controls(), NOBODY) == [2, 1, 66]
    assert who(Controls(), (1, 0, 3)) == [1, 0, 66]
    assert who(Controls(profile="off"), NOBODY) == [0, 0, 0]
    assert who(Controls(profile="off"), (1, 2, 3)) == [1, 2, 0]


def test_a_planned_solo_keeps_to_the_lowest_and_highest_pitch_of_its_plan() -> None:
    (plan,) = plans()
    a_semitone_less = (plan.limits + np.array([1, -1])).tolist()
    assert a_semitone_less in planner().habits.limits.tolist()  # type: ignore[union-attr]
    for controls in (Controls(low=Curve.of(50)), Controls(register=Curve.of(60)), Controls(profile="off")):
        assert plans(controls)[0].limits.tolist() == [LOWEST, HIGHEST]
    session, policy = (
        Session(small_soloist().net, small_soloist().memory, BLUES, 2),
        Policy(Controls(), BLUES, planner()),
    )
    narrow = plan._replace(limits=np.array([70, 74]))
    session.follow([narrow, plan._replace(limits=np.array([48, 55]))])
    rng = np.random.default_rng(0)
    for _ in range(60):
        session.choose(choose(scores := policy.scores(session), gumbel(scores.shape, rng)))
    pitch = session.notes()[2]
    assert set(pitch[0, 1:].tolist()) <= set(range(70, 75))
    assert set(pitch[1, 1:].tolist()) <= set(range(48, 56))


def test_a_plan_has_room_for_what_it_goes_on_from() -> None:
    habits = planner().habits
    assert habits is not None
    limits = np.array([[40, 60], [60, 90], *[[50, 80]] * (len(habits.limits) - 2)])
    ranged = replace(planner(), habits=replace(habits, limits=limits))

    def drawn(*heard: int) -> set[tuple[int, ...]]:
        rng, pitches = np.random.default_rng(0), np.array(heard, int)
        found = draw_plans(ranged, BLUES, Controls(), NOBODY, 40, rng=rng, heard=pitches)
        return {tuple(plan.limits.tolist()) for plan in found}

    assert drawn(85, 70) == {(59, 91)}
    assert drawn(45) == {(39, 61)}
    assert drawn() > {(59, 91)}
    assert len(drawn(30, 100)) > 1  # nobody has, so anybody does

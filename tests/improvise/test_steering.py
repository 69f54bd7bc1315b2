"""Steering: what a solo owes of its profile is made likelier, what it has too much of less likely, bit by bit."""

import numpy as np
import pytest
from helpers.small_soloist import small_soloist

from jazzgen.codec.columns import NONE
from jazzgen.codec.events import IOIS
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.form import form_score
from jazzgen.improvise.play import Tally, play
from jazzgen.improvise.policy import Policy
from jazzgen.improvise.sayings import owed_unity
from jazzgen.improvise.steering import Steering
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.habits import Plan
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.profile import FIGURES
from jazzgen.learning.soloist.runs import step_classes
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage

STAGE = Stage.of(form_score(find_tune("blues-f"), 8, 140.0, "swing"))
STEERING = Steering(STAGE)
F_CHORD = {5, 9, 0, 3}  # of the blues's first bar


def wanting(**figures: float) -> Plan:
    profile = np.array([figures.get(name, np.nan) for name in FIGURES])
    return Plan(np.zeros(3, int), profile, np.array([LOWEST, HIGHEST]), np.full((len(STAGE.place), 2), NONE))


def after(notes: list[tuple[int, int, int]], **figures: float) -> Session:
    """A session that has played (ioi, pitch, duration) and is to go by a profile."""
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, STAGE, 1)
    session.follow([wanting(**figures)])
    for ioi, pitch, duration in notes:
        for classes in (ioi, pitch - int(session.pitch[0]) + WIDEST, duration - 1):
            session.choose(np.array([classes]))
    return session


def step_bias(session: Session) -> np.ndarray:
    session.choose(np.array([6]))  # the next note's ioi
    bias = STEERING.step_bias(session)
    assert bias is not None
    return np.asarray(bias[0])


def ioi_bias(session: Session) -> np.ndarray:
    bias = STEERING.ioi_bias(session)
    assert bias is not None
    return np.asarray(bias[0])


def test_without_plans_nothing_is_steered() -> None:
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, STAGE, 2)
    assert STEERING.ioi_bias(session) is None
    assert STEERING.step_bias(session) is None


def test_what_nobody_decided_on_is_left_alone() -> None:
    session = after([(6, 60 + n % 5, 6) for n in range(20)])
    assert not ioi_bias(session).any()
    assert not step_bias(session).any()


@pytest.mark.parametrize(("tessitura", "sign"), [(80, 1), (60, 0), (45, -1)])
def test_a_line_is_drawn_towards_its_tessitura(tessitura: int, sign: int) -> None:
    bias = step_bias(after([(6, 60, 6)] * 40, tessitura=tessitura - LOWEST))
    assert np.sign(bias[WIDEST + 3]) == sign
    assert np.sign(bias[WIDEST - 3]) == -sign
    assert np.abs(bias[WIDEST - 3 : WIDEST + 4]).max() < 1  # a little at a time


def test_a_line_is_widened_or_narrowed() -> None:
    narrow = [(6, 60 + n % 2, 6) for n in range(40)]
    wide = step_bias(after(narrow, tessitura=60.5 - LOWEST, spread=8.0))
    leaping = [(6, 60 + 20 * (n % 2), 6) for n in range(40)]
    tight = step_bias(after(leaping, tessitura=70.0 - LOWEST, spread=4.0))
    assert wide[WIDEST + 12] > wide[WIDEST]
    assert tight[WIDEST - 12] > tight[WIDEST - 2]  # the last pitch is 80


def test_a_line_slows_down_or_speeds_up() -> None:
    notes = [(6, 60, 6)] * 40
    slower, faster, as_it_is = (ioi_bias(after(notes, pace=pace)) for pace in (1.0, 3.0, 2.0))
    long, short = IOIS.index(12), IOIS.index(3)
    assert slower[long] > slower[short]
    assert faster[long] < faster[short]
    np.testing.assert_allclose(as_it_is, 0, atol=0.05)


def test_a_line_breathes_more_or_less() -> None:
    dense, sparse = [(6, 60, 6)] * 40, [(24, 60, 6)] * 40
    assert ioi_bias(after(dense, space=0.4))[IOIS.index(24)] > 0
    assert ioi_bias(after(sparse, space=0.1))[IOIS.index(24)] < 0
    assert ioi_bias(after(dense, space=0.4))[IOIS.index(6)] == 0


def test_a_line_keeps_to_the_chord_or_does_not() -> None:
    outside = [(1, 66, 1)] * 12
    more, less = (step_bias(after(outside, inside=share)) for share in (0.9, 0.0))
    inside = [(66 + step) % 12 in F_CHORD for step in range(-WIDEST, WIDEST + 1)]
    assert (more[inside] > 0.5).all()
    assert (np.abs(more[np.logical_not(inside)]) < 0.2).all()  # of the scale, or not
    assert (np.abs(less) < 0.2).all()


def test_what_falls_short_or_comes_out_high_is_steered_to_beyond_what_is_wanted() -> None:
    half_of_chord = [(6, 65, 6), (6, 67, 6)] * 3  # F and G over F7
    bias = step_bias(after(half_of_chord, inside=0.5))
    assert bias[WIDEST + 2] > bias[WIDEST]  # A rather than G
    resting = [(12, 60, 6)] * 40  # half of the time
    assert ioi_bias(after(resting, space=0.5))[IOIS.index(24)] < 0


def test_what_comes_back_is_counted_against_what_should() -> None:
    rng = np.random.default_rng(0)
    loop, wander = np.array([[60, 63, 67, 62, 58] * 12]), rng.integers(40, 90, (1, 60))
    assert owed_unity(step_classes(loop), np.array([0.1])) < 0
    assert owed_unity(step_classes(wander), np.array([0.3])) > 0
    assert owed_unity(step_classes(wander), np.array([np.nan])) == 0


@pytest.mark.parametrize(("echo", "sign"), [(0.5, 1), (0.0, -1)])
def test_what_was_there_two_bars_before_comes_again_or_not(echo: float, sign: int) -> None:
    bar = [(12, 60 + 2 * n, 6) for n in range(4)]
    session = after([(0, 60, 6), *bar[1:], *bar, *bar, (12, 60, 6)], echo=echo)
    session.choose(np.array([12]))
    assert session.onset[0] % 48 == 12
    bias = STEERING.step_bias(session)
    assert bias is not None
    assert np.flatnonzero(bias[0]).tolist() == [WIDEST + 2]  # 62 was there
    assert np.sign(bias[0, WIDEST + 2]) == sign


def test_whole_solos_come_near_their_profiles() -> None:
    soloist = small_soloist()
    found = {}
    for tessitura in (60, 75):
        session = Tally(soloist.net, soloist.memory, STAGE, 4)
        session.follow([wanting(tessitura=tessitura - LOWEST)] * 4)
        play(session, Policy(Controls(), STAGE, soloist), STAGE.end, rng=np.random.default_rng(0))
        found[tessitura] = float(session.notes()[2].mean())
    assert abs(found[60] - 60) < 4
    assert abs(found[75] - 75) < 4

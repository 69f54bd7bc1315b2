"""Syncopation: onsets lean off the beat or on it, and what the last notes are short of is made up for."""

import numpy as np
import pytest
from helpers.small_soloist import small_soloist

from jazzgen.codec.events import IOIS
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.controls import Controls, Curve
from jazzgen.improvise.form import bars_of, form_score
from jazzgen.improvise.models import load_model
from jazzgen.improvise.options import Options
from jazzgen.improvise.solo import improvise_takes
from jazzgen.improvise.syncopation import Syncopation
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_BEAT
from jazzgen.system.places import shipped_soloist

STAGE = Stage.of(form_score(find_tune("blues-f"), 8, 140.0, "swing"))
BEAT, EIGHTH = IOIS.index(TATUMS_PER_BEAT), IOIS.index(TATUMS_PER_BEAT // 2)


def after(iois: list[int]) -> Session:
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, STAGE, 1)
    for ioi in iois:
        for classes in (ioi, WIDEST, 3):
            session.choose(np.array([classes]))
    return session


def lean(factor: str, session: Session) -> float:
    """How much likelier an eighth is made than a quarter note."""
    found = Syncopation(Curve.parse(factor).at(bars_of(STAGE)), STAGE).bias(session)[0]
    return float(found[EIGHTH] - found[BEAT])


@pytest.mark.parametrize(("factor", "sign"), [("2", 1), ("0.5", -1), ("1", 0)])
def test_notes_on_the_beat_are_followed_off_it_or_on_it(factor: str, sign: int) -> None:
    assert np.sign(lean(factor, after([0]))) == sign


@pytest.mark.parametrize(("factor", "sign"), [("2", -1), ("0.5", 1), ("1", 0)])
def test_notes_off_the_beat_likewise(factor: str, sign: int) -> None:
    assert np.sign(lean(factor, after([6]))) == sign


def test_what_is_owed_is_made_up_for() -> None:
    on_the_beat, off_the_beat = after([0] + [12] * 30), after([6] + [12] * 30)
    assert lean("2", on_the_beat) > lean("2", after([0]))  # more than what one note is tilted by
    assert lean("2", off_the_beat) > lean("2", after([6]))  # all are off it already
    assert lean("0.5", off_the_beat) > lean("0.5", after([6]))


def test_who_plays_on_half_of_the_beats_owes_nothing() -> None:
    as_people_do = after([0, *[6, 12, 6] * 20])  # 1.5 notes a beat, of which 0.5 are on it
    assert lean("1.000001", as_people_do) == pytest.approx(0, abs=0.2)


def test_bars_that_ask_for_nothing_are_left_alone() -> None:
    curve = "1:1 9.5:1 9.51:2"
    assert lean(curve, after([0] + [12] * 20)) == 0
    later = after([0] + [12] * 36)  # in bar 10: three notes count
    assert lean("2", after([0])) < lean(curve, later) < lean("2", later)


def test_pace_is_made_up_for() -> None:
    """Of two waits for the beat the shorter is made likelier where the beat is wanted, else the longer."""
    two_beats = IOIS.index(2 * TATUMS_PER_BEAT)
    for factor, sign in ((0.5, 1), (2.0, -1)):
        found = Syncopation(np.full(len(STAGE.place), factor), STAGE).bias(after([0]))[0]
        assert np.sign(found[BEAT] - found[two_beats]) == sign


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_share_follows_what_is_asked_for(factor: float) -> None:
    controls = Controls(syncopation=Curve.of(factor))
    options = Options(choruses=2, bpm=160, takes=3, ear=1, controls=controls)
    takes = improvise_takes(load_model(shipped_soloist()), find_tune("blues-f"), options, rng=np.random.default_rng(3))
    onset = np.array([note.onset for take in takes for note in take.score.melody.notes])
    pace = len(onset) / sum(take.score.end for take in takes) * TICKS_PER_BEAT
    odds = factor * (2 * pace - 1)
    assert (onset % TICKS_PER_BEAT != 0).mean() == pytest.approx(odds / (1 + odds), abs=0.06)

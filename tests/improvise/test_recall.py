"""Recall: what is looked up once a note is what a look each time would find."""

import numpy as np
from helpers.small_soloist import small_soloist

from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.form import form_score
from jazzgen.improvise.recall import Recall
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.runs import Runs, step_classes
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage

STAGE = Stage.of(form_score(find_tune("blues-f"), 1, 140.0, "swing"))


def test_it_follows_each_session_and_its_copies() -> None:
    rng, soloist = np.random.default_rng(0), small_soloist()
    line = np.concatenate([[60], 60 + np.cumsum(rng.integers(-2, 3, 200))])
    runs = Runs.of([line], ["x"], [""], ["x"])
    recall = Recall(runs)
    session, other = (Session(soloist.net, soloist.memory, STAGE, 2) for _ in range(2))
    known = 0
    for note in range(30):
        for going in (session, other, session.take(np.array([1, 1]))):
            found, expected = recall.reach(going), runs.reach(step_classes(going.notes()[2]))
            assert (found is None) == (expected is None)
            if found is not None and expected is not None:
                known += 1
                np.testing.assert_array_equal(found.steps, expected.steps)
        for going, start in ((session, 0), (other, 50)):
            pitch = line[[start + note, start + note + 7]]
            for classes in (np.array([6, 6]), pitch - going.pitch + WIDEST, np.array([5, 5])):
                going.choose(classes)
    assert known > 20

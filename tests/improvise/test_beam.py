"""Beam search ends with the form, is the same each time, and finds what is likely."""

from itertools import pairwise

import numpy as np
import pytest
from helpers.plain_policy import PlainPolicy
from helpers.small_soloist import small_soloist

from jazzgen.codec.events import NoteArrays
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.beam import beam_search
from jazzgen.improvise.form import form_score
from jazzgen.improvise.play import Tally, forced, solo_notes
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage

FORM = form_score(Tune("Short", parse_chart("Dm7 | 3/4 G7 | 4/4 Cmaj7 | %"), Key("C")), 1, 140.0, "swing")
STAGE = Stage.of(FORM)


def tally() -> Tally:
    soloist = small_soloist()
    return Tally(soloist.net, soloist.memory, STAGE, 1)


def found(width: int) -> Session:
    return beam_search(tally(), PlainPolicy(), STAGE, width)


def mean_of(session: Session) -> float:
    """Mean log-probability of a choice in a solo's notes."""
    onset, duration, pitch = (values[0] for values in session.notes())
    notes, again, total = NoteArrays.of(onset, duration, pitch, pitch), tally(), 0.0
    for values in zip(notes.since, notes.pitch, notes.length, strict=True):
        for part, value in zip(PARTS, values, strict=True):
            again.logits()
            classes, _ = forced(part, np.array([value]), again)
            total += float(again.log_probability(classes)[0])
            again.choose(classes)
    return total / (3 * len(onset))


@pytest.mark.parametrize("width", [1, 5])
def test_the_solo_found_ends_with_the_form(width: int) -> None:
    session = found(width)
    assert len(session) == 1
    assert session.onset[0] >= STAGE.end
    notes = solo_notes(session, 0, 0, FORM.end)
    assert all(a.end <= b.onset for a, b in pairwise(notes))
    assert len(notes) == session.notes()[0].shape[1]


def test_the_search_leaves_nothing_to_chance() -> None:
    assert [values.tolist() for values in found(4).notes()] == [values.tolist() for values in found(4).notes()]


def test_a_beam_of_one_takes_the_likeliest_choice_each_time() -> None:
    greedy, policy = tally(), PlainPolicy()
    while greedy.onset[0] < STAGE.end:
        greedy.choose(policy.scores(greedy).argmax(axis=1))
    assert [values.tolist() for values in found(1).notes()] == [values.tolist() for values in greedy.notes()]


def test_a_wider_beam_finds_a_likelier_solo() -> None:
    assert mean_of(found(16)) > mean_of(found(1))


def test_what_the_policy_forbids_is_not_found() -> None:
    class Low(PlainPolicy):
        def scores(self, session: Session) -> np.ndarray:
            scores = super().scores(session)
            if session.part == "pitch":
                scores[session.pitch[:, None] + np.arange(-36, 37) > 60] = -np.inf
            return scores

    assert beam_search(tally(), Low(), STAGE, 4).notes()[2].max() <= 60

"""Quotes: no run longer than asked for is found in the corpus, by the index that knows it in full."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from helpers.small_soloist import parrot, small_soloist, starter_scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.form import form_score
from jazzgen.improvise.play import Tally, play, solo_notes
from jazzgen.improvise.policy import Policy
from jazzgen.improvise.quotes import HashedQuotes, check_max_quote, quotes_of, usual_max_quote
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.licks import EXPERTS
from jazzgen.learning.soloist.moments import WIDEST
from jazzgen.learning.soloist.runs import Runs
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.metrics.line import Line
from jazzgen.metrics.originality import Entry, Index
from jazzgen.music.melody import Notes
from jazzgen.music.score import Part

FORM = form_score(find_tune("blues-f"), 2, 140.0, "swing")
STAGE = Stage.of(FORM)


@cache
def scholar() -> Soloist:
    """The parrot with the solos that it learnt from, one of which stands there twice, over another tune."""
    scores = starter_scores()
    pitches = [np.array([note.pitch for note in score.melody.notes]) for score in (*scores, scores[0])]
    tunes = ["a", "b", "c", "d", "e"]
    return replace(parrot(), runs=Runs.of(pitches, tunes, [""] * 5, tunes))


@cache
def index() -> Index:
    return Index.of([Entry(score.title, score.title, Line.of(score)) for score in starter_scores()])


def longest_runs(controls: Controls, m: int = 16, *, soloist: Soloist | None = None) -> list[int]:
    soloist = soloist or parrot()
    session = Tally(soloist.net, soloist.memory, STAGE, m)
    play(session, Policy(controls, STAGE, soloist), STAGE.end, rng=np.random.default_rng(1))
    scores = (FORM.with_parts(Part("Solo", solo_notes(session, row, 0, FORM.end))) for row in range(m))
    return [index().longest_run(Line.of(score)).notes for score in scores]


def test_the_licks_have_the_chain_that_is_looked_up() -> None:
    assert EXPERTS["pitch"][0].levels == tuple(tuple(f"step{n + 1}" for n in range(level)) for level in range(6))


def test_a_parrot_quotes_at_length() -> None:
    assert max(longest_runs(Controls())) > 12


@pytest.mark.parametrize("most", [4, 5, 6, 7, 8, 12])
def test_nothing_longer_than_asked_for_is_quoted(most: int) -> None:
    assert max(longest_runs(Controls(max_quote=most))) <= most


@pytest.mark.parametrize("most", [7, 8, 12])
def test_up_to_what_is_asked_for_is_quoted(most: int) -> None:
    assert max(longest_runs(Controls(max_quote=most))) == most


def test_other_guards_do_not_make_it_quote() -> None:
    targets = tuple(Target.parse(f"{bar}.{beat}=C5") for bar in range(1, 25) for beat in (1, 2, 3, 4))
    controls = Controls(low=Curve.of(60), high=Curve.of(72), targets=targets, max_quote=4)
    assert max(longest_runs(controls)) <= 4


@cache
def _runs(length: int) -> frozenset[tuple[int, ...]]:
    """All runs of so many steps in the corpus; the step to a solo's first note counts, as it does in the licks."""
    steps = [np.diff([60, *(note.pitch for note in score.melody.notes)]).tolist() for score in starter_scores()]
    return frozenset(tuple(line[i : i + length]) for line in steps for i in range(len(line) - length + 1))


def _forbidden(steps: list[int], most: int) -> set[int]:
    """By the definition: the steps that make a run of `most` steps all of whose parts of up to six are the corpus's."""
    if len(steps) < most - 1:
        return set()
    found = set()
    for step in range(-WIDEST, WIDEST + 1):
        run = [*steps[len(steps) - most + 1 :], step]
        size = min(most, 6)
        if all(tuple(run[i : i + size]) in _runs(size) for i in range(most - size + 1)):
            found.add(step)
    return found


@given(
    most=st.integers(4, 12),
    score=st.integers(0, 3),
    start=st.integers(1, 45),
    length=st.integers(-4, 3),
    before=st.lists(st.integers(55, 79), max_size=4),
)
def test_what_is_forbidden_is_just_what_would_be_a_quote(
    most: int, score: int, start: int, length: int, before: list[int]
) -> None:
    melody = [note.pitch for note in starter_scores()[score].melody.notes]
    pitches = [*before, *melody[start : start + max(most + length, 1)]]
    soloist = small_soloist()
    session = Session(soloist.net, soloist.memory, STAGE, 1)
    for pitch in pitches:
        for classes in (6, pitch - session.pitch[0] + WIDEST, 5):
            session.choose(np.array([classes]))
    forbidden = HashedQuotes(soloist.memory["pitch"], most).forbidden(session)
    found = set() if forbidden is None else set((np.flatnonzero(forbidden[0]) - WIDEST).tolist())
    assert found == _forbidden(np.diff(pitches).tolist(), most)


def sole_runs(controls: Controls, m: int = 16) -> list[int]:
    """The longest run of each solo that just one tune has, in notes."""
    soloist = scholar()
    session = Tally(soloist.net, soloist.memory, STAGE, m)
    play(session, Policy(controls, STAGE, soloist), STAGE.end, rng=np.random.default_rng(1))
    known = [steps_of(score.melody.notes) for score in starter_scores()]
    found = []
    for row in range(m):
        line = steps_of(solo_notes(session, row, 0, FORM.end))
        stretches = [(i, j) for i in range(len(line)) for j in range(i + 3, len(line) + 1)]
        whose = {
            (i, j): [n for n, solo in enumerate(known) if has(solo, line[i:j])] for i, j in stretches if j - i < 20
        }
        found.append(1 + max((j - i for (i, j), tunes in whose.items() if len(tunes) == 1 and tunes != [0]), default=0))
    return found


def steps_of(notes: Notes) -> list[int]:
    return np.diff([note.pitch for note in notes]).tolist()


def has(solo: list[int], run: list[int]) -> bool:
    return any(solo[i : i + len(run)] == run for i in range(len(solo) - len(run) + 1))


@pytest.mark.parametrize("most", [4, 6, 9, 12])
def test_no_run_that_one_tune_alone_has_is_longer_than_asked_for(most: int) -> None:
    assert max(sole_runs(Controls(max_quote=most))) <= most


def test_what_two_tunes_have_is_free() -> None:
    """The first solo stands there twice: it may be played in full, where the others may not."""
    assert max(longest_runs(Controls(max_quote=6), soloist=scholar())) > 9


def test_who_has_no_runs_is_held_by_hashes() -> None:
    assert (usual_max_quote(parrot()), usual_max_quote(scholar())) == (8, 12)
    assert isinstance(quotes_of(parrot(), 8), HashedQuotes)
    assert not isinstance(quotes_of(scholar(), 8), HashedQuotes)


@pytest.mark.parametrize("notes", [-1, 0, 3])
def test_too_short_a_limit_is_refused_with_the_reason(notes: int) -> None:
    with pytest.raises(OptionError, match=f"max-quote {notes}: it is 4 or more; nearly all"):
        check_max_quote(notes)

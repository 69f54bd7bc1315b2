"""New bars fit between those that are kept, and the better they lead on the higher they rank."""

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
from jazzgen.improvise.infill import Candidate, fill_gap
from jazzgen.improvise.play import Scores, Tally, hear
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Note, Part, Score

FORM = form_score(find_tune("blues-f"), 1, 140.0, "swing")
STAGE = Stage.of(FORM)
BAR = 1920
PLAIN = PlainPolicy()
LINE = tuple(Note(i * 480, 480, 60 + i % 7) for i in range(48))


def tally() -> Tally:
    soloist = small_soloist()
    return Tally(soloist.net, soloist.memory, STAGE, 1)


def candidates(
    notes: tuple[Note, ...], first: int, last: int, n: int = 4, seed: int = 0, policy: Scores = PLAIN
) -> list[Candidate]:
    """Bars `first` to `last` of notes anew."""
    kept = tuple(note for note in notes if not (first - 1) * BAR <= note.onset < last * BAR)
    line = to_arrays(Score(parts=(Part("Solo", kept),)))
    rng = np.random.default_rng(seed)
    return fill_gap(tally(), policy, line, range((first - 1) * 48, last * 48), n, FORM.end, rng=rng)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (5, 8), (12, 12), (1, 12), (2, 12)])
def test_new_notes_start_in_the_bars_and_end_before_the_next_that_is_kept(first: int, last: int) -> None:
    found = [candidate for candidate in candidates(LINE, first, last) if candidate.notes]
    assert found
    for candidate in found:
        assert candidate.notes[0].onset >= (first - 1) * BAR
        assert candidate.notes[-1].onset < last * BAR
        assert candidate.notes[-1].end <= last * BAR
        assert all(a.end <= b.onset for a, b in pairwise(candidate.notes))


def test_what_a_judge_likes_comes_first() -> None:
    def likes_high_starts(session: Tally, before: int) -> np.ndarray:
        return 1000.0 * session.notes()[2][:, before]

    line = to_arrays(Score(parts=(Part("Solo", LINE[:4]),)))
    rng, gap = np.random.default_rng(0), range(4 * 48, 8 * 48)
    found = fill_gap(tally(), PLAIN, line, gap, 12, FORM.end, rng=rng, judge=likes_high_starts)
    starts = [candidate.notes[0].pitch for candidate in found if candidate.notes]
    assert starts == sorted(starts, reverse=True)
    assert len(set(starts)) > 2


@given(notes=lines(grid_ticks=40), first=st.integers(1, 12), length=st.integers(1, 4), seed=st.integers(0, 99))
@settings(max_examples=40)
def test_whatever_is_kept_is_not_overlapped(notes: tuple[Note, ...], first: int, length: int, seed: int) -> None:
    last = min(first + length - 1, 12)
    for candidate in candidates(notes, first, last, 2, seed):
        start, end = (first - 1) * BAR, last * BAR
        new = candidate.notes
        assert all(start <= note.onset < end for note in new)
        around = sorted((*(note for note in notes if not start <= note.onset < end), *new))
        assert all(a.end <= b.onset for a, b in pairwise(around) if a in new or b in new)
        assert all(note.end <= FORM.end for note in new)


def test_bars_far_from_any_kept_note_are_reached() -> None:
    before, after = (Note(0, 480, 60),), (Note(11 * BAR, 480, 60),)
    for notes, first, last in ((before, 10, 10), (before + after, 6, 6), (after, 5, 5)):
        for candidate in candidates(notes, first, last):
            assert candidate.notes
            assert (first - 1) * BAR <= candidate.notes[0].onset < last * BAR


def test_a_kept_note_that_rings_through_the_bars_leaves_no_room() -> None:
    notes = (Note(0, 3 * BAR, 60), Note(4 * BAR, 480, 62))
    assert [candidate.notes for candidate in candidates(notes, 2, 3, 2)] == [(), ()]
    assert candidates(notes, 2, 3, 2)[0].fit == -np.inf


def test_the_best_comes_first_and_silence_last() -> None:
    fits = [candidate.fit for candidate in candidates(LINE, 5, 6, 12)]
    assert fits == sorted(fits, reverse=True)
    assert len(set(fits)) > 1


def test_the_same_chance_gives_the_same_candidates() -> None:
    assert candidates(LINE, 5, 6, seed=1) == candidates(LINE, 5, 6, seed=1)
    assert candidates(LINE, 5, 6, seed=1) != candidates(LINE, 5, 6, seed=2)


def test_what_is_before_is_heard() -> None:
    """The first choice in the bars has the logits of a session that has played what is before."""
    said: list[np.ndarray] = []

    class Listening(PlainPolicy):
        def scores(self, session: Session) -> np.ndarray:
            scores = super().scores(session)
            said.append(scores)
            return scores

    candidates(LINE, 5, 5, 2, policy=Listening())
    by_hand = tally()
    hear(by_hand, to_arrays(Score(parts=(Part("Solo", LINE[:16]),))))
    expected = PlainPolicy().scores(by_hand)
    assert np.allclose(said[0], np.repeat(expected, 2, axis=0), atol=1e-5)


class Short(PlainPolicy):
    """Every note lasts one tatum, so that none is cut."""

    def scores(self, session: Session) -> np.ndarray:
        scores = super().scores(session)
        if session.part == "duration":
            scores[:, 1:] = -np.inf
        return scores


def test_the_fit_is_what_the_model_says_of_what_follows() -> None:
    best = candidates(LINE, 5, 5, policy=Short())[0]
    kept = [note for note in LINE if not 4 * BAR <= note.onset < 5 * BAR]
    line = to_arrays(Score(parts=(Part("Solo", tuple(sorted((*kept, *best.notes)))),)))
    session, new = tally(), len(best.notes)
    hear(session, line[:16])
    hear(session, line[16 : 16 + new])
    assert best.fit == pytest.approx(mean_heard(session, line[16 + new :][:16]), abs=1e-3)


def test_dense_candidates_are_not_preferred() -> None:
    """Of many, the best has as many notes as they have on average, over many choices."""
    found = [candidates(LINE, 5, 6, 12, seed=seed) for seed in range(12)]
    best, all_ = (np.mean([len(c.notes) for row in found for c in row[:n]]) for n in (1, 12))
    assert abs(best - all_) < 0.25 * all_


def mean_heard(session: Tally, notes: NoteArrays) -> float:
    """Mean log-probability of the choices of notes as the session hears them."""
    found = []
    for since, pitch, length in zip(notes.since, notes.pitch, notes.length, strict=True):
        for wanted in ("ioi", "pitch", "duration"):
            choice = {"ioi": since, "pitch": pitch - session.pitch[0] + 36, "duration": length - 1}[wanted]
            session.logits()
            found.append(session.log_probability(np.array([choice]))[0])
            session.choose(np.array([choice]))
    return float(np.mean(found))

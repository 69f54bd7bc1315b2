"""What listeners hear, and that they tell what can be told and nothing else."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.small_soloist import small_soloist, starter_scores
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import given, settings

from jazzgen.errors import CorpusError, OptionError
from jazzgen.improvise.controls import Controls
from jazzgen.learning.soloist.ear import COLUMNS, WINDOW
from jazzgen.listener.config import FEATURES, KINDS, Kind, ListenerOptions
from jazzgen.listener.evaluation import Judgement, folded, judge, trial_of
from jazzgen.listener.figures import logistic_weights
from jazzgen.listener.playing import play_over_all
from jazzgen.listener.sharing import RUNS, Vocabulary, said_again, sharing_table
from jazzgen.listener.solos import LEAST_NOTES, Heard, hear
from jazzgen.listener.windows import judged_windows, shuffled_windows
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_TATUM

PLACE = {name: place for place, name in enumerate(COLUMNS)}
SMALL = ListenerOptions(epochs=3, units=8)


def heard(score: Score, tune: str, *, person: bool) -> Heard:
    found = hear(tune, replace(score, title=tune), person=person)
    assert found is not None
    return found


def walk(rng: np.random.Generator, steps: tuple[int, ...], iois: tuple[int, ...], notes: int) -> Score:
    """A line of steps and times drawn by chance."""
    onsets = np.cumsum(rng.choice(iois, notes))
    pitches = 60 + np.clip(np.cumsum(rng.choice(steps, notes)), -24, 24)
    return plain_score(*((int(onset), 3, int(pitch)) for onset, pitch in zip(onsets, pitches, strict=True)))


def sides(steps: tuple[int, ...], iois: tuple[int, ...], tunes: int = 24, notes: int = 64) -> list[Heard]:
    """People walk by steps of 1 and 2, in eighths; the others as they are told to."""
    rng, found = np.random.default_rng(0), []
    for tune in range(tunes):
        found.append(heard(walk(rng, (-2, -1, 1, 2), (6,), notes), f"t{tune}", person=True))
        found.append(heard(walk(rng, steps, iois, notes), f"t{tune}", person=False))
    return found


def judged(solos: list[Heard], kind: Kind, features: str) -> Judgement:
    return judge(kind, features, [trial_of(solos, lambda title: title.endswith(("1", "3", "5")))], SMALL)


@given(score=solo_scores(max_size=24))
def test_columns_are_in_range_and_the_line_one_at_a_time(score: Score) -> None:
    solo = hear("x", score, person=True)
    if solo is None:
        return
    assert len(solo) >= LEAST_NOTES
    assert (solo.columns >= 0).all()
    assert (solo.columns < list(COLUMNS.values())).all()
    notes = solo.score.melody.notes
    assert all(a.end <= b.onset and a.onset < b.onset for a, b in pairwise(notes))
    assert solo.columns[0, PLACE["step"]] == 0
    assert solo.columns[:, PLACE["pitch"]].tolist() == [note.pitch + 1 for note in notes]


def test_a_solo_of_a_few_notes_is_not_heard() -> None:
    few = [(12 * place, 3, 60) for place in range(LEAST_NOTES)]
    assert hear("x", plain_score(*few), person=True)
    assert hear("x", plain_score(*few[1:]), person=True) is None
    assert hear("x", Score(), person=True) is None


def test_people_and_models_are_heard_alike() -> None:
    """What a model was taught, given back as it is, differs in nothing."""
    for score in starter_scores():
        person = heard(score, "t", person=True)
        again = heard(person.score, "t", person=False)
        assert (person.columns == again.columns).all()


def test_windows_cover_a_solo_and_a_short_one_is_filled_up() -> None:
    solos = [heard(walk(np.random.default_rng(0), (1, -1), (6,), n), f"t{n}", person=True) for n in (20, 32, 70)]
    windows = judged_windows(solos)
    assert windows.solos.tolist() == [0, 1, 2, 2, 2]
    assert windows.starts.tolist() == [0, 0, 0, 16, 32]
    assert windows.notes.sum(axis=1).tolist() == [20, 32, 32, 32, 32]
    assert (windows.columns[0, 20:] == 0).all()
    assert (windows.columns[4] == solos[2].columns[32:64]).all()


def test_windows_to_learn_from_are_drawn_anew() -> None:
    solos = [heard(walk(np.random.default_rng(0), (1, -1), (6,), 200), "t", person=True)]
    drawn = [shuffled_windows(solos, np.random.default_rng(seed)) for seed in range(20)]
    assert len({int(windows.starts.min()) for windows in drawn}) > 5
    for windows in drawn:
        assert windows.notes.sum() >= 200 - WINDOW - LEAST_NOTES
        assert len(set(windows.starts.tolist())) == len(windows.starts)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_listener_tells_what_can_be_told_and_by_what(kind: Kind) -> None:
    leaps = sides((-7, -5, 5, 7), (6,))
    assert judged(leaps, kind, "steps").solos.area > 0.95
    assert judged(leaps, kind, "rhythm").solos.area < 0.8
    halting = sides((-2, -1, 1, 2), (3, 12))
    assert judged(halting, kind, "rhythm").solos.area > 0.95


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_listener_cannot_tell_a_side_from_itself(kind: Kind) -> None:
    found = judged(sides((-2, -1, 1, 2), (6,), tunes=60), kind, "all")
    assert abs(found.solos.area - 0.5) < 0.25
    assert found.asked == (18, 18)
    assert (found.windows is None) == (kind == "figures")


@pytest.mark.slow
def test_a_listener_is_the_same_for_the_same_seed() -> None:
    solos = sides((-7, 7), (6,), tunes=14, notes=40)
    trial = trial_of(solos, lambda title: title in {"t1", "t2", "t3"})
    runs = [judge("recurrent", "steps", [trial], replace(SMALL, seed=seed)) for seed in (1, 1, 2)]
    odds = [[moment.odds for moment in run.moments] for run in runs]
    assert odds[0] == odds[1] != odds[2]
    assert {moment.solo.tune for moment in runs[0].moments} == {"t1", "t2", "t3"}
    assert runs[0].trained == (11, 11)


def test_folds_ask_about_each_tune_once() -> None:
    solos = sides((1, -1), (6,), tunes=24, notes=10)
    trials = folded(solos, 3)
    asked = [solo.tune for trial in trials for solo in trial.judged]
    assert sorted(asked) == sorted(solo.tune for solo in solos)
    for trial in trials:
        assert not {solo.tune for solo in trial.training} & {solo.tune for solo in trial.judged}


def test_a_corpus_too_small_says_what_is_least() -> None:
    solos = sides((1, -1), (6,), tunes=10, notes=10)
    with pytest.raises(CorpusError, match=r"9 and 9 solos to train a listener on: each side needs 10"):
        trial_of(solos, lambda title: title == "t0")
    with pytest.raises(CorpusError, match=r"0 and 0 solos to ask it about: each side needs 2"):
        trial_of(solos, lambda title: title == "other")
    with pytest.raises(CorpusError, match="take 2 to 10"):
        folded(solos, 11)
    with pytest.raises(OptionError, match="epochs 0"):
        ListenerOptions(epochs=0)


def test_what_is_said_again_and_heard() -> None:
    steps = np.array([2, 2, -1, 3, 2, 2, -1, 3, 9])
    assert said_again(steps, 3) == pytest.approx(2 / 7)
    assert np.isnan(said_again(steps[:2], 3))
    vocabulary = Vocabulary([("a", steps), ("b", np.array([2, -1, 3, 2]))])
    assert vocabulary.heard(steps, 3, "a") == pytest.approx(3 / 7)  # b has 2 -1 3 and -1 3 2
    assert vocabulary.heard(steps, 3, "other") == 1
    table = sharing_table([("a", steps)], vocabulary)
    assert table[3] == pytest.approx((3 / 7, 2 / 7))
    assert list(table) == list(RUNS)


def test_logistic_regression_is_where_its_slope_is_nothing() -> None:
    rng = np.random.default_rng(0)
    rows = np.append(rng.normal(size=(200, 3)), np.ones((200, 1)), axis=1)
    labels = rng.random(200) < 1 / (1 + np.exp(-rows @ [2.0, -1.0, 0.0, 0.5]))
    weights = logistic_weights(rows, labels, 0.01)

    def loss(w: np.ndarray) -> float:
        signs = np.where(labels, 1, -1)
        return float(np.logaddexp(0, -signs * (rows @ w)).sum() + 0.5 * 0.01 * 200 * (w[:3] ** 2).sum())

    for place in range(4):
        nudge = 1e-4 * np.eye(4)[place]
        assert loss(weights + nudge) > loss(weights) < loss(weights - nudge)


@settings(max_examples=3)
@given(score=solo_scores(max_size=4))
def test_features_are_columns(score: Score) -> None:
    assert set(FEATURES["all"]) == set(COLUMNS)
    assert all(set(names) <= set(COLUMNS) for names in FEATURES.values())


def test_playing_over_keeps_the_form_and_takes_the_manner_that_is_known() -> None:
    soloist = small_soloist()
    pieces = [
        replace(score, credits=replace(score.credits, performer=who))
        for score, who in zip(starter_scores()[:2], ("Ann", "Nobody"), strict=True)
    ]
    by_manner: dict[bool, list[Score]] = {
        manner: list(play_over_all(soloist, pieces, Controls(), 3, manner=manner)) for manner in (False, True)
    }
    for solos in by_manner.values():
        for solo, piece in zip(solos, pieces, strict=True):
            assert (solo.title, solo.changes, solo.meters) == (piece.title, piece.changes, piece.meters)
            assert solo.melody.notes[-1].end <= piece.with_parts().end
            assert all(note.onset % TICKS_PER_TATUM == 0 for note in solo.melody.notes)
    assert by_manner[False][0].parts != by_manner[True][0].parts
    assert by_manner[False][1].parts == by_manner[True][1].parts

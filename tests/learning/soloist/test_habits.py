"""Habits: what is drawn is what solos did, the likelier the nearer their tempo; the file and back."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.small_soloist import starter_scores
from helpers.solo_scores import plain_score

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import solo_arrays
from jazzgen.codec.ideas import IDEAS, parse_idea
from jazzgen.learning.soloist.habits import Habits, habits_from_bytes, habits_to_bytes
from jazzgen.learning.soloist.moments import Who
from jazzgen.learning.soloist.profile import FIGURES
from jazzgen.music.score import Credits, Mark, Score
from jazzgen.music.timing import TICKS_PER_BEAT

WHO = Who(("Ann",), ("COOL",))
BEATS = np.tile(np.repeat(np.arange(4), 12), 8)  # eight bars of four


def with_ideas(score: Score, *ideas: tuple[int, str], bpm: float = 120) -> Score:
    """Ideas from beats on, each to the next; the last lasts a bar."""
    ends = [*(beat for beat, _ in ideas[1:]), ideas[-1][0] + 4]
    marks = tuple(
        Mark(beat * TICKS_PER_BEAT, (end - beat) * TICKS_PER_BEAT, "idea", label)
        for (beat, label), end in zip(ideas, ends, strict=True)
    )
    return replace(score, marks=marks, tempos=((0, bpm),))


def habits_of(*scores: Score) -> Habits:
    return Habits.of(scores, [solo_arrays(score) for score in scores], WHO)


def taught() -> Habits:
    slow, fast = (plain_score(*((6 * n, 6, pitch) for n in range(64))) for pitch in (50, 80))
    slow = replace(slow, credits=Credits(performer="Ann", style="COOL"))
    return habits_of(
        with_ideas(slow, (0, "melody"), (8, "#melody"), (16, "melody"), (24, "#melody"), bpm=60),
        with_ideas(fast, (0, "lick"), (2, "line_w"), (4, "lick"), (6, "line_w"), bpm=240),
    )


def test_what_a_corpus_did_is_kept() -> None:
    habits = taught()
    assert habits.who.tolist() == [[1, 1, 1], [0, 0, 1]]
    assert habits.span.tolist() == [96, 96, 96, 48, 24, 24, 24, 48]
    assert habits.beat.tolist() == [0, 0, 0, 0, 0, 2, 0, 2]
    assert habits.solo.tolist() == [0] * 4 + [1] * 4
    assert habits.profile.shape == (2, len(FIGURES))
    assert [IDEAS[kind] for kind in habits.idea[:, 0]] == ["melody"] * 4 + ["lick", "line"] * 2


def test_the_nearer_its_tempo_the_likelier_a_solo_is_drawn() -> None:
    habits, rng, anyone = taught(), np.random.default_rng(0), np.ones(2, bool)
    assert {habits.draw_solo(np.log(66), anyone, rng) for _ in range(50)} == {0}
    assert {habits.draw_solo(np.log(240), anyone, rng) for _ in range(50)} == {1}
    assert {habits.draw_solo(np.log(120), anyone, rng) for _ in range(50)} == {0, 1}
    assert {habits.draw_solo(np.log(60), np.array([False, True]), rng) for _ in range(50)} == {1}


def test_ideas_follow_one_another_as_they_did() -> None:
    habits = taught()
    for seed in range(20):
        ideas = habits.draw_ideas(np.log(240), BEATS, np.random.default_rng(seed))
        assert ideas.shape == (len(BEATS), 2)
        changes = np.flatnonzero((ideas[1:] != ideas[:-1]).any(axis=1)) + 1
        assert (changes % 24 == 0).all()  # ideas of this corpus last half bars and more
        assert (ideas != NONE).all()
    kinds = [habits.draw_ideas(np.log(240), BEATS, np.random.default_rng(seed))[:, 0] for seed in range(40)]
    after_lick = [b for kind in kinds for a, b in pairwise(kind) if a == IDEAS.index("lick") != b]
    assert after_lick.count(IDEAS.index("line")) > 0.6 * len(after_lick)


def test_a_corpus_without_ideas_has_none_to_draw() -> None:
    habits = habits_of(plain_score((0, 4, 60), (8, 4, 62)))
    assert (habits.draw_ideas(5.0, BEATS, np.random.default_rng(0)) == NONE).all()


def test_labels_that_nobody_knows_are_left_out() -> None:
    line = plain_score(*((6 * n, 6, 60) for n in range(32)))
    habits = habits_of(with_ideas(line, (0, "ghost"), (4, "lick"), (8, "#lick")))
    assert habits.idea.tolist() == [list(parse_idea("lick")), list(parse_idea("#lick"))]


def test_bytes_and_habits_invert_and_more_can_be_added() -> None:
    more = taught() + habits_of(*starter_scores())
    assert more.solo.max() == 1  # the starter tunes have no ideas
    assert len(more.tempo) == 2 + len(starter_scores())
    again = habits_from_bytes(habits_to_bytes(more))
    for name in ("tempo", "profile", "who", "idea", "solo", "beat", "span"):
        np.testing.assert_array_equal(getattr(again, name), getattr(more, name))
    both = more + more
    assert both.solo.tolist() == [*more.solo.tolist(), *(more.solo + len(more.tempo)).tolist()]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"span": np.zeros(8, int)},
        {"idea": np.full((8, 2), 99)},
        {"profile": np.zeros((2, 5))},
        {"solo": np.full(8, 2)},
        {"beat": np.zeros(3, int)},
    ],
)
def test_what_does_not_fit_is_damage(spoilt: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="do not fit together"):
        habits_from_bytes(habits_to_bytes(replace(taught(), **spoilt)))

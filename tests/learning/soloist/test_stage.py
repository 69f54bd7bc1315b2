"""Stages: at every tatum what a context says there, over pickups and changing meters."""

from dataclasses import replace

import numpy as np
from helpers.chart_text import parse_changes
from helpers.small_soloist import small_soloist
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import given

from jazzgen.codec.context import context_at
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.form import form_score
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.hearing import N_ROWS, chord_classes, heard_chords
from jazzgen.learning.soloist.moments import COLUMNS, INDEX, PLACE, place_columns
from jazzgen.learning.soloist.profile import ECHO_BARS
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_TATUM, Meter, iter_bars


@given(solo_scores())
def test_every_tatum_is_as_its_context_says(score: Score) -> None:
    stage = Stage.of(score)
    context = context_at(score, np.arange(len(stage.place)))
    np.testing.assert_array_equal(stage.place, place_columns(context))
    np.testing.assert_array_equal(stage.classes[stage.harmony], chord_classes(context))
    np.testing.assert_array_equal(stage.roots[stage.harmony], context.chord.root + 1)


@given(solo_scores())
def test_bars_are_those_of_the_score(score: Score) -> None:
    stage = Stage.of(score)
    bars = list(iter_bars(score.meters, score.pickup, len(stage.place) * TICKS_PER_TATUM))
    assert stage.bar_starts.tolist() == [bar.onset // TICKS_PER_TATUM for bar in bars]
    assert stage.has_pickup == (bars[0].number == 0)
    for index, bar in enumerate(bars):
        first, last = bar.onset // TICKS_PER_TATUM, bar.end // TICKS_PER_TATUM
        assert set(stage.bar[first:last].tolist()) == {index}


@given(solo_scores())
def test_what_a_harmony_adds_is_what_is_heard_there(score: Score) -> None:
    stage, embedding = Stage.of(score), small_soloist().net.embedding
    added = stage.heard(embedding)
    pitches = np.arange(len(stage.place)) % 40 + 40
    columns = np.zeros((len(stage.place), len(COLUMNS)), np.int64)
    columns[:, PLACE], columns[:, INDEX["pitch"]] = stage.place, pitches - LOWEST + 1
    heard = heard_chords(stage.classes[stage.harmony], columns) @ embedding[N_ROWS:]
    np.testing.assert_allclose(added[stage.harmony, pitches % 12], heard, atol=1e-5)


def test_the_end_is_that_of_the_changes_whatever_was_played() -> None:
    stage = Stage.of(plain_score((0, 500, 60), changes=parse_changes("| C | F |"), meters=((0, Meter()),)))
    assert stage.end == 96
    assert len(stage.place) == 96 + 97  # as far as the longest ioi reaches past it
    assert not stage.has_pickup
    assert len(stage.roots) == len(set(stage.harmony.tolist())) == 3  # C before F, F, and nothing after it


def test_bars_before_are_at_the_same_place() -> None:
    stage = Stage.of(replace(form_score(find_tune("blues-f"), 1, 140.0, "swing"), pickup=480))
    for bars, earlier in zip(ECHO_BARS, stage.echoed, strict=True):
        for tatum in (0, 12, 13, 100, 300, 500):
            if stage.bar[tatum] < bars or (stage.bar[tatum] == bars and tatum - stage.bar_starts[bars] >= 12):
                assert earlier[tatum] == -1  # no such bar, or the pickup, which is not as long
            else:
                there = earlier[tatum]
                assert stage.bar[there] == stage.bar[tatum] - bars
                assert there - stage.bar_starts[stage.bar[there]] == tatum - stage.bar_starts[stage.bar[tatum]]

"""Touch: the scale of its quantities, what is known of notes, playing, training."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from helpers.cli_runner import Run
from helpers.small_touch import CONFIG, corpus_of, played_solo, save_small_touch, small_touch, written
from helpers.solo_scores import plain_score, solo_scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.errors import BundleError, CorpusError, OptionError
from jazzgen.formats.midi.write import write_midi
from jazzgen.learning.options import TouchFitOptions
from jazzgen.learning.startup import load_tensorflow
from jazzgen.learning.touch.bundle import Config, load_touch, save_touch
from jazzgen.learning.touch.columns import COLUMNS, INDEX, LENGTHS, SIZES, Names, facts_of
from jazzgen.learning.touch.examples import touch_of
from jazzgen.learning.touch.perform import Touched, mean_touch, perform_touch, sounding, unheard
from jazzgen.learning.touch.scale import MISSING, N_BINS, Scale
from jazzgen.learning.touch.scoring import autocorrelation, correlation
from jazzgen.learning.touch.training import build_touch_data, train_touch
from jazzgen.listener.rules import rules_touch
from jazzgen.music.score import Note, Score
from jazzgen.music.swing import second_eighth, swing_ratio

QUICK = TouchFitOptions(epochs=2, batch_size=4, tx=16)
SOLO = played_solo(0)


@given(seed=st.integers(0, 99), share=st.floats(0.01, 0.99))
def test_a_value_from_a_bin_is_in_that_bin(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    scale = Scale.of(np.stack([rng.normal(size=3000), rng.gamma(2, 10, 3000), rng.uniform(size=3000)], axis=-1))
    bins = rng.integers(N_BINS, size=(20, 3))
    values = np.stack([scale.value(q, bins[:, q], np.full(20, share)) for q in range(3)], axis=-1)
    np.testing.assert_array_equal(scale.bins(values), bins)
    np.testing.assert_allclose(scale.restored(scale.standardised(values)), values, atol=1e-4)


def test_what_is_not_measured_is_missing_and_a_corpus_without_it_still_has_a_scale() -> None:
    values = np.full((50, 3), np.nan)
    values[:, 1] = np.arange(50)
    bins = Scale.of(values).bins(values)
    assert (bins[:, [0, 2]] == MISSING).all()
    assert (np.diff(bins[:, 1]) >= 0).all()


@settings(max_examples=25)
@given(score=solo_scores())
def test_columns_are_within_their_sizes(score: Score) -> None:
    facts = facts_of(score, Names(("Ann",), ("BEBOP",)))
    assert len(facts) == len(score.melody.notes)
    assert ((facts.columns >= 0) & (facts.columns < SIZES)).all()
    assert np.isfinite(facts.numbers).all()
    assert (facts.without_lengths().columns[:, LENGTHS] == 0).all()


def test_columns_of_notes_by_hand() -> None:
    score = plain_score((0, 6, 60), (6, 6, 62), (12, 4, 64), (16, 4, 65), (20, 4, 67), (48, 6, 60), feel="swing")
    facts = facts_of(score, Names())
    column = {name: facts.columns[:, INDEX[name]].tolist() for name in COLUMNS}
    assert column["division"] == [2, 2, 3, 3, 3, 1]  # eighths, triplets, a quarter
    assert column["swung"] == [3, 2, 3, 1, 1, 3]  # on the beat, a swung eighth, neither
    assert column["phrase_from"] == [2, 3, 4, 5, 6, 2]
    assert column["performer"] == [0] * 6
    assert facts.swung.tolist() == [0, second_eighth(swing_ratio(120)), 480, 640, 800, 1920]


def test_touch_is_measured_against_the_swung_grid_and_the_next_onset() -> None:
    swung = replace(SOLO, feel="swing")
    even, late = (touch_of(score, facts_of(score, Names())) for score in (SOLO, swung))
    moved = second_eighth(swing_ratio(120)) - 240
    np.testing.assert_allclose((even - late)[1::2, 1], moved * 500 / 480)
    notes = SOLO.melody.notes
    late_ms = [note.played.late_ms for note in notes[:2] if note.played]
    reach = 250 + (late_ms[1] or 0) - (late_ms[0] or 0)
    assert even[0, 2] == pytest.approx(0.95 * 250 / reach)


@settings(max_examples=10, deadline=None)
@given(score=solo_scores(), seed=st.integers(0, 99))
def test_any_solo_can_be_played_and_a_seed_plays_it_again(score: Score, seed: int) -> None:
    model = small_touch()
    one, two = (perform_touch(model, score, rng=np.random.default_rng(seed)) for _ in range(2))
    assert one == two
    assert len(one) == len(mean_touch(model, score)) == len(score.melody.notes)
    sounds = sounding(score, one)
    assert all(b.onset_ms - a.onset_ms >= 15 - 1e-6 for a, b in pairwise(sounds))
    assert all(sound.onset_ms >= 0 and sound.duration_ms > 0 for sound in sounds)


def test_kept_touches_stay_and_those_before_them_too() -> None:
    model, score = small_touch(), written(SOLO)
    first = perform_touch(model, score, rng=np.random.default_rng(1))
    kept = [None if 20 <= place < 30 else touch for place, touch in enumerate(first)]
    again = perform_touch(model, score, rng=np.random.default_rng(2), kept=kept)
    assert [a == b for a, b in zip(first, again, strict=True)] == [not 20 <= place < 30 for place in range(64)]
    assert perform_touch(model, score, rng=np.random.default_rng(2), kept=first) == first
    with pytest.raises(OptionError, match="1 touches for 64 notes"):
        perform_touch(model, score, rng=np.random.default_rng(0), kept=[None])


def test_what_was_never_heard_is_named_and_still_played() -> None:
    model = small_touch()
    strange = replace(
        written(SOLO),
        tempos=((0, 40.0),),
        credits=replace(SOLO.credits, performer="Cy"),
        parts=(replace(SOLO.melody, program=9),),
    )
    assert unheard(model, strange) == ("performer Cy", "instrument (program 9)", "tempo 40")
    assert unheard(model, SOLO) == ()
    assert len(perform_touch(model, strange, rng=np.random.default_rng(0))) == 64
    assert perform_touch(model, Score(parts=(replace(SOLO.melody, notes=()),)), rng=np.random.default_rng(0)) == ()


def test_a_folder_is_read_back_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    model = save_small_touch(tmp_path / "touch")
    np.testing.assert_allclose(
        model.net.arrays["embedding"], small_touch().net.arrays["embedding"], rtol=1e-3, atol=1e-4
    )
    np.testing.assert_array_equal(model.scale.knots, small_touch().scale.knots)
    assert model.config == CONFIG
    falling = Scale(model.scale.knots[:, ::-1])
    save_touch(tmp_path / "falls", model.config, model.net, falling, {}, "")
    with pytest.raises(BundleError, match="its scale does not rise"):
        load_touch(tmp_path / "falls")


def test_too_little_that_was_played_says_the_least() -> None:
    with pytest.raises(CorpusError, match=r"64 played notes over 1 tunes; touch is learnt from 200 notes over 2 tunes"):
        build_touch_data(corpus_of(SOLO), Config())
    drawn = corpus_of(*(written(played_solo(seed)) for seed in range(4)))
    with pytest.raises(CorpusError, match=r"0 played notes .*its notes are on a grid at one level, nobody played them"):
        build_touch_data(drawn, Config())


def test_a_corpus_without_loudness_teaches_the_rest_and_says_so() -> None:
    data = build_touch_data(corpus_of(*(played_solo(seed, loud=False) for seed in range(5))), Config())
    assert data.config.measured == ("late_ms", "length")
    assert "loudness: it is not measured in this corpus, and not learnt" in data.skipped
    assert data.config.performers == ("Ann",)


def test_touch_learns_what_is_plain_to_hear_and_resumes_to_the_same_weights(tmp_path: Path) -> None:
    data = build_touch_data(corpus_of(*(played_solo(seed) for seed in range(8))), Config(16, 8, 8, 8), validation=0.2)
    options = replace(QUICK, epochs=14, learning_rate=0.02)
    for name in ("whole", "resumed", "unbroken"):
        (tmp_path / name).mkdir()
    report = train_touch(data, tmp_path / "whole", options)
    assert report["held_out"]["correlation"]["late_ms"] > 0.5
    assert report["history"][-1]["validation"][0] < report["history"][0]["validation"][0]

    class OffError(Exception):
        pass

    def switch_off(state: object) -> None:
        if len(state.history) == 1:  # type: ignore[attr-defined]
            raise OffError

    with pytest.raises(OffError):
        train_touch(data, tmp_path / "resumed", QUICK, on_epoch=switch_off)
    train_touch(data, tmp_path / "resumed", QUICK, resume=True)
    train_touch(data, tmp_path / "unbroken", QUICK)
    one, two = (load_touch(tmp_path / name).net.arrays for name in ("resumed", "unbroken"))
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_numpy_agrees_with_keras_and_a_wrong_weight_is_found() -> None:
    load_tensorflow()
    from jazzgen.learning.touch.check import check_touch  # noqa: PLC0415 - brings TensorFlow

    model = small_touch()
    assert all(row.ok for row in check_touch(model))
    wrong = replace(model.net, arrays={**model.net.arrays, "late_ms_joint": 1.01 * model.net.arrays["late_ms_joint"]})
    found = {row.layer: row.ok for row in check_touch(model, reference=wrong)}
    assert found["loudness"]
    assert not found["late_ms"]


def test_figures_by_hand() -> None:
    assert correlation(np.array([1.0, 2, np.nan, 3]), np.array([2.0, 4, 5, 6])) == pytest.approx(1)
    assert np.isnan(correlation(np.zeros(4), np.arange(4.0)))
    assert autocorrelation(np.array([1.0, -1] * 20)) == pytest.approx(-1)


def test_touched_names_its_units() -> None:
    assert Touched._fields == ("loudness", "late_ms", "length")


def test_the_commands_train_check_and_evaluate_touch(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for seed in range(4):
        solo = played_solo(seed)
        notes = tuple(
            Note(480 + note.onset + int(rng.integers(20)), 180, note.pitch, 50 + int(rng.integers(50)))
            for note in solo.melody.notes
        )
        (tmp_path / "played").mkdir(exist_ok=True)
        write_midi(written(solo).with_parts(replace(solo.melody, notes=notes)), tmp_path / "played" / f"{seed}.mid")
    model = tmp_path / "touch"
    sizes = ("--kind", "touch", "--units", 4, "--epochs", 1, "--tx", 16, "--quiet")
    code, out, err = run("train", tmp_path / "played", "-o", model, *sizes)
    assert (code, "bits a note on tunes held out: loudness" in out) == (0, True), err
    assert run("check", model)[1].endswith("All 7 figures agree.\n")
    code, out, err = run("evaluate", model, "--corpus", tmp_path / "played", "--json")
    found = json.loads(out)
    assert (code, found["solos"], found["notes"]) == (0, 4, 256), err
    assert set(found["bits"]) == {"as_written", "by_itself", "unigrams", "rules"}
    assert set(found["deviation"]) == {"people", "as_written", "by_itself", "rules"}
    assert run("evaluate", model, "--corpus", tmp_path / "played", "--each")[0] == 1
    assert "--kind touch" in run("train", "--from", model, "--kind", "touch", "-o", tmp_path / "other")[2]


def test_rules_are_louder_off_the_beat_and_late_on_it() -> None:
    swung = replace(written(SOLO), feel="swing")
    facts = facts_of(swung, Names())
    touch = rules_touch(swung, facts, rng=np.random.default_rng(0))
    on_beat = facts.onset % 480 == 0
    assert touch[~on_beat, 0].mean() > touch[on_beat, 0].mean()
    assert touch[on_beat, 1].mean() > 10
    np.testing.assert_allclose(touch[~on_beat, 1], 0, atol=1e-6)
    assert ((touch[:, 2] > 0) & (touch[:, 2] <= 1.25)).all()

"""Training soloists on the starter corpus, as small as can be."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.cli_runner import Run
from helpers.small_soloist import starter_solos

from jazzgen.corpus import Corpus, read_corpus
from jazzgen.corpus.split import Split, tune_of
from jazzgen.errors import CorpusError, TrainingError
from jazzgen.learning.options import SoloistFitOptions
from jazzgen.learning.soloist.bundle import Config, load_soloist
from jazzgen.learning.soloist.examples import build_examples, make_batch, windows
from jazzgen.learning.soloist.hearing import HEARD, OFFSETS
from jazzgen.learning.soloist.licks import hash_contexts
from jazzgen.learning.soloist.memory import learn
from jazzgen.learning.soloist.moments import PARTS, choices_of, moments_of
from jazzgen.learning.soloist.profile import PROFILE
from jazzgen.learning.soloist.training import build_soloist_data, straightened, train_soloist

STARTER = Path(__file__).parents[3] / "midi" / "starter"
SMALL = Config(n_x=8, n_a=8, n_joint=8)
QUICK = SoloistFitOptions(epochs=2, batch_size=8, tx=16)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(sorted(STARTER.glob("*.mid"))[:8])


def test_licks_of_a_tune_are_left_out_of_what_is_advised_on_it() -> None:
    solos, who = starter_solos(), SMALL.who
    moments = [moments_of(solo, who) for solo in solos]
    choices = [choices_of(solo.notes) for solo in solos]
    memory = learn(np.concatenate(moments), np.concatenate(choices))
    examples = build_examples(solos, who, memory, [str(number) for number in range(len(solos))])
    others = learn(np.concatenate(moments[1:]), np.concatenate(choices[1:]))
    for index, part in enumerate(PARTS):
        expected = others[part].ask(hash_contexts(part, moments[0][:, index])).log_probabilities
        found = examples.advice[part].log_probabilities[: len(moments[0]), : expected.shape[1]]
        np.testing.assert_allclose(found, expected, atol=0.02)  # half precision


def test_without_chance_each_note_is_in_one_window_and_what_is_past_the_end_weighs_nothing() -> None:
    solos, who = starter_solos(), SMALL.who
    moments = np.concatenate([moments_of(solo, who) for solo in solos])
    memory = learn(moments, np.concatenate([choices_of(solo.notes) for solo in solos]))
    examples = build_examples(solos, who, memory)
    batch = make_batch(examples, windows(examples, 16), 16)
    assert batch.weights.sum() == len(examples.choices)
    np.testing.assert_array_equal(batch.choices[batch.weights > 0], examples.choices)
    moved = make_batch(examples, windows(examples, 16), 16, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(moved.choices, batch.choices)
    assert (moved.pitch != batch.pitch).any()


def test_some_windows_are_told_no_profile_and_no_ideas() -> None:
    solos, who = starter_solos(), SMALL.who
    moments = np.concatenate([moments_of(solo, who) for solo in solos])
    memory = learn(moments, np.concatenate([choices_of(solo.notes) for solo in solos]))
    examples = build_examples(solos, who, memory, planned=True)
    chosen = windows(examples, 16)
    first = OFFSETS[HEARD.index("tessitura")]

    def told(planless: float) -> np.ndarray:
        batch = make_batch(examples, chosen, 16, planless=planless, rng=np.random.default_rng(0))
        return np.asarray(batch.heard[0][:, 0, first + 1 : first + 1 + PROFILE["tessitura"]].any(axis=1))

    assert told(0.0).all()
    assert 0 < told(0.5).mean() < 1
    (unplanned,) = {row.tobytes() for row in build_examples(solos, who, memory).rows[..., HEARD.index("tessitura")]}
    assert unplanned == np.full(3, first, np.int16).tobytes()


def test_too_little_music_says_the_least(corpus: Corpus) -> None:
    one = replace(corpus, readings=corpus.readings[:1])
    with pytest.raises(CorpusError, match="learns from 200 notes over 2 tunes or more, add files"):
        build_soloist_data(one, SMALL)
    everything = Split(frozenset(tune_of(reading.score.title) for _, reading in corpus.readings))
    with pytest.raises(CorpusError, match="holds out every tune"):
        build_soloist_data(corpus, SMALL, split=everything)


def test_swung_solos_are_straightened_and_others_left_alone(corpus: Corpus) -> None:
    from jazzgen.music.swing import swing  # noqa: PLC0415

    score = corpus.readings[0][1].score
    line = straightened(score).melody
    swung = score.with_parts(replace(line, notes=tuple(sorted(swing(line.notes)))))
    assert straightened(swung).melody.notes == line.notes
    assert straightened(straightened(score)) == straightened(score)


@pytest.mark.slow
def test_a_run_that_was_broken_off_ends_like_one_that_was_not(corpus: Corpus, tmp_path: Path) -> None:
    data = build_soloist_data(corpus, SMALL, validation=0.3)
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()

    class BreakOffError(Exception):
        pass

    def stop(_: object) -> None:
        raise BreakOffError

    report = train_soloist(data, tmp_path / "whole", QUICK)
    with pytest.raises(BreakOffError):
        train_soloist(data, tmp_path / "broken", QUICK, on_epoch=stop)
    again = train_soloist(data, tmp_path / "broken", QUICK, resume=True)
    assert again["history"] == report["history"]
    whole, broken = (load_soloist(tmp_path / name) for name in ("whole", "broken"))
    assert whole.checksum == broken.checksum
    assert sum(report["history"][1]["training"]) < sum(report["history"][0]["training"])
    assert report["held_out"]["total_bits"] > 0
    assert set(report["train_tunes"]).isdisjoint(report["validation_tunes"])
    assert not list((tmp_path / "whole").glob("checkpoint*"))


@pytest.mark.slow
def test_a_loss_that_is_no_number_stops_and_keeps_the_checkpoint_before(corpus: Corpus, tmp_path: Path) -> None:
    data = build_soloist_data(corpus, SMALL)
    train_data = replace(data, validation=None, held_out=())

    def poison(_: object) -> None:
        train_data.train.advice["pitch"].log_probabilities[:] = np.nan

    with pytest.raises(TrainingError, match="not finite; give a lower learning rate"):
        train_soloist(train_data, tmp_path, QUICK, on_epoch=poison)
    assert (tmp_path / "checkpoint.npz").exists()


@pytest.mark.slow
def test_the_command_trains_and_goes_on_from_what_it_trained(run: Run, tmp_path: Path) -> None:
    files = [str(path) for path in sorted(STARTER.glob("*.mid"))]
    quick = ["--epochs", "1", "--tx", "16", "--batch-size", "8", "--validation", "0.3", "--quiet"]
    code, out, err = run("train", "--kind", "soloist", *files[:8], "--units", "8", *quick, "-o", "a")
    assert (code, err) == (0, "")
    assert "bits a note on tunes held out" in out
    assert load_soloist(tmp_path / "a").config.n_a == 8
    code, out, err = run("train", "--from", "a", *files[8:16], *quick, "-o", "b")
    assert (code, err) == (0, "")
    assert "before" in out
    report = json.loads((tmp_path / "b" / "report.json").read_text())
    assert report["from"]["name"] == "a"
    assert report["before"]["notes"] == report["held_out"]["notes"]
    first, second = (load_soloist(tmp_path / name).memory["pitch"] for name in ("a", "b"))
    assert second.counts.sum() > first.counts.sum()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "grammar", "--from", "a"], "goes on from a soloist"),
        (["--kind", "soloist", "--patience", "3"], "--patience: a soloist has no such option"),
        (["--from", "nowhere"], "nowhere: no such model"),
        (["--kind", "soloist", "--units", "0"], "units 0"),
    ],
)
def test_options_that_do_not_go_together_are_one_line(run: Run, arguments: list[str], message: str) -> None:
    code, _, err = run("train", str(STARTER), *arguments)
    assert code == 1
    assert message in err
    assert err.count("\n") == 1

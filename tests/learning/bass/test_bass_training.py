"""Training bassists on a few made-up lines, as small as can be; and the one that ships."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.bass_lines import CONFIG, corpus_of, small_bassist, walked, walks
from helpers.cli_runner import Run
from helpers.wjazzd_files import make_database

from jazzgen.corpus import read_corpus
from jazzgen.corpus.split import Split, load_split, tune_of
from jazzgen.errors import BundleError, CorpusError
from jazzgen.learning.bass.bundle import load_bassist, save_bassist
from jazzgen.learning.bass.scoring import forecasters
from jazzgen.learning.bass.training import build_bass_data, train_bass
from jazzgen.learning.bass.walk import Bassist
from jazzgen.learning.options import BassFitOptions
from jazzgen.learning.startup import load_tensorflow
from jazzgen.system.places import shipped_bass

QUICK = BassFitOptions(epochs=3, batch_size=4, tx=16)
SPLIT = Split(frozenset({tune_of("Walk 5")}))


@pytest.mark.slow
def test_a_run_that_was_broken_off_ends_like_one_that_was_not(tmp_path: Path) -> None:
    data = build_bass_data(walks(), CONFIG, split=SPLIT)
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()

    class BreakOffError(Exception):
        pass

    def stop(_: object) -> None:
        raise BreakOffError

    report = train_bass(data, tmp_path / "whole", QUICK)
    with pytest.raises(BreakOffError):
        train_bass(data, tmp_path / "broken", QUICK, on_epoch=stop)
    again = train_bass(data, tmp_path / "broken", QUICK, resume=True)
    assert again["history"] == report["history"]
    whole, broken = (load_bassist(tmp_path / name) for name in ("whole", "broken"))
    assert whole.checksum == broken.checksum
    assert report["history"][-1]["training"] < report["history"][0]["training"]
    assert set(report["train_tunes"]).isdisjoint(report["validation_tunes"])
    assert report["held_out"]["beats"] == sum(line.counted.sum() for line in data.judged)
    assert not list((tmp_path / "whole").glob("checkpoint*"))


@pytest.mark.slow
def test_a_bassist_agrees_with_keras_and_another_s_weights_do_not() -> None:
    load_tensorflow()
    from jazzgen.learning.bass.check import check_bassist  # noqa: PLC0415

    assert all(row.ok for row in check_bassist(small_bassist()))
    assert not any(row.ok for row in check_bassist(small_bassist(), reference=small_bassist(1).net))


def test_what_is_rare_is_not_known() -> None:
    scores = [reading.score for _, reading in walks().readings]
    latin = replace(scores[0], feel="straight", credits=replace(scores[0].credits, rhythm_feel="LATIN"))
    data = build_bass_data(corpus_of([*scores[1:], latin]), CONFIG, split=SPLIT)
    assert (data.config.grooves, data.config.meters) == (("SWING",), (4,))


def test_a_corpus_without_enough_bass_says_so_in_one_line(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="learns from 200 over 2 tunes or more: give the Weimar Jazz Database"):
        build_bass_data(corpus_of([walked(choruses=1)]), CONFIG)
    everything = Split(frozenset(tune_of(f"Walk {seed}") for seed in range(6)))
    with pytest.raises(CorpusError, match="holds out every tune"):
        build_bass_data(walks(), CONFIG, split=everything)
    (tmp_path / "tune.abc").write_text("X:1\nT:Tune\nM:4/4\nL:1/4\nK:C\n" + '"C"CDEF | "G7"GABc |' * 8)
    code, _, err = run("train", "tune.abc", "--kind", "bass", "-o", "out")
    assert (code, err.count("\n")) == (1, 1)
    assert "tune.abc: it has no part called Bass" in err
    code, _, err = run("train", make_database(tmp_path / "small.db"), "--kind", "bass", "-o", "out")
    assert (code, err.count("\n")) == (1, 1)
    assert "4 bass notes on beats over 1 tunes" in err


@pytest.mark.parametrize("asked", [("--grid", 4), ("--from", "models/soloist"), ("--units", 0)], ids=str)
def test_options_of_other_kinds_are_refused(asked: tuple[str, object], run: Run) -> None:
    code, _, err = run("train", "--kind", "bass", *asked)
    assert (code, err.count("\n")) == (1, 1)


def test_a_folder_is_read_back_and_a_damaged_one_refused(tmp_path: Path) -> None:
    bassist = small_bassist()
    save_bassist(tmp_path / "a", CONFIG, bassist.net, {}, "")
    found = load_bassist(tmp_path / "a")
    assert found.config == CONFIG
    np.testing.assert_allclose(found.net.recurrent, bassist.net.recurrent, atol=1e-3)
    save_bassist(tmp_path / "b", replace(CONFIG, n_a=16), bassist.net, {}, "")
    with pytest.raises(BundleError, match="kernel has shape"):
        load_bassist(tmp_path / "b")
    save_bassist(tmp_path / "c", replace(CONFIG, grooves=(3,)), bassist.net, {}, "")  # type: ignore[arg-type]
    with pytest.raises(BundleError, match="a groove is no text"):
        load_bassist(tmp_path / "c")


def test_the_one_that_ships_is_small_and_says_what_it_was_trained_on() -> None:
    folder = shipped_bass()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 10**6
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    tunes = {tune_of(title) for title in report["train_tunes"]}
    assert tunes.isdisjoint(tune_of(title) for title in report["validation_tunes"])
    assert "Weimar Jazz Database" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_it_foretells_tunes_held_out_as_well_as_its_card_says(weimar_path: Path) -> None:
    split = load_split(weimar_path.parent / "split.json")
    bassist = load_bassist(shipped_bass())
    data = build_bass_data(read_corpus([weimar_path]), bassist.config, split=split)
    found = forecasters(Bassist("", bassist.config, bassist.net), (), data.judged)
    assert found["bassist"].bits.mean() < 3.5
    report = json.loads((shipped_bass() / "report.json").read_text(encoding="utf-8"))
    assert found["bassist"].bits.mean() == pytest.approx(report["held_out"]["bassist"], abs=0.005)
    assert set(report["train_tunes"]).isdisjoint(data.about["validation_tunes"])

"""`jazzgen evaluate`."""

import json
import shutil
from pathlib import Path

import pytest
from helpers.cli_runner import Run
from helpers.small_model import save_small_model
from helpers.small_soloist import STARTER, save_small_soloist

from jazzgen.codec.context import solo_arrays
from jazzgen.corpus import read_score
from jazzgen.learning.soloist.scoring import FORECASTERS, Scored, score_solos
from jazzgen.system.places import shipped_bass

TUNES = sorted(STARTER.glob("*.mid"))[4:7]
BITS = ("ioi_bits", "pitch_bits", "duration_bits", "total_bits")


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAZZGEN_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    save_small_soloist(tmp_path / "ann")
    return tmp_path / "ann"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path in TUNES:
        shutil.copy(path, folder)
    return folder


def split_of(folder: Path, *paths: Path) -> Path:
    path = folder / "split.json"
    path.write_text(json.dumps({"val_titles": [read_score(tune).title for tune in paths]}))
    return path


def test_a_table_of_the_soloist_and_the_baselines(run: Run, model: Path, corpus: Path) -> None:
    code, out, err = run("evaluate", model, "--corpus", corpus, "--quiet")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    notes = sum(len(read_score(path).melody.notes) for path in TUNES)
    assert lines[0] == f"3 solos, {notes} notes; fewer bits are better:"
    assert " ".join(lines[2].split()) == "bits a note ioi pitch duration total right: ioi pitch duration"
    assert [line.split("  ")[0] for line in lines[3:]] == ["ann", "n-grams and motifs", "n-grams", "unigrams"]
    for line in lines[3:]:
        ioi, pitch, duration, total = map(float, line.split()[-7:-3])
        assert total == pytest.approx(ioi + pitch + duration, abs=0.002)


def test_json_has_the_figures_that_scoring_gives(run: Run, model: Path, corpus: Path) -> None:
    code, out, err = run("evaluate", model, "--corpus", corpus, "--json", "--quiet")
    assert (code, err) == (0, "")
    found, soloist = json.loads(out), save_small_soloist(model)
    solos = [solo_arrays(read_score(path)) for path in TUNES]
    scores = [scored for _, scored in score_solos(solos, soloist.net, soloist.memory, soloist.config.who)]
    whole = {name: Scored.joined([solo[name] for solo in scores]).figures() for name in FORECASTERS}
    assert (found["model"], found["solos"], found["notes"]) == ("ann", 3, sum(len(solo.notes) for solo in solos))
    assert set(found["baselines"]) == {"ngram", "ngram_no_motifs", "unigram"}
    for name in BITS:
        assert found[name] == pytest.approx(whole["soloist"][name])
        for baseline, figures in found["baselines"].items():
            assert figures[name] == pytest.approx(whole[baseline][name])
    assert found["accuracy"] == pytest.approx(whole["soloist"]["accuracy"])
    assert "each" not in found


def test_each_solo_has_its_own_figures(run: Run, model: Path, corpus: Path) -> None:
    _, out, _ = run("evaluate", model, "--corpus", corpus, "--each", "--json", "--quiet")
    found = json.loads(out)
    assert [solo["name"] for solo in found["each"]] == [str(corpus / path.name) for path in TUNES]
    assert [solo["notes"] for solo in found["each"]] == [len(read_score(path).melody.notes) for path in TUNES]
    for name in BITS:
        mean = sum(solo[name] * solo["notes"] for solo in found["each"]) / found["notes"]
        assert found[name] == pytest.approx(mean)
    _, out, _ = run("evaluate", model, "--corpus", corpus, "--each", "--quiet")
    lines = out.splitlines()[-4:]
    assert lines[0].split() == ["solo", "notes", "ioi", "pitch", "duration", "total"]
    for line, solo in zip(lines[1:], found["each"], strict=True):
        assert line.split()[-5:] == [str(solo["notes"]), *(f"{solo[name]:.3f}" for name in BITS)]


def test_a_split_leaves_what_it_holds_out(run: Run, model: Path, corpus: Path, tmp_path: Path) -> None:
    split = split_of(tmp_path, TUNES[1])
    _, out, _ = run("evaluate", model, "--corpus", corpus, "--split", split, "--each", "--json", "--quiet")
    assert [solo["name"] for solo in json.loads(out)["each"]] == [str(corpus / TUNES[1].name)]


def test_several_corpora_are_one(run: Run, model: Path) -> None:
    _, out, _ = run("evaluate", model, "--corpus", TUNES[0], "--corpus", TUNES[2], "--json", "--quiet")
    assert json.loads(out)["solos"] == 2


def test_a_split_that_holds_out_none_of_them_is_an_error(run: Run, model: Path, corpus: Path, tmp_path: Path) -> None:
    split = split_of(tmp_path)
    code, out, err = run("evaluate", model, "--corpus", corpus, "--split", split, "--quiet")
    assert (code, out) == (1, "")
    assert err == (
        f"jazzgen: {split}: holds out none of the tunes of the 3 solos read; leave out --split to score them all\n"
    )


def test_a_tune_that_the_model_learnt_is_warned_of(run: Run, model: Path, corpus: Path) -> None:
    heard = {"train_tunes": [read_score(TUNES[2]).title.upper() + " (alternate take)", "Another"]}
    (model / "report.json").write_text(json.dumps(heard))
    code, out, err = run("evaluate", model, "--corpus", corpus, "--json", "--quiet")
    assert (code, json.loads(out)["solos"]) == (0, 3)
    assert err == (
        f"warning: {model} was trained on the tunes of 1 of these 3 solos, so the figures are not of unseen music; "
        "--split scores only what was held out\n"
    )
    assert run("evaluate", model, "--corpus", TUNES[0], "--quiet")[2] == ""


@pytest.mark.parametrize("text", [None, "cake", "[]", '{"train_tunes": 3}', '{"train_tunes": [3]}'])
def test_a_model_without_a_proper_report_is_scored_all_the_same(run: Run, model: Path, text: str | None) -> None:
    (model / "report.json").unlink() if text is None else (model / "report.json").write_text(text)
    code, _, err = run("evaluate", model, "--corpus", TUNES[0], "--quiet")
    assert (code, err) == (0, "")


def test_what_holds_no_notes_is_passed_over_and_said(run: Run, model: Path, corpus: Path) -> None:
    chart = corpus / "chart.txt"
    chart.write_text("title: Mine\nchanges:\nF7 | Bb7\n", encoding="utf-8")
    code, out, err = run("evaluate", model, "--corpus", corpus, "--quiet")
    assert (code, out.splitlines()[0].split(",")[0]) == (0, "3 solos")
    assert err == f"skipped: {chart}: it has no melody to score, only changes\n"
    code, out, err = run("evaluate", model, "--corpus", chart, "--quiet")
    assert (code, out) == (1, "")
    assert err == (
        f"jazzgen: there is no solo to score: {chart}: it has no melody to score, only changes; "
        "give files with a melody\n"
    )


def test_a_grammar_model_is_refused_with_the_cure(run: Run, tmp_path: Path) -> None:
    save_small_model(tmp_path / "grammar")
    code, out, err = run("evaluate", "grammar", "--corpus", TUNES[0], "--quiet")
    assert (code, out) == (1, "")
    assert err == ("jazzgen: grammar: is not a jazzgen soloist; give a folder that 'jazzgen train' wrote\n")


def test_a_corpus_is_asked_for(run: Run, model: Path) -> None:
    code, _, err = run("evaluate", model)
    assert code == 2
    assert "--corpus" in err


def test_the_model_is_not_changed(run: Run, model: Path, corpus: Path) -> None:
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    run("evaluate", model, "--corpus", corpus, "--quiet")
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before


def test_a_bassist_is_scored_by_the_beat(weimar_path: Path, run: Run) -> None:
    split = weimar_path.parent / "split.json"
    bass = shipped_bass()
    code, out, err = run("evaluate", bass, "--corpus", weimar_path, "--split", split, "--json", "--quiet")
    assert code == 0
    assert "warning" not in err  # it was trained on none of them
    figures = json.loads(out)["forecasters"]
    bits = [figures[name]["bits"] for name in ("bassist", "n-grams", "steps", "uniform")]
    assert bits == sorted(bits)
    assert bits[0] < 3.5


def test_a_corpus_without_bass_lines_is_one_line(corpus: Path, run: Run) -> None:
    code, _, err = run("evaluate", shipped_bass(), "--corpus", corpus, "--quiet")
    assert code == 1
    assert "in SWING, TWOBEAT; give the Weimar Jazz Database" in err.splitlines()[-1]

"""`jazzgen metrics`."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.cli_runner import Run
from helpers.small_model import STARTER
from matplotlib.image import imread

from jazzgen.corpus import read_score
from jazzgen.formats.midi.write import write_midi
from jazzgen.metrics.comparison import TIME_LABELS
from jazzgen.metrics.figures import FIGURE_LABELS, HISTOGRAM_LABELS

TUNES = sorted(STARTER.glob("*.mid"))


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAZZGEN_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path in TUNES[:4]:
        shutil.copy(path, folder)
    return folder


def test_a_table_of_figures_histograms_and_runs(run: Run, corpus: Path) -> None:
    code, out, err = run("metrics", TUNES[5], "--against", corpus, "--quiet")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "1 solos beside 4 of the corpus, means:"
    assert lines[2].split() == ["figure", "generated", "human", "human", "sd", "sds", "apart", "overlap"]
    for label in (*FIGURE_LABELS.values(), *TIME_LABELS.values(), *HISTOGRAM_LABELS.values()):
        assert sum(line.startswith(label) for line in lines) == 1
    assert lines[-1].startswith(f"  …{str(TUNES[5])[-43:]}: ")
    assert " notes from bar " in lines[-1]


def test_json_has_the_figures_of_every_solo(run: Run, corpus: Path) -> None:
    code, out, err = run("metrics", TUNES[1], TUNES[5], "--against", corpus, "--json", "--quiet")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["count"] == {"generated": 2, "human": 4}
    assert set(found["figures"]) == {*FIGURE_LABELS, *TIME_LABELS, "run_melody", "run_rhythm"}
    assert set(found["histograms"]) == set(HISTOGRAM_LABELS)
    own, other = found["solos"]
    assert own["name"] == str(TUNES[1])
    assert own["run_melody"]["source"] == str(corpus / TUNES[1].name)
    assert own["run_melody"]["notes"] > other["run_melody"]["notes"] > 0
    entropy = found["figures"]["entropy_1"]["generated"]["mean"]
    assert entropy == pytest.approx((own["entropy_1"] + other["entropy_1"]) / 2)


def test_what_is_not_known_is_null_and_a_dash(run: Run, corpus: Path) -> None:
    alone = corpus / TUNES[0].name
    _, out, _ = run("metrics", TUNES[5], "--against", alone, "--json", "--quiet")
    assert json.loads(out)["figures"]["entropy_1"]["sds_apart"] is None
    _, out, _ = run("metrics", TUNES[5], "--against", alone, "--quiet")
    assert "-" in out.splitlines()[3].split()


def at_tempo(folder: Path, name: str, bpm: float) -> Path:
    score = read_score(TUNES[0])
    folder.mkdir(exist_ok=True)
    write_midi(replace(score, tempos=((0, bpm),)), folder / name)
    return folder / name


def test_a_range_of_tempos_is_of_both_sides_and_says_times_in_milliseconds(run: Run, tmp_path: Path) -> None:
    slow, fast = at_tempo(tmp_path / "ours", "slow.mid", 60), at_tempo(tmp_path / "ours", "fast.mid", 240)
    for number, bpm in enumerate((50, 80, 81, 200)):
        at_tempo(tmp_path / "theirs", f"{number}.mid", bpm)
    arguments = ("metrics", slow, fast, "--against", tmp_path / "theirs", "--json", "--quiet")
    code, out, err = run(*arguments, "--tempo", "50-80")
    found = json.loads(out)
    assert (code, err, found["count"]) == (0, "", {"generated": 1, "human": 2})
    (solo,) = found["solos"]
    times = found["figures"]["onset_ms"]["human"]
    assert times["mean"] == pytest.approx(solo["onset_ms"] * (60 / 50 + 60 / 80) / 2)
    _, everything, _ = run(*arguments)
    assert json.loads(everything)["count"] == {"generated": 2, "human": 4}
    assert json.loads(everything)["solos"][1]["length_ms"] == pytest.approx(solo["length_ms"] / 4)


def test_a_picture(run: Run, corpus: Path) -> None:
    code, _, err = run("metrics", TUNES[5], "--against", corpus, "--picture", "p.png", "--quiet")
    assert (code, err) == (0, "Wrote p.png\n")
    assert imread("p.png").shape[:2] == (1300, 1200)


def test_what_holds_no_solo_is_passed_over_and_said(run: Run, corpus: Path) -> None:
    chart = corpus / "chart.txt"
    chart.write_text("title: Mine\nchanges:\nF7 | Bb7\n", encoding="utf-8")
    code, out, err = run("metrics", TUNES[5], "--against", corpus, "--quiet")
    assert (code, out.splitlines()[0]) == (0, "1 solos beside 4 of the corpus, means:")
    assert err.startswith(f"skipped: {chart}: ")
    assert err.count("\n") == 1
    code, _, err = run("metrics", TUNES[5], "--against", chart, "--quiet")
    assert (code, err.count("\n")) == (1, 1)
    assert f"there is no solo to measure: {chart}" in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("gone.mid", "--against", STARTER), 1, "gone.mid"),
        ((TUNES[0], "--against", "gone"), 1, "gone"),
        ((TUNES[0], "--against", STARTER, "--picture", "gone/p.png"), 1, "the folder 'gone' is not there"),
        ((TUNES[0], "--against", STARTER, "--bars", "9"), 1, "--bars 9"),
        ((TUNES[0], "--against", STARTER, "--tempo", "slow"), 1, "--tempo slow: give the slowest and the fastest"),
        ((TUNES[0], "--against", STARTER, "--tempo", "80-50"), 1, "as in 50-80"),
        ((TUNES[0], "--against", STARTER, "--tempo", "5-6"), 1, "none of 1 solos is at 5 to 6 beats a minute"),
        ((TUNES[0],), 2, "--against"),
    ],
)
def test_a_mistake_is_told_at_once(run: Run, arguments: tuple[object, ...], code: int, message: str) -> None:
    found, out, err = run("metrics", *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert code == 2 or err.count("\n") == 1

"""`jazzgen listen`."""

import json
import re
from pathlib import Path

import pytest
from helpers.cli_runner import Run
from helpers.small_soloist import STARTER, save_small_soloist
from matplotlib.image import imread

from jazzgen.listener.config import FEATURES


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAZZGEN_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    save_small_soloist(tmp_path / "ann")
    return tmp_path / "ann"


def test_figures_tell_an_untrained_model_from_people(run: Run, model: Path) -> None:
    code, out, err = run("listen", model, "--against", STARTER, "--kind", "figures", "--quiet")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "trained on 22 and 22 solos, asked about 8 and 8 over other tunes:"
    rows = [line.split() for line in lines if line.startswith("figures")]
    assert [row[1] for row in rows] == list(FEATURES)
    assert rows[0][2] == "-"
    assert float(rows[0][3]) > 0.9
    assert sum(bool(re.match(r"\d+ steps ", line)) for line in lines) == 10


@pytest.mark.slow
def test_a_model_beside_itself_and_a_picture(run: Run, model: Path, tmp_path: Path) -> None:
    arguments = ("listen", model, "--against", STARTER, "--beside", model, "--folds", 2, "--epochs", 1, "--quiet")
    code, out, _ = run(
        *arguments, "--kind", "recurrent", "--features", "all", "--picture", tmp_path / "p.png", "--json"
    )
    assert code == 0
    (row,) = json.loads(out)["listeners"]
    assert (row["kind"], row["features"]) == ("recurrent", "all")
    assert row["solos"]["low"] < 0.5 < row["solos"]["high"]
    assert row["solos"]["count"] == 60
    assert imread(tmp_path / "p.png").shape[1] == 1300


def test_files_of_solos_are_judged_as_a_model_is(run: Run, model: Path) -> None:
    arguments = ("--against", STARTER, "--kind", "figures", "--features", "all", "--json", "--quiet")
    files = sorted(STARTER.glob("*.mid"))
    code, out, _ = run("listen", *files, *arguments)
    assert code == 0
    found = json.loads(out)
    assert found["listeners"][0]["solos"]["area"] == 0.5  # the very same solos
    assert found["runs"]["4"]["people"] == found["runs"]["4"]["model"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--features", "smell"], "features 'smell': they are all, pitches"),
        (["--folds", "1"], "folds 1: the solos are over 30 tunes; take 2 to 30"),
        (["--beside", "people"], "solos to train a listener on: each side needs 10 or more"),
    ],
)
def test_mistakes_are_one_line(run: Run, model: Path, arguments: list[str], message: str) -> None:
    code, _, err = run("listen", model, "--against", STARTER, "--kind", "figures", "--quiet", *arguments)
    assert code == 1
    assert err.count("\n") == 1
    assert message in err


def test_what_there_is_nothing_to_play_over(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "one.mid").write_bytes(sorted(STARTER.glob("*.mid"))[0].read_bytes())
    code, _, err = run("listen", model, "--against", tmp_path / "one.mid", "--kind", "figures", "--quiet")
    assert code == 1
    assert "or more; give a larger corpus" in err

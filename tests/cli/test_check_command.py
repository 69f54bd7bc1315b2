"""`jazzgen check` as a user meets it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.cli_runner import Run
from helpers.small_model import save_small_model
from helpers.small_soloist import save_small_soloist

from jazzgen.learning.grammar import check as network_check
from jazzgen.learning.grammar.bundle import Weights, save_bundle
from jazzgen.learning.startup import load_tensorflow

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_small_model(folder)
    return folder


@pytest.mark.slow
def test_a_table_of_what_agrees(model: Path, run: Run) -> None:
    code, out, err = run("check", model)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert "16 units" in lines[0]
    assert lines[1].split() == ["precision", "layer", "what", "largest", "difference", "limit"]
    assert lines[-1] == f"All {len(lines) - 3} figures agree."
    for line in lines[2:-1]:
        difference, limit, verdict = line.split()[-3:]
        assert float(difference) <= float(limit)
        assert verdict == "ok"


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(MODELS.glob("*/")), ids=lambda path: path.name)
def test_every_model_that_ships_agrees(path: Path, run: Run) -> None:
    code, out, err = run("check", path)
    assert (code, err) == (0, "")
    assert "figures agree." in out


@pytest.mark.slow
def test_a_soloist_whose_weights_differ_is_off(tmp_path: Path) -> None:
    soloist = save_small_soloist(tmp_path)
    load_tensorflow()
    from jazzgen.learning.soloist.check import check_soloist  # noqa: PLC0415 - brings TensorFlow

    assert all(row.ok for row in check_soloist(soloist))
    pitch = soloist.net.voices["pitch"]
    other = replace(pitch, bias=pitch.bias + np.float32(1e-2))
    rows = list(check_soloist(soloist, reference=replace(soloist.net, voices=soloist.net.voices | {"pitch": other})))
    assert {row.layer for row in rows if not row.ok} == {"pitch"}


@pytest.mark.slow
def test_a_difference_is_one_line_and_exit_1(model: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = network_check.check_weights

    def with_a_broken_weight(config: object, weights: Weights, **options: object) -> object:
        return whole(config, weights, reference=weights._replace(bias=weights.bias + np.float32(1e-3)), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(network_check, "check_weights", with_a_broken_weight)
    code, out, err = run("check", model)
    assert code == 1
    assert " OFF\n" in out
    assert "agree" not in out
    assert err.startswith(f"jazzgen: {model}: ")
    assert "figures are off, the first outputs, each token once of densor in float32" in err
    assert err.count("\n") == 1


WRONG = [
    ("no-model", "no such model"),
    ("other", "is not a jazzgen grammar model"),
    ("broken", "a weight is not a finite number"),
]


@pytest.mark.parametrize(("name", "message"), WRONG)
def test_a_bundle_that_cannot_be_checked_is_one_line(tmp_path: Path, run: Run, name: str, message: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text('{"kind": "cake", "format": 1}')
    save_broken_model(tmp_path / "broken")
    code, out, err = run("check", tmp_path / name)
    assert (code, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1


def save_broken_model(folder: Path) -> None:
    bundle = save_small_model(folder)
    weights = bundle.weights._replace(bias=np.full_like(bundle.weights.bias, np.nan))
    save_bundle(folder, bundle.config, bundle.vocabulary, weights, {}, "")


def test_a_negative_seed_is_one_line(model: Path, run: Run) -> None:
    assert run("check", model, "--seed", -1) == (1, "", "jazzgen: --seed -1: a seed is 0 or more\n")

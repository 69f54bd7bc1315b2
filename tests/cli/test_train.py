"""Training from the command line, in processes of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.small_model import STARTER

from jazzgen.corpus import read_score
from jazzgen.learning.grammar.bundle import load_bundle
from jazzgen.system import places

pytestmark = pytest.mark.slow
EPOCHS = 25


def command(out: Path, *extra: str) -> list[str]:
    files = [str(path) for path in sorted(STARTER.glob("*.mid"))[:5]]
    sizes = ["--units", "24", "--epochs", str(EPOCHS), "--patience", str(EPOCHS), "--seed", "3"]
    return [sys.executable, "-m", "jazzgen", "train", *files, "-o", str(out), *sizes, *extra]


def train(out: Path, *extra: str) -> str:
    done = subprocess.run(command(out, *extra), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "whole"
    train(folder)
    return folder


def test_training_writes_a_whole_bundle(trained: Path) -> None:
    names = {path.name for path in trained.iterdir()}
    bundle = {"config.json", "weights.npz", "vocabulary.json", "report.json", "README.md", "training.png"}
    assert names == bundle | {"training.npz"}
    report = json.loads((trained / "report.json").read_text())
    assert report["files"] == 5
    assert load_bundle(trained).config.tilt.balance is not None
    assert len(report["history"]) == report["epochs"] == EPOCHS
    assert set(report["validation_tunes"]).isdisjoint(report["train_tunes"])
    assert report["history"][-1]["loss"] < report["history"][0]["loss"]
    assert (trained / "training.png").read_bytes().startswith(b"\x89PNG")


def test_the_model_plays(trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "solo.mid"
    arguments = ["generate", "--model", str(trained), "--tune", "blues-f", "--seed", "1", "-o", str(out)]
    subprocess.run([sys.executable, "-m", "jazzgen", *arguments], check=True, capture_output=True)
    assert len(read_score(out).melody.notes) > 10


def test_killed_at_any_moment_it_resumes_to_the_same_weights(trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    rng = np.random.default_rng(5)
    kills = 0
    for _ in range(4):
        started = time.monotonic()
        process = subprocess.Popen(command(out, "--resume", "--quiet"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        checkpoint = out / "checkpoint.npz"
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        while process.poll() is None and time.monotonic() - started < 120:
            if checkpoint.exists() and checkpoint.stat().st_mtime_ns != before:
                time.sleep(rng.uniform(0, 0.1))  # somewhere in the epochs that follow
                break
            time.sleep(0.005)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
    train(out, "--resume")
    assert kills >= 2
    for mine, other in zip(load_bundle(out).weights, load_bundle(trained).weights, strict=True):
        np.testing.assert_array_equal(mine, other)
    assert (out / "config.json").read_bytes() == (trained / "config.json").read_bytes()
    assert [path.name for path in out.iterdir() if path.name.startswith(".") or "checkpoint" in path.name] == []


def test_resume_of_a_finished_training_does_nothing(trained: Path) -> None:
    before = (trained / "weights.npz").stat().st_mtime_ns
    assert "trained already" in train(trained, "--resume")
    assert (trained / "weights.npz").stat().st_mtime_ns == before


def test_more_epochs_of_a_finished_training_are_those_of_one_that_was_longer(trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "longer"
    train(out, "--epochs", "10")
    assert "trained already" in train(out, "--resume", "--epochs", "10")
    train(out, "--resume", "--epochs", str(EPOCHS))
    for mine, other in zip(load_bundle(out).weights, load_bundle(trained).weights, strict=True):
        np.testing.assert_array_equal(mine, other)
    assert json.loads((out / "report.json").read_text())["epochs"] == EPOCHS


def test_what_is_there_is_not_trained_over_unless_asked(tmp_path: Path) -> None:
    out = tmp_path / "model"
    train(out, "--epochs", "1")
    before = (out / "weights.npz").read_bytes()
    again = subprocess.run(command(out), capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert (
        again.stderr.strip()
        == f"jazzgen: {out}: there is a model already; --force trains it anew, -o takes another folder"
    )
    assert (out / "weights.npz").read_bytes() == before
    (out / "checkpoint.npz").write_bytes(b"")
    broken = subprocess.run(command(out), capture_output=True, text=True, check=False)
    assert "a training was broken off there; --resume goes on with it, --force starts anew" in broken.stderr
    (out / "checkpoint.npz").unlink()
    train(out, "--epochs", "2", "--force")
    assert (out / "weights.npz").read_bytes() != before


def test_generate_plays_what_was_trained_last_and_says_so(trained: Path, tmp_path: Path) -> None:
    models = Path(os.environ["JAZZGEN_MODELS"])
    first = models / "first"
    shutil.copytree(trained, first)
    places.remember_trained(first)
    line = [sys.executable, "-m", "jazzgen", "generate", "--changes", "F7 | Bb7", "--seed", "1"]
    played = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"by {first}, seed 1." in played.stdout
    shutil.rmtree(first)
    shipped = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"by {places.shipped_soloist().resolve()}, seed 1." in shipped.stdout

"""Several workers: who they are, how they share a batch, and that they train as one process does."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.cli_runner import Run
from helpers.small_model import STARTER
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError, TrainingError
from jazzgen.learning.distributed import ALONE, Cluster, require_rows
from jazzgen.learning.grammar.bundle import load_bundle

EPOCHS = 12
PAIR = ["one:2222", "two:2222"]


def tf_config(cluster: object, kind: str = "worker", index: object = 0) -> dict[str, str]:
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})}


@pytest.fixture
def addresses() -> tuple[str, str]:
    """Two of this machine's that were free a moment ago."""
    with socket.create_server(("", 0)) as one, socket.create_server(("", 0)) as two:
        ports = [server.getsockname()[1] for server in (one, two)]
    return f"localhost:{ports[0]}", f"localhost:{ports[1]}"


@pytest.mark.parametrize("environment", [{}, {"TF_CONFIG": ""}])
def test_without_tf_config_a_process_is_alone(environment: dict[str, str]) -> None:
    assert Cluster.from_environment(environment) is ALONE
    assert ALONE.is_chief
    assert ALONE.size == 1


def test_tf_config_names_the_workers_and_this_one() -> None:
    cluster = Cluster.from_environment(tf_config({"worker": PAIR}, index=1))
    assert (cluster.addresses, cluster.rank, cluster.is_chief) == (tuple(PAIR), 1, False)


@pytest.mark.parametrize(("kind", "index", "rank"), [("chief", 0, 0), ("worker", 0, 1), ("worker", 1, 2)])
def test_a_chief_of_its_own_comes_before_the_workers(kind: str, index: int, rank: int) -> None:
    cluster = Cluster.from_environment(tf_config({"worker": PAIR, "chief": ["first:1"]}, kind, index))
    assert cluster.addresses == ("first:1", *PAIR)
    assert cluster.rank == rank


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"TF_CONFIG": "worker 1"}, "does not say who the workers are .* it reads"),
        ({"TF_CONFIG": "[]"}, "does not say who the workers are"),
        ({"TF_CONFIG": '{"cluster": {"worker": ["one:1"]}}'}, "KeyError: 'task'"),
        (tf_config({"worker": PAIR}, "ps"), "KeyError: 'ps'"),
        (tf_config({"worker": PAIR}, index=2), "index 2 of 2 workers; they count from 0"),
        (tf_config({"worker": PAIR}, index=-1), "index -1"),
        (tf_config({"worker": ["one", "two:1"]}), "'one' is no HOST:PORT"),
        (tf_config({"worker": ["one:1", "one:1"]}), "two workers have one address"),
    ],
)
def test_a_tf_config_that_makes_no_sense_is_explained(environment: dict[str, str], reason: str) -> None:
    with pytest.raises(OptionError, match=f"TF_CONFIG.*{reason}"):
        Cluster.from_environment(environment)


@pytest.mark.parametrize(
    ("environment", "options", "reason"),
    [
        ({"TF_CONFIG": "worker 1"}, [], "TF_CONFIG does not say who the workers are"),
        (tf_config({"worker": PAIR}), ["--workers", "2"], "give one of the two"),
        (tf_config({"worker": PAIR}), ["--batch-size", "1"], "2 workers share a batch"),
        ({}, ["--workers", "3", "--batch-size", "2"], "give a batch size of 3 or more"),
    ],
)
def test_the_command_line_says_what_does_not_go_together(
    run: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], options: list[str], reason: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code, out, err = run("train", *options)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert reason in err


@given(st.integers(1, 9), st.integers(0, 50))
def test_the_shares_make_the_whole_batch(size: int, count: int) -> None:
    names = tuple(f"host:{rank}" for rank in range(size))
    shares = [Cluster(names, rank).rows(np.arange(count)) for rank in range(size)]
    assert sorted(np.concatenate(shares)) == list(range(count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_batch_has_a_row_for_each_worker() -> None:
    require_rows(3, 3)
    with pytest.raises(OptionError, match="batch size 3: 4 workers share a batch; give a batch size of 4"):
        require_rows(3, 4)


@pytest.mark.parametrize("rank", [0, 1])
def test_the_wait_for_another_worker_has_an_end(addresses: tuple[str, str], rank: int) -> None:
    with pytest.raises(TrainingError, match=f"no word from .*{addresses[1 - rank]}; start 'jazzgen train' there"):
        Cluster(addresses, rank).connect(wait_seconds=0.3)


def test_a_port_in_use_is_named(addresses: tuple[str, str]) -> None:
    with (
        socket.create_server(("", int(addresses[1].split(":")[1]))),
        pytest.raises(TrainingError, match=f"port of {addresses[1]}: .*choose another"),
    ):
        Cluster(addresses, 1).connect(wait_seconds=0.3)


def test_the_death_of_a_worker_ends_the_wait(addresses: tuple[str, str]) -> None:
    def watch() -> None:
        raise TrainingError("worker 1 ended")

    with pytest.raises(TrainingError, match="worker 1 ended"):
        Cluster(addresses, watch=watch).connect(wait_seconds=60)


def command(out: Path, *extra: str, epochs: int = EPOCHS) -> list[str]:
    files = [str(path) for path in sorted(STARTER.glob("*.mid"))[:5]]
    sizes = ["--units", "24", "--epochs", str(epochs), "--patience", "4000", "--seed", "3", "--quiet"]
    return [sys.executable, "-m", "jazzgen", "train", *files, "-o", str(out), *sizes, *extra]


def train(out: Path, *extra: str) -> None:
    done = subprocess.run(command(out, *extra), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of it."""
    folder = tmp_path_factory.mktemp("models") / "alone"
    train(folder)
    return folder


def assert_alike(folder: Path, other: Path) -> None:
    """The same weights and losses up to rounding, and no more files."""
    assert {path.name for path in folder.iterdir()} == {path.name for path in other.iterdir()}
    for a, b in zip(load_bundle(folder).weights, load_bundle(other).weights, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    for mine, its in zip(history(folder), history(other), strict=True):
        assert mine == pytest.approx(its, rel=1e-5)


def history(folder: Path) -> list[dict[str, float]]:
    epochs: list[dict[str, float]] = json.loads((folder / "report.json").read_text())["history"]
    return epochs


@pytest.mark.slow
def test_two_processes_train_as_one_does(alone: Path, tmp_path: Path) -> None:
    train(tmp_path / "two", "--workers", "2")
    assert_alike(tmp_path / "two", alone)


@pytest.mark.slow
def test_a_run_that_lost_a_worker_says_so_and_goes_on_elsewhere(
    alone: Path, tmp_path: Path, addresses: tuple[str, str]
) -> None:
    """The machines of TF_CONFIG, of which one dies; then two processes of one machine resume."""
    out = tmp_path / "model"
    cluster = {"worker": addresses}
    # TensorFlow in this process may have set how much it says
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    chief, worker = (
        subprocess.Popen(
            command(folder, epochs=4000),
            env=environment | tf_config(cluster, index=rank),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank, folder in enumerate((out, tmp_path / "of the worker"))
    )
    while not (out / "checkpoint.npz").exists() and chief.poll() is None and worker.poll() is None:
        time.sleep(0.01)
    worker.kill()
    worker.communicate()
    _, said = chief.communicate(timeout=120)
    assert chief.returncode == 1
    assert said.count("\n") == 1
    assert f"the worker at {addresses[1]} is gone" in said
    assert not (tmp_path / "of the worker").exists()
    train(out, "--workers", "2", "--resume")
    assert_alike(out, alone)

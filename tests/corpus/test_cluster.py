"""Work on many files on a cluster: here two of Dask's workers on this machine, each with one thread."""

import fcntl
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from helpers.cli_runner import Run
from helpers.small_model import STARTER

from jazzgen.corpus import cluster, look_over, read_corpus
from jazzgen.corpus.cluster import for_each_file_on_cluster
from jazzgen.corpus.pool import AHEAD
from jazzgen.errors import CorpusError, ExtraError
from jazzgen.system.limits import MAX_MEMORY_BYTES

pytest.importorskip("distributed", reason="needs the extra: pip install 'jazzgen[cluster]'")
import dask
from distributed import Client, LocalCluster

FILES = [Path(f"{number}.mid") for number in range(20)]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[LocalCluster]:
    """They give up a batch as soon as one of them died of it."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as local,
    ):
        yield local


@pytest.fixture
def address(two_workers: LocalCluster) -> str:
    """The scheduler's, once its workers are there, again if need be."""
    two_workers.wait_for_workers(2, timeout=60)
    return str(two_workers.scheduler_address)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter corpus, and a file that is broken."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path in STARTER.glob("*.mid"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "broken.mid").write_bytes(b"MThd")
    return folder


def stem_of(path: Path) -> str:
    return path.stem


def nap(path: Path) -> str:
    time.sleep(0.3)
    return path.stem


def died(path: Path) -> str:
    return f"died on {path.stem}"


def die_on_seven(path: Path) -> str:
    if path.stem == "7":
        os._exit(3)
    return path.stem


def kill_worker_on_seven(times: int, folder: Path, path: Path) -> str:
    """Takes the worker along that this process belongs to, as a machine does that goes down."""
    if path.stem == "7" and len(list(folder.iterdir())) < times:
        (folder / str(time.time_ns())).touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return path.stem


def count(folder: Path, path: Path) -> str:
    (folder / path.stem).touch()
    return path.stem


def limits(_: Path) -> tuple[bool, int]:
    return threading.current_thread() is threading.main_thread(), resource.getrlimit(resource.RLIMIT_AS)[0]


def kill_worker_and_stay(lock: Path, _: Path) -> str:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return "stayed"


@pytest.mark.slow
def test_a_cluster_finds_what_one_machine_finds(address: str, folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert list(look_over(files, scheduler=address)) == list(look_over(files))
    corpus = read_corpus([folder], scheduler=address)
    assert corpus == read_corpus([folder])
    assert len(corpus.readings) == len(files) - 1
    assert "broken.mid: " in corpus.failures[0]


@pytest.mark.slow
def test_inspect_prints_the_same(address: str, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    command = ("corpus", "inspect", "--no-cache", folder.name)
    assert run(*command, "--cluster", address) == run(*command)


@pytest.mark.slow
def test_results_come_from_other_processes_under_the_limits_on_a_file(address: str) -> None:
    results = [result for _, result in for_each_file_on_cluster(FILES, limits, limits, address)]
    assert results == [(True, MAX_MEMORY_BYTES)] * len(FILES)


@pytest.mark.slow
def test_a_file_that_kills_its_process_costs_that_file_and_no_worker(address: str) -> None:
    with Client(address, set_as_default=False) as client:
        workers = set(client.nthreads())
        results = [result for _, result in for_each_file_on_cluster(FILES, die_on_seven, died, address)]
        assert set(client.nthreads()) == workers
    assert results == ["died on 7" if path.stem == "7" else path.stem for path in FILES]


@pytest.mark.slow
@pytest.mark.parametrize(("times", "result"), [(1, "7"), (9, "died on 7")], ids=["once", "whenever it is tried"])
def test_a_worker_that_dies_costs_one_file_at_most(times: int, result: str, address: str, tmp_path: Path) -> None:
    work = partial(kill_worker_on_seven, times, tmp_path)
    results = [result for _, result in for_each_file_on_cluster(FILES, work, died, address)]
    assert results == [result if path.stem == "7" else path.stem for path in FILES]


@pytest.mark.slow
def test_a_process_that_reads_ends_with_its_worker(address: str, tmp_path: Path) -> None:
    work = partial(kill_worker_and_stay, tmp_path / "lock")
    assert [result for _, result in for_each_file_on_cluster(FILES[:1], work, died, address)] == ["died on 0"]
    started = time.perf_counter()
    with (tmp_path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
    assert time.perf_counter() - started < 10


@pytest.mark.slow
def test_only_so_many_files_are_under_way(address: str, tmp_path: Path) -> None:
    files = [Path(f"{number}.mid") for number in range(200)]
    batch, threads = 200 // (2 * 32), 2
    results = for_each_file_on_cluster(files, partial(count, tmp_path), died, address)
    next(results)
    time.sleep(1.0)
    assert len(list(tmp_path.iterdir())) == (threads * AHEAD + 1) * batch
    assert len(list(results)) == len(files) - 1
    assert len(list(tmp_path.iterdir())) == len(files)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_WORKERS_SECONDS", 1)
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=":0", protocol="tcp") as local,
        pytest.raises(
            CorpusError, match=r"cluster tcp://.*no workers for 1 seconds; start some with 'dask worker tcp://"
        ),
    ):
        list(for_each_file_on_cluster(FILES, stem_of, died, local.scheduler_address))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "message"), [("workers", "no workers for 1 seconds"), ("all", "connection .* is lost")]
)
def test_a_cluster_that_goes_is_an_error(lost: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_WORKERS_SECONDS", 1)
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as local:
        results = for_each_file_on_cluster(FILES, nap, died, local.scheduler_address)
        next(results)
        local.scale(0) if lost == "workers" else local.close()
        with pytest.raises(CorpusError, match=f"cluster {local.scheduler_address}: .*{message}"):
            list(results)


def test_a_server_that_is_no_scheduler_is_an_error_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.3)
    started = time.perf_counter()
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(CorpusError, match=f"cluster {there}: no scheduler answers there"):
            list(for_each_file_on_cluster(FILES, stem_of, died, there))
    with pytest.raises(CorpusError, match=f"cluster {there}: no scheduler answers there"):
        list(for_each_file_on_cluster(FILES, stem_of, died, there))
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("wrong", "message"),
    [("head", "no address; write it as tcp://HOST:PORT"), ("tls://head:8786", "TLS needs certificates")],
)
def test_an_address_that_cannot_be_used_is_an_error(wrong: str, message: str) -> None:
    with pytest.raises(CorpusError, match=f"cluster {wrong}: {message}"):
        list(for_each_file_on_cluster(FILES, stem_of, died, wrong))


def test_without_the_extra_the_error_says_how_to_install_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExtraError, match=r"reading on a cluster needs distributed; type: .*\[cluster\]"):
        read_corpus([folder], scheduler="tcp://127.0.0.1:8786")


@pytest.mark.parametrize(
    ("there", "message"),
    [
        (cluster._Machine("3.12", "a", True), "has Python 3.12 and this machine 3.11; use the same"),
        (cluster._Machine("3.11", "b", True), "has another jazzgen than this machine; install"),
        (cluster._Machine("3.11", "a", False), "does not see 0.mid; keep the corpus"),
        (
            ModuleNotFoundError("No module named 'jazzgen'"),
            r"cannot run jazzgen \(No module named 'jazzgen'\); install",
        ),
    ],
)
def test_what_is_wrong_with_a_worker_is_said(
    there: cluster._Machine | Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Workers:
        def run(self, *_: object, **__: object) -> dict[str, cluster._Machine | Exception]:
            return {"tcp://one:1": here, "tcp://two:2": there}

    here = cluster._Machine("3.11", "a", True)
    monkeypatch.setattr(cluster, "_about", lambda file: here)
    with pytest.raises(CorpusError, match=f"cluster tcp://head:8786: the worker tcp://two:2 {message}"):
        cluster._require_same_readers(Workers(), "tcp://head:8786", FILES[0])


def test_no_files_need_no_cluster() -> None:
    assert not list(for_each_file_on_cluster([], stem_of, died, "tcp://127.0.0.1:1"))


def test_one_machine_loads_nothing_of_it(folder: Path) -> None:
    code = "import sys; from jazzgen.corpus import read_corpus; from pathlib import Path; read_corpus([Path('.')]); "
    code += "print('distributed' in sys.modules, 'jazzgen.corpus.cluster' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]

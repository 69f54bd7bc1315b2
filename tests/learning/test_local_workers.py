"""Processes on this machine: they end with the chief, and it hears of their death."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from helpers import worker_tasks

from jazzgen.errors import TrainingError
from jazzgen.learning.local_workers import local_workers

pytestmark = pytest.mark.slow


def wait_until(condition: Callable[[], bool]) -> None:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < 30
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """True while the process runs; one that ended and that nobody has asked after is none."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc").exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def worker_pid(folder: Path, rank: int) -> int:
    wait_until((folder / f"{rank}").exists)
    return int((folder / f"{rank}").read_text())


def test_each_has_its_own_place_and_all_end_with_the_block(tmp_path: Path) -> None:
    pids: list[int] = []

    def break_off() -> None:
        with local_workers(3, partial(worker_tasks.idle, tmp_path)) as chief:
            assert (chief.rank, chief.size, len(set(chief.addresses))) == (0, 3, 3)
            pids.extend(worker_pid(tmp_path, rank) for rank in (1, 2))
            chief.watch()
            assert all(map(is_running, pids))
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert not any(map(is_running, pids))


@pytest.mark.parametrize(
    ("work", "reason"), [(worker_tasks.fail, "worker 1 fails"), (worker_tasks.die, "its process died (exit code 3)")]
)
def test_the_chief_hears_of_the_end_of_one(
    work: Callable[..., object], reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def has_ended() -> bool:
        try:
            chief.watch()
        except TrainingError as error:
            return f"worker 1 on this machine ended ({reason})" in str(error)
        return False

    with local_workers(2, work) as chief:
        wait_until(has_ended)
    assert capfd.readouterr() == ("", "")


def test_they_end_when_the_chief_is_killed(tmp_path: Path) -> None:
    chief = subprocess.Popen([sys.executable, worker_tasks.__file__], cwd=tmp_path)
    pid = worker_pid(tmp_path, 1)
    chief.kill()
    chief.wait()
    wait_until(lambda: not is_running(pid))

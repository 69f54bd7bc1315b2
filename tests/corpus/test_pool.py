"""Work on many files."""

import os
import time
from pathlib import Path

import pytest

from jazzgen.corpus import pool
from jazzgen.corpus.pool import for_each_file

FILES = [Path(f"{number}.mid") for number in range(40)]


def size_up(path: Path) -> tuple[str, int]:
    """Work that says which process did it; later files are done sooner."""
    time.sleep(0.001 * (40 - int(path.stem)))
    return path.stem, os.getpid()


def die_on_seven(path: Path) -> str:
    if path.stem == "7":
        os._exit(3)
    return path.stem


def hang_on_seven(path: Path) -> str:
    if path.stem == "7":
        time.sleep(60)
    return path.stem


def no_crash(path: Path) -> tuple[str, int]:
    raise AssertionError(f"{path}: no process died")


def test_few_files_are_worked_on_here() -> None:
    results = list(for_each_file(FILES[:3], size_up, no_crash, workers=4))
    assert results == [(path, (path.stem, os.getpid())) for path in FILES[:3]]


def test_one_worker_is_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_ALONE_SECONDS", 0.0)
    assert {pid for _, (_, pid) in for_each_file(FILES, size_up, no_crash, workers=1)} == {os.getpid()}


@pytest.mark.slow
def test_many_files_go_to_other_processes_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_ALONE_SECONDS", 0.0)
    results = list(for_each_file(FILES, size_up, no_crash, workers=2))
    assert [path for path, _ in results] == FILES
    assert [stem for _, (stem, _) in results] == [path.stem for path in FILES]
    assert len({pid for _, (_, pid) in results} - {os.getpid()}) == 2


@pytest.mark.slow
def test_a_process_that_dies_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_ALONE_SECONDS", 0.0)
    results = list(for_each_file(FILES[:20], die_on_seven, lambda path: f"died on {path.stem}", workers=2))
    assert [result for _, result in results] == ["died on 7" if path.stem == "7" else path.stem for path in FILES[:20]]


@pytest.mark.slow
def test_a_process_that_hangs_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_ALONE_SECONDS", 0.0)
    monkeypatch.setattr(pool, "MAX_SECONDS", 2.0)
    results = list(for_each_file(FILES[:20], hang_on_seven, lambda path: f"gave up on {path.stem}", workers=2))
    assert [result for _, result in results] == [
        "gave up on 7" if path.stem == "7" else path.stem for path in FILES[:20]
    ]


def test_no_files_are_no_work() -> None:
    assert not list(for_each_file([], size_up, no_crash))

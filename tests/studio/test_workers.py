"""Workers: what they give, and that they can be stopped."""

import asyncio
import os
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from helpers.studio_tasks import die_at_once, double, sleep, too_much

from jazzgen.errors import BusyError, OptionError
from jazzgen.studio.workers import GivenUpError, Workers


async def never() -> bool:
    return False


async def at_once() -> bool:
    return True


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    one = Workers([], processes=1, seconds=3)
    yield one
    one.close()


def test_work_is_done_elsewhere(workers: Workers) -> None:
    assert asyncio.run(workers.do(never, double, 21)) == 42
    assert asyncio.run(workers.do(never, os.getpid)) != os.getpid()


def test_our_errors_come_back(workers: Workers) -> None:
    with pytest.raises(OptionError, match="too much"):
        asyncio.run(workers.do(never, too_much))


def test_work_that_nobody_waits_for_is_stopped_and_the_next_done(workers: Workers) -> None:
    started = time.monotonic()
    with pytest.raises(GivenUpError):
        asyncio.run(workers.do(at_once, sleep, 60))
    assert asyncio.run(workers.do(never, double, 1)) == 2
    assert time.monotonic() - started < 30


def test_work_that_takes_too_long_is_stopped(workers: Workers) -> None:
    with pytest.raises(BusyError, match="took more than 3 seconds"):
        asyncio.run(workers.do(never, sleep, 60))
    assert asyncio.run(workers.do(never, double, 1)) == 2


def test_a_process_that_dies_takes_nothing_with_it(workers: Workers) -> None:
    with pytest.raises(BusyError, match="died"):
        asyncio.run(workers.do(never, die_at_once))
    assert asyncio.run(workers.do(never, double, 1)) == 2


def test_a_pool_that_breaks_is_made_anew(workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asyncio.run(workers.do(never, double, 1)) == 2  # its process is there, and knows of no new folder
    (tmp_path / "known_here_alone.py").write_text("def work(): return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BusyError):
        asyncio.run(workers.do(never, import_module("known_here_alone").work))
    assert asyncio.run(workers.do(never, double, 1)) == 2

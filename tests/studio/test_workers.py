"""Workers: what they give, and that they can be stopped."""

import asyncio
import errno
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from helpers.studio_tasks import die_at_once, double, play_notes, sleep, too_much

from jazzgen.errors import BusyError, OptionError
from jazzgen.studio.places import GivenUpError
from jazzgen.studio.workers import DRAW, PLAY, READ, Lane, Workers, processes_here
from jazzgen.system.limits import MAX_MEMORY_BYTES
from jazzgen.system.machine import cores, memory_bytes

BRIEF = Lane(3.0)
GIB = 1024**3


async def never() -> bool:
    return False


async def at_once() -> bool:
    return True


def after(seconds: float) -> Callable[[], Any]:
    """A request that is given up after a while."""
    start = time.monotonic()

    async def given_up() -> bool:
        return time.monotonic() - start > seconds

    return given_up


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    one = Workers([], processes=2)
    yield one
    one.close()


def done(workers: Workers, work: Callable[..., Any], *args: Any, lane: Lane = BRIEF, given_up: Any = never) -> Any:
    return asyncio.run(workers.do(lane, given_up, work, *args))


def processes() -> set[int | None]:
    """The processes that were started here and go on."""
    return {process.pid for process in multiprocessing.active_children()}


def test_work_is_done_elsewhere(workers: Workers) -> None:
    assert done(workers, double, 21) == 42
    assert done(workers, os.getpid) != os.getpid()


def test_our_errors_come_back(workers: Workers) -> None:
    with pytest.raises(OptionError, match="too much"):
        done(workers, too_much)


def test_what_is_given_up_costs_neither_a_process_nor_time(workers: Workers, tmp_path: Path) -> None:
    """Forty at once, of which two are at work: they stop at their next note, and the others never begin."""
    done(workers, double, 1)
    before = processes()
    log = tmp_path / "log"

    async def crowd() -> float:
        asked = (workers.do(PLAY, after(0.5), play_notes, 60, str(log)) for _ in range(40))
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(end) for end in ends} == {GivenUpError}
        started = time.monotonic()
        assert await workers.do(PLAY, never, double, 1) == 2
        return time.monotonic() - started

    assert asyncio.run(crowd()) < 1
    assert processes() == before
    assert 0 < len(log.read_text().splitlines()) <= 2


def test_work_that_nobody_waits_for_is_stopped_and_the_next_done(workers: Workers) -> None:
    started = time.monotonic()
    with pytest.raises(GivenUpError):
        done(workers, sleep, 60, lane=PLAY, given_up=after(0.3))
    assert done(workers, double, 1, lane=PLAY) == 2
    assert time.monotonic() - started < 30


def test_files_are_read_one_at_a_time_so_that_a_bad_one_takes_one_worker(workers: Workers, tmp_path: Path) -> None:
    log = tmp_path / "log"

    async def crowd() -> None:
        bad = [asyncio.ensure_future(workers.do(READ, after(4), play_notes, 60, str(log))) for _ in range(3)]
        await asyncio.sleep(1)
        assert await workers.do(DRAW, never, double, 1) == 2
        assert len(log.read_text().splitlines()) == 1
        await asyncio.wait(bad)

    asyncio.run(crowd())


def test_reading_a_file_may_take_seconds() -> None:
    assert READ.seconds <= 10


def test_work_that_takes_too_long_is_stopped(workers: Workers) -> None:
    with pytest.raises(BusyError, match="took more than 3 seconds"):
        done(workers, sleep, 60)
    assert done(workers, double, 1) == 2


def test_a_process_that_dies_takes_nothing_with_it(workers: Workers) -> None:
    with pytest.raises(BusyError, match="died"):
        done(workers, die_at_once)
    assert done(workers, double, 1) == 2


def test_a_pool_that_breaks_is_made_anew(workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert done(workers, double, 1) == 2  # its process is there, and knows of no new folder
    (tmp_path / "known_here_alone.py").write_text("def work(): return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert done(workers, import_module("known_here_alone").work, lane=PLAY) == 1  # new ones know of it
    assert done(workers, double, 1, lane=PLAY) == 2


def fail_to_start(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Lets the system refuse a number of processes, as it does when a user has too many."""
    import pebble.pool.process as of_pool  # noqa: PLC0415 - to be patched

    real, left = of_pool.launch_process, [times]

    def refuse(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        return real(*args, **kwargs)

    monkeypatch.setattr(of_pool, "launch_process", refuse)


@pytest.mark.parametrize("warm", [False, True])
def test_a_worker_that_cannot_be_started_is_tried_twice(monkeypatch: pytest.MonkeyPatch, warm: bool) -> None:
    fail_to_start(monkeypatch, 1)
    one = Workers([], processes=1)
    try:
        if warm:
            one.warm_up()
        assert done(one, double, 1, lane=PLAY) == 2
    finally:
        one.close()


def test_with_no_worker_the_reason_is_said_and_the_next_try_may_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Workers([], processes=1)
    try:
        with monkeypatch.context() as patched:
            fail_to_start(patched, 1000)
            reason = r"no process could be started \(resource temporarily unavailable\); close other programs"
            with pytest.raises(BusyError, match=reason):
                done(one, double, 1)
        assert done(one, double, 1, lane=PLAY) == 2
    finally:
        one.close()


@pytest.mark.parametrize("count", [1, 2, 4, 64])
@pytest.mark.parametrize("memory", [1, 2, 4, 8, 16, 1024])
def test_workers_fit_the_machine(count: int, memory: int) -> None:
    processes, each = processes_here(count, memory * GIB)
    assert 2 <= processes <= max(count, 2)
    assert 2 * GIB <= each <= MAX_MEMORY_BYTES
    assert processes * each <= memory * GIB or processes == 2


def test_work_is_limited_to_a_share_of_the_memory(workers: Workers) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    _, each = processes_here(cores(), memory_bytes())
    assert done(workers, partial(resource.getrlimit, resource.RLIMIT_AS))[0] == each

"""Limits on what a file may cost."""

import threading
import time
from contextlib import suppress

import pytest

from jazzgen.system.limits import TooSlowError, time_limit


def _work_for(seconds: float) -> None:
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        pass


def _work_and_swallow() -> None:
    try:
        _work_for(5)
    except Exception:  # as libraries do
        pytest.fail("swallowed")


def test_slow_work_is_broken_off() -> None:
    started = time.perf_counter()
    with pytest.raises(TooSlowError), time_limit(0.05):
        _work_for(5)
    assert time.perf_counter() - started < 4


def test_no_handler_of_exceptions_swallows_it() -> None:
    with pytest.raises(TooSlowError), time_limit(0.05):
        _work_and_swallow()


def test_quick_work_is_left_alone_and_the_clock_stops() -> None:
    with time_limit(0.05):
        pass
    time.sleep(0.1)


def _work_and_swallow_all(times: int) -> None:
    for _ in range(times):
        with suppress(BaseException):
            _work_for(5)
    _work_for(5)


def test_an_interruption_that_is_swallowed_comes_again() -> None:
    started = time.perf_counter()
    with pytest.raises(TooSlowError), time_limit(0.05):
        _work_and_swallow_all(2)
    assert 2 < time.perf_counter() - started < 5


def test_many_in_a_row_leave_nothing_behind() -> None:
    """Those that end just as their time is up are the ones that could be interrupted too late."""
    broken_off = 0
    for turn in range(300):
        try:
            with time_limit(0.001):
                _work_for(0.001 + turn % 10 * 0.0004)
        except TooSlowError:
            broken_off += 1
    _work_for(0.05)
    assert 0 < broken_off <= 300


def test_any_thread_has_its_own_limit() -> None:
    def work(seconds: float) -> None:
        try:
            with time_limit(seconds):
                _work_for(0.5)
        except TooSlowError:
            broken_off.append(seconds)

    broken_off: list[float] = []
    threads = [threading.Thread(target=work, args=(seconds,)) for seconds in (0.05, 60.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken_off == [0.05]

"""Limits on what a file may cost."""

import threading
import time

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


def test_other_threads_have_no_limit() -> None:
    def work() -> None:
        with time_limit(0.01):
            time.sleep(0.05)
        done.append(True)

    done: list[bool] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done

"""Other processes: what they do, may take, and how they end."""

import os
import time

import pytest
from helpers.studio_tasks import die_at_once, double, sleep, too_much

from jazzgen.errors import OptionError
from jazzgen.system.limits import MAX_MEMORY_BYTES
from jazzgen.system.processes import LostError, TooLongError, new_pool, pool, result_of

pytestmark = pytest.mark.slow


def test_work_is_done_elsewhere_and_what_it_raises_is_raised_here() -> None:
    with pool(1) as one:
        assert result_of(one.schedule(double, args=(2,))) == 4
        assert result_of(one.schedule(os.getpid)) != os.getpid()
        with pytest.raises(OptionError, match="too much"):
            result_of(one.schedule(too_much))


def test_a_process_that_dies_or_hangs_costs_its_own_work_alone() -> None:
    with pool(1) as one:
        dead, hung, well = (
            one.schedule(die_at_once),
            one.schedule(sleep, args=(60,), timeout=1),
            one.schedule(os.getpid),
        )
        with pytest.raises(LostError, match="its process died"):
            result_of(dead)
        with pytest.raises(TooLongError):
            result_of(hung)
        assert result_of(well)


def test_processes_end_with_the_block_whatever_they_are_at() -> None:
    started = time.monotonic()
    with pool(1) as one:
        future = one.schedule(sleep, args=(60,))
        while not future.running() and time.monotonic() - started < 20:
            time.sleep(0.01)
    with pytest.raises(LostError):
        result_of(future)
    assert time.monotonic() - started < 30


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_they_may_take_so_much_memory_and_no_more() -> None:
    import resource  # noqa: PLC0415 - not on Windows

    for limited, most in ((MAX_MEMORY_BYTES, MAX_MEMORY_BYTES), (None, resource.getrlimit(resource.RLIMIT_AS)[0])):
        made = new_pool(1, memory_bytes=limited)
        try:
            assert result_of(made.schedule(resource.getrlimit, args=(resource.RLIMIT_AS,)))[0] == most
        finally:
            made.stop()
            made.join()

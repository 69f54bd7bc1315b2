"""Processes that do a page's work: beside the server, so that it goes on answering, and so that work can be stopped.

Work that is given up, by its page or because it takes too long, ends with its process; another takes its place.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessFuture, ProcessPool

from jazzgen.errors import BusyError
from jazzgen.system.processes import LostError, TooLongError, losses, new_pool
from jazzgen.system.quiet import compute_in_one_thread

MAX_SECONDS = 120.0
MAX_WAITING = 256
_MOST_PROCESSES = 4
_CLOSING = "the studio is closing"
_LOOK_EVERY_SECONDS, _GRACE_SECONDS = 0.1, 1.0
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


class GivenUpError(Exception):
    """Whoever asked for the work no longer waits for it."""


class Workers:
    """A pool of processes that have the models loaded."""

    def __init__(self, models: Iterable[Path], *, processes: int | None = None, seconds: float = MAX_SECONDS) -> None:
        compute_in_one_thread()  # which the processes inherit
        self._seconds, self._waiting, self._closed = seconds, 0, False
        self._processes = processes or min(os.cpu_count() or 1, _MOST_PROCESSES)
        self._models = tuple(models)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        return new_pool(self._processes, partial(_prepare, self._models))

    def _schedule(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> ProcessFuture:
        """Has a process do it; in a new pool, if something has broken this one."""
        try:
            return self._pool.schedule(work, args=args, kwargs=kwargs, timeout=self._seconds)
        except RuntimeError:
            if self._closed:
                raise BusyError(_CLOSING) from None
            self._pool = self._new_pool()
            return self._pool.schedule(work, args=args, kwargs=kwargs, timeout=self._seconds)

    def warm_up(self) -> None:
        """Starts the processes, before anybody waits for them."""
        for _ in range(self._processes):
            self._schedule(_nothing)

    async def do(
        self,
        given_up: Callable[[], Awaitable[bool]],
        work: Callable[_Arguments, _Result],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Result:
        """What `work` gives; it is a function of a module, and its arguments are plain values.

        Raises:
            GivenUpError: when `given_up` says so before it is done.
            BusyError: when too much waits, it takes too long or its process died.
            JazzgenError: what `work` raises.
        """
        if self._waiting >= MAX_WAITING:
            raise BusyError("the studio has too much to do; try again in a while")
        future = self._schedule(work, *args, **kwargs)
        done = asyncio.wrap_future(future)
        self._waiting += 1
        try:
            while not (await asyncio.wait({done}, timeout=_LOOK_EVERY_SECONDS))[0]:
                if self._closed:  # the pool forgets what was under way
                    raise BusyError(_CLOSING)
                if await given_up():
                    if future.running():  # a new process costs more than what is over soon
                        await asyncio.wait({done}, timeout=_GRACE_SECONDS)
                    raise GivenUpError
            with losses():
                return done.result()
        except TooLongError:
            raise BusyError(f"it took more than {self._seconds:g} seconds, and was stopped; ask for less") from None
        except LostError as error:
            raise BusyError(
                _CLOSING if self._closed else f"{error}, for want of memory it may be; ask for less"
            ) from None
        finally:
            self._waiting -= 1
            done.cancel()  # and with it the work, unless it is over

    def close(self) -> None:
        """Stops what is under way."""
        self._closed = True
        self._pool.stop()
        self._pool.join()


def _prepare(models: tuple[Path, ...]) -> None:
    """Makes a process ready: what it will need."""
    from jazzgen.studio import work  # noqa: PLC0415 - here it is loaded in the process, before the first work

    work.load(models)


def _nothing() -> Any:
    return None

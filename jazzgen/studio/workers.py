"""Processes for the page's work: the server stays responsive, and work can be stopped.

Work that its page gives up, or that takes too long, ends with its process; a new one takes its place.
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

MAX_SECONDS = 120.0  # for one request; all limits here are set by hand
MAX_WAITING = 256
_MOST_PROCESSES = 4
_CLOSING = "the studio is closing"
_LOOK_EVERY_SECONDS = 0.1
_GRACE_SECONDS = 1.0
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


class GivenUpError(Exception):
    """The request that the work is for was given up."""


class Workers:
    """A pool of processes with the models loaded."""

    def __init__(self, models: Iterable[Path], *, processes: int | None = None, seconds: float = MAX_SECONDS) -> None:
        compute_in_one_thread()  # inherited by the processes
        self._seconds = seconds
        self._waiting = 0
        self._closed = False
        self._processes = processes or min(os.cpu_count() or 1, _MOST_PROCESSES)
        self._models = tuple(models)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        return new_pool(self._processes, partial(_prepare, self._models))

    def _schedule(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> ProcessFuture:
        """Send work to a process; in a new pool if this one is broken."""
        try:
            return self._pool.schedule(work, args=args, kwargs=kwargs, timeout=self._seconds)
        except RuntimeError:
            if self._closed:
                raise BusyError(_CLOSING) from None
            self._pool = self._new_pool()
            return self._pool.schedule(work, args=args, kwargs=kwargs, timeout=self._seconds)

    def warm_up(self) -> None:
        """Start the processes ahead of the first request."""
        for _ in range(self._processes):
            self._schedule(_nothing)

    async def do(
        self,
        given_up: Callable[[], Awaitable[bool]],
        work: Callable[_Arguments, _Result],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Result:
        """Return the result of `work`, a module-level function with picklable arguments, from a process.

        Raises:
            GivenUpError: if `given_up` returns True before the work is done.
            BusyError: if too much is waiting, the work takes too long, or its process died.
            JazzgenError: whatever `work` raises.
        """
        if self._waiting >= MAX_WAITING:
            raise BusyError("the studio has too much to do; try again in a while")
        future = self._schedule(work, *args, **kwargs)
        done = asyncio.wrap_future(future)
        self._waiting += 1
        try:
            while not (await asyncio.wait({done}, timeout=_LOOK_EVERY_SECONDS))[0]:
                if self._closed:  # the pool drops work in progress
                    raise BusyError(_CLOSING)
                if await given_up():
                    if future.running():  # starting a new process costs more than work that is done soon
                        await asyncio.wait({done}, timeout=_GRACE_SECONDS)
                    raise GivenUpError
            with losses():
                return done.result()
        except TooLongError:
            raise BusyError(f"it took more than {self._seconds:g} seconds, and was stopped; ask for less") from None
        except LostError as error:
            raise BusyError(_CLOSING if self._closed else f"{error}, perhaps out of memory; ask for less") from None
        finally:
            self._waiting -= 1
            done.cancel()  # stops the work, unless it is done

    def close(self) -> None:
        """Stop all work."""
        self._closed = True
        self._pool.stop()
        self._pool.join()


def _prepare(models: tuple[Path, ...]) -> None:
    """Load in a process what it will need."""
    from jazzgen.studio import work  # noqa: PLC0415 - loaded in the process, before its first work

    work.load(models)


def _nothing() -> Any:
    return None

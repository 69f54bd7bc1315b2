"""Processes for the page's work: the server stays responsive, and work can be stopped.

The pool is given no more than it can run; the rest waits here, in order, and costs nothing if it is given up. Work in
progress that nobody waits for stops at its next step (`stopping`); if it has none soon, or takes too long, it ends
with its process, and a new one takes its place.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessFuture, ProcessPool

from jazzgen.errors import BusyError
from jazzgen.studio.places import GivenUp, GivenUpError, Places
from jazzgen.system.limits import MAX_MEMORY_BYTES
from jazzgen.system.machine import cores, memory_bytes
from jazzgen.system.processes import (
    LostError,
    NoProcessError,
    Stops,
    TooLongError,
    losses,
    new_pool,
    run_stoppable,
    schedule,
)
from jazzgen.system.quiet import compute_in_one_thread

MAX_WAITING = 256  # all limits here are set by hand
# With fewer than two processes a bad file would stop the studio.
_LEAST_PROCESSES = 2
_MOST_PROCESSES = 4
# A process takes 0.7 GB of address space once it has drawn every picture of 48 bars; sound of a long solo takes more.
_LEAST_MEMORY_BYTES = 2 * 1024**3
_MEMORY_SHARE = 0.75  # of the machine's, for all processes together
_CLOSING = "the studio is closing"
_LOOK_EVERY_SECONDS = 0.1
_STOP_SECONDS = 1.0  # until work that is given up has come to its next step, as playing does in milliseconds
_START_SECONDS = 60.0  # until a process has taken up its work
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of work.

    Attributes:
        seconds: that one piece of work may take.
        at_once: how many pieces may run at once; None for as many as there are processes.
        cure: what to do if it takes too long.
    """

    seconds: float
    at_once: int | None = None
    cure: str = "ask for less"


PLAY = Lane(120.0)
DRAW = Lane(30.0)
READ = Lane(10.0, at_once=1, cure="is the file damaged?")  # one file from elsewhere at a time: no second worker is lost


def processes_here(cores: int, memory: int) -> tuple[int, int]:
    """Return how many processes a machine gets, and the bytes of memory for each.

    Example:
        >>> processes_here(8, 8 * 1024**3)
        (3, 2147483648)
        >>> processes_here(8, 4 * 1024**3)
        (2, 2147483648)
    """
    room = int(memory * _MEMORY_SHARE)
    processes = max(_LEAST_PROCESSES, min(cores, _MOST_PROCESSES, room // _LEAST_MEMORY_BYTES))
    return processes, min(max(room // processes, _LEAST_MEMORY_BYTES), MAX_MEMORY_BYTES)


class Workers:
    """A pool of processes with the models loaded."""

    def __init__(self, models: Iterable[Path], *, processes: int | None = None) -> None:
        compute_in_one_thread()  # inherited by the processes
        fitting, self._memory = processes_here(cores(), memory_bytes())
        self._processes = processes or fitting
        self._models = tuple(models)
        self._waiting = 0
        self._closed = False
        self._places = Places(self._processes)
        self._lanes: dict[Lane, Places] = {}
        self._stops = Stops(self._processes)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        prepare = partial(_prepare, self._models)
        return new_pool(self._processes, prepare, memory_bytes=self._memory, stops=self._stops)

    def warm_up(self) -> None:
        """Start the processes ahead of the first request, which is told if they cannot be started."""
        with suppress(RuntimeError):
            for _ in range(self._processes):
                self._pool.schedule(_nothing)

    async def do(
        self,
        lane: Lane,
        given_up: GivenUp,
        work: Callable[_Arguments, _Result],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Result:
        """Return the result of `work`, a module-level function with picklable arguments, from a process.

        Raises:
            GivenUpError: if `given_up` returns True before the work is done.
            BusyError: if too much is waiting, the work takes too long, its process died, or none can be started.
            JazzgenError: whatever `work` raises.
        """
        if self._waiting >= MAX_WAITING:
            raise BusyError("the studio has too much to do; try again in a while")
        self._waiting += 1
        try:
            async with self._lane(lane).one(self._left(given_up)), self._places.one(self._left(given_up)) as place:
                return await self._done(lane, place, self._left(given_up), partial(work, *args, **kwargs))
        finally:
            self._waiting -= 1

    def _lane(self, lane: Lane) -> Places:
        return self._lanes.setdefault(lane, Places(lane.at_once or self._processes))

    def _left(self, given_up: GivenUp) -> GivenUp:
        """Return whether work is given up, with an error once the studio closes."""

        async def left() -> bool:
            if self._closed:
                raise BusyError(_CLOSING)
            return await given_up()

        return left

    async def _done(self, lane: Lane, place: int, given_up: GivenUp, work: Callable[[], _Result]) -> _Result:
        """Return the result of work; try a second time, in a new pool, if no process can be started."""
        try:
            try:
                return await self._run(lane, place, given_up, work)
            except NoProcessError:
                await self._renew()
                return await self._run(lane, place, given_up, work)
        except TooLongError:
            raise BusyError(f"it took more than {lane.seconds:g} seconds, and was stopped; {lane.cure}") from None
        except NoProcessError as error:
            raise BusyError(_CLOSING if self._closed else f"{error}; close other programs, and try again") from None
        except LostError as error:
            raise BusyError(_CLOSING if self._closed else f"{error}, perhaps out of memory; {lane.cure}") from None

    async def _run(self, lane: Lane, place: int, given_up: GivenUp, work: Callable[[], _Result]) -> _Result:
        """Return the result of work in a process; stop it if it is given up."""
        number = self._stops.number()
        future = self._schedule(lane, place, number, work)
        done = asyncio.wrap_future(future)
        waited = 0.0
        try:
            while not (await asyncio.wait({done}, timeout=_LOOK_EVERY_SECONDS))[0]:
                if await given_up():
                    self._stops.stop(place, number)
                    await _stopped(future, done)
                    raise GivenUpError
                waited += _LOOK_EVERY_SECONDS
                if waited > _START_SECONDS and not future.running():
                    raise NoProcessError(f"no process took it up within {_START_SECONDS:g} seconds")
            with losses():
                return done.result()
        finally:
            done.cancel()  # stops the work with its process, unless it is done

    def _schedule(self, lane: Lane, place: int, number: int, work: Callable[[], Any]) -> ProcessFuture:
        return schedule(self._pool, run_stoppable, place, number, work, seconds=lane.seconds)

    async def _renew(self) -> None:
        """Replace the pool if it is broken."""
        broken = self._pool
        if not self._closed and not _is_well(broken):
            self._pool = self._new_pool()
            await asyncio.to_thread(_end, broken)

    def close(self) -> None:
        """Stop all work."""
        self._closed = True
        _end(self._pool)


async def _stopped(future: ProcessFuture, done: asyncio.Future[Any]) -> None:
    """Wait until work that was asked to stop has done so, for a while; or until it is taken up, to stop at once.

    To cancel what no process has taken up yet would cost the process that does.
    """
    for _ in range(round(_START_SECONDS / _STOP_SECONDS)):
        if (await asyncio.wait({done}, timeout=_STOP_SECONDS))[0] or future.running():
            break


def _is_well(pool: ProcessPool) -> bool:
    try:
        return bool(pool.active)
    except RuntimeError:  # it cannot even be started
        return False


def _end(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


def _prepare(models: tuple[Path, ...]) -> None:
    """Load in a process what it will need."""
    from jazzgen.studio import work  # noqa: PLC0415 - loaded in the process, before its first work

    work.load(models)
    # What libraries write there would grow without end in a log; our errors go back to the server.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _nothing() -> Any:
    return None

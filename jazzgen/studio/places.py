"""Places for work: as many as may run at once, given out in the order in which they are asked for."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

_LOOK_EVERY_SECONDS = 0.1  # set by hand
GivenUp = Callable[[], Awaitable[bool]]


class GivenUpError(Exception):
    """The request that the work is for was given up."""


class Places:
    """Numbered places from 0; who is given up while it waits for one costs nothing."""

    def __init__(self, count: int) -> None:
        self._free = list(range(count))
        self._turns: deque[asyncio.Future[int]] = deque()

    @asynccontextmanager
    async def one(self, given_up: GivenUp) -> AsyncIterator[int]:
        """Yield a place once one is free; raise GivenUpError if `given_up` returns True by then."""
        place = self._free.pop() if self._free else await self._next(given_up)
        try:
            if await given_up():
                raise GivenUpError
            yield place
        finally:
            self._give(place)

    async def _next(self, given_up: GivenUp) -> int:
        """Wait for a place; the first to ask gets the first."""
        turn: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        try:
            while not (await asyncio.wait({turn}, timeout=_LOOK_EVERY_SECONDS))[0]:
                if await given_up():
                    raise GivenUpError
            return turn.result()
        except BaseException:
            if turn.done():  # it was given a place in that moment
                self._give(turn.result())
            else:
                self._turns.remove(turn)
            raise

    def _give(self, place: int) -> None:
        if self._turns:
            self._turns.popleft().set_result(place)
        else:
            self._free.append(place)

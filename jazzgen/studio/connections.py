"""Connections to the studio: limited in number, and in the time that they may stand idle or be half open.

uvicorn bounds the time between two requests alone: a connection that sends nothing, or a byte now and then, would stand
for ever, and enough of them would shut the user out.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 128  # a browser opens 6; set by hand, as the next
IDLE_SECONDS = 10.0  # until a request's head must have come


class Connection(H11Protocol):
    """One connection. If there are too many, the one that has been idle longest is closed."""

    _idle: dict["Connection", asyncio.TimerHandle] = {}  # noqa: RUF012 - of all connections, the longest idle first

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._mark()
        if len(self.connections) > MOST_CONNECTIONS:
            next(iter(self._idle)).close()  # there is one: this one, if no other

    def connection_lost(self, exc: Exception | None) -> None:
        self._begin()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._mark()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._mark()

    def close(self) -> None:
        """Close it, whatever it has sent."""
        self._begin()
        self.transport.close()

    def _mark(self) -> None:
        """Note whether a request is in progress; bytes of half a request do not count."""
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._begin()
        elif self not in self._idle and not self.transport.is_closing():
            self._idle[self] = self.loop.call_later(IDLE_SECONDS, self.close)

    def _begin(self) -> None:
        if timer := self._idle.pop(self, None):
            timer.cancel()

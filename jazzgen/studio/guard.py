"""Access control: only the studio's own page, opened with its token, gets in; the rest is refused unread.

- The Host header must name this machine, so no other site's name can be pointed here (DNS rebinding).
- An Origin or Sec-Fetch-Site header must be the studio's own, so no other site's page can post here.
- What shows or changes anything needs the token (`keys`), in a header; a link to a file may have a ticket in its place.
  The page's own files need none: they are the same for everybody.
- Bodies are limited in size and time.

The page may load nothing from elsewhere and may not be framed (Content-Security-Policy).
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jazzgen.studio.keys import Keys
from jazzgen.studio.requests import MAX_BODY_BYTES, MAX_UPLOAD_BYTES

_OWN_SITES = ("same-origin", "none")
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",  # positions of notes, and the engraver's SVG
        "img-src 'self' data: blob:",
        "font-src 'self' data:",  # the engraver's music font
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_KNOWN = (
    "the studio does not know this tab or program: it was started again, or its address was used before; "
    "open the address that 'jazzgen studio' printed last in its terminal"
)
_TICKET = "ticket="
CODE_PATH = "/api/token"
_BODY_SECONDS = 20.0  # until a request must have come; set by hand


@dataclass(frozen=True, slots=True)
class Door:
    """What the studio accepts.

    Attributes:
        port: the port it listens on.
        uploads: the paths with a larger limit on bodies.
        say: receives messages for the user.
        keys: what opens it.
    """

    port: int
    uploads: tuple[str, ...] = ()
    say: Callable[[str], None] = print
    keys: Keys = field(default_factory=Keys)
    _printed: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    def address(self, code: str) -> str:
        """Return the address that lets a browser in."""
        return f"http://127.0.0.1:{self.port}/?code={code}"

    def printed(self) -> str:
        """Return an address to print; once it is used, another one is printed."""
        self._printed[:] = [self.keys.new_code()]
        return self.address(self._printed[0])

    def let_in(self, code: str) -> str | None:
        """Return the token for a code; None if it is none, or was used."""
        token = self.keys.exchange(code)
        if token and code in self._printed:
            self.say(f"For another browser: {self.printed()}")
        return token


class Guard:
    """ASGI middleware that refuses what the door does not accept."""

    def __init__(self, app: ASGIApp, door: Door, open_paths: frozenset[str]) -> None:
        self._app = app
        self._door = door
        self._open = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # policy violation (RFC 6455)
            return
        refusal = self._refusal(scope)
        if refusal:
            await _answer(send, *refusal, is_page=scope["path"] == "/")
            return
        limit = MAX_UPLOAD_BYTES if scope["path"] in self._door.uploads else MAX_BODY_BYTES
        await self._app(scope, _limited(receive, limit), _with_headers(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason if a request is refused, else None."""
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self._door.hosts:
            return 421, f"this is not the host that you asked for; open http://127.0.0.1:{self._door.port}"
        if not self._is_own(scope, headers):
            return 403, "another site's page may not use the studio"
        if not self._is_open(scope) and not self._is_allowed(scope, headers):
            return 401, NOT_KNOWN
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > MAX_UPLOAD_BYTES:
            return 413, _too_large(MAX_UPLOAD_BYTES)
        return None

    def _is_own(self, scope: Scope, headers: Headers) -> bool:
        """Return False for a request from another site's page, which may only link to the page."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        is_link = scope["path"] == "/" and scope["method"] in ("GET", "HEAD")
        return (site in _OWN_SITES or is_link) and (
            origin is None or origin in {f"http://{host}" for host in self._door.hosts}
        )

    def _is_open(self, scope: Scope) -> bool:
        """Return whether a request needs no token: for the page's files, and to exchange a code."""
        if scope["method"] in ("GET", "HEAD"):
            return scope["path"] in self._open
        return (scope["method"], scope["path"]) == ("POST", CODE_PATH)

    def _is_allowed(self, scope: Scope, headers: Headers) -> bool:
        """Return whether a request has the token, or the ticket for the file that it asks for."""
        if self._door.keys.is_token(headers.get("authorization", "").removeprefix("Bearer ")):
            return True
        rest, found, ticket = scope["query_string"].decode("latin-1").rpartition(_TICKET)
        if not found or scope["method"] not in ("GET", "HEAD"):
            return False
        path = scope["raw_path"].decode("latin-1")
        return self._door.keys.is_ticket(path + (f"?{rest.removesuffix('&')}" if rest else ""), ticket)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sent


def _too_large(limit: int) -> str:
    return f"the request is larger than {limit // 1024} KiB; send less"


def _limited(receive: Receive, limit: int) -> Receive:
    """Return a receive that refuses bodies above `limit` bytes, or that take too long to come."""
    total = 0
    is_whole = False
    ends = asyncio.get_running_loop().time() + _BODY_SECONDS

    async def received() -> Message:
        nonlocal total, is_whole
        if is_whole:  # what follows is that the client has gone
            return await receive()
        try:
            async with asyncio.timeout_at(ends):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, f"the request took more than {_BODY_SECONDS:g} seconds to come") from None
        total += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if total > limit:
            raise HTTPException(413, _too_large(limit))
        return message

    return received


async def _answer(send: Send, status: int, error: str, *, is_page: bool) -> None:
    """Refuse a request: in text for a person, else in JSON as the API does."""
    body = error.encode() if is_page else json.dumps({"error": error, "bar": None}).encode()
    media_type = b"text/plain; charset=utf-8" if is_page else b"application/json"
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

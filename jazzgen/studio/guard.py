"""Access control: only the studio's own page, opened with its token, gets in; the rest is refused unread.

- The Host header must name this machine, so no other site's name can be pointed here (DNS rebinding).
- An Origin or Sec-Fetch-Site header must be the studio's own, so no other site's page can post here.
- The token is in the address that is opened; after that, a cookie that scripts cannot read holds it. Programs send it
  as `Authorization: Bearer`.
- Bodies are limited in size.

The page may load nothing from elsewhere and may not be framed (Content-Security-Policy).
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
_NO_TOKEN = "this page needs the address that 'jazzgen studio' printed, token and all; open that one"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Door:
    """What the studio accepts.

    Attributes:
        token: grants access.
        port: the port it listens on.
        uploads: the paths with a larger limit on bodies.
    """

    token: str
    port: int
    uploads: tuple[str, ...] = ()

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    @property
    def cookie(self) -> str:
        return f"jazzgen_studio_{self.port}"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())


class Guard:
    """ASGI middleware that refuses what the door does not accept."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

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
        await self._app(scope, _limited(receive, limit), self._with_headers(scope, send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason if a request is refused, else None."""
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self._door.hosts:
            return 421, f"this is not the host that you asked for; open http://127.0.0.1:{self._door.port}"
        if not self._is_own(scope, headers):
            return 403, "another site's page may not use the studio"
        if not any(map(self._door.is_token, self._tokens(scope, headers))):
            return 401, _NO_TOKEN
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

    def _tokens(self, scope: Scope, headers: Headers) -> Iterable[str]:
        """Yield the tokens in a request."""
        yield headers.get("authorization", "").removeprefix("Bearer ")
        # Parsed by hand: cookies of other programs on this machine may be malformed, and parsers would fail on them.
        for cookie in headers.get("cookie", "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == self._door.cookie:
                yield value
        if scope["path"] == "/":
            yield from parse_qs(scope["query_string"].decode("latin-1")).get("token", [])

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["path"] == "/":
                    cookie = f"{self._door.cookie}={self._door.token}; Path=/; HttpOnly; SameSite=Strict"
                    headers.append("Set-Cookie", cookie)
            await send(message)

        return sent


def _too_large(limit: int) -> str:
    return f"the request is larger than {limit // 1024} KiB; send less"


def _limited(receive: Receive, limit: int) -> Receive:
    """Limit the bytes that a body may have."""
    total = 0

    async def received() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
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

"""Who is let in, and who is not."""

import hmac
import time
from pathlib import Path

import httpx
import pytest
from helpers.studio_server import Running, begin, generate, studio

from jazzgen.studio.keys import Keys

PAGE = "/"
OUTSIDE = ("/../pyproject.toml", "/%2e%2e/app.py", "/..%2f..%2fapp.py", "//etc/passwd", "/docs/../app.py")
INSIDE = ("/api/sessions", "/api/setting", "/api/takes/1/midi", "/api/nothing", "/soundfont", "/nothing", "/static")
FOR_ALL = ("/", "/index.js", "/docs", "/openapi.json")


def ask(running: Running, path: str = "/api/sessions", method: str = "GET", **headers: str) -> httpx.Response:
    with httpx.Client(base_url=running.base, trust_env=False) as client:
        return client.request(method, path, headers=headers, json={"name": "x"} if method == "POST" else None)


def bearer(running: Running) -> dict[str, str]:
    return {"Authorization": f"Bearer {running.token}"}


def exchange(running: Running, code: str, **headers: str) -> httpx.Response:
    with httpx.Client(base_url=running.base, trust_env=False) as client:
        return client.post("/api/token", json={"code": code}, headers=headers)


def code_of(address: str) -> str:
    return address.rpartition("?code=")[2]


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_shown_without_the_token(running: Running, path: str, method: str) -> None:
    reply = ask(running, path, method)
    assert reply.status_code == 401
    if method != "HEAD":
        assert "the address that 'jazzgen studio' printed" in reply.json()["error"]


@pytest.mark.parametrize("path", FOR_ALL)
def test_what_is_the_same_for_everybody_needs_no_token(running: Running, path: str) -> None:
    reply = ask(running, path)
    assert reply.status_code == 200
    assert running.token not in reply.text
    assert not reply.headers.get("set-cookie")
    assert ask(running, path, "POST").status_code == 401


@pytest.mark.parametrize("token", ["", "wrong", "ä", "x" * 10_000])
def test_a_wrong_token_is_refused(running: Running, token: str) -> None:
    with httpx.Client(base_url=running.base, trust_env=False) as client:
        given = f"Bearer {token}.".encode()
        assert client.get("/api/sessions", headers=[(b"Authorization", given)]).status_code == 401


def test_the_token_counts_in_its_header_alone(running: Running) -> None:
    port = running.base.rpartition(":")[2]
    for name in ("token", "ticket", "code"):
        assert ask(running, f"/api/sessions?{name}={running.token}").status_code == 401
    assert ask(running, Cookie=f"jazzgen_studio_{port}={running.token}; token={running.token}").status_code == 401


def test_a_code_is_exchanged_once(running: Running) -> None:
    code = code_of(running.address)
    first = exchange(running, code)
    assert (first.status_code, first.json()) == (200, {"token": running.token})
    again = exchange(running, code)
    assert again.status_code == 401
    assert "its address was used before" in again.json()["error"]
    assert running.token not in again.text


@pytest.mark.parametrize("code", ["", "x", "\u00e4", "x" * 100])
def test_a_wrong_code_gets_nothing(running: Running, code: str) -> None:
    assert exchange(running, code).status_code == 401


def test_to_load_the_page_does_not_use_its_code_up(running: Running) -> None:
    address = running.address
    for _ in range(2):
        assert httpx.get(address, trust_env=False).status_code == 200
    assert exchange(running, code_of(address)).status_code == 200


def test_another_site_can_exchange_no_code(running: Running) -> None:
    code = code_of(running.address)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert exchange(running, code, **headers).status_code in (403, 421)
    assert exchange(running, code).status_code == 200


def test_an_address_that_was_used_is_followed_by_another(tmp_path: Path) -> None:
    with studio(tmp_path / "s.sqlite3") as one:  # its first address is used by now
        assert one.process.stdout is not None
        lines = iter(one.process.stdout.readline, "")
        line = next(line for line in lines if line.startswith("For another browser: "))
        assert exchange(one, code_of(line.strip())).json() == {"token": one.token}


def test_a_code_ends_with_its_time_and_with_many_newer_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    keys = Keys()
    brief, lasting = keys.new_code(120), keys.new_code()
    now = 121.0
    assert (keys.exchange(brief), keys.exchange(lasting)) == (None, keys.token)
    first, *_, last = (keys.new_code() for _ in range(17))
    assert (keys.exchange(first), keys.exchange(last)) == (None, keys.token)


def ticketed(running: Running, address: str) -> str:
    ticket = hmac.digest(running.token.encode(), address.encode(), "sha256").hex()
    return f"{address}{'&' if '?' in address else '?'}ticket={ticket}"


def test_a_ticket_opens_one_file_for_reading(running: Running) -> None:
    with running.client() as client:
        take = generate(client, begin(client), changes="C | G7")["made"][0]
    for query in ("", "?bpm=90", "?bpm=90&swing=1"):
        link = ticketed(running, f"/api/takes/{take}/midi{query}")
        assert ask(running, link).content[:4] == b"MThd"
        assert ask(running, link.replace("/midi", "/stems")).status_code == 401
        assert ask(running, link.replace("bpm=90", "bpm=91") + "0").status_code == 401
        assert ask(running, f"{link}&bpm=80").status_code == 401
        assert ask(running, link, "POST").status_code == 401


def test_the_page_may_be_asked_for_its_head(running: Running) -> None:
    reply = ask(running, "/?code=x", method="HEAD")
    assert (reply.status_code, reply.text) == (200, "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "127.0.0.1.evil.example:80"])
def test_another_host_s_name_is_refused(running: Running, host: str) -> None:
    assert ask(running, **bearer(running), Host=host).status_code == 421


def test_localhost_will_do(running: Running) -> None:
    port = running.base.rpartition(":")[2]
    assert ask(running, **bearer(running), Host=f"localhost:{port}").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"])
def test_another_site_s_page_is_refused(running: Running, method: str, origin: str) -> None:
    assert ask(running, method=method, **bearer(running), Origin=origin).status_code == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_asks_for_is_refused(running: Running, method: str, site: str) -> None:
    assert ask(running, method=method, **bearer(running), **{"Sec-Fetch-Site": site}).status_code == 403


def test_another_site_may_link_to_the_page(running: Running) -> None:
    site = {"Sec-Fetch-Site": "cross-site"}
    assert ask(running, "/?code=x", **site).status_code == 200
    assert ask(running, "/index.js", **site).status_code == 403


def test_its_own_page_may_post(running: Running) -> None:
    same = {"Sec-Fetch-Site": "same-origin", "Origin": running.base}
    assert ask(running, method="POST", **bearer(running), **same).status_code == 201


def test_the_page_may_load_nothing_from_elsewhere(running: Running) -> None:
    reply = ask(running, PAGE, **bearer(running))
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy.replace("https", "")
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_is_too_large_is_refused_as_it_comes(client: httpx.Client) -> None:
    for content in (b" " * 300_000, (b" " * 50_000 for _ in range(10))):  # with its length said before, and without
        reply = client.post("/api/changes", content=content, headers={"Content-Type": "application/json"})
        assert (reply.status_code, "KiB" in reply.text) == (413, True)


def test_an_upload_may_be_larger_but_not_much(client: httpx.Client) -> None:
    path = "/api/uploads/changes?suffix=.mid"
    assert client.post(path, content=b"x" * 1_000_000).status_code == 422
    assert client.post(path, content=b"x" * 5_000_000).status_code == 413
    assert client.post(path, content=(b"x" * 500_000 for _ in range(10))).status_code == 413


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_reaches_the_disk(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_websockets_are_refused(running: Running) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "eA=="}
    assert ask(running, "/api/sessions", **bearer(running), **upgrade).status_code != 101

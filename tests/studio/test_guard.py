"""Who is let in, and who is not."""

import httpx
import pytest
from helpers.studio_server import Running

PAGE = "/"
OUTSIDE = ("/../pyproject.toml", "/%2e%2e/app.py", "/..%2f..%2fapp.py", "//etc/passwd", "/docs/../app.py")
INSIDE = ("/", "/api/sessions", "/docs", "/openapi.json", "/soundfont", "/index.js", "/nothing")


def ask(running: Running, path: str = "/api/sessions", method: str = "GET", **headers: str) -> httpx.Response:
    with httpx.Client(base_url=running.base, trust_env=False) as client:
        return client.request(method, path, headers=headers, json={"name": "x"} if method == "POST" else None)


def bearer(running: Running) -> dict[str, str]:
    return {"Authorization": f"Bearer {running.token}"}


@pytest.mark.parametrize("path", INSIDE)
def test_nothing_is_shown_without_the_token(running: Running, path: str) -> None:
    reply = ask(running, path)
    assert reply.status_code == 401
    assert "the address that 'jazzgen studio' printed" in reply.text


@pytest.mark.parametrize("token", ["", "wrong", "ä", "x" * 10_000])
def test_a_wrong_token_is_refused(running: Running, token: str) -> None:
    assert ask(running, f"/?token={token}").status_code == 401
    with httpx.Client(base_url=running.base, trust_env=False) as client:
        given = f"Bearer {token}.".encode()
        assert client.get("/api/sessions", headers=[(b"Authorization", given)]).status_code == 401


def test_the_token_counts_in_the_page_s_address_alone(running: Running) -> None:
    assert ask(running, f"/api/sessions?token={running.token}").status_code == 401


def test_the_page_sets_a_cookie_that_scripts_and_other_sites_do_not_get(running: Running) -> None:
    with httpx.Client(base_url=running.base, trust_env=False) as client:
        reply = client.get(f"/?token={running.token}")
        assert reply.status_code == 200
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert client.get("/api/sessions").status_code == 200


OTHERS = ('prefs={"a":1}', "a[b]=1", "a,b=1", "x=hello world", "flag", "path=/x", "=", "jazzgen_studio_PORT=stale")


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("first", [True, False])
def test_other_programs_cookies_do_not_lock_its_user_out(running: Running, other: str, first: bool) -> None:
    port = running.base.rpartition(":")[2]
    ours, theirs = f"jazzgen_studio_{port}={running.token}", other.replace("PORT", port)
    cookies = "; ".join((theirs, ours) if first else (ours, theirs))
    assert ask(running, Cookie=cookies).status_code == 200
    assert ask(running, Cookie=f"{theirs}; other={running.token}").status_code == 401


def test_without_the_token_the_page_says_so_in_words(running: Running) -> None:
    reply = ask(running, "/")
    assert reply.headers["content-type"].startswith("text/plain")
    assert reply.text.startswith("this page needs the address")


def test_the_page_may_be_asked_for_its_head(running: Running) -> None:
    reply = ask(running, f"/?token={running.token}", method="HEAD")
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
    assert ask(running, f"/?token={running.token}", **site).status_code == 200
    assert ask(running, "/", **site).status_code == 401


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

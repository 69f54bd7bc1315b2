"""Connections that stand about: they cost nobody else, and end; and the log does not grow with them."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from helpers.studio_server import Running, start, studio

from jazzgen.studio.connections import IDLE_SECONDS, MOST_CONNECTIONS
from jazzgen.studio.log import MOST_RECORDS, Few


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with studio(tmp_path_factory.mktemp("studio") / "s.sqlite3") as one:
        yield one


def connect(running: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(running.base.rpartition(":")[2])), timeout=30)


def is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def dribble(connection: socket.socket) -> None:
    """Sends a request byte by byte, and never ends it."""
    for byte in b"GET /api/setting HTTP/1.1\r\n" * 100:
        connection.sendall(bytes([byte]))
        time.sleep(0.3)


@pytest.mark.parametrize("sent", [b"", b"GET /api/sessions HT"], ids=["silent", "half open"])
def test_own_requests_are_answered_while_five_hundred_idle_ones_stand(running: Running, sent: bytes) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(running)) for _ in range(500)]
        for connection in idle:
            try:
                connection.sendall(sent)
            except ConnectionError:
                continue
        with running.client() as client:
            for path in ("/", "/api/sessions", "/api/setting"):
                started = time.monotonic()
                assert client.get(path).status_code == 200
                assert time.monotonic() - started < 2
        left = [connection for connection in idle if not is_closed(connection)]
        assert len(left) <= MOST_CONNECTIONS
        assert idle[-1] in left  # the oldest go first


def test_a_connection_that_sends_a_byte_now_and_then_is_closed(running: Running) -> None:
    with connect(running) as slow:
        started = time.monotonic()
        with pytest.raises(ConnectionError):
            dribble(slow)
        assert IDLE_SECONDS - 1 < time.monotonic() - started < IDLE_SECONDS + 5


def test_a_body_that_never_comes_is_refused_after_a_while(running: Running) -> None:
    with connect(running) as slow:
        head = f"POST /api/sessions HTTP/1.1\r\nHost: {running.base[7:]}\r\nAuthorization: Bearer {running.token}\r\n"
        slow.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
        assert b"408" in slow.recv(100)


def test_the_log_ends(tmp_path: Path) -> None:
    log = tmp_path / "stderr"
    with log.open("w") as stderr:
        one = start(tmp_path / "s.sqlite3", stderr=stderr)
    try:
        for _ in range(3 * MOST_RECORDS):
            with connect(one) as bad:
                bad.sendall(b"\0\r\n\r\n")
                assert b"400" in bad.recv(100)
    finally:
        one.kill()
        assert one.process.stdout is not None
        one.process.stdout.close()
    lines = log.read_text().splitlines()
    assert len([line for line in lines if line.startswith("Invalid HTTP request")]) == MOST_RECORDS
    assert lines[-1].endswith("(no more is logged)")


def test_the_first_records_are_logged() -> None:
    few = Few()
    record = logging.makeLogRecord({"msg": "a"})
    assert [few.filter(record) for _ in range(MOST_RECORDS + 2)] == [True] * MOST_RECORDS + [False] * 2

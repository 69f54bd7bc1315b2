"""A session file that another program holds: that is said at once, and nothing else waits."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
from helpers.studio_server import Running, begin, generate, studio


def timed(running: Running, path: str) -> tuple[int, str, float]:
    with running.client() as client:
        started = time.monotonic()
        reply = client.get(path)
        return reply.status_code, reply.text, time.monotonic() - started


def test_a_locked_session_is_answered_at_once_and_static_files_never_wait(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite3"
    with studio(file) as one, one.client() as client, ThreadPoolExecutor(60) as many:
        session = begin(client)
        take = generate(client, session, changes="C | G7")["made"][0]
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            asked = [many.submit(timed, one, f"/api/sessions/{session}") for _ in range(50)]
            assert timed(one, "/index.js")[0] == 200
            assert not all(future.done() for future in asked)
            for status, text, seconds in (future.result() for future in asked):
                assert status == 503
                assert "another program is using it; close that program, then try again" in text
                assert seconds < 5
            reply = client.post(f"/api/sessions/{session}/takes", json={"changes": "C | G7"})
            assert (reply.status_code, reply.json()["bar"]) == (503, None)
        assert client.get(f"/api/takes/{take}/midi").content[:4] == b"MThd"
        assert len(generate(client, session, changes="C | G7")["session"]["takes"]) == 2


def test_a_damaged_row_is_named_to_programs_too(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite3"
    with studio(file) as one, one.client() as client:
        session = begin(client)
        made = [generate(client, session, changes="C | G7")["made"][0] for _ in range(2)]
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("UPDATE take SET about = '{' WHERE id = ?", (made[0],))
        found = client.get(f"/api/sessions/{session}").json()
        assert ([take["id"] for take in found["takes"]], found["damaged"]) == (made[1:], made[:1])
        reply: httpx.Response = client.get(f"/api/takes/{made[0]}/midi")
        assert (reply.status_code, reply.json()["error"]) == (
            422,
            f"take {made[0]}: is damaged in the session file; the others are not",
        )

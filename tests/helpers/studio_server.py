"""A studio that runs in a process of its own, as its user starts it, for tests to talk to."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

_ADDRESS = re.compile(r"(http://127\.0\.0\.1:(\d+))/\?token=(\S+)")
_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """A studio that answers.

    Attributes:
        address: what it printed, token and all.
        base: scheme, host and port.
    """

    process: "subprocess.Popen[str]"
    address: str
    base: str
    token: str

    def client(self) -> httpx.Client:
        """One that has the token."""
        return httpx.Client(
            base_url=self.base, headers={"Authorization": f"Bearer {self.token}"}, timeout=120, trust_env=False
        )

    def kill(self) -> None:
        """As `kill -9` does: it has no time to do anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_SECONDS)


def start(
    session: Path,
    *options: object,
    folder: Path | None = None,
    stderr: IO[str] | None = None,
    python: str = sys.executable,
    **environment: str,
) -> Running:
    """Starts one, by the jazzgen of a Python, and gives it when it answers."""
    command = [python, "-m", "jazzgen", "studio", "--port", "0", "--no-browser", "--session", str(session)]
    process = subprocess.Popen(
        [*command, *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if found := _ADDRESS.search(line):
            running = Running(process, found[0], found[1], found[3])
            with running.client() as client:
                _wait_for(client)
            return running
    raise AssertionError(f"the studio did not start: {lines}")


def _wait_for(client: httpx.Client) -> None:
    """The address is printed once the port is open, so that a first request waits and does not fail."""
    client.get("/api/setting").raise_for_status()


@contextmanager
def studio(
    session: Path, *options: object, folder: Path | None = None, python: str = sys.executable, **environment: str
) -> Iterator[Running]:
    """A studio for as long as the block lasts."""
    running = start(session, *options, folder=folder, stderr=None, python=python, **environment)
    try:
        yield running
    finally:
        running.process.send_signal(signal.SIGINT)
        try:
            running.process.wait(_SECONDS)
        finally:
            running.process.kill()
            running.process.wait()
            assert running.process.stdout is not None
            running.process.stdout.close()


BLUES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | D7b9 | Gm7 | C7 | F7 D7b9 | Gm7 C7"


def begin(client: httpx.Client, name: str = "A session") -> int:
    """A new session's number."""
    return int(client.post("/api/sessions", json={"name": name}).raise_for_status().json()["id"])


def generate(client: httpx.Client, session: int, **order: Any) -> dict[str, Any]:
    """What the studio answers to an order of solos over a blues, or what else is asked for."""
    reply = client.post(f"/api/sessions/{session}/takes", json={"changes": BLUES, "seed": 7} | order)
    made: dict[str, Any] = reply.raise_for_status().json()
    return made

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

_ADDRESS = re.compile(r"(http://127\.0\.0\.1:(\d+))/\?code=(\S+)")
_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """A studio that answers.

    Attributes:
        base: scheme, host and port.
        token: what it gave for the code in the address that it printed.
    """

    process: "subprocess.Popen[str]"
    base: str
    token: str

    @property
    def address(self) -> str:
        """An address that lets one browser in; another one each time."""
        with self.client() as client:
            return str(client.post("/api/addresses").raise_for_status().json()["address"])

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
            try:
                running = Running(process, found[1], token_for(found[1], found[3]))
                with running.client() as client:  # the choices take a second, once
                    client.get("/api/setting").raise_for_status()
                return running
            except httpx.HTTPError:
                process.kill()
                raise
    raise AssertionError(f"the studio did not start: {lines}")


def token_for(base: str, code: str) -> str:
    """The token for a code. The address is printed once the port is open, so that a first request waits."""
    reply = httpx.post(f"{base}/api/token", json={"code": code}, timeout=120, trust_env=False)
    return str(reply.raise_for_status().json()["token"])


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

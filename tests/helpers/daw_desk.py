"""A desk to run programs at: a home of their own and, for those that have windows, a screen that nobody sees."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

_Found = TypeVar("_Found")
_SECONDS = 60.0
_PACKAGES = {"mscore3": "musescore3", "Xvfb": "xvfb"}


def need(*programs: str) -> None:
    """Skips the test if a program is not there; where JAZZGEN_REQUIRE_DAW is set, as in CI, that is a failure."""
    missing = [_PACKAGES.get(program, program) for program in programs if shutil.which(program) is None]
    if missing:
        message = f"needs {', '.join(missing)}: apt-get install --no-install-recommends {' '.join(missing)}"
        if os.environ.get("JAZZGEN_REQUIRE_DAW"):
            pytest.fail(message)
        pytest.skip(message)


def wait(what: str, look: Callable[[], _Found | None], seconds: float = _SECONDS) -> _Found:
    """What `look` finds, as soon as it finds anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"no {what} within {seconds:g} seconds")


@dataclass(frozen=True)
class Desk:
    """A home folder and the environment of programs that run there."""

    home: Path
    environment: Mapping[str, str]

    @contextmanager
    def running(self, *command: str) -> Iterator[None]:
        """Runs a program, and kills it and its children in the end."""
        log = (self.home / "log.txt").open("wb")
        process = subprocess.Popen(
            command, env=self.environment, cwd=self.home, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            log.close()

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        return done.stdout

    def windows(self, title: str) -> list[str]:
        """The windows whose title matches, the newest last."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title).split()

    def window(self, title: str) -> str:
        return wait(f"window '{title}'", lambda: self.windows(title))[-1]

    def press(self, window: str, key: str) -> None:
        self.run("xdotool", "windowfocus", "--sync", window)
        self.run("xdotool", "key", key)

    def save_as(self, window: str, dialog: str, path: Path) -> bytes:
        """Saves from a window as a user does: Ctrl-S, the file's name, Enter; gives what was written."""

        def asked() -> list[str]:
            self.press(window, "ctrl+s")
            time.sleep(1)  # a dialog takes its time, and a second Ctrl-S would go into it
            return self.windows(dialog)

        opened = wait(f"dialog '{dialog}'", asked)[-1]
        self.run("xdotool", "windowfocus", "--sync", opened)
        self.run("xdotool", "type", "--delay", "30", str(path))
        self.run("xdotool", "key", "Return")
        wait(f"file {path.name}", lambda: path.exists() and path.stat().st_size > 0)
        size = -1
        while size != path.stat().st_size:
            size = path.stat().st_size
            time.sleep(0.3)
        return path.read_bytes()


def twice(attempt: Callable[[Path], _Found], folder: Path) -> _Found:
    """What an attempt in a folder of its own gives, or a second one.

    On a busy machine a program now and then shows no window within a minute (LMMS once in some hundred starts).
    """
    for number in ("first", "second"):
        home = folder / number
        home.mkdir()
        try:
            return attempt(home)
        except TimeoutError:
            if number == "second":
                raise
    raise AssertionError


def make_desk(home: Path) -> Desk:
    """A desk without a screen."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "DISPLAY", "QT_"))}
    return Desk(home, {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LANG": "C.UTF-8"})


@contextmanager
def with_screen(desk: Desk) -> Iterator[Desk]:
    """The desk with a screen of its own."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        yield Desk(desk.home, {**desk.environment, "DISPLAY": f":{number}"})
    finally:
        screen.kill()
        screen.wait()

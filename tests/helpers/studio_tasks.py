"""What the studio's workers do in their tests; a module, so that they can import it."""

import os
import signal
import time
from pathlib import Path

from jazzgen.errors import OptionError
from jazzgen.system.stopping import stop_if_asked


def double(number: int) -> int:
    return 2 * number


def too_much() -> None:
    raise OptionError("too much")


def die_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def play_notes(seconds: float, log: str) -> str:
    """Stops between two notes, as the improviser does; tells in a file that it ran."""
    with Path(log).open("a") as file:
        file.write(f"{os.getpid()}\n")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stop_if_asked()
        time.sleep(0.01)
    return "played"

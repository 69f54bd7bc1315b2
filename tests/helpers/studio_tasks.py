"""What the studio's workers do in their tests; a module, so that they can import it."""

import os
import signal
import time

from jazzgen.errors import OptionError


def double(number: int) -> int:
    return 2 * number


def too_much() -> None:
    raise OptionError("too much")


def die_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds

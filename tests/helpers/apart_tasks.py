"""What a process does in the tests of work apart; a module, so that it can be imported there."""

import os


def die(*_: object) -> None:
    os._exit(9)


def grow(*_: object) -> None:
    """Takes more memory than any share of it."""
    bytearray(7 * 1024**3)


def whose(_: int) -> int:
    return os.getpid()

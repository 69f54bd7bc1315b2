"""Runs commands inside the test's own process."""

from collections.abc import Callable

import pytest

from jazzgen.cli import main

Outcome = tuple[int, str, str]
Run = Callable[..., Outcome]


def make_runner(capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs a command and gives exit code, stdout and stderr."""

    def call(*arguments: object) -> Outcome:
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call

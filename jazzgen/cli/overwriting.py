"""Replace files that jazzgen wrote; ask before replacing others."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from jazzgen.errors import OutputError

_Command = TypeVar("_Command", bound=Callable[..., Any])


def force_option(command: _Command) -> _Command:
    """Add --force, and have files that are not jazzgen's kept without it while the command runs."""
    return click.option(
        "--force",
        is_flag=True,
        expose_value=False,
        callback=_guard,
        help="Replace files that are there already, even if they are not jazzgen's.",
    )(command)


def _guard(context: click.Context, _: click.Parameter, force: bool) -> None:
    from jazzgen.system.files import guarded  # noqa: PLC0415 - help stays quick

    if not force:
        context.with_resource(guarded(_Question()))


class _Question:
    """Asks once about each file, where there is a terminal to ask at."""

    def __init__(self) -> None:
        self._allowed: set[Path] = set()

    def __call__(self, path: Path) -> None:
        """Raise OutputError unless the file is jazzgen's or the user lets it be replaced."""
        from jazzgen.system.marks import is_ours  # noqa: PLC0415 - help stays quick

        try:
            free = path in self._allowed or is_ours(path)
        except OSError as error:
            raise OutputError(f"{path}: is there already, and cannot be read ({error.strerror})") from None
        if not free and not _agreed(path):
            raise OutputError(
                f"{path}: is there already, and jazzgen did not write it; give another name, or --force to replace it"
            )
        self._allowed.add(path)  # what has been replaced is jazzgen's, whether or not it has a mark


def _agreed(path: Path) -> bool:
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"{path} is there already, and jazzgen did not write it. Replace it?", err=True)

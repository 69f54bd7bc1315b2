"""Print commands in messages as the user can type them.

Messages say `jazzgen train`. Where jazzgen is not installed, that is replaced by what works there, such as
`.venv/bin/python scripts/train.py`.
"""

import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import click

from jazzgen.system.places import shown

_OWN_SCRIPT = ("train", "generate")


@dataclass(frozen=True, slots=True)
class Program:
    """How jazzgen was started.

    Attributes:
        commands: the names of its commands.
        scripts: the folder of the script that was run; None if the package is installed.
        as_module: whether it was started as `python -m jazzgen`.
    """

    commands: Collection[str] = ()
    scripts: Path | None = None
    as_module: bool = False

    def start(self, command: str) -> str:
        """Return how to start a command, such as `jazzgen tunes`."""
        python = quoted(shown(Path(sys.executable)))
        if self.scripts is None:
            return f"{python} -m jazzgen {command}" if self.as_module else f"jazzgen {command}"
        script = f"{command}.py" if command in _OWN_SCRIPT else f"run.py {command}"
        return f"{python} {quoted(shown(self.scripts))}/{script}"

    def typed(self, text: str) -> str:
        """Replace each `jazzgen COMMAND` in a text by what the user can type."""
        known = "|".join(self.commands)
        return re.sub(rf"\bjazzgen ({known})\b", lambda found: self.start(found[1]), text) if known else text


class TypedContext(click.Context):
    """A command's context whose help shows commands as the user can type them."""

    def make_formatter(self) -> click.HelpFormatter:
        formatter = super().make_formatter()
        program = self.find_object(Program) or Program()
        write_rows, write_text = formatter.write_dl, formatter.write_text
        formatter.write_dl = lambda rows, *args, **options: write_rows(  # type: ignore[method-assign]
            [(term, program.typed(text)) for term, text in rows], *args, **options
        )
        formatter.write_text = lambda text: write_text(program.typed(text))  # type: ignore[method-assign]
        return formatter


def say(text: str, *, err: bool = False) -> None:
    """Print a line, with its commands as the user can type them."""
    program = click.get_current_context().find_object(Program) or Program()
    click.echo(program.typed(text), err=err)


def quoted(path: Path) -> str:
    """Return a path for a command line, in quotes if it holds a space."""
    return f'"{path}"' if " " in str(path) else str(path)

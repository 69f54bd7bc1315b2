"""Commands that load when they are asked for, by click's own pattern ("Lazily loading subcommands").

A command has two modules of its name: `cli.commands.NAME` declares options and help and imports nothing heavy, and
`cli.NAME` does the work. So help is quick, and modules import at their top.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from jazzgen.cli.typed import Program, TypedContext
from jazzgen.errors import OptionError


class LazyGroup(click.Group):
    """A group whose commands are listed in a table, so that the group's help loads none of them.

    Attributes:
        table: one-line help of each command, by name.
    """

    def __init__(self, *args: Any, table: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of help."""
        return [*super().list_commands(ctx), *sorted(self.table)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the declaration of a command, not its work; None if there is no such command."""
        if cmd_name not in self.table:
            return super().get_command(ctx, cmd_name)
        return load_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the one-line help of each command."""
        program = ctx.find_object(Program) or Program()
        with formatter.section("Commands"):
            formatter.write_dl([(name, program.typed(self.table[name])) for name in sorted(self.table)])


def load_command(name: str) -> click.Command:
    """Load the declaration of a command, not its work."""
    command: click.Command = getattr(import_module(f"jazzgen.cli.commands.{name}"), name)
    command.context_class = TypedContext
    return command


def act(module: str, function: str, asked: Mapping[str, Any]) -> None:
    """Run a command: load the module of its work and call the function with the options.

    Raises:
        OptionError: when one is a text with bytes that are none.
    """
    for name, value in asked.items():
        for text in value if isinstance(value, tuple | list) else (value,):
            if isinstance(text, str) and not _is_text(text):
                raise OptionError(f"{name.replace('_', '-')}: {text!a} has bytes that are no text; write it as UTF-8")
    getattr(import_module(f"jazzgen.cli.{module}"), function)(**asked)


def _is_text(text: str) -> bool:
    """Return False if the command line held bytes that could not be decoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

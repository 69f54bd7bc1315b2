"""Commands that are loaded when they are asked for, by click's own pattern ("Lazily loading subcommands").

A command has two modules of one name: `cli.commands.NAME` declares its options and help, with nothing heavy, and
`cli.NAME` does its work. So help is quick, and whatever a module needs is imported at its top.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from jazzgen.cli.typed import Program, TypedContext


class LazyGroup(click.Group):
    """A group whose commands are named in a table, so that its own help loads none of them.

    Attributes:
        table: what each command is for, by name.
    """

    def __init__(self, *args: Any, table: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands' names, in the order of help."""
        return [*super().list_commands(ctx), *sorted(self.table)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, declared but with its work not loaded; None if there is none."""
        if cmd_name not in self.table:
            return super().get_command(ctx, cmd_name)
        return load_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists what each command is for, as the table has it."""
        program = ctx.find_object(Program) or Program()
        with formatter.section("Commands"):
            formatter.write_dl([(name, program.typed(self.table[name])) for name in sorted(self.table)])


def load_command(name: str) -> click.Command:
    """The command of a name, declared but with its work not loaded."""
    command: click.Command = getattr(import_module(f"jazzgen.cli.commands.{name}"), name)
    command.context_class = TypedContext
    return command


def act(module: str, function: str, asked: Mapping[str, Any]) -> None:
    """Does a command's work: loads its module, and calls the function with what was asked."""
    getattr(import_module(f"jazzgen.cli.{module}"), function)(**asked)

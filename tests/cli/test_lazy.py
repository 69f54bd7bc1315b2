"""Commands are declared in one module, with nothing heavy, and do their work in another."""

import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from helpers.cli_runner import Run

from jazzgen.cli import COMMANDS, commands
from jazzgen.cli.lazy import load_command
from jazzgen.system.extras import EXTRAS

DECLARED = sorted(path.stem for path in Path(commands.__file__).parent.glob("[a-z]*.py"))


def callbacks() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its module's name."""
    for name in COMMANDS:
        command = load_command(name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield name, command
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands.values())


def test_the_table_names_every_command_that_is_declared() -> None:
    assert sorted(COMMANDS) == DECLARED


def test_help_lists_them_with_what_they_are_for(run: Run) -> None:
    code, out, _ = run("--help")
    lines = out.split("Commands:\n")[1].splitlines()
    assert code == 0
    assert [tuple(line.split(maxsplit=1)) for line in lines] == sorted(COMMANDS.items())


def test_a_command_that_there_is_not_is_a_usage_error(run: Run) -> None:
    code, _, err = run("improvise")
    assert code == 2
    assert "No such command 'improvise'" in err


def test_declarations_load_nothing_heavy() -> None:
    code = (
        "import sys; from jazzgen.cli import COMMANDS; from jazzgen.cli.lazy import load_command\n"
        "for name in COMMANDS: load_command(name)\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"numpy", "mido", "tqdm", "pebble", "asyncio", "tensorflow", "fastapi"} & set(loaded)


def test_work_loads_no_library_of_an_extra_before_it_is_needed() -> None:
    """But for the studio's, whose modules need it all."""
    libraries = sorted({library for _, each in EXTRAS.values() for library in each} | {"pebble"})
    code = (
        "import sys; from importlib import import_module; from jazzgen.cli import COMMANDS\n"
        "for name in COMMANDS: name == 'studio' or import_module(f'jazzgen.cli.{name}')\n"
        "print(*{name.split('.')[0] for name in sys.modules} & set(sys.argv[1:]))"
    )
    done = subprocess.run([sys.executable, "-c", code, *libraries], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(("module", "command"), list(callbacks()), ids=lambda value: getattr(value, "name", value))
def test_the_work_takes_what_the_command_asks_for(module: str, command: click.Command) -> None:
    """By the name of the function that declares it; what is left over goes to a last argument for the rest."""
    assert command.callback is not None
    work = getattr(import_module(f"jazzgen.cli.{module}"), command.callback.__name__)
    arguments = inspect.signature(work).parameters
    takes_rest = any(argument.kind is argument.VAR_KEYWORD for argument in arguments.values())
    named = {name for name, argument in arguments.items() if argument.kind is not argument.VAR_KEYWORD} - {"context"}
    asked = {option.name for option in command.params if getattr(option, "expose_value", True)}
    assert named <= asked
    assert takes_rest or named == asked

"""The command line: `jazzgen COMMAND`. Handlers import what is heavy when they run, so that help is quick."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from jazzgen import __version__
from jazzgen.cli.check import check
from jazzgen.cli.corpus import corpus
from jazzgen.cli.doctor import doctor
from jazzgen.cli.evaluate import evaluate
from jazzgen.cli.generate import generate
from jazzgen.cli.listen import listen
from jazzgen.cli.metrics import metrics
from jazzgen.cli.names import names
from jazzgen.cli.play import play
from jazzgen.cli.regen import regen
from jazzgen.cli.render import render
from jazzgen.cli.retake import retake
from jazzgen.cli.soundfont import soundfont
from jazzgen.cli.studio import studio
from jazzgen.cli.styles import styles
from jazzgen.cli.train import train
from jazzgen.cli.tunes import tunes
from jazzgen.cli.typed import Program, TypedContext
from jazzgen.errors import JazzgenError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jazzgen")
def cli() -> None:
    """Learn from a jazz corpus and improvise: chord changes in, a MIDI file out."""


_COMMANDS = (
    *(train, generate, retake, studio, regen, render, play, doctor),
    *(tunes, styles, names, soundfont),
    *(corpus, metrics, listen, evaluate, check),
)
for command in _COMMANDS:
    command.context_class = TypedContext
    cli.add_command(command)


@contextmanager
def stop_on_error(program: Program = Program()) -> Iterator[None]:
    """A user's mistake is one line on stderr and exit 1 (2 for usage)."""
    try:
        yield
    except JazzgenError as error:
        _stop(program.typed(f"jazzgen: {error}"), 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _stop("jazzgen: stopped", 130)


def main(arguments: list[str] | None = None, *, scripts: Path | None = None, as_module: bool = False) -> None:
    """Runs a command.

    Args:
        arguments: the command and what follows it; None is what was typed.
        scripts: the folder of the script that was run, if it was one.
        as_module: whether it was by `python -m jazzgen`.
    """
    program = Program(tuple(cli.commands), scripts, as_module)
    with stop_on_error(program):
        words = sys.argv[1:] if arguments is None else arguments
        asked = cli.commands.get(words[0]) if scripts and words else None
        if asked:  # its usage line names the script
            asked.main(words[1:], prog_name=program.start(words[0]), standalone_mode=False, obj=program)
        else:
            cli.main(words, prog_name=program.start("").strip(), standalone_mode=False, obj=program)


def _stop(message: str, code: int) -> None:
    click.echo(" ".join(message.split()), err=True)
    sys.exit(code)

"""The command line: `jazzgen COMMAND`.

A command's options and help are in `cli.commands.NAME`, which loads quickly; its work is in `cli.NAME`.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from jazzgen import __version__
from jazzgen.cli.lazy import LazyGroup, load_command
from jazzgen.cli.typed import Program
from jazzgen.errors import JazzgenError

COMMANDS = {
    "check": "Hold a model's graphs and engine to the reference.",
    "corpus": "Look at files of music, convert, split and fetch them.",
    "doctor": "Find and mend what trips DAWs in MIDI files.",
    "evaluate": "Say how well a soloist foretells solos.",
    "generate": "Improvise over chord changes, and write a MIDI file.",
    "listen": "Train listeners to tell a model's solos from people's.",
    "metrics": "Judge solos by figures, beside those of a corpus.",
    "names": "Learn names, and make up new ones.",
    "play": "Play music on the loudspeaker.",
    "regen": "Make a MIDI file again from the recipe in it.",
    "render": "Make a sheet or sound of music.",
    "retake": "Play some bars of a solo anew.",
    "soundfont": "Say which soundfont is used, or get one.",
    "studio": "Open the studio, a page on this machine.",
    "styles": "List what the band can play.",
    "train": "Train a model on files of music.",
    "tunes": "List the tunes that come along, or show one.",
}

_CANNOT_PRINT = (errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jazzgen")
def cli() -> None:
    """Learn from a jazz corpus and improvise: chord changes in, a MIDI file out."""


@contextmanager
def stop_on_error(program: Program = Program()) -> Iterator[None]:
    """Turn a user's mistake into one line on stderr and exit status 1 (2 for usage, 130 when interrupted)."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()  # a full disk shows here, or else as Python ends
    except JazzgenError as error:
        _stop(program.typed(f"jazzgen: {error}"), 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _stop("jazzgen: stopped", 130)
    except OSError as error:
        if error.filename is not None or error.errno not in _CANNOT_PRINT:
            raise
        _print_nothing_more()
        _stop(f"jazzgen: standard output: cannot be written ({error.strerror})", 1)


def main(arguments: list[str] | None = None, *, scripts: Path | None = None, as_module: bool = False) -> None:
    """Run a command.

    Args:
        arguments: the command and its arguments; None for those of the process.
        scripts: the folder of the script that was run; None if it was no script.
        as_module: whether it was started as `python -m jazzgen`.
    """
    _fill_closed_streams()
    _print_what_the_terminal_lacks()
    program = Program(tuple(COMMANDS), scripts, as_module)
    with stop_on_error(program):
        words = sys.argv[1:] if arguments is None else arguments
        if scripts and words and words[0] in COMMANDS:  # so that the usage line names the script
            start = program.start(words[0])
            load_command(words[0]).main(words[1:], prog_name=start, standalone_mode=False, obj=program)
        else:
            cli.main(words, prog_name=program.start("").strip(), standalone_mode=False, obj=program)


def _print_what_the_terminal_lacks() -> None:
    """Have characters that stdout or stderr cannot encode printed as `?`; a pipe on Windows has few."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _print_nothing_more() -> None:
    """Have what is still to be printed go nowhere, so that Python does not complain of it as it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fill_closed_streams() -> None:
    """Open standard streams that are closed, so that no file that is written gets their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _stop(message: str, code: int) -> None:
    with suppress(OSError):
        click.echo(" ".join(message.split()), err=True)
    sys.exit(code)

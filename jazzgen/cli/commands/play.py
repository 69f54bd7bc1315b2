"""`jazzgen play`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
def play(**asked: Any) -> None:
    """Play any music that jazzgen reads on the loudspeaker; Ctrl-C stops it."""
    act("play", "play", asked)

"""`jazzgen studio`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act

_PORT = 8765


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=_PORT, show_default=True, help="0 for any free port.")
@click.option("--no-browser", is_flag=True, help="Print the page's address without opening it.")
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
@click.option(
    "--session",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File that keeps the takes.  [default: studio.sqlite3 in the user's data folder]",
)
def studio(**asked: Any) -> None:
    """Open the studio: a page on this machine to write changes, hear solos and keep what you like."""
    act("studio", "studio", asked)

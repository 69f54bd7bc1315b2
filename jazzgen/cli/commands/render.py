"""`jazzgen render`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.options import MELODY_OPTION, live_options
from jazzgen.cli.overwriting import force_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, help="File to write; its suffix is the format."
)
@click.option(
    "--sheet",
    type=click.Choice(("lead", "full")),
    default="lead",
    show_default=True,
    help="For sheets: the melody with chord symbols, or all parts.",
)
@click.option(
    "--exact", is_flag=True, help="For sheets: print played notes on the grid they are on, hard to read or not."
)
@click.option("--double-time", is_flag=True, help="For sheets: eighths for sixteenths, and two bars for each.")
@MELODY_OPTION
@live_options
@click.option(
    "--for",
    "instrument",
    metavar="INSTRUMENT",
    help="For lead sheets: transposed for Bb, Eb, F, bass-clef, guitar, or an instrument such as 'tenor sax'.",
)
@click.option("--mute", metavar="A,B,...", default="", help="For sound: leave these parts out, such as solo.")
@click.option("--count-in", is_flag=True, help="For sound: count a bar before the music.")
@click.option("--click", is_flag=True, help="For sound: a metronome.")
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
@force_option
def render(**asked: Any) -> None:
    """Make a sheet (.musicxml, .svg, .png, .pdf) or sound (.wav, .ogg, .mp3) of any music that jazzgen reads."""
    act("render", "render", asked)

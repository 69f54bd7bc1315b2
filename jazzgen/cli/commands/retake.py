"""`jazzgen retake`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.band_options import SWING_OPTION, layout_options
from jazzgen.cli.control_options import control_options
from jazzgen.cli.lazy import act
from jazzgen.cli.options import MELODY_OPTION, live_options, output_options
from jazzgen.system.quiet import compute_in_one_thread

CANDIDATES = 16  # set by hand


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--bars", metavar="A-B", required=True, help="The bars to play anew, both included.")
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of a soloist.  [default: models/soloist, which is included]",
)
@MELODY_OPTION
@click.option("--changes", metavar="TEXT|FILE|-", help="A chorus of its changes, from bar 1 on, where they are lost.")
@click.option("--meter", help="Meter of --changes.  [default: what they say, or 4/4]")
@live_options
@control_options
@click.option(
    "--best-of",
    type=int,
    default=CANDIDATES,
    show_default=True,
    metavar="N",
    help="Play the bars N times and keep the one that leads best into what follows.",
)
@SWING_OPTION
@layout_options
@output_options("retake.mid")
def retake(**asked: Any) -> None:
    """Play some bars of a solo anew; every other note, the band's too, stays as it is.

    FILE is a MIDI file that jazzgen wrote, or any that has a solo and its changes. A CURVE is as 'jazzgen generate'
    takes it; its bars, and those of targets, are the whole solo's.
    """
    compute_in_one_thread()
    act("retake", "retake", asked)

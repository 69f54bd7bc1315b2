"""`jazzgen generate`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.band_options import band_options
from jazzgen.cli.control_options import EAR_OPTION, control_options
from jazzgen.cli.lazy import act
from jazzgen.cli.options import output_options
from jazzgen.system.quiet import compute_in_one_thread


@click.command()
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of a trained model.  [default: the one trained last, else models/soloist, which is included]",
)
@click.option(
    "--changes",
    metavar="TEXT|FILE|-",
    help="Chord changes, as in 'Dm7 G7alt | Cmaj7 | F7 . . Bb7 | %', a file of them, or - for standard input.",
)
@click.option(
    "--tune",
    "tune_name",
    metavar="NAME",
    help="Use built-in changes; 'jazzgen tunes' lists them.  [default without --changes: blues-f]",
)
@click.option(
    "--tune-number", type=click.IntRange(1), metavar="N", help="Which tune of --changes, if it holds several."
)
@click.option("--meter", help="Meter of --changes.  [default: what they say, or 4/4]")
@click.option("--key", metavar="KEY", help="Play in this key, as in Bb or F#m.  [default: the tune's own]")
@click.option("--transpose", type=int, metavar="N", help="Play N half steps higher, or lower if negative.")
@click.option("--title", help="Title of the piece.  [default: made up]")
@click.option("--choruses", type=int, default=1, show_default=True, help="Number of choruses.")
@click.option("--tempo", type=float, help="Quarter notes a minute.  [default: the tune's, or 140]")
@control_options
@click.option("--join-repeats", is_flag=True, help="Join repeated notes that follow without a gap.")
@click.option(
    "--primer", metavar="TEXT|FILE", help="Begin with these notes: 'C4:1/2 Eb4:1/2 G4:1 r:1', or a MIDI file."
)
@click.option(
    "--melody",
    metavar="TRACK",
    help="Melody track of the primer's file, or else of the file of changes: a name, a number, or 'channel 4'.",
)
@click.option("--primer-before", is_flag=True, help="Hear the primer before bar 1, and leave it out of the solo.")
@click.option("--best-of", type=int, metavar="N", help="Play N takes and choose the best.")
@click.option("--keep", type=int, metavar="N", help="Write the N best of --best-of: out.mid, out-2.mid, ...")
@EAR_OPTION
@click.option("--beam", type=int, metavar="N", help="Search for the likeliest solo with a beam of N; no randomness.")
@click.option("--retake", type=click.Path(path_type=Path), hidden=True)
@click.option("--bars", hidden=True)
@band_options
@output_options("solo.mid")
def generate(**asked: Any) -> None:
    """Improvise over chord changes and write a MIDI file; 'jazzgen retake' plays some bars of one anew.

    A CURVE is a value for each of some bars, with straight lines between, as in '1:0.8 9:1.2'; bars count from 1
    through all choruses. docs/controls.md says what each control does.
    """
    compute_in_one_thread()
    act("generate", "generate", asked)

"""`jazzgen regen`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.overwriting import force_option
from jazzgen.system.quiet import compute_in_one_thread


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of the model that made it.  [default: models/NAME, else the included soloist]",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="MIDI file to write.")
@force_option
def regen(**asked: Any) -> None:
    """Make a MIDI file again from the recipe in it: the same bytes, by the same model and version.

    Where the bytes differ, it compares all that the files hold but the recipe (notes, tracks, programs, tempos, meters,
    key, texts), and says whether the music is the same.
    """
    compute_in_one_thread()
    act("regen", "regen", asked)

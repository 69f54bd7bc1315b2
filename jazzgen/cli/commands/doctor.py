"""`jazzgen doctor`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.overwriting import force_option


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--fix", type=click.Path(path_type=Path), metavar="OUT", help="Write a mended file.")
@click.option("--json", "as_json", is_flag=True, help="All findings as JSON, one object a file.")
@force_option
def doctor(**asked: Any) -> None:
    """Check MIDI files for what trips DAWs: overlaps, tempo in the wrong track, drums off channel 10 and more.

    One line for each thing found in a track, with the first place. Exit status 1 if anything is worse than a note.
    """
    act("doctor", "doctor", asked)

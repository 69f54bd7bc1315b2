"""`jazzgen corpus`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.options import cache_option, cluster_option, live_options, reading_options
from jazzgen.cli.overwriting import force_option


@click.group()
def corpus() -> None:
    """Look at files of music, convert them, split them, get more."""


@corpus.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@reading_options
@live_options
@cache_option
@cluster_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
def inspect(**asked: Any) -> None:
    """Say what is in each file: files, folders and patterns of every format that can be read.

    The verdict is what a piece is good for: "solo" to learn from, "changes only" to play over.
    """
    act("corpus", "inspect", asked)


@corpus.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--piece", metavar="NAME", help="Which piece of the file: its name, or its number.")
@click.option("--to", "suffix", default=".mid", show_default=True, help="Format to write if TARGET is a folder.")
@reading_options
@live_options
@cache_option
@force_option
def convert(**asked: Any) -> None:
    """Write what is in SOURCE as MIDI, MusicXML or a text of changes: the ending of TARGET says which.

    Where TARGET is a folder, each piece of SOURCE becomes a file in it.
    """
    act("corpus", "convert", asked)


@corpus.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("split.json"), show_default=True)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.1,
    show_default=True,
    help="Share of the tunes to hold out.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed holds out other tunes.")
@cache_option
def split(**asked: Any) -> None:
    """Choose the tunes to hold out and save the choice, for 'jazzgen train --split'.

    Every take of a tune, by whichever player, is on one side.
    """
    act("corpus", "split", asked)


@corpus.command()
@click.argument("name", type=click.Choice(["wjazzd"]))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path(), help="File or folder to write to.")
@click.option("--sha256", metavar="HASH", help="Take it only if this is its SHA-256.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def fetch(**asked: Any) -> None:
    """Download a corpus from its home page: wjazzd, the Weimar Jazz Database (about 40 MB, licence ODbL 1.0)."""
    act("corpus", "fetch", asked)

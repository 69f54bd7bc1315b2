"""`jazzgen evaluate`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.options import cache_option, cluster_option, live_options, reading_options


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option(
    "--corpus",
    "corpus_paths",
    metavar="CORPUS",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Solos that people played: a file, folder or pattern; may be given more than once.",
)
@click.option(
    "--split",
    "split_path",
    type=click.Path(path_type=Path),
    help="Score only what this file of 'corpus split' holds out.",
)
@click.option("--each", is_flag=True, help="Print each solo's figures too.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@reading_options
@live_options
@cache_option
@cluster_option
@click.option("--quiet", is_flag=True, help="No progress bar.")
def evaluate(**asked: Any) -> None:
    """Say how well a soloist foretells solos, in bits a note, or a bassist bass lines, beside n-grams and others.

    Of a model of touch, say how well it foretells how loud, how late and how long their notes were played.

    Fewer bits are better. docs/evaluate.md says what is measured and how to read it.
    """
    act("evaluate", "evaluate", asked)

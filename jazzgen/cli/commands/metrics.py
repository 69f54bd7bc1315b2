"""`jazzgen metrics`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.options import cache_option, reading_options
from jazzgen.cli.overwriting import force_option


@click.command()
@click.argument("paths", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--against", metavar="CORPUS", required=True, type=click.Path(path_type=Path), help="Solos that people played."
)
@click.option("--tempo", metavar="LOW-HIGH", help="Take only solos between these tempos, as in 50-80.")
@click.option("--picture", metavar="FILE.png", type=click.Path(path_type=Path), help="Draw the comparison too.")
@click.option("--json", "as_json", is_flag=True, help="JSON, with the figures of every solo, instead of a table.")
@reading_options
@cache_option
@click.option("--quiet", is_flag=True, help="No progress bar.")
@force_option
def metrics(**asked: Any) -> None:
    """Judge solos by figures, beside those of a corpus and their spread.

    Only melodies are measured. What each figure means is in docs/metrics.md; --melody, --chords and --bars are for
    FILES alone.
    """
    act("metrics", "metrics", asked)

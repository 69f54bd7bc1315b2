"""`jazzgen check`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the input that is compared.")
def check(**asked: Any) -> None:
    """Compare a model's graphs and the NumPy engine with the NumPy reference, step by step.

    Prints the largest difference of each and exits with 1 if one is off.
    """
    act("check", "check", asked)

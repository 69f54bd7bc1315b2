"""`jazzgen names`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act


@click.group()
def names() -> None:
    """Learn names, one a line, and make up new ones: tune titles, dinosaurs."""


@names.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Folder for the model.  [default: models/names-FILE]"
)
@click.option("--cell", type=click.Choice(["rnn", "lstm"]), default="lstm", show_default=True, help="What learns.")
@click.option("--units", type=int, default=50, show_default=True, help="Its size.")
@click.option("--iterations", type=int, default=20_000, show_default=True, help="Names to learn, over and over.")
@click.option("--learning-rate", type=float, help="Step size of SGD.  [default: 0.05 for lstm, 0.01 for rnn]")
@click.option("--validation", type=float, default=0.1, show_default=True, help="Share of the names to hold out.")
@click.option("--last", is_flag=True, help="Keep the last weights, not those best on the names held out.")
@click.option("--lower", is_flag=True, help="Learn lower case alone; each new name gets a capital.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same names, same model.")
@click.option("--force", is_flag=True, help="Train anew where there is a model already, in its place.")
@click.option("--quiet", is_flag=True, help="No progress bar and no samples on the way.")
def train(**asked: Any) -> None:
    """Train a model on a text with one name a line."""
    act("names", "train", asked)


@names.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-n", "count", type=int, default=20, show_default=True, help="How many, each another.")
@click.option("--temperature", type=float, default=1.0, show_default=True, help="Lower safer, higher bolder.")
@click.option("--starts-with", metavar="TEXT", default="", help="What each name begins with.")
@click.option("--allow-known", is_flag=True, help="Names that the model was made from may come up too.")
@click.option("--real-words", is_flag=True, help="Only names made of words of those, each after one it follows there.")
@click.option("--seed", type=int, help="Same seed, same names.  [default: a new one, printed]")
def sample(**asked: Any) -> None:
    """Make up names, one a line."""
    act("names", "sample", asked)

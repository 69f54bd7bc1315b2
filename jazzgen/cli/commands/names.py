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
@click.option("--cell", type=click.Choice(["rnn", "lstm"]), default="lstm", show_default=True, help="Kind of network.")
@click.option("--units", type=int, default=50, show_default=True, help="Size of the network.")
@click.option("--iterations", type=int, default=20_000, show_default=True, help="Training steps, a name each.")
@click.option("--learning-rate", type=float, help="Step size of SGD.  [default: 0.05 for lstm, 0.01 for rnn]")
@click.option("--validation", type=float, default=0.1, show_default=True, help="Share of the names to hold out.")
@click.option("--last", is_flag=True, help="Keep the last weights, not the best on the held-out names.")
@click.option("--lower", is_flag=True, help="Learn in lower case; new names get a capital.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same names, same model.")
@click.option("--force", is_flag=True, help="Replace a model that is there already.")
@click.option("--quiet", is_flag=True, help="No progress bar and no samples on the way.")
def train(**asked: Any) -> None:
    """Train a model on a text with one name a line."""
    act("names", "train", asked)


@names.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-n", "count", type=int, default=20, show_default=True, help="Number of names, all different.")
@click.option("--temperature", type=float, default=1.0, show_default=True, help="Lower is safer, higher bolder.")
@click.option("--starts-with", metavar="TEXT", default="", help="Beginning of every name.")
@click.option("--allow-known", is_flag=True, help="Allow names that the model was trained on.")
@click.option("--real-words", is_flag=True, help="Use only words, and pairs of words, of the names trained on.")
@click.option("--seed", type=int, help="Same seed, same names.  [default: a new one, printed]")
def sample(**asked: Any) -> None:
    """Make up names, one a line."""
    act("names", "sample", asked)

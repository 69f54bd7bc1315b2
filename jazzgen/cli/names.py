"""`jazzgen names`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.columns import counted
from jazzgen.cli.options import choose_seed
from jazzgen.cli.progress import ProgressBar
from jazzgen.cli.train import require_free
from jazzgen.cli.typed import quoted, say

if TYPE_CHECKING:
    from jazzgen.reference.charlm import Progress

_SHOW_EVERY = 2000


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
def train(
    file: Path,
    out: Path | None,
    cell: str,
    units: int,
    iterations: int,
    learning_rate: float | None,
    validation: float,
    last: bool,
    lower: bool,
    seed: int,
    force: bool,
    quiet: bool,
) -> None:
    """Train a model on a text with one name a line."""
    from jazzgen import __version__  # noqa: PLC0415
    from jazzgen.learning.names import training as charlm_train  # noqa: PLC0415 - brings NumPy
    from jazzgen.learning.names.model import save_names_model  # noqa: PLC0415
    from jazzgen.system.files import make_folder, require_writable  # noqa: PLC0415

    options = charlm_train.TrainOptions(cell, units, iterations, learning_rate, validation, seed, lower, last)
    given = charlm_train.read_names(file)
    folder = out or Path("models") / f"names-{file.stem}"
    require_free(folder, force=force)
    make_folder(folder)
    require_writable(folder / "config.json")
    with ProgressBar("learning", "name", iterations, quiet) as bar:
        model, report = charlm_train.train_names(folder.name, given, options, progress=partial(_show, bar))
    report = {"jazzgen": __version__} | report
    save_names_model(folder, model, report, charlm_train.make_card(folder.name, report))
    if report["repeats"]:
        click.echo(f"{counted(report['repeats'], 'line')} of {file} repeat a name; each name is learnt once.")
    held_out = report["validation_loss"]
    quality = f"{held_out:.3f} nats a character on {report['held_out_names']} held out" if held_out else "none held out"
    click.echo(f"Trained {folder} on {report['names']} names: loss {report['loss']:.2f} nats a name, {quality}.")
    say(f"Ask it for some: jazzgen names sample {quoted(folder)} -n 20")


@names.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-n", "count", type=int, default=20, show_default=True, help="How many, each another.")
@click.option("--temperature", type=float, default=1.0, show_default=True, help="Lower safer, higher bolder.")
@click.option("--starts-with", metavar="TEXT", default="", help="What each name begins with.")
@click.option("--allow-known", is_flag=True, help="Names that the model was made from may come up too.")
@click.option("--real-words", is_flag=True, help="Only names made of words of those, each after one it follows there.")
@click.option("--seed", type=int, help="Same seed, same names.  [default: a new one, printed]")
def sample(
    model: Path,
    count: int,
    temperature: float,
    starts_with: str,
    allow_known: bool,
    real_words: bool,
    seed: int | None,
) -> None:
    """Make up names, one a line."""
    import numpy as np  # noqa: PLC0415 - help stays quick

    from jazzgen.learning.names.model import NameOptions, load_names_model, make_names  # noqa: PLC0415

    chosen = choose_seed(seed)
    options = NameOptions(temperature, starts_with, allow_known, real_words)
    made = make_names(load_names_model(model), count, options, rng=np.random.default_rng(chosen))
    click.echo("\n".join(made))
    if seed is None:
        click.echo(f"seed {chosen}", err=True)


def _show(bar: ProgressBar, now: "Progress") -> None:
    bar.update(now.iteration, f"{now.loss:.2f}", None if now.held_out is None else f"{now.held_out:.3f}")
    if now.iteration % _SHOW_EVERY == 0:
        bar.say(f"{now.iteration:>7}  {', '.join(now.names[:4])}")

"""Run `jazzgen names`."""

from functools import partial
from pathlib import Path

import click
import numpy as np

from jazzgen import __version__
from jazzgen.cli.columns import counted
from jazzgen.cli.options import choose_seed
from jazzgen.cli.progress import ProgressBar
from jazzgen.cli.train import require_free
from jazzgen.cli.typed import quoted, say
from jazzgen.learning.names import training as charlm_train
from jazzgen.learning.names.model import NameOptions, load_names_model, make_names, save_names_model
from jazzgen.reference.charlm import Progress
from jazzgen.system.files import make_folder, require_writable
from jazzgen.system.locks import held

_SHOW_EVERY = 2000  # training steps between printed samples; set by hand


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
    options = charlm_train.TrainOptions(cell, units, iterations, learning_rate, validation, seed, lower, last)
    given = charlm_train.read_names(file)
    folder = out or Path("models") / f"names-{file.stem}"
    require_free(folder, force=force)
    make_folder(folder)
    require_writable(folder / "config.json")
    with held(folder, "another training"), ProgressBar("learning", "name", iterations, quiet) as bar:
        model, report = charlm_train.train_names(folder.name, given, options, progress=partial(_show, bar))
    report = {"jazzgen": __version__} | report
    save_names_model(folder, model, report, charlm_train.make_card(folder.name, report))
    if report["repeats"]:
        click.echo(f"{counted(report['repeats'], 'line')} of {file} repeat a name; each name is learnt once.")
    held_out = report["validation_loss"]
    quality = f"{held_out:.3f} nats a character on {report['held_out_names']} held out" if held_out else "none held out"
    click.echo(f"Trained {folder} on {report['names']} names: loss {report['loss']:.2f} nats a name, {quality}.")
    say(f"Ask it for some: jazzgen names sample {quoted(folder)} -n 20")


def sample(
    model: Path,
    count: int,
    temperature: float,
    starts_with: str,
    allow_known: bool,
    real_words: bool,
    seed: int | None,
) -> None:
    chosen = choose_seed(seed)
    options = NameOptions(temperature, starts_with, allow_known, real_words)
    made = make_names(load_names_model(model), count, options, rng=np.random.default_rng(chosen))
    click.echo("\n".join(made))
    if seed is None:
        click.echo(f"seed {chosen}", err=True)


def _show(bar: ProgressBar, now: Progress) -> None:
    bar.update(now.iteration, f"{now.loss:.2f}", None if now.held_out is None else f"{now.held_out:.3f}")
    if now.iteration % _SHOW_EVERY == 0:
        bar.say(f"{now.iteration:>7}  {', '.join(now.names[:4])}")

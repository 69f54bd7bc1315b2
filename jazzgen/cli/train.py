"""`jazzgen train`."""

import os
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.options import cache_option, cluster_option, open_cache, read_options, reading_options
from jazzgen.cli.progress import ProgressBar, reading_bar

if TYPE_CHECKING:
    from jazzgen.corpus import Corpus
    from jazzgen.network.distributed import Cluster
    from jazzgen.network.fit import TrainingState
    from jazzgen.training import TrainingData

STARTER = Path("midi/starter")
_FEW = 5


@click.command()
@click.argument("corpus_paths", metavar="[CORPUS]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("models/mine"),
    show_default=True,
    help="Folder for the model.",
)
@reading_options
@click.option("--epochs", type=int, default=200, show_default=True, help="At most so many passes over the corpus.")
@click.option("--patience", type=int, default=20, show_default=True, help="Stop after so many epochs without gain.")
@click.option("--units", type=int, default=64, show_default=True, help="Size of the LSTM.")
@click.option("--tx", type=int, default=30, show_default=True, help="Tokens in a training window.")
@click.option("--grid", type=int, default=12, show_default=True, help="Steps of a beat; 4 is sixteenths, no triplets.")
@click.option("--batch-size", type=int, default=64, show_default=True, help="Windows in a step.")
@click.option("--learning-rate", type=float, default=0.005, show_default=True, help="Step size of Adam.")
@click.option("--validation", type=float, default=0.1, show_default=True, help="Share of the tunes to hold out.")
@click.option("--split", "split_path", type=click.Path(path_type=Path), help="Hold out what 'corpus split' wrote here.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same corpus, same model.")
@click.option("--resume", is_flag=True, help="Go on from where a broken-off training stopped.")
@click.option("--strict", is_flag=True, help="Stop at the first file that cannot be read.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes on this machine that share each batch; for several machines see docs/training.md.",
)
@cache_option
@cluster_option
@click.option("--quiet", is_flag=True, help="No progress bar.")
def train(
    corpus_paths: tuple[Path, ...],
    out: Path,
    melody: str | None,
    chords: str | None,
    bars: str | None,
    epochs: int,
    patience: int,
    units: int,
    tx: int,
    grid: int,
    batch_size: int,
    learning_rate: float,
    validation: float,
    split_path: Path | None,
    seed: int,
    resume: bool,
    strict: bool,
    workers: int,
    no_cache: bool,
    scheduler: str | None,
    quiet: bool,
) -> None:
    """Train a model on files of music and folders of them (without any: on midi/starter)."""
    from jazzgen import training  # noqa: PLC0415 - help stays quick
    from jazzgen.corpus import read_corpus  # noqa: PLC0415
    from jazzgen.corpus.split import load_split  # noqa: PLC0415
    from jazzgen.files import make_folder, require_writable  # noqa: PLC0415
    from jazzgen.network.local_workers import local_workers  # noqa: PLC0415
    from jazzgen.network.options import FitOptions  # noqa: PLC0415

    if resume and training.is_trained(out):
        click.echo(f"{out} is trained already; without --resume it is trained anew.")
        return
    fit_options = FitOptions(epochs, batch_size, learning_rate, patience=patience, seed=seed)
    cluster = _cluster(workers, batch_size)
    data_options = training.DataOptions(units=units, tx=tx, grid=grid, validation=validation, seed=seed)
    split = load_split(split_path) if split_path else None
    corpus = read_corpus(
        corpus_paths or (STARTER,),
        read_options(melody, chords, bars),
        strict=strict,
        cache=open_cache(no_cache),
        scheduler=scheduler,
        progress=reading_bar(quiet),
    )
    data = training.build_data(corpus, data_options, split)  # what is wrong with it shows before TensorFlow loads
    fit = partial(training.train, data, out, fit_options, resume=resume)
    if cluster.size > 1:
        click.echo(f"Worker {cluster.rank} of {', '.join(cluster.addresses)}: it starts when all are there.")
    if not cluster.is_chief:
        fit(cluster=cluster)
        click.echo(f"Done; the chief, {cluster.addresses[0]}, has the model.")
        return
    _say_what_was_read(corpus, data)
    make_folder(out)
    require_writable(out / training.CHECKPOINT)
    with (
        local_workers(workers, fit) if workers > 1 else nullcontext(cluster) as chief,
        ProgressBar("training", "epoch", epochs, quiet) as bar,
    ):
        report = fit(cluster=chief, on_epoch=partial(_show, bar))
    held_out = report["validation_loss"]
    quality = f"{held_out:.3f} on tunes held out" if held_out is not None else "no tunes held out"
    click.echo(
        f"Trained {out}: {report['notes']} notes of {report['files']} pieces, {report['n_values']} tokens, "
        f"best epoch {report['best_epoch']} of {report['epochs']}, loss {report['loss']:.3f} ({quality})."
    )
    click.echo(f"See {out / 'training.png'}; play it: jazzgen generate --model {out} --tune blues-f -o solo.mid")


def _cluster(workers: int, batch_size: int) -> "Cluster":
    """What TF_CONFIG says, once it goes together with the options."""
    from jazzgen.errors import OptionError  # noqa: PLC0415 - help stays quick
    from jazzgen.network.distributed import Cluster, require_rows  # noqa: PLC0415

    cluster = Cluster.from_environment(os.environ)
    if workers > 1 and cluster.size > 1:
        raise OptionError("--workers is for this machine alone, TF_CONFIG names those of several; give one of the two")
    require_rows(batch_size, max(workers, cluster.size))
    return cluster


def _say_what_was_read(corpus: "Corpus", data: "TrainingData") -> None:
    from jazzgen.corpus import name_of  # noqa: PLC0415 - help stays quick

    for path, reading in corpus.readings[:_FEW]:
        click.echo(f"{name_of(path, reading.piece)}: {reading.melody_reason}; {reading.chords_reason}")
    if len(corpus.readings) > _FEW:
        click.echo(f"... and {len(corpus.readings) - _FEW} more; 'jazzgen corpus inspect' tells of each.")
    for skipped in data.skipped:
        click.echo(f"skipped: {skipped}", err=True)
    for source in data.sources:
        click.echo(f"source: {source}")


def _show(bar: ProgressBar, state: "TrainingState") -> None:
    last = state.history[-1]
    bar.update(last.number, f"{last.loss:.3f}", None if last.validation is None else f"{last.validation:.3f}")

"""`jazzgen train`."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.options import cache_option, cluster_option, open_cache, read_options, reading_options
from jazzgen.cli.progress import ProgressBar, reading_bar
from jazzgen.cli.typed import quoted, say
from jazzgen.system.extras import install_command, missing, require

if TYPE_CHECKING:
    from jazzgen.corpus import Corpus
    from jazzgen.learning.distributed import Cluster

_FEW = 5


@click.command()
@click.argument("corpus_paths", metavar="[CORPUS]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the model.  [default: models/mine]",
)
@reading_options
@click.option(
    "--kind",
    type=click.Choice(["grammar", "soloist"]),
    help="A model of the deepjazz grammar, or one that hears the chords.  [default: grammar; soloist with --from]",
)
@click.option("--from", "base", type=click.Path(path_type=Path), help="Go on from this soloist, on files of your own.")
@click.option("--epochs", type=int, help="At most so many passes over the corpus.  [default: 200; soloist 30]")
@click.option("--patience", type=int, help="Grammar: stop after so many epochs without gain.  [default: 20]")
@click.option("--units", type=int, help="Size of the LSTM.  [default: 64; soloist 256]")
@click.option("--tx", type=int, help="Tokens in a training window; soloist: notes.  [default: 30; soloist 64]")
@click.option("--grid", type=int, help="Grammar: steps of a beat; 4 is sixteenths, no triplets.  [default: 12]")
@click.option("--batch-size", type=int, help="Windows in a step.  [default: 64; soloist 32]")
@click.option("--learning-rate", type=float, help="Step size of Adam.  [default: 0.005; soloist 0.004]")
@click.option("--validation", type=float, default=0.1, show_default=True, help="Share of the tunes to hold out.")
@click.option("--split", "split_path", type=click.Path(path_type=Path), help="Hold out what 'corpus split' wrote here.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same corpus, same model.")
@click.option("--resume", is_flag=True, help="Go on from where a broken-off training stopped.")
@click.option("--force", is_flag=True, help="Train anew where there is a model already, in its place.")
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
    out: Path | None,
    melody: str | None,
    chords: str | None,
    bars: str | None,
    kind: str | None,
    base: Path | None,
    epochs: int | None,
    patience: int | None,
    units: int | None,
    tx: int | None,
    grid: int | None,
    batch_size: int | None,
    learning_rate: float | None,
    validation: float,
    split_path: Path | None,
    seed: int,
    resume: bool,
    force: bool,
    strict: bool,
    workers: int,
    no_cache: bool,
    scheduler: str | None,
    quiet: bool,
) -> None:
    """Train a model on files of music and folders of them (without any: on midi/starter)."""
    from jazzgen.cli.train_kinds import Asked, grammar_job, soloist_job  # noqa: PLC0415 - help stays quick
    from jazzgen.corpus import read_corpus  # noqa: PLC0415
    from jazzgen.corpus.split import load_split  # noqa: PLC0415
    from jazzgen.learning.local_workers import local_workers  # noqa: PLC0415
    from jazzgen.system.places import models_folder, remember_trained, starter_corpus  # noqa: PLC0415

    require("train")
    out = models_folder() / "mine" if out is None else out
    asked = Asked(base, epochs, patience, units, tx, grid, batch_size, learning_rate, validation, seed)
    job = (soloist_job if base or kind == "soloist" else grammar_job)(asked, kind)
    if resume and job.is_trained(out):
        click.echo(
            f"{out} is trained already; with more --epochs a grammar model goes on, "
            "with --force in place of --resume it is trained anew."
        )
        return
    cluster = _cluster(workers, job.batch_size)
    if cluster.is_chief and not resume:
        require_free(out, force=force)
    split = load_split(split_path) if split_path else None
    corpus = read_corpus(
        corpus_paths or (starter_corpus(),),
        read_options(melody, chords, bars),
        strict=strict,
        cache=open_cache(no_cache),
        scheduler=scheduler,
        progress=reading_bar(quiet),
    )
    data = job.build(corpus, split)  # what is wrong with it shows before TensorFlow loads
    fit = partial(job.train, data, out, job.options, resume=resume)
    if cluster.size > 1:
        click.echo(f"Worker {cluster.rank} of {', '.join(cluster.addresses)}: it starts when all are there.")
    if not cluster.is_chief:
        fit(cluster=cluster)
        click.echo(f"Done; the chief, {cluster.addresses[0]}, has the model.")
        return
    _say_what_was_read(corpus, data.skipped, data.sources)
    _make_room(out)
    with (
        local_workers(workers, fit) if workers > 1 else nullcontext(cluster) as chief,
        ProgressBar("training", "epoch", job.options.epochs, quiet) as bar,
    ):
        report = fit(cluster=chief, on_epoch=partial(job.show, bar))
    remember_trained(out)
    click.echo(job.summary(out, report))
    click.echo(_drawn(job.curve(report), report["best_epoch"], out / "training.png"))
    say(f"Play it: jazzgen generate --model {quoted(out)} --tune blues-f -o solo.mid")


def _drawn(curve: "tuple[Sequence[float], Sequence[float | None], str]", best: int, path: Path) -> str:
    """Draws how training went, where that can be drawn; gives a line about it."""
    if missing("plots"):
        return f"There is no picture of it, as matplotlib is not installed; type: {install_command('plots')}"
    from jazzgen.pictures.plots import TrainingCurve, write_training_curve  # noqa: PLC0415 - brings matplotlib

    losses, held_out, unit = curve
    write_training_curve(path, TrainingCurve(losses, held_out, best, unit))
    return f"See {path}."


def require_free(out: Path, *, force: bool) -> None:
    """Raises OptionError if a model would be written over that nobody said may be."""
    from jazzgen.errors import OptionError  # noqa: PLC0415 - help stays quick
    from jazzgen.learning.folder import CONFIG_FILE  # noqa: PLC0415
    from jazzgen.learning.grammar.training import CHECKPOINT  # noqa: PLC0415

    if force:
        return
    if (out / CHECKPOINT).exists():
        raise OptionError(f"{out}: a training was broken off there; --resume goes on with it, --force starts anew")
    if (out / CONFIG_FILE).exists():
        raise OptionError(f"{out}: there is a model already; --force trains it anew, -o takes another folder")


def _make_room(out: Path) -> None:
    from jazzgen.learning.grammar.training import CHECKPOINT  # noqa: PLC0415
    from jazzgen.system.files import make_folder, require_writable  # noqa: PLC0415 - help stays quick

    make_folder(out)
    require_writable(out / CHECKPOINT)


def _cluster(workers: int, batch_size: int) -> "Cluster":
    """What TF_CONFIG says, once it goes together with the options."""
    from jazzgen.errors import OptionError  # noqa: PLC0415 - help stays quick
    from jazzgen.learning.distributed import Cluster, require_rows  # noqa: PLC0415

    cluster = Cluster.from_environment(os.environ)
    if workers > 1 and cluster.size > 1:
        raise OptionError("--workers is for this machine alone, TF_CONFIG names those of several; give one of the two")
    require_rows(batch_size, max(workers, cluster.size))
    return cluster


def _say_what_was_read(corpus: "Corpus", skipped: Sequence[str], sources: Sequence[str]) -> None:
    from jazzgen.corpus import name_of  # noqa: PLC0415 - help stays quick
    from jazzgen.corpus.split import few_titles  # noqa: PLC0415

    for path, reading in corpus.readings[:_FEW]:
        click.echo(f"{name_of(path, reading.piece)}: {reading.melody_reason}; {reading.chords_reason}")
    if len(corpus.readings) > _FEW:
        say(f"... and {len(corpus.readings) - _FEW} more; 'jazzgen corpus inspect' tells of each.")
    if corpus.passed_over:
        click.echo(f"passed over in the folders: {corpus.passed_over}", err=True)
    if warning := few_titles(reading.score.title for _, reading in corpus.readings):
        click.echo(f"warning: {warning}", err=True)
    for reason in skipped:
        click.echo(f"skipped: {reason}", err=True)
    for source in sources:
        click.echo(f"source: {source}")

"""Run `jazzgen train`."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click

from jazzgen.cli.bass_training import bass_job
from jazzgen.cli.options import open_cache, read_options
from jazzgen.cli.progress import ProgressBar, reading_bar
from jazzgen.cli.touch_training import touch_job
from jazzgen.cli.train_kinds import Asked, Job, grammar_job, soloist_job
from jazzgen.cli.typed import quoted, say
from jazzgen.corpus import Corpus, name_of, read_corpus
from jazzgen.corpus.split import few_titles, load_split
from jazzgen.errors import OptionError
from jazzgen.learning.distributed import Cluster, require_rows
from jazzgen.learning.folder import CONFIG_FILE
from jazzgen.learning.grammar.training import CHECKPOINT
from jazzgen.system.extras import install_command, missing, require
from jazzgen.system.files import make_folder, require_writable
from jazzgen.system.locks import held, require_unheld
from jazzgen.system.places import models_folder, remember_trained, starter_corpus

_OTHER = "another training"
_FEW = 5  # pieces that are named each; set by hand


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
    from jazzgen.learning.local_workers import local_workers  # noqa: PLC0415 - brings asyncio

    require("train")
    out = models_folder() / "mine" if out is None else out
    asked = Asked(base, epochs, patience, units, tx, grid, batch_size, learning_rate, validation, seed)
    job = _job(asked, kind)
    if resume and job.is_trained(out):
        click.echo(
            f"{out} is trained already; with more --epochs a grammar model goes on, "
            "with --force in place of --resume it is trained anew."
        )
        return
    require_unheld(out, _OTHER)
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
        held(out, _OTHER),
        local_workers(workers, fit) if workers > 1 else nullcontext(cluster) as chief,
        ProgressBar("training", "epoch", job.options.epochs, quiet) as bar,
    ):
        report = fit(cluster=chief, on_epoch=partial(job.show, bar))
    click.echo(job.summary(out, report))
    click.echo(_drawn(job.curve(report), report["best_epoch"], out / "training.png"))
    if job.solos:
        remember_trained(out)
        say(f"Play it: jazzgen generate --model {quoted(out)} --tune blues-f -o solo.mid")


def _job(asked: Asked, kind: str | None) -> Job:
    """Return the job for a kind of model; with no kind a grammar model, or a soloist that goes on from another."""
    if asked.base and kind not in {None, "soloist"}:
        raise OptionError(f"--from goes on from a soloist; leave out --kind {kind}")
    jobs = {"grammar": grammar_job, "soloist": soloist_job, "bass": bass_job, "touch": touch_job}
    return jobs[kind or ("soloist" if asked.base else "grammar")](asked)


def _drawn(curve: tuple[Sequence[float], Sequence[float | None], str], best: int, path: Path) -> str:
    """Draw the training curve if matplotlib is there; return a line that says where it is, or how to get it."""
    if missing("plots"):
        return f"There is no picture of it, as matplotlib is not installed; type: {install_command('plots')}"
    from jazzgen.pictures.plots import TrainingCurve, write_training_curve  # noqa: PLC0415 - brings matplotlib

    losses, held_out, unit = curve
    write_training_curve(path, TrainingCurve(losses, held_out, best, unit))
    return f"See {path}."


def require_free(out: Path, *, force: bool) -> None:
    """Raise OptionError if a model or a checkpoint would be overwritten without `force`; OutputError if one is made."""
    require_unheld(out, _OTHER)
    if force:
        return
    if (out / CHECKPOINT).exists():
        raise OptionError(f"{out}: a training was broken off there; --resume goes on with it, --force starts anew")
    if (out / CONFIG_FILE).exists():
        raise OptionError(f"{out}: there is a model already; --force trains it anew, -o takes another folder")


def _make_room(out: Path) -> None:
    make_folder(out)
    require_writable(out / CHECKPOINT)


def _cluster(workers: int, batch_size: int) -> Cluster:
    """Read TF_CONFIG, and check it against the options."""
    cluster = Cluster.from_environment(os.environ)
    if workers > 1 and cluster.size > 1:
        raise OptionError("--workers is for this machine alone, TF_CONFIG names those of several; give one of the two")
    require_rows(batch_size, max(workers, cluster.size))
    return cluster


def _say_what_was_read(corpus: Corpus, skipped: Sequence[str], sources: Sequence[str]) -> None:
    for path, reading in corpus.readings[:_FEW]:
        click.echo(f"{name_of(path, reading.piece)}: {reading.melody_reason}; {reading.chords_reason}")
    if len(corpus.readings) > _FEW:
        say(f"... and {len(corpus.readings) - _FEW} more; 'jazzgen corpus inspect' tells of each.")
    if corpus.passed_over:
        click.echo(f"passed over in the folders: {corpus.passed_over}", err=True)
    for path, reading in corpus.readings:
        for doubt in reading.warnings:
            click.echo(f"warning: {name_of(path, reading.piece)}: {doubt}", err=True)
    if warning := few_titles(reading.score.title for _, reading in corpus.readings):
        click.echo(f"warning: {warning}", err=True)
    for reason in skipped:
        click.echo(f"skipped: {reason}", err=True)
    for source in sources:
        click.echo(f"source: {source}")

"""`jazzgen corpus`."""

import sys
from pathlib import Path

import click

from jazzgen.cli.options import read_options, reading_options
from jazzgen.cli.progress import reading_bar


@click.group()
def corpus() -> None:
    """Look at files before you train on them."""


@corpus.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@reading_options
def inspect(paths: tuple[Path, ...], melody: str | None, chords: str | None, bars: str | None) -> None:
    """Say what would be read from each file: melody, chords, and why."""
    from jazzgen.corpus import read_corpus  # noqa: PLC0415 - help stays quick

    found = read_corpus(paths, read_options(melody, chords, bars), progress=reading_bar(not sys.stderr.isatty()))
    for path, reading in found.readings:
        score = reading.score
        last = max((bar.number for bar in score.bars()), default=0)
        click.echo(f"{path}: '{score.title}', {score.meter}, {score.bpm:g} bpm, key {score.key}, {last} bars")
        click.echo(f"  {reading.melody_reason}\n  {reading.chords_reason}")
    for failure in found.failures:
        click.echo(f"not read: {failure}", err=True)

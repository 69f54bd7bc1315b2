"""Read files, and say on stderr what is uncertain of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from jazzgen.corpus import read_piece
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.music.score import Score

# What a warning speaks of, and the options that settle it.
LIVE_CURES = {"do not fit its beats": "(--tempo, --downbeat)."}


def read_warned(
    path: Path, options: ReadOptions = ReadOptions(), number: int | None = None, cures: Mapping[str, str] = LIVE_CURES
) -> Score:
    """Read a score as `corpus.read_score` does, and print the reader's warnings."""
    reading = read_piece(path, options, number)
    warn(path, reading.warnings, cures)
    return reading.score


def read_changes(path: Path, options: ReadOptions = ReadOptions(), number: int | None = None) -> Score:
    """Read a score for its changes alone, and say whether they are written there."""
    reading = read_piece(path, options, number)
    warn(path, (*reading.warnings, *_inferred(reading)))
    return reading.score


def _inferred(reading: Reading) -> Iterable[str]:
    if reading.infers_chords:
        yield f"no chords are written in it; {reading.chords_reason.removeprefix('chords: ')}"


def warn(path: Path, warnings: Iterable[str], cures: Mapping[str, str] = {}) -> None:
    """Print warnings about a file, each with the options that settle it."""
    for warning in warnings:
        found = [cure for sign, cure in cures.items() if sign in warning]
        click.echo(f"warning: {path}: {' '.join([warning, *found])}", err=True)

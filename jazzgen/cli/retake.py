"""Run `jazzgen retake`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from jazzgen.cli.band_options import layout_from
from jazzgen.cli.changes_argument import read_tune
from jazzgen.cli.columns import counted
from jazzgen.cli.commands.retake import CANDIDATES
from jazzgen.cli.options import choose_seed, read_options
from jazzgen.cli.takes import Output, write_take
from jazzgen.cli.warned import LIVE_CURES, warn
from jazzgen.errors import OptionError
from jazzgen.harmony.tunes import format_tune
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.models import Model, load_model
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.timing import Meter
from jazzgen.system.extras import require
from jazzgen.system.files import require_writable
from jazzgen.system.places import shipped_soloist
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.plain import Json
from jazzgen.takes.reading import NOTHING_ASKED, Asked, Played, read_played
from jazzgen.takes.recipe import chain, read_source

_SUFFIXES = (".mid", ".midi")
_CURES = {"no chords are written": "(--changes)."} | LIVE_CURES


def retake(
    file: Path,
    bars: str,
    model: Path | None,
    best_of: int,
    swing: float | None,
    seed: int | None,
    picture: bool,
    out: Path,
    changes: str | None,
    meter: str | None,
    melody: str | None,
    **asked: Any,
) -> None:
    if picture:
        require("plots")
    hold = partial(controls_from, asked)
    output = Output(layout_from(asked), picture=picture, stems=asked["stems"])
    tune = None if changes is None else format_tune(read_tune(changes, Meter.parse(meter) if meter else None))
    given = read_options(melody, None, None)
    said = Asked(melody, tune, given.bpm, given.downbeat)
    retake_bars(file, bars, hold, model or shipped_soloist(), best_of, swing, choose_seed(seed), out, output, said)


def retake_bars(
    path: Path,
    bars: str,
    hold: Callable[[Model], Controls],
    model: Path,
    candidates: int | None,
    swing: float | None,
    seed: int,
    out: Path,
    output: Output,
    asked: Asked = NOTHING_ASKED,
) -> None:
    """Read the solo, play the bars anew with the controls that `hold` returns for the model, and write the file."""
    first, last = read_options(None, None, bars).bars or (0, 0)
    require_writable(out)
    if path.suffix.lower() not in _SUFFIXES:
        raise OptionError(f"{path}: give a MIDI file, .mid or .midi")
    source = read_source(path)
    _warn_of_recipe(path, source)
    played = _read(path, asked).score
    soloist = load_model(model)
    if not isinstance(soloist, Soloist):
        raise OptionError(f"retake: grammar model '{soloist.name}' cannot hear what comes after; give a soloist")
    wanted = Retake((first, last), hold(soloist), CANDIDATES if candidates is None else candidates, swing)
    take = make_retake(soloist, played, wanted, seed=seed, source=source, asked=asked)
    new = len(set(take.played.melody.notes) - set(played.melody.notes))
    what = f"'{played.title}' with {counted(new, 'new note')} in bars {first}-{last}, seed {seed}."
    write_take(take, out, what, output)


def _warn_of_recipe(path: Path, source: Json | None) -> None:
    """Warn on stderr if the recipe cannot be read, so that the swing is estimated from the notes."""
    try:
        for _ in chain(source):
            pass
    except OptionError as error:
        click.echo(f"warning: {path}: {error}; until then its swing is told by its notes", err=True)


def _read(path: Path, asked: Asked) -> Played:
    """Read the solo as played; say on stderr what is uncertain of it, and what the file holds and a score cannot.

    Raises:
        CorpusError: when it cannot be read.
    """
    played = read_played(path, asked)
    warn(path, played.warnings, _CURES)
    return played

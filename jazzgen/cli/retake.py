"""`jazzgen generate --retake`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.columns import counted
from jazzgen.cli.options import read_options
from jazzgen.cli.takes import Output, write_take
from jazzgen.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jazzgen.improvise.controls import Controls
    from jazzgen.improvise.models import Model
    from jazzgen.music.score import Score

_SUFFIXES = (".mid", ".midi")
_CANDIDATES = 16


def retake_bars(
    path: Path | None,
    bars: str | None,
    hold: "Callable[[Model], Controls]",
    model: Path,
    candidates: int | None,
    swing: float | None,
    seed: int,
    out: Path,
    output: Output,
) -> None:
    """Reads the solo, plays the bars anew, held to what `hold` says of the model, and writes the file."""
    from jazzgen.improvise.models import load_model  # noqa: PLC0415
    from jazzgen.improvise.solo import SOLO_NAME  # noqa: PLC0415
    from jazzgen.learning.soloist.bundle import Soloist  # noqa: PLC0415
    from jazzgen.system.files import require_writable  # noqa: PLC0415 - help stays quick
    from jazzgen.takes.new_bars import Retake, make_retake, read_source  # noqa: PLC0415

    if path is None or bars is None:
        raise click.UsageError("--retake FILE.mid and --bars A-B go together")
    first, last = read_options(None, None, bars).bars or (0, 0)
    require_writable(out)
    if path.suffix.lower() not in _SUFFIXES:
        raise OptionError(f"--retake {path}: give a MIDI file, .mid or .midi")
    source = read_source(path)
    played = _read(path, SOLO_NAME if source else None)
    soloist = load_model(model)
    if not isinstance(soloist, Soloist):
        raise OptionError(f"--retake: grammar model '{soloist.name}' cannot hear what comes after; give a soloist")
    retake = Retake((first, last), hold(soloist), _CANDIDATES if candidates is None else candidates, swing)
    take = make_retake(soloist, played, retake, seed=seed, source=source)
    new = len(set(take.played.melody.notes) - set(played.melody.notes))
    what = f"'{played.title}' with {counted(new, 'new note')} in bars {first}-{last}, seed {seed}."
    write_take(take, out, what, output)


def _read(path: Path, melody: str | None) -> "Score":
    """The solo as played; what the file holds and a score does not is said on stderr.

    Raises:
        CorpusError: when it cannot be read.
    """
    from jazzgen.corpus import read_score  # noqa: PLC0415 - help stays quick
    from jazzgen.formats.reading import Reading, ReadOptions  # noqa: PLC0415
    from jazzgen.formats.registry import read_file  # noqa: PLC0415

    options = ReadOptions(melody=melody)
    score = read_score(path, options)
    left_out = [what for piece in read_file(path, options) if isinstance(piece, Reading) for what in piece.left_out]
    lost = [what for what in left_out if not what.startswith("texts")]  # such as the recipe
    if lost:
        click.echo(f"warning: {path}: left out: {'; '.join(lost)}", err=True)
    return score

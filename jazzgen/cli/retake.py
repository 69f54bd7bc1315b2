"""`jazzgen retake`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jazzgen.cli.band_options import SWING_OPTION, layout_from, layout_options
from jazzgen.cli.columns import counted
from jazzgen.cli.control_options import control_options
from jazzgen.cli.options import choose_seed, read_options
from jazzgen.cli.takes import Output, write_take
from jazzgen.errors import OptionError
from jazzgen.system.quiet import compute_in_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from jazzgen.improvise.controls import Controls
    from jazzgen.improvise.models import Model
    from jazzgen.music.score import Score
    from jazzgen.takes.plain import Json

_SUFFIXES = (".mid", ".midi")
_CANDIDATES = 16


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--bars", metavar="A-B", required=True, help="The bars to play anew, both included.")
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of a soloist.  [default: models/soloist, which comes along]",
)
@control_options
@click.option(
    "--best-of",
    type=int,
    default=_CANDIDATES,
    show_default=True,
    metavar="N",
    help="Play the bars N times and choose what leads on best.",
)
@SWING_OPTION
@layout_options
@click.option("--seed", type=int, help="Same seed, same bytes.  [default: a new one, printed]")
@click.option("--picture", is_flag=True, help="Also draw a piano roll beside the MIDI file.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("retake.mid"),
    show_default=True,
    help="MIDI file to write.",
)
def retake(
    file: Path,
    bars: str,
    model: Path | None,
    best_of: int,
    swing: float | None,
    seed: int | None,
    picture: bool,
    out: Path,
    **asked: Any,
) -> None:
    """Play some bars of a solo anew; every other note, the band's too, stays as it is.

    FILE is a MIDI file that jazzgen wrote, or any that has a solo and its changes. A CURVE is as 'jazzgen generate'
    takes it; its bars, and those of targets, are the whole solo's.
    """
    compute_in_one_thread()
    from jazzgen.improvise.asking import controls_from  # noqa: PLC0415 - help stays quick
    from jazzgen.system.places import shipped_soloist  # noqa: PLC0415

    hold = partial(controls_from, asked)
    output = Output(layout_from(asked), picture=picture, stems=asked["stems"])
    retake_bars(file, bars, hold, model or shipped_soloist(), best_of, swing, choose_seed(seed), out, output)


def retake_bars(
    path: Path,
    bars: str,
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
    from jazzgen.takes.new_bars import Retake, make_retake  # noqa: PLC0415
    from jazzgen.takes.recipe import read_source  # noqa: PLC0415

    first, last = read_options(None, None, bars).bars or (0, 0)
    require_writable(out)
    if path.suffix.lower() not in _SUFFIXES:
        raise OptionError(f"{path}: give a MIDI file, .mid or .midi")
    source = read_source(path)
    _warn_of_recipe(path, source)
    played = _read(path, SOLO_NAME if source else None)
    soloist = load_model(model)
    if not isinstance(soloist, Soloist):
        raise OptionError(f"retake: grammar model '{soloist.name}' cannot hear what comes after; give a soloist")
    wanted = Retake((first, last), hold(soloist), _CANDIDATES if candidates is None else candidates, swing)
    take = make_retake(soloist, played, wanted, seed=seed, source=source)
    new = len(set(take.played.melody.notes) - set(played.melody.notes))
    what = f"'{played.title}' with {counted(new, 'new note')} in bars {first}-{last}, seed {seed}."
    write_take(take, out, what, output)


def _warn_of_recipe(path: Path, source: "Json | None") -> None:
    """Says on stderr what is wrong with a recipe that cannot be read, and what follows from that."""
    from jazzgen.takes.recipe import chain  # noqa: PLC0415 - help stays quick

    try:
        for _ in chain(source):
            pass
    except OptionError as error:
        click.echo(f"warning: {path}: {error}; until then its swing is told by its notes", err=True)


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

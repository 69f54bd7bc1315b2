"""Generate solos over the changes of a corpus's pieces, at their tempo and length, to compare a model with people.

`python scripts/play_over.py CORPUS --split FILE -o FOLDER`, then `jazzgen metrics FOLDER --against CORPUS`, or
`jazzgen listen FOLDER --against CORPUS`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from jazzgen.cli import stop_on_error
from jazzgen.cli.control_options import EAR_OPTION, control_options, read_ear
from jazzgen.corpus import read_corpus
from jazzgen.corpus.cache import Cache, default_folder
from jazzgen.corpus.split import load_split
from jazzgen.errors import CorpusError
from jazzgen.formats.midi.write import write_midi
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.models import load_model
from jazzgen.listener.playing import has_changes, play_over_all
from jazzgen.music.score import Score
from jazzgen.system.files import make_folder


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--split", "split_path", type=click.Path(path_type=Path), help="Play over held-out pieces alone.")
@click.option("--training", is_flag=True, help="Play over the pieces that --split does not hold out.")
@click.option("--model", "folder", type=click.Path(path_type=Path), default=Path("models/soloist"), show_default=True)
@control_options
@EAR_OPTION
@click.option("--manner", is_flag=True, help="Play in the style of each piece's own performer.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the MIDI files.")
def main(
    corpus: Path,
    *,
    split_path: Path | None,
    training: bool,
    folder: Path,
    seed: int,
    out: Path,
    **asked: Any,
) -> None:
    """Play over every piece that has chords."""
    with stop_on_error():
        ear = read_ear(asked.pop("ear"))
        manner = asked.pop("manner")
        pieces = _pieces(corpus, split_path, training)
        model = load_model(folder)
        solos = play_over_all(model, pieces, controls_from(asked, model), seed, manner=manner, ear=ear)
        _write_all(solos, out)
        bars = sum(1 for piece in pieces for _ in piece.bars())
        click.echo(f"{out}: {len(pieces)} solos over {bars} bars.")


def _pieces(corpus: Path, split_path: Path | None, training: bool) -> list[Score]:
    if training and split_path is None:
        raise click.UsageError("--training goes with --split")
    split = load_split(split_path) if split_path else None
    scores = [reading.score for _, reading in read_corpus([corpus], cache=Cache(default_folder())).readings]
    asked = [score for score in scores if split is None or split.holds_out(score.title) != training]
    pieces = [score for score in asked if has_changes(score)]
    if not pieces:
        raise CorpusError(f"{corpus}: no chosen piece has chords to play over; give another corpus or split")
    return pieces


def _write_all(solos: Iterable[Score], out: Path) -> None:
    make_folder(out)
    for number, solo in enumerate(solos):
        write_midi(solo, out / f"{number:03}.mid")

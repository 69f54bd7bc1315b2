"""Solos over the changes of a corpus's pieces, at their tempo and as long as they are: to hold a model against people.

`python scripts/play_over.py CORPUS --split FILE -o FOLDER`, then `jazzgen metrics FOLDER --against CORPUS`.
"""

from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from jazzgen.cli import stop_on_error
from jazzgen.corpus import read_corpus
from jazzgen.corpus.cache import Cache, default_folder
from jazzgen.corpus.split import load_split
from jazzgen.errors import CorpusError
from jazzgen.files import make_folder
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.grammar_solo import grammar_notes
from jazzgen.improvise.models import Model, load_model
from jazzgen.improvise.solo import SOLO_CHANNEL, SOLO_NAME, notes_over
from jazzgen.improvise.usual import usual_controls
from jazzgen.midifile import write_midi
from jazzgen.network.bundle import Bundle
from jazzgen.score import TENOR_SAX, Part, Score


def play_over(model: Model, piece: Score, controls: Controls, *, rng: np.random.Generator) -> Score:
    """A solo in the place of the piece's own, as written."""
    form = replace(piece.with_parts(), feel="swing")
    notes = (
        grammar_notes(model, form, controls, rng=rng)
        if isinstance(model, Bundle)
        else notes_over(model, form, controls, rng=rng)
    )
    return form.with_parts(Part(SOLO_NAME, notes, TENOR_SAX, SOLO_CHANNEL))


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--split", "split_path", type=click.Path(path_type=Path), help="Over the pieces that it holds out alone.")
@click.option("--model", "folder", type=click.Path(path_type=Path), default=Path("models/soloist"), show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the MIDI files.")
def main(corpus: Path, split_path: Path | None, folder: Path, seed: int, out: Path) -> None:
    """Play over every piece that has chords."""
    with stop_on_error():
        _play_all(corpus, split_path, load_model(folder), seed, out)


def _play_all(corpus: Path, split_path: Path | None, model: Model, seed: int, out: Path) -> None:
    split = load_split(split_path) if split_path else None
    readings = read_corpus([corpus], cache=Cache(default_folder())).readings
    scores = [reading.score for _, reading in readings if split is None or split.holds_out(reading.score.title)]
    pieces = [score for score in scores if any(span.chord for span in score.changes)]
    if not pieces:
        raise CorpusError(f"{corpus}: no piece of it has chords to play over and is held out; give another")
    controls = Controls() if isinstance(model, Bundle) else usual_controls(Controls(max_quote=8), (), model.config)
    make_folder(out)
    for number, piece in enumerate(pieces):
        solo = play_over(model, piece, controls, rng=np.random.default_rng([seed, number]))
        write_midi(solo, out / f"{number:03}.mid")
    bars = sum(1 for piece in pieces for _ in piece.bars())
    click.echo(f"{out}: {len(pieces)} solos over {bars} bars.")

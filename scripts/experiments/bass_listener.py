"""Train listeners to tell bass lines from people's over the same changes, beat by beat.

`python scripts/bass_listener.py CORPUS --split FILE`. Three sides are told from people's in turn:

    model    the bassist alone, drawing from its probabilities at every beat
    learned  the band's bass as it plays, with a chord tone at every change
    rules    the band's bass by rules alone

All sides have a note on the beats on which the people's line has one, so only pitches can tell. A listener is trained
on the tunes that the split does not hold out, and judges windows of 32 beats of the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import click
import numpy as np

from jazzgen.band.bass import bass_notes
from jazzgen.band.bassist import Listening
from jazzgen.band.choice import plain_groove
from jazzgen.band.players import PLAYERS
from jazzgen.band.rhythm import Hit
from jazzgen.band.sounding import soundings
from jazzgen.band.styles import Groove
from jazzgen.cli import stop_on_error
from jazzgen.codec.columns import NONE
from jazzgen.corpus import read_corpus
from jazzgen.corpus.cache import Cache, default_folder
from jazzgen.corpus.split import Split, load_split
from jazzgen.errors import CorpusError
from jazzgen.learning.bass.bundle import load_bassist
from jazzgen.learning.bass.examples import Line, groove_of
from jazzgen.learning.bass.hearing import LOW
from jazzgen.learning.bass.training import bass_lines
from jazzgen.learning.bass.walk import Bassist, Walk
from jazzgen.listener.config import KINDS, Kind, ListenerOptions
from jazzgen.listener.evaluation import judge, trial_of
from jazzgen.listener.solos import Heard, hear
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

_GROOVE = "SWING"
_Piece = tuple[str, Score, Line]
_Play = Callable[[Score, Line, np.random.Generator], Sequence[int]]


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--split", "split_path", type=click.Path(path_type=Path), required=True)
@click.option("--model", type=click.Path(path_type=Path), default=Path("models/bass"), show_default=True)
@click.option("--inner", is_flag=True, help="Judge on an eighth of the training tunes; the held-out ones stay unheard.")
@click.option("--side", "sides", multiple=True, help="Of model, learned and rules.  [default: all]")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="[default: all]")
@click.option("--seed", type=int, default=0, show_default=True)
def main(
    corpus: Path,
    *,
    split_path: Path,
    model: Path,
    inner: bool,
    sides: tuple[str, ...],
    kinds: tuple[Kind, ...],
    seed: int,
) -> None:
    """Print the areas under the ROC curve by window and by line, with 95 % intervals."""
    with stop_on_error():
        split = load_split(split_path)
        pieces = _pieces(corpus)
        if inner:
            pieces = [piece for piece in pieces if not split.holds_out(piece[1].title)]
            split = Split.by_share([score.title for _, score, _ in pieces], 0.125, 1)
        click.echo(f"people   {_figures(pieces, [line.pitch.tolist() for _, _, line in pieces])}")
        people = [_heard(name, score, line, line.pitch.tolist(), person=True) for name, score, line in pieces]
        for side, play in _players(load_bassist(model)).items():
            if side not in (sides or (side,)):
                continue
            played = [
                play(score, line, np.random.default_rng([seed, number]))
                for number, (_, score, line) in enumerate(pieces)
            ]
            click.echo(f"{side:8} {_figures(pieces, played)}")
            ours = [
                _heard(f"{side} over {name}", score, line, pitches, person=False)
                for (name, score, line), pitches in zip(pieces, played, strict=True)
            ]
            trial = trial_of([heard for heard in (*people, *ours) if heard], split.holds_out)
            for kind in kinds or KINDS:
                found = judge(kind, "all", [trial], ListenerOptions(seed=seed))
                areas = [area for area in (found.windows, found.solos) if area]
                text = ", ".join(f"{a.area:.3f} ({a.low:.3f} to {a.high:.3f} of {a.count})" for a in areas)
                click.echo(f"{side:8} {kind}, {'windows and lines' if found.windows else 'lines'}: {text}")


def _pieces(corpus: Path) -> list[_Piece]:
    readings = read_corpus([corpus], cache=Cache(default_folder()))
    names = {id(reading.score): reading.piece for _, reading in readings.readings}
    heard, _ = bass_lines(readings)
    found = [(names[id(score)], score, line) for score, line in heard if groove_of(score) == _GROOVE]
    if not found:
        raise CorpusError(f"{corpus}: has no bass line in {_GROOVE}; give the Weimar Jazz Database")
    return found


def _players(bassist: Bassist) -> Mapping[str, _Play]:
    def alone(_: Score, line: Line, rng: np.random.Generator) -> Sequence[int]:
        walk = Walk(bassist, line.places)
        played = []
        for sounds in line.counted.tolist():
            chances = np.cumsum(walk.probabilities().astype(np.float64))
            pitch = LOW + int(np.searchsorted(chances, rng.random() * chances[-1], side="right"))
            played.append(pitch if sounds else NONE)
            walk.take(pitch if sounds else None)
        return played

    def learned(score: Score, line: Line, rng: np.random.Generator) -> Sequence[int]:
        return _walked(score, line, Listening(bassist, line.places), rng)

    def rules(score: Score, line: Line, rng: np.random.Generator) -> Sequence[int]:
        return _walked(score, line, None, rng)

    return {"model": alone, "learned": learned, "rules": rules}


def _walked(score: Score, line: Line, learned: Listening | None, rng: np.random.Generator) -> list[int]:
    """Return the band's pitch at each beat of a line, a stroke on every beat."""
    bars = [(bar, _walking(bar.meter)) for bar in score.bars()]
    notes = bass_notes(PLAYERS["bass"], score, bars, soundings(score.changes), learned=learned, rng=rng)
    pitches = {note.onset: note.pitch for note in notes}
    return [pitches.get(onset, NONE) for onset in line.places.onset.tolist()]


def _walking(meter: Meter) -> Groove:
    return replace(plain_groove(meter), bass=(tuple(Hit(Fraction(beat)) for beat in range(meter.numerator)),))


def _heard(name: str, score: Score, line: Line, pitches: Sequence[int], *, person: bool) -> Heard | None:
    """Return a line as a listener hears it: the beats that count, each a beat long."""
    beats = zip(line.places.onset.tolist(), pitches, line.counted.tolist(), strict=True)
    notes = tuple(Note(onset, TICKS_PER_BEAT, pitch) for onset, pitch, counts in beats if counts and pitch != NONE)
    return hear(name, replace(score, parts=(Part("Bass", notes),)), person=person)


def _figures(pieces: Sequence[_Piece], played: Sequence[Sequence[int]]) -> str:
    """Describe lines in figures: roots at changes, moves from beat to beat, and the range."""
    at_change, moves, pitches = [], [], []
    for (_, _, line), beats in zip(pieces, played, strict=True):
        pitch = np.where(line.counted, np.array(beats), NONE)
        arrives = line.places.arrives & (pitch != NONE)
        at_change += ((pitch - line.places.root)[arrives] % 12 == 0).tolist()
        both = (pitch[1:] != NONE) & (pitch[:-1] != NONE)
        moves += np.abs(np.diff(pitch))[both].tolist()
        pitches += pitch[pitch != NONE].tolist()
    sizes = np.array(moves)
    low, middle, high = np.quantile(pitches, (0.05, 0.5, 0.95))
    return (
        f"root at {np.mean(at_change):.0%} of changes; moves: {np.mean(sizes == 0):.0%} none, "
        f"{np.mean((sizes > 0) & (sizes <= 2)):.0%} steps, {np.mean(sizes > 5):.0%} over a fourth, "
        f"{np.mean(sizes > 12):.1%} over an octave; pitches {low:.0f} to {high:.0f} (5 to 95 %), median {middle:.0f}"
    )

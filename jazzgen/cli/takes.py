"""Write the takes of `jazzgen generate` to files, and print what the critics say of them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from jazzgen.cli.columns import aligned, counted
from jazzgen.formats.midi.write import Layout, write_midi, write_stems
from jazzgen.improvise.critics import Human, Verdict
from jazzgen.learning.soloist.runs import Runs
from jazzgen.music.score import Score
from jazzgen.takes.take import Take, Takes

_OPEN_IN = (
    "Drag it into a DAW's arrangement (Ableton, Logic, Reaper, Cubase, FL Studio, GarageBand), or File > Import > MIDI."
)
# The figures to print, of all that are judged.
_SHOWN: Mapping[str, str] = {
    "density": "notes a beat",
    "rest_share": "rests",
    "phrase_notes": "notes a phrase",
    "pitch_range": "range",
    "entropy_4": "entropy",
    "chord_tones_strong": "chord tones",
    "similarity_2": "like 2 bars before",
}


def numbered(out: Path, count: int) -> list[Path]:
    """Return `count` file names: `solo.mid`, `solo-2.mid` and so on."""
    return [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, count + 1))]


@dataclass(frozen=True, slots=True)
class Output:
    """What to write for a take: a MIDI file in this layout, its picture, a file for each part."""

    layout: Layout
    picture: bool = False
    stems: bool = False


def write_takes(takes: Takes, outs: Sequence[Path], over: str, output: Output, runs: Runs | None = None) -> None:
    """Write a file for each take, and print a table of all takes if there were several.

    Args:
        takes: the takes.
        outs: the files, one for each take kept.
        over: what they were played over, for the message.
        output: what to write.
        runs: the soloist's runs, to name the longest quote; None to leave it out.
    """
    for take, path in zip(takes.best, outs, strict=True):
        notes = len(take.written.melody.notes)
        bars = sum(1 for _ in take.written.bars())
        what = f"'{take.written.title}', {counted(notes, 'note')} over {counted(bars, 'bar')} {over}"
        write_take(take, path, what, output)
        if runs is not None:
            click.echo(_quote_line(take.written, runs))
    if takes.verdicts:
        click.echo("\n".join(verdict_lines(takes.verdicts, takes.human)))
    click.echo(_OPEN_IN)


def _quote_line(solo: Score, runs: Runs) -> str:
    """Describe the longest quote of the solo: a run that exactly one tune of the corpus has."""
    notes = solo.melody.notes
    quote = runs.longest(np.array([note.pitch for note in notes])) if notes else None
    if quote is None:
        return "  It quotes nobody."
    bar = next(bar.number for bar in solo.bars() if notes[quote.first].onset < bar.end)
    return f"  Its longest quote: {quote}, from bar {bar}."


def write_take(take: Take, out: Path, what: str, output: Output) -> None:
    """Write the file, print a line that says `what` it is, and write stems and picture if asked for."""
    recipe = take.recipe.to_json(output.layout)
    write_midi(take.played, out, recipe, output.layout)
    click.echo(f"{out}: {what}")
    if output.stems:
        for stem in write_stems(take.played, out, recipe, output.layout):
            click.echo(f"{stem}: one part of it.")
    if output.picture:
        _draw(take.written, out.with_suffix(".png"))


def _draw(score: Score, path: Path) -> None:
    from jazzgen.pictures.plots import write_piano_roll  # noqa: PLC0415 - brings matplotlib

    write_piano_roll(score, path)
    click.echo(f"{path}: its piano roll.")


def verdict_lines(verdicts: Sequence[Verdict], human: Human) -> Iterator[str]:
    """Yield a table of takes by rank: their distance from human solos, and some figures beside the human range."""
    shown = [name for name in _SHOWN if name in human]
    headings = ("rank", "sds apart", "bits a choice", *(_SHOWN[name] for name in shown))
    rows = [
        (str(rank), _number(v.distance), _number(v.bits), *(_number(v.figures[name]) for name in shown))
        for rank, v in enumerate(verdicts, 1)
    ]
    people = ("human", "", "", *(f"{mean - sd:.2f} to {mean + sd:.2f}" for mean, sd in map(human.__getitem__, shown)))
    yield from aligned([headings, *rows, people], right=range(len(headings)))


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-"

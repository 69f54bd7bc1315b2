"""Evaluate a bassist for `jazzgen evaluate`: bits a beat beside n-grams, steps alone and uniform pitches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from jazzgen.cli.columns import aligned, counted
from jazzgen.corpus import Corpus
from jazzgen.corpus.split import Split
from jazzgen.errors import CorpusError
from jazzgen.learning.bass.examples import Line, groove_of
from jazzgen.learning.bass.scoring import Scored, forecasters, score_line
from jazzgen.learning.bass.training import bass_lines
from jazzgen.learning.bass.walk import Bassist
from jazzgen.music.score import Score

_HEADINGS = ("", "bits a beat", "right")
_Heard = tuple[Score, Line]


def evaluate_bass(
    bassist: Bassist, corpus: Corpus, split: Split | None, split_path: Path | None, *, each: bool, as_json: bool
) -> list[str]:
    """Print the figures of the lines that a split holds out, in grooves that the bassist plays; without one, of all.

    Returns:
        The titles of what was scored.

    Raises:
        CorpusError: when there is no such line.
    """
    heard, skipped = bass_lines(corpus)
    for reason in (*corpus.failures, *skipped):
        click.echo(f"skipped: {reason}", err=True)
    grooves = bassist.config.grooves
    judged = [(score, line) for score, line in heard if groove_of(score) in grooves and _is_asked(split, score)]
    if not judged:
        where = f"{split_path}: holds out none" if split else "there is none"
        have = counted(len(heard), "bass line")
        raise CorpusError(f"{where} of the {have} read in {', '.join(grooves)}; give the Weimar Jazz Database")
    trained = [line for score, line in heard if split is not None and not split.holds_out(score.title)]
    found = forecasters(bassist, trained, [line for _, line in judged])
    if as_json:
        click.echo(json.dumps(_json(bassist, judged, found, each), ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(_text_lines(bassist, judged, found, each)))
    return [score.title for score, _ in judged]


def _is_asked(split: Split | None, score: Score) -> bool:
    return split is None or split.holds_out(score.title)


def _json(bassist: Bassist, judged: Sequence[_Heard], found: Mapping[str, Scored], each: bool) -> dict[str, object]:
    about = {"model": bassist.name, "lines": len(judged), "beats": len(found["uniform"].bits)}
    figures = {
        name: {"bits": float(scored.bits.mean()), "accuracy": float(scored.right.mean())}
        for name, scored in found.items()
    }
    rows = [{"title": score.title, "bits": float(score_line(bassist, line).bits.mean())} for score, line in judged]
    return about | {"forecasters": figures} | ({"each": rows} if each else {})


def _text_lines(bassist: Bassist, judged: Sequence[_Heard], found: Mapping[str, Scored], each: bool) -> Iterator[str]:
    beats = counted(len(found["uniform"].bits), "beat")
    yield f"{counted(len(judged), 'bass line')}, {beats}; fewer bits are better:"
    yield ""
    labels = {"bassist": bassist.name}
    rows = [
        (labels.get(name, name), f"{scored.bits.mean():.3f}", f"{scored.right.mean():.1%}")
        for name, scored in found.items()
    ]
    yield from aligned([_HEADINGS, *rows], right=(1, 2))
    if each:
        yield ""
        lines = [(score.title, f"{score_line(bassist, line).bits.mean():.3f}") for score, line in judged]
        yield from aligned([("line", "bits a beat"), *lines], right=(1,))

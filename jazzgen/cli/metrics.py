"""Run `jazzgen metrics`."""

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from jazzgen.cli.columns import aligned, shortened
from jazzgen.cli.options import open_cache, read_options
from jazzgen.cli.progress import reading_bar
from jazzgen.corpus import Corpus, name_of, read_corpus
from jazzgen.corpus.split import tune_of
from jazzgen.errors import CorpusError, OptionError, ScoreError
from jazzgen.metrics.comparison import Comparison, Measured, compare
from jazzgen.metrics.line import Line
from jazzgen.metrics.originality import Entry, Run
from jazzgen.music.melody import monophonic
from jazzgen.music.score import Score
from jazzgen.music.written import is_told, written_line
from jazzgen.system.extras import require
from jazzgen.system.files import require_writable

_FIGURE_HEADINGS = ("figure", "generated", "human", "human sd", "sds apart", "overlap")
_HISTOGRAM_HEADINGS = ("histogram", "overlap", "divergence (bits)")
_SHOWN_RUNS = 5  # set by hand


def metrics(
    paths: tuple[Path, ...],
    against: Path,
    tempo: str | None,
    picture: Path | None,
    as_json: bool,
    melody: str | None,
    chords: str | None,
    bars: str | None,
    no_cache: bool,
    quiet: bool,
) -> None:
    within = _tempo_range(tempo)
    if picture:
        require("plots")
        require_writable(picture)
    cache = open_cache(no_cache)
    options = read_options(melody, chords, bars)
    generated = read_corpus(paths, options, cache=cache, progress=reading_bar(quiet))
    human = read_corpus((against,), cache=cache, progress=reading_bar(quiet))
    comparison = compare(_entries(generated, within), _entries(human, within), _measuring_bar(quiet))
    click.echo(_json(comparison) if as_json else "\n".join(_text_lines(comparison)))
    if picture:
        from jazzgen.pictures.metrics import write_comparison  # noqa: PLC0415 - brings matplotlib

        write_comparison(picture, comparison)
        click.echo(f"Wrote {picture}", err=True)


def _tempo_range(text: str | None) -> tuple[float, float] | None:
    """Read LOW-HIGH: the slowest and the fastest tempo to take."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", text)
    low, high = map(float, found.groups()) if found else (1, 0)
    if low > high:
        raise OptionError(f"--tempo {text}: give the slowest and the fastest, as in 50-80")
    return low, high


def _entries(corpus: Corpus, within: tuple[float, float] | None) -> list[Entry]:
    """Return the solos at these tempos that can be measured; say on stderr why others cannot.

    Raises:
        CorpusError: when there are none.
    """
    entries: list[Entry] = []
    skipped = list(corpus.failures)
    for path, reading in corpus.readings:
        name = name_of(path, reading.piece)
        score = reading.score
        if within and not within[0] <= score.bpm <= within[1]:
            continue
        try:
            entries.append(Entry(name, tune_of(score.title), Line.of(_one_at_a_time(score))))
        except ScoreError as error:
            skipped.append(f"{name}: {error}")
    if not entries and not skipped and within:
        raise CorpusError(f"none of {len(corpus.readings)} solos is at {within[0]:g} to {within[1]:g} beats a minute")
    if not entries:
        others = f" (and {len(skipped) - 1} more like it)" if len(skipped) > 1 else ""
        raise CorpusError(f"there is no solo to measure: {skipped[0]}{others}")
    for reason in skipped:
        click.echo(f"skipped: {reason}", err=True)
    return entries


def _one_at_a_time(score: Score) -> Score:
    """Return the score's melody one note at a time, where its notes say that they are written, else as played."""
    if not score.parts:
        return score
    notes = score.melody.notes
    if not is_told(notes):
        line = notes if score.melody.is_monophonic else monophonic(notes)
    else:
        line, _ = written_line(score)
    return score.with_parts(replace(score.melody, notes=line))


def _measuring_bar(quiet: bool) -> Callable[[Sequence[Entry]], Iterable[Entry]]:
    def bar(entries: Sequence[Entry]) -> Iterable[Entry]:
        return tqdm(entries, desc="measuring", unit="solo", disable=quiet or not sys.stderr.isatty(), leave=False)

    return bar


def _text_lines(comparison: Comparison) -> Iterator[str]:
    yield f"{len(comparison.generated)} solos beside {len(comparison.human)} of the corpus, means:"
    yield ""
    figures = [
        (row.label, *map(_number, (row.generated.mean, row.human.mean, row.human.sd, row.sds_apart, row.overlap)))
        for row in comparison.figures
    ]
    yield from aligned([_FIGURE_HEADINGS, *figures], right=range(1, 6))
    yield ""
    shapes = [(row.label, _number(row.overlap), _number(row.divergence_bits)) for row in comparison.histograms]
    yield from aligned([_HISTOGRAM_HEADINGS, *shapes], right=(1, 2))
    yield ""
    yield from _run_lines(comparison.generated)


def _run_lines(solos: Sequence[Measured]) -> Iterator[str]:
    """Yield the solos with the longest runs shared with the corpus, and with whom."""
    worst = sorted(solos, key=lambda solo: -solo.run_melody.notes)[:_SHOWN_RUNS]
    yield "Longest runs shared with the corpus, transposed or not:"
    for solo in worst:
        run = solo.run_melody
        where = (
            f"from bar {run.bar} as in {shortened(run.source, 44, keep_end=True)}, bar {run.source_bar}"
            if run.notes
            else "none"
        )
        yield f"  {shortened(solo.name, 44, keep_end=True)}: {run.notes} notes {where}"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _json(comparison: Comparison) -> str:
    figures = {row.name: _plain(asdict(row), leave_out=("name",)) for row in comparison.figures}
    shapes = {row.name: _plain(asdict(row), leave_out=("name",)) for row in comparison.histograms}
    solos = [_solo(solo) for solo in comparison.generated]
    counts = {"generated": len(comparison.generated), "human": len(comparison.human)}
    return json.dumps(
        {"count": counts, "figures": figures, "histograms": shapes, "solos": solos}, ensure_ascii=False, allow_nan=False
    )


def _solo(solo: Measured) -> dict[str, Any]:
    runs: dict[str, Run] = {"run_melody": solo.run_melody, "run_rhythm": solo.run_rhythm}
    return {"name": solo.name} | _plain(solo.values()) | {name: asdict(run) for name, run in runs.items()}


def _plain(values: dict[str, Any], leave_out: Sequence[str] = ()) -> dict[str, Any]:
    """Convert to what JSON can hold: NaN to null, arrays to lists."""
    return {name: _plain_value(value) for name, value in values.items() if name not in leave_out}


def _plain_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, tuple):
        return [_plain_value(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.tolist() if hasattr(value, "tolist") else value

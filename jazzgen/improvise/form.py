"""The form to play over: a tune's changes as a score without notes, and where on a stage the solo starts."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.harmony.changes import MAX_BARS, Chart, chord_at
from jazzgen.harmony.tunes import Tune
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import TAG, Feel, Mark, Score
from jazzgen.music.timing import TICKS_PER_TATUM, without_repeats

_TAG_BARS = 4


def form_score(tune: Tune, choruses: int, bpm: float, feel: Feel, *, tag: bool = False) -> Score:
    """Return a score with the changes, meters and marks of all choruses, and no part.

    Args:
        tune: the tune to play over.
        choruses: the number of choruses.
        bpm: tempo, quarter notes a minute.
        feel: whether eighths swing.
        tag: whether to repeat the last four bars.

    Raises:
        OptionError: when there are too many bars, or no chord in them.
    """
    chart = _all_choruses(tune.chart, choruses)
    form = Score(
        title=tune.title,
        tempos=((0, bpm),),
        meters=chart.meters,
        key=tune.key,
        changes=chart.changes,
        feel=feel,
        marks=tuple(mark for chorus in range(choruses) for mark in _marks(tune.chart, chorus)),
    )
    return _with_tag(form) if tag else form


def _with_tag(form: Score) -> Score:
    """Repeat the last bars of the form once."""
    bars = list(form.bars())[-_TAG_BARS:]
    tag = form.excerpt(bars[0].number, bars[-1].number)
    start = form.end
    meters = (*form.meters, *((start + onset, meter) for onset, meter in tag.meters))
    return replace(
        form,
        meters=tuple(without_repeats(meters)),
        changes=(*form.changes, *(replace(span, onset=start + span.onset) for span in tag.changes)),
        marks=(*form.marks, Mark(start, tag.end, "section", TAG)),
    )


def _all_choruses(chart: Chart, choruses: int) -> Chart:
    if chord_at(chart.changes, 0) is None:
        raise OptionError("the changes hold no chord, only N.C.; write at least one")
    bars = choruses * sum(1 for _ in chart.bars())
    if bars > MAX_BARS:
        raise OptionError(f"choruses {choruses}: that makes {bars} bars; at most {MAX_BARS} are played")
    return chart.repeated(choruses)


def _marks(chart: Chart, chorus: int) -> Iterator[Mark]:
    """Yield the marks of one chorus and its sections; `chorus` counts from 0, labels from 1."""
    start = chorus * chart.end
    yield Mark(start, chart.end, "chorus", str(chorus + 1))
    for (onset, label), (end, _) in pairwise([*chart.sections, (chart.end, "")]):
        yield Mark(start + onset, end - onset, "section", label)


def led_in(form: Score, chorus_ticks: int, ticks: int) -> tuple[Stage, int]:
    """Return a stage that starts with the last bars of a chorus, and the tatum where the form proper starts.

    The bars before the form count as one pickup bar.

    Args:
        form: one chorus more than is played.
        chorus_ticks: the length of its first chorus.
        ticks: the least length of what comes before the form; at most `chorus_ticks`.
    """
    stage = Stage.of(form)
    lead = next(bar for bar in reversed(list(form.bars())) if bar.onset <= chorus_ticks - ticks)
    first = lead.onset // TICKS_PER_TATUM
    start = -(-chorus_ticks // TICKS_PER_TATUM)
    begun = int(stage.bar[start])
    return (
        replace(
            stage,
            end=stage.end - first,
            place=stage.place[first:],
            harmony=stage.harmony[first:],
            bar=(stage.bar[first:] - begun + 1).clip(0),
            bar_starts=np.append(0, stage.bar_starts[begun:] - first),
            has_pickup=True,
        ),
        start - first,
    )


def bars_of(stage: Stage) -> np.ndarray:
    """Return the bar of each tatum (tatums,), from 1; 1.5 is the middle of bar 1, and a pickup is before 1."""
    tatums = np.arange(len(stage.place))
    starts = stage.bar_starts[stage.bar]
    ends = np.append(stage.bar_starts[1:], len(tatums))[stage.bar]
    return stage.bar + int(not stage.has_pickup) + (tatums - starts) / (ends - starts)

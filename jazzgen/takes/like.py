"""More takes like a liked one: over its changes, from its opening phrase, nearest to its figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from math import isnan

import numpy as np

from jazzgen.band.arrange import Arrangement
from jazzgen.errors import OptionError, ScoreError
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.critics import Human
from jazzgen.improvise.options import Options
from jazzgen.improvise.primer import Primer
from jazzgen.improvise.written import as_written
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.metrics.figures import measure
from jazzgen.metrics.line import Line
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import TICKS_PER_BEAT
from jazzgen.takes.plain import Json
from jazzgen.takes.recipe import chain, recipe_in
from jazzgen.takes.remake import read_midi
from jazzgen.takes.steps import Improvised, Lengthened, Retimed
from jazzgen.takes.take import Take, make_takes
from jazzgen.takes.transform import heard_swing

# Takes to choose from, for each that is asked for; set by hand.
_CANDIDATES = 3
_PHRASE_GAP_TICKS = TICKS_PER_BEAT  # as in `guards`: phrases end at a rest of a quarter note
_LONGEST_OPENING_BARS = 2  # set by ear


def takes_like(soloist: Soloist, midi: bytes, count: int, *, seed: int) -> list[Take]:
    """Return the takes nearest to a liked one, nearest first; their recipes are those of ordinary solos.

    Args:
        soloist: who plays.
        midi: the liked take's file.
        count: the number of takes.
        seed: of all random choices.

    Raises:
        OptionError: when the file holds no recipe of an improvised solo, so that its changes are not known for certain.
    """
    liked = read_midi(midi)
    recipe = recipe_in(midi)
    written = as_written(liked, heard_swing(liked, recipe))
    tune, options, how = _asked(recipe, liked)
    options = replace(options, takes=count * _CANDIDATES, primer=_opening(written), primer_before=False, beam=None)
    takes = make_takes(soloist, tune, options, how, seed=seed, keep=options.takes)
    aim = _figures(written)
    human = soloist.config.human or {}
    return sorted(takes.best, key=lambda take: _apart(_figures(take.written), aim, human))[:count]


def _asked(recipe: Json | None, played: Score) -> tuple[Tune, Options, Arrangement]:
    """Return the tune, options and arrangement of the first solo, updated by the steps since."""
    steps = [one.step for one in chain(recipe)]
    first = steps[-1] if steps else None
    if not isinstance(first, Improvised):
        raise OptionError("this solo was opened from a file; play bars of it anew, or a new solo over its changes")
    tune = replace(first.tune, title=played.title)
    tune = tune.in_key(played.key) if played.key != tune.key else tune
    more = sum(step.choruses for step in steps if isinstance(step, Lengthened))
    swings = [step.swing for step in steps if isinstance(step, Retimed)]
    return (
        tune,
        replace(first.options, choruses=first.options.choruses + more, bpm=played.bpm),
        replace(first.arrangement, swing=swings[0]) if swings else first.arrangement,
    )


def _opening(written: Score) -> Primer | None:
    """Return the first phrase, at most two bars, as a primer; None if it cannot be one."""
    first = written.melody.notes[0] if written.melody.notes else None
    bars = list(written.bars())
    starts = [bar for bar in bars if first and bar.onset <= first.onset]
    if first is None or not starts or starts[-1].number > 1:
        return None
    end = starts[-1].onset + _LONGEST_OPENING_BARS * starts[-1].duration
    try:
        return Primer.of(list(_phrase(written.melody.notes, end)), bars)
    except OptionError:
        return None


def _phrase(notes: Sequence[Note], end: int) -> Iterator[Note]:
    """Yield notes up to the first rest, or to tick `end`."""
    for before, note in zip((None, *notes), notes, strict=False):
        if note.end > end or (before and note.onset - before.end >= _PHRASE_GAP_TICKS):
            return
        yield note


def _figures(written: Score) -> Mapping[str, float]:
    try:
        return asdict(measure(Line.of(written)))
    except ScoreError:  # too few notes
        return {}


def _apart(figures: Mapping[str, float], aim: Mapping[str, float], human: Human) -> float:
    """Return the mean difference over the figures, in human standard deviations; infinity if none can be compared."""
    apart = [
        abs(figures[name] - aim[name]) / sd
        for name, (_, sd) in human.items()
        if sd > 0 and not isnan(figures.get(name, np.nan)) and not isnan(aim.get(name, np.nan))
    ]
    return float(np.mean(apart)) if apart else np.inf

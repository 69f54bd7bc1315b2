"""When a line plays."""

import numpy as np

from jazzgen.melody import ARTICULATION_TICKS
from jazzgen.metrics.line import Array, Line
from jazzgen.timing import TICKS_PER_BEAT, TICKS_PER_TATUM

_FEWEST_SWUNG_BEATS = 8
# A second eighth lies here, by beats after the first: from 2:3 to 4:1.
_SECOND_EIGHTH = (0.4, 0.8)


def grooving_similarity(line: Line) -> float:
    """How alike the bars are in where notes start: GS, 1 where all start at the same places.

    One minus the share of places at which two bars differ, over all pairs of bars, silent ones too. Places are those
    of the grid of 12 a beat, 48 in a bar of 4/4: with the paper's 64 all figures are higher by about 0.04. Of several
    lengths of bar the commonest is taken; bars cut short are left out. The authors draw 1000 pairs; here every pair
    counts, by the number of bars that play at a place. NaN with fewer than two bars.
    Source: S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the Front Line" (ISMIR 2020), section 4.
    """
    whole = np.array([bar.duration if bar.duration == bar.meter.bar_ticks else 0 for bar in line.bars])
    length = int(np.bincount(whole)[1:].argmax()) + 1 if whole.any() else 0
    alike = np.flatnonzero(whole == length)
    if not length or len(alike) < 2:
        return float("nan")
    playing = _plays(line)[alike].sum(axis=0)
    pairs = len(alike) * (len(alike) - 1) / 2
    return float(1 - (playing * (len(alike) - playing)).sum() / pairs / (length // TICKS_PER_TATUM))


def note_density(line: Line) -> float:
    """Notes a quarter note, from the first onset to the last end."""
    return len(line) * TICKS_PER_BEAT / line.span


def rest_share(line: Line) -> float:
    """Share of the time from the first onset to the last end that rests take: gaps longer than a sixteenth."""
    return float(line.gaps[line.gaps > ARTICULATION_TICKS].sum() / line.span)


def onset_milliseconds(line: Line) -> float:
    """The median time from one onset to the next, in milliseconds."""
    return float(np.median(np.diff(_milliseconds(line, line.onsets))))


def length_milliseconds(line: Line) -> float:
    """The median length of a note, in milliseconds."""
    return float(np.median(_milliseconds(line, line.ends) - _milliseconds(line, line.onsets)))


def swing_ratio(line: Line) -> float:
    """Length of the first eighth over the second, of the mean second eighth; NaN with fewer than eight to measure.

    Measured as played, off any grid, where a quarter note holds two onsets: one within a twelfth of the beat, one
    where a second eighth can be (0.4 to 0.8 of the way).
    Source: A. Friberg and A. Sundström, "Swing Ratios and Ensemble Timing in Jazz Performance", Music Perception
    19(3), 2002, who measure it between the onsets.
    """
    beats, places = np.divmod(line.onsets - line.bars[0].end + TICKS_PER_TATUM, TICKS_PER_BEAT)
    first = np.flatnonzero(_alone_in_pairs(beats))
    start, second = places[first] - TICKS_PER_TATUM, (places[first + 1] - TICKS_PER_TATUM) / TICKS_PER_BEAT
    low, high = _SECOND_EIGHTH
    swung = second[(start <= TICKS_PER_TATUM) & (low <= second) & (second <= high)]
    if len(swung) < _FEWEST_SWUNG_BEATS:
        return float("nan")
    place = float(swung.mean())
    return place / (1 - place)


def _plays(line: Line) -> Array:
    """Whether a note starts at a place (column) of a bar (row)."""
    bar, tick = line.tatums
    plays = np.zeros((len(line.bars), tick.max() // TICKS_PER_TATUM + 1), bool)
    plays[bar, tick // TICKS_PER_TATUM] = True
    return plays


def _milliseconds(line: Line, ticks: Array) -> Array:
    """The times of ticks (n,) by the line's tempos."""
    starts, bpm = np.array(line.tempos).T
    per_tick = 60_000 / bpm / TICKS_PER_BEAT
    until = np.append(0, np.cumsum(np.diff(starts) * per_tick[:-1]))
    tempo = np.searchsorted(starts, ticks, side="right") - 1
    return np.asarray(until[tempo] + (ticks - starts[tempo]) * per_tick[tempo])


def _alone_in_pairs(beats: Array) -> Array:
    """Whether each note but the last is the first of exactly two on its beat."""
    around = np.concatenate([[beats[0] - 1], beats, [beats[-1] + 1]])
    return (around[:-3] != beats[:-1]) & (beats[:-1] == beats[1:]) & (around[3:] != beats[1:])

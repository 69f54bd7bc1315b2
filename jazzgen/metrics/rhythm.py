"""Measure when a line plays."""

import numpy as np

from jazzgen.metrics.line import Array, Line
from jazzgen.music.melody import ARTICULATION_TICKS
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM

_FEWEST_SWUNG_BEATS = 8  # for a stable mean; set by hand
# Where a second eighth may lie, as a share of the beat: swing ratios from 2:3 to 4:1. Set by hand.
_SECOND_EIGHTH = (0.4, 0.8)


def grooving_similarity(line: Line) -> float:
    """Return how similar the bars' onset patterns are: GS, 1 if all bars have the same.

    One minus the share of grid places at which two bars differ, averaged over all pairs of bars, silent ones included.
    The grid has 12 places a beat, 48 in a bar of 4/4; on the paper's 64 every figure is about 0.04 higher. With bars of
    several lengths only the commonest counts; bars cut short are skipped. The authors draw 1000 pairs; here every pair
    counts, by the number of bars that play at each place. NaN with fewer than two bars.
    Source: S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the Front Line" (ISMIR 2020), section 4.
    """
    # Keep the bars of the commonest length.
    whole = np.array([bar.duration if bar.duration == bar.meter.bar_ticks else 0 for bar in line.bars])
    length = int(np.bincount(whole)[1:].argmax()) + 1 if whole.any() else 0
    alike = np.flatnonzero(whole == length)
    if not length or len(alike) < 2:
        return float("nan")
    # A place that k of n bars play differs in k (n - k) pairs.
    playing = _plays(line)[alike].sum(axis=0)
    pairs = len(alike) * (len(alike) - 1) / 2
    return float(1 - (playing * (len(alike) - playing)).sum() / pairs / (length // TICKS_PER_TATUM))


def note_density(line: Line) -> float:
    """Return notes a quarter note, from the first onset to the last end."""
    return len(line) * TICKS_PER_BEAT / line.span


def rest_share(line: Line) -> float:
    """Return the share of the time from first onset to last end in rests: gaps longer than a sixteenth."""
    return float(line.gaps[line.gaps > ARTICULATION_TICKS].sum() / line.span)


def onset_milliseconds(line: Line) -> float:
    """Return the median inter-onset time in milliseconds."""
    return float(np.median(np.diff(_milliseconds(line, line.onsets))))


def length_milliseconds(line: Line) -> float:
    """Return the median length of a note in milliseconds."""
    return float(np.median(_milliseconds(line, line.ends) - _milliseconds(line, line.onsets)))


def swing_ratio(line: Line) -> float:
    """Return the ratio of the first eighth to the second, at the mean place of the second; NaN below 8 swung beats.

    Measured as played, off any grid, on quarter notes with two onsets: one within a twelfth of the beat, one where a
    second eighth can be (0.4 to 0.8 of the beat).
    Source: A. Friberg and A. Sundström, "Swing Ratios and Ensemble Timing in Jazz Performance", Music Perception
    19(3), 2002, who measure it between the onsets.
    """
    # Count beats from one tatum early, so that a slightly rushed onset belongs to the beat it anticipates.
    beats, places = np.divmod(line.onsets - line.bars[0].end + TICKS_PER_TATUM, TICKS_PER_BEAT)
    first = np.flatnonzero(_alone_in_pairs(beats))
    start = places[first] - TICKS_PER_TATUM
    second = (places[first + 1] - TICKS_PER_TATUM) / TICKS_PER_BEAT
    low, high = _SECOND_EIGHTH
    swung = second[(start <= TICKS_PER_TATUM) & (low <= second) & (second <= high)]
    if len(swung) < _FEWEST_SWUNG_BEATS:
        return float("nan")
    place = float(swung.mean())
    return place / (1 - place)


def _plays(line: Line) -> Array:
    """Mark where notes start: a boolean array, bars by places."""
    bar, tick = line.tatums
    plays = np.zeros((len(line.bars), tick.max() // TICKS_PER_TATUM + 1), bool)
    plays[bar, tick // TICKS_PER_TATUM] = True
    return plays


def _milliseconds(line: Line, ticks: Array) -> Array:
    """Convert ticks (n,) to milliseconds by the line's tempos."""
    starts, bpm = np.array(line.tempos).T
    per_tick = 60_000 / bpm / TICKS_PER_BEAT
    until = np.append(0, np.cumsum(np.diff(starts) * per_tick[:-1]))
    tempo = np.searchsorted(starts, ticks, side="right") - 1
    return np.asarray(until[tempo] + (ticks - starts[tempo]) * per_tick[tempo])


def _alone_in_pairs(beats: Array) -> Array:
    """Mark, for each note but the last, whether it is the first of exactly two on its beat."""
    around = np.concatenate([[beats[0] - 1], beats, [beats[-1] + 1]])
    return (around[:-3] != beats[:-1]) & (beats[:-1] == beats[1:]) & (around[3:] != beats[1:])

"""Measure which pitches a line uses."""

import numpy as np

from jazzgen.metrics.line import Array, Line


def entropy_bits(counts: Array) -> Array:
    """Return the Shannon entropy of the distributions along the last axis; NaN where all counts are 0.

    >>> entropy_bits(np.array([[2, 2, 0], [1, 0, 0]]))
    array([1., 0.])
    """
    totals = counts.sum(axis=-1, keepdims=True)
    share = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    logs = np.log2(share, out=np.zeros_like(share), where=share > 0)
    return -(share * logs).sum(axis=-1) + 0.0


def pitch_class_entropy(line: Line, bars: int) -> float:
    """Return the mean pitch-class entropy, in bits, over windows of `bars` bars: H1 and H4.

    From 0 (one pitch class) to 3.585 (all twelve equally often). Windows start at every bar; silent ones are skipped; a
    shorter line is one window. A note counts once, whatever its length, in the bar of its onset (grid of 12 a beat).
    Source: S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the Front Line" (ISMIR 2020), section 4.
    """
    counts = np.zeros((len(line.bars) + 1, 12))
    np.add.at(counts, (line.tatums[0] + 1, line.pitches % 12), 1)
    totals = counts.cumsum(axis=0)
    width = min(bars, len(line.bars))
    return float(np.nanmean(entropy_bits(totals[width:] - totals[:-width])))


def pitch_range(line: Line) -> float:
    """Return the semitones from the lowest note to the highest."""
    return float(np.ptp(line.pitches))

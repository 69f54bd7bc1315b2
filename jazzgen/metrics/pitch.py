"""Which pitches a line uses."""

import numpy as np

from jazzgen.metrics.line import Array, Line


def entropy_bits(counts: Array) -> Array:
    """Shannon's entropy of the distributions along the last axis; NaN where there are no counts."""
    totals = counts.sum(axis=-1, keepdims=True)
    share = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    logs = np.log2(share, out=np.zeros_like(share), where=share > 0)
    return -(share * logs).sum(axis=-1) + 0.0


def pitch_class_entropy(line: Line, bars: int) -> float:
    """Mean entropy, in bits, of the pitch classes in every stretch of so many bars: H1 and H4.

    From 0 (one pitch class) to 3.585 (all twelve alike). Stretches start at every bar; silent ones are left out; a
    shorter line is one stretch. A note counts once, however long, in the bar of its onset (grid of 12 a beat).
    Source: S.-L. Wu and Y.-H. Yang, "The Jazz Transformer on the Front Line" (ISMIR 2020), section 4.
    """
    counts = np.zeros((len(line.bars) + 1, 12))
    np.add.at(counts, (line.tatums[0] + 1, line.pitches % 12), 1)
    totals, width = counts.cumsum(axis=0), min(bars, len(line.bars))
    return float(np.nanmean(entropy_bits(totals[width:] - totals[:-width])))


def pitch_range(line: Line) -> float:
    """Semitones from the lowest note to the highest."""
    return float(np.ptp(line.pitches))

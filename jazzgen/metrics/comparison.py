"""Compare generated solos with human ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from jazzgen.metrics.distributions import (
    density_divergence_bits,
    density_overlap,
    distances_across,
    distances_within,
    divergence_bits,
    overlap,
)
from jazzgen.metrics.figures import FIGURE_LABELS, HISTOGRAM_LABELS, Figures, Histograms, histograms, measure
from jazzgen.metrics.line import Array
from jazzgen.metrics.originality import Entry, Index, Run
from jazzgen.metrics.rhythm import length_milliseconds, onset_milliseconds

# Figures that depend on the tempo too; compare solos of similar tempo by them.
TIME_LABELS = {"onset_ms": "onset to onset (ms, median)", "length_ms": "length of a note (ms, median)"}
RUN_LABELS = {"run_melody": "longest shared run (notes)", "run_rhythm": "longest shared run, rhythm too"}
# Distances grow with the square of the number of solos; a million (set by hand) give a smooth density.
_MOST_COMPARED = 1000
_Wrap = Callable[[Sequence[Entry]], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean, standard deviation and quartiles of the `count` values that are not NaN; `sd` is NaN for fewer than two."""

    mean: float
    sd: float
    quartiles: tuple[float, float, float]
    count: int

    @classmethod
    def of(cls, values: Array) -> "Summary":
        known = values[~np.isnan(values)]
        if not known.size:
            return cls(np.nan, np.nan, (np.nan,) * 3, 0)
        low, middle, high = map(float, np.percentile(known, (25, 50, 75)))
        sd = float(known.std(ddof=1)) if known.size > 1 else np.nan
        return cls(float(known.mean()), sd, (low, middle, high), known.size)


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """A solo and everything measured of it; the runs are those it shares with a corpus."""

    name: str
    figures: Figures
    histograms: Histograms
    onset_ms: float
    length_ms: float
    run_melody: Run
    run_rhythm: Run

    def values(self) -> dict[str, float]:
        """Return every figure by name, runs as their number of notes."""
        times = {name: getattr(self, name) for name in TIME_LABELS}
        runs = {name: float(getattr(self, name).notes) for name in RUN_LABELS}
        return {name: getattr(self.figures, name) for name in FIGURE_LABELS} | times | runs


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """One figure compared across generated and human solos.

    Attributes:
        sds_apart: generated mean minus human mean, in human standard deviations.
        overlap: of two densities: distances between human solos, and distances from generated to human solos
            (Yang and Lerch, see `distributions`); 1 if a generated solo is as near as another human one.
        divergence_bits: of the same two densities; 0 if they are equal.
    """

    name: str
    label: str
    generated: Summary
    human: Summary
    sds_apart: float
    overlap: float
    divergence_bits: float


@dataclass(frozen=True, eq=False, slots=True)
class HistogramComparison:
    """One histogram compared across generated and human solos, each pooled over all notes.

    Attributes:
        generated, human: counts.
        overlap, divergence_bits: of the two; the divergence is that of the generated from the human.
        distance_overlap: as `FigureComparison.overlap`, between the histograms of single solos.
    """

    name: str
    label: str
    generated: Array
    human: Array
    overlap: float
    divergence_bits: float
    distance_overlap: float


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Two sets of solos: what was measured of each, and how the two compare."""

    generated: tuple[Measured, ...]
    human: tuple[Measured, ...]
    figures: tuple[FigureComparison, ...]
    histograms: tuple[HistogramComparison, ...]


def compare(generated: Sequence[Entry], human: Sequence[Entry], progress: _Wrap = iter) -> Comparison:
    """Measure both sets and compare them.

    Longest shared runs are against the human solos; a human solo is not compared with solos on its own tune. Phrases
    come from marks if every solo has them, otherwise from rests for all.

    Args:
        generated: the solos to judge.
        human: the solos to judge them by.
        progress: wraps each set's iteration, to show a progress bar.
    """
    marked = all(entry.line.phrase_marks for entry in (*generated, *human))
    index = Index.of(human)
    ours = tuple(_measured(entry, index, None, marked=marked) for entry in progress(generated))
    theirs = tuple(_measured(entry, index, entry.tune, marked=marked) for entry in progress(human))
    labels = FIGURE_LABELS | TIME_LABELS | RUN_LABELS
    return Comparison(
        ours,
        theirs,
        tuple(_figure(name, label, _column(ours, name), _column(theirs, name)) for name, label in labels.items()),
        tuple(_histogram(name, label, ours, theirs) for name, label in HISTOGRAM_LABELS.items()),
    )


def _measured(entry: Entry, index: Index, without_tune: str | None, *, marked: bool) -> Measured:
    line = entry.line if marked else entry.line.unmarked()
    melody, rhythm = (
        index.longest_run(line, rhythm=with_rhythm, without_tune=without_tune) for with_rhythm in (False, True)
    )
    times = onset_milliseconds(line), length_milliseconds(line)
    return Measured(entry.name, measure(line), histograms(line), *times, melody, rhythm)


def _column(solos: Sequence[Measured], name: str) -> Array:
    return np.array([solo.values()[name] for solo in solos])


def _figure(name: str, label: str, generated: Array, human: Array) -> FigureComparison:
    ours, theirs = Summary.of(generated), Summary.of(human)
    within, across = _distances(*(column[~np.isnan(column)][:, None] for column in (generated, human)))
    apart = (ours.mean - theirs.mean) / theirs.sd if theirs.sd else np.nan
    return FigureComparison(
        name, label, ours, theirs, apart, density_overlap(across, within), density_divergence_bits(across, within)
    )


def _histogram(name: str, label: str, generated: Sequence[Measured], human: Sequence[Measured]) -> HistogramComparison:
    ours, theirs = (np.array([attrgetter(name)(solo.histograms) for solo in solos]) for solos in (generated, human))
    within, across = _distances(_shares(ours), _shares(theirs))
    pooled, others = ours.sum(axis=0), theirs.sum(axis=0)
    return HistogramComparison(
        name,
        label,
        pooled,
        others,
        overlap(pooled, others),
        divergence_bits(pooled, others),
        density_overlap(across, within),
    )


def _shares(counts: Array) -> Array:
    """Drop rows without counts and scale the others to sum to 1."""
    filled = counts[counts.any(axis=1)]
    return filled / filled.sum(axis=1, keepdims=True)


def _distances(generated: Array, human: Array) -> tuple[Array, Array]:
    """Return distances within the human set and across the two; sets over the limit are subsampled evenly."""
    ours, theirs = _spread(generated), _spread(human)
    return distances_within(theirs), distances_across(ours, theirs)


def _spread(rows: Array) -> Array:
    if len(rows) <= _MOST_COMPARED:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _MOST_COMPARED).astype(int)]

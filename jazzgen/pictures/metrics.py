"""Draw a comparison of generated solos with human ones."""

import io
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from jazzgen.metrics.comparison import Comparison, HistogramComparison
from jazzgen.metrics.figures import LONGEST_TATUMS, WIDEST_INTERVAL
from jazzgen.system.files import write_bytes
from jazzgen.system.marks import MAKER

_GENERATED, _HUMAN = "#c8553d", "#1b6ca8"
_WIDEST_SDS = 5.0  # end of the axis, set by hand
# The value of each histogram's first bin.
_FIRST_BIN = {"interval": -WIDEST_INTERVAL - 1, "duration": 1, "inter_onset": 1, "degree": 0}
_SHOWN_TATUMS = LONGEST_TATUMS // 2


def write_comparison(path: Path, comparison: Comparison) -> None:
    """Draw every figure in human standard deviations, one point a generated solo, and the histograms below."""
    figure = Figure(figsize=(12, 13), layout="constrained")
    grid = figure.add_gridspec(3, 2, height_ratios=(2.4, 1, 1))
    _draw_figures(figure.add_subplot(grid[0, :]), comparison)
    for place, histogram in enumerate(comparison.histograms):
        _draw_histogram(figure.add_subplot(grid[1 + place // 2, place % 2]), histogram)
    figure.suptitle(f"{len(comparison.generated)} solos beside {len(comparison.human)} of the corpus")
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", metadata={"Software": MAKER})
    write_bytes(path, buffer.getvalue())


def _draw_figures(axes: Axes, comparison: Comparison) -> None:
    """Draw a row for each figure; points beyond the axis are drawn at its end."""
    rows = comparison.figures
    axes.axvspan(-1, 1, color=_HUMAN, alpha=0.15, label="the corpus: within one standard deviation")
    axes.axvline(0, color=_HUMAN, linewidth=1, label="its mean")
    values = [solo.values() for solo in comparison.generated]
    for height, row in enumerate(rows):
        apart = np.array([value[row.name] for value in values]) - row.human.mean
        _draw_points(axes, apart / (row.human.sd or np.nan), height, s=9, alpha=0.35)
        _draw_points(axes, np.array([row.sds_apart]), height, s=70, marker="|", linewidths=2.5)
    axes.scatter([], [], s=9, alpha=0.35, color=_GENERATED, label="a generated solo")
    axes.scatter([], [], s=70, marker="|", linewidths=2.5, color=_GENERATED, label="their mean")
    axes.set(xlim=(-_WIDEST_SDS - 0.2, _WIDEST_SDS + 0.2), xlabel="standard deviations of the corpus from its mean")
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="upper left", fontsize=8)


def _draw_points(axes: Axes, places: np.ndarray, height: float, **look: object) -> None:
    shown = np.clip(places, -_WIDEST_SDS, _WIDEST_SDS)
    axes.scatter(shown, np.full(len(shown), height), color=_GENERATED, zorder=3, **look)  # type: ignore[arg-type]


def _draw_histogram(axes: Axes, histogram: HistogramComparison) -> None:
    bins = np.arange(len(histogram.human))[: None if len(histogram.human) < LONGEST_TATUMS else _SHOWN_TATUMS]
    places = bins + _FIRST_BIN[histogram.name]
    for counts, colour, shift, label in (
        (histogram.human, _HUMAN, -0.2, "corpus"),
        (histogram.generated, _GENERATED, 0.2, "generated"),
    ):
        axes.bar(places + shift, counts[bins] / max(counts.sum(), 1), width=0.4, color=colour, label=label)
    axes.set(xlabel=histogram.label, ylabel="share of notes")
    axes.set_title(f"overlap {histogram.overlap:.2f}, divergence {histogram.divergence_bits:.2f} bits", fontsize=10)
    axes.legend(fontsize=8)

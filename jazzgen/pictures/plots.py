"""Draw piano rolls, training curves and the unrolled network with matplotlib, without a screen."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from jazzgen.codec.kinds import kind_of
from jazzgen.harmony.changes import chord_at
from jazzgen.harmony.pitch import pitch_name
from jazzgen.music.score import Score
from jazzgen.system.files import write_bytes
from jazzgen.system.marks import MAKER

_KIND_LOOKS = {
    "C": ("chord tone", "#1b6ca8"),
    "S": ("scale tone", "#5fb49c"),
    "A": ("approach tone", "#f2a541"),
    "X": ("outside tone", "#c8553d"),
}
_NO_CHORD_LOOK = ("no chord", "#777777")
_BARS_PER_ROW = 4


@dataclass(frozen=True, slots=True)
class TrainingCurve:
    """Cross-entropy by epoch on the training tunes and on the tunes held out (None where none are).

    Attributes:
        best: number, from 1, of the epoch whose weights are kept.
        unit: of the losses.
    """

    losses: Sequence[float]
    validation: Sequence[float | None]
    best: int
    unit: str = "nats a token"


def write_training_curve(path: Path, curve: TrainingCurve) -> None:
    """Draw the losses by epoch."""
    losses, validation = curve.losses, curve.validation
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    epochs = range(1, len(losses) + 1)
    axes.plot(epochs, losses, label="training tunes", color="#1b6ca8")
    if any(value is not None for value in validation):
        axes.plot(
            epochs, [float("nan") if v is None else v for v in validation], label="tunes held out", color="#c8553d"
        )
    axes.axvline(curve.best, color="#777777", linestyle=":", label=f"weights kept (epoch {curve.best})")
    axes.set(xlabel="epoch", ylabel=f"cross-entropy, {curve.unit}", title="Training")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def write_piano_roll(score: Score, path: Path) -> None:
    """Draw the solo, four bars a row, each note coloured by its relation to the chord."""
    bars = list(score.bars())
    rows = [bars[i : i + _BARS_PER_ROW] for i in range(0, len(bars), _BARS_PER_ROW)]
    figure = Figure(figsize=(12, 1.9 * len(rows) + 0.8), layout="constrained")
    pitches = [note.pitch for note in score.melody.notes] or [60]
    for axes, row in zip(figure.subplots(len(rows), squeeze=False)[:, 0], rows, strict=True):
        start, end = row[0].onset, row[-1].end
        for note in score.melody.notes:
            if start <= note.onset < end:
                chord = chord_at(score.changes, note.onset)
                _, colour = _KIND_LOOKS[kind_of(note.pitch, chord)] if chord else _NO_CHORD_LOOK
                axes.add_patch(Rectangle((note.onset, note.pitch - 0.45), note.duration, 0.9, facecolor=colour))
        for bar in row:
            axes.axvline(bar.onset, color="#999999", linewidth=0.8)
        for span in score.changes:
            if start <= span.onset < end:
                axes.text(span.onset + 20, max(pitches) + 2.2, span.symbol, fontsize=9, weight="bold")
        low, high = min(pitches) - 2, max(pitches) + 5
        ticks = [pitch for pitch in range(low, high) if pitch % 12 in (0, 7)]
        axes.set(xlim=(start, end), ylim=(low, high), yticks=ticks, yticklabels=[pitch_name(p) for p in ticks])
        axes.set_xticks([bar.onset for bar in row], [str(bar.number) for bar in row])
        axes.grid(axis="y", alpha=0.25)
    looks = [Patch(color=colour, label=label) for label, colour in _KIND_LOOKS.values()]
    figure.suptitle(score.title)
    figure.legend(handles=looks, loc="upper right", ncols=4, fontsize=8)
    _save(figure, path)


def write_unrolled_graph(path: Path, steps: int = 4) -> None:
    """Draw the training and inference graphs unrolled over a few steps, the one set of layers repeated at each."""
    figure = Figure(figsize=(1.9 * steps + 1.5, 7.6), layout="constrained")
    training, inference = figure.subplots(2)
    _draw_steps(training, steps, feedback=False)
    _draw_steps(inference, steps, feedback=True)
    training.set_title("Training graph: the tokens are given", loc="left")
    inference.set_title("Inference graph: each step is fed the one-hot of what the step before chose", loc="left")
    _save(figure, path)


def _draw_steps(axes: Axes, steps: int, *, feedback: bool) -> None:
    """Draw the steps, 2 apart horizontally; x, cell, densor and y are at heights 0, 1.2, 2.4 and 3.4."""
    axes.set(xlim=(-1.9, 2 * steps - 0.4), ylim=(-0.4, 3.8), aspect="equal")
    axes.axis("off")
    for t in range(1, steps + 1):
        x = 2.0 * (t - 1)
        _arrow(axes, (x, 0.2), (x, 0.9))
        _arrow(axes, (x, 1.5), (x, 2.1), f"a<{t}>")
        _arrow(axes, (x, 2.7), (x, 3.15))
        for label, height in (("a", 1.35), ("c", 1.05)):
            _arrow(axes, (x - 1.45, height), (x - 0.55, height), f"{label}<{t - 1}>")
        _box(axes, (x, 1.2), "lstm_cell", "#1b6ca8")
        _box(axes, (x, 2.4), "densor", "#5fb49c")
        axes.text(x, 3.35, f"y<{t}>", ha="center", va="center")
        axes.text(x, 0, f"x<{t}>", ha="center", va="center")
        if feedback and t < steps:
            _arrow(axes, (x + 0.8, 0), (x + 1.7, 0), colour="#c8553d")
            axes.plot([x + 0.3, x + 0.8, x + 0.8], [3.35, 3.35, 0], color="#c8553d", linewidth=1)
            axes.text(x + 0.88, 3.05, "one-hot\nof argmax", va="center", color="#c8553d", fontsize=8)


def _box(axes: Axes, centre: tuple[float, float], label: str, colour: str) -> None:
    x, y = centre
    axes.add_patch(Rectangle((x - 0.55, y - 0.3), 1.1, 0.6, facecolor=colour, zorder=2))
    axes.text(x, y, label, ha="center", va="center", color="white", zorder=3)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], label: str = "", colour: str = "#555555"
) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "shrinkA": 0, "shrinkB": 0})
    upright = start[0] == end[0]
    x = (start[0] + end[0]) / 2
    y = (start[1] + end[1]) / 2
    axes.text(x + (0.1 if upright else 0), y + (0 if upright else 0.04), label, fontsize=8, va="bottom")


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", metadata={"Software": MAKER})
    write_bytes(path, buffer.getvalue())

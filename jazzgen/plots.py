"""Pictures, by matplotlib without a screen."""

import io
from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from jazzgen.codec.kinds import kind_of
from jazzgen.files import write_bytes
from jazzgen.harmony.changes import chord_at
from jazzgen.harmony.pitch import pitch_name
from jazzgen.score import Score

_KIND_LOOKS = {
    "C": ("chord tone", "#1b6ca8"),
    "S": ("scale tone", "#5fb49c"),
    "A": ("approach tone", "#f2a541"),
    "X": ("outside tone", "#c8553d"),
}
_NO_CHORD_LOOK = ("no chord", "#777777")
_BARS_PER_ROW = 4


def write_training_curve(path: Path, losses: Sequence[float], validation: Sequence[float | None], best: int) -> None:
    """Draws loss by epoch, in nats a token; `best` is the number of the epoch whose weights are kept."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    epochs = range(1, len(losses) + 1)
    axes.plot(epochs, losses, label="training tunes", color="#1b6ca8")
    if any(value is not None for value in validation):
        axes.plot(
            epochs, [float("nan") if v is None else v for v in validation], label="tunes held out", color="#c8553d"
        )
    axes.axvline(best, color="#777777", linestyle=":", label=f"weights kept (epoch {best})")
    axes.set(xlabel="epoch", ylabel="cross-entropy, nats a token", title="Training")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def write_piano_roll(score: Score, path: Path) -> None:
    """Draws the solo, four bars a row, coloured by its relation to the chord."""
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


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png")
    write_bytes(path, buffer.getvalue())

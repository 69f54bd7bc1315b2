"""Draw the windows that a listener is surest of, as piano rolls."""

import io
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from jazzgen.harmony.changes import chord_at
from jazzgen.learning.soloist.ear import WINDOW
from jazzgen.listener.evaluation import Moment
from jazzgen.music.score import Note
from jazzgen.system.files import write_bytes
from jazzgen.system.marks import MAKER

_OURS, _PEOPLE = "#c8553d", "#1b6ca8"
_ROWS = 6


def telling_moments(moments: Sequence[Moment], count: int = _ROWS) -> tuple[list[Moment], list[Moment]]:
    """Return the generated windows with the lowest log-odds and the human ones with the highest, one a solo at most."""
    ours = sorted((moment for moment in moments if not moment.solo.person), key=lambda moment: moment.odds)
    people = sorted((moment for moment in moments if moment.solo.person), key=lambda moment: -moment.odds)
    return _first_of_each_solo(ours)[:count], _first_of_each_solo(people)[:count]


def _first_of_each_solo(moments: Sequence[Moment]) -> list[Moment]:
    return list({id(moment.solo): moment for moment in reversed(moments)}.values())[::-1]


def write_moments(path: Path, moments: Sequence[Moment], what: str) -> None:
    """Draw the most telling windows: generated on the left, human on the right."""
    ours, people = telling_moments(moments)
    rows = max(len(ours), len(people), 1)
    figure = Figure(figsize=(13, 1.9 * rows + 0.8), layout="constrained")
    axes = figure.subplots(rows, 2, squeeze=False)
    for column, (side, colour) in enumerate(((ours, _OURS), (people, _PEOPLE))):
        for row in range(rows):
            if row < len(side):
                _draw(axes[row, column], side[row], colour)
            else:
                axes[row, column].set_axis_off()
    figure.suptitle(f"{what}: what it takes for the model's most surely (left), and for people's (right)")
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", metadata={"Software": MAKER})
    write_bytes(path, buffer.getvalue())


def _draw(axes: Axes, moment: Moment, colour: str) -> None:
    """Draw a piano roll with bar lines and chords."""
    score = moment.solo.score
    notes = score.melody.notes[moment.start : moment.start + WINDOW]
    start, end = notes[0].onset, max(note.end for note in notes)
    for note in notes:
        axes.add_patch(Rectangle((note.onset, note.pitch - 0.45), note.duration, 0.9, facecolor=colour))
    low, high = (limit(note.pitch for note in notes) for limit in (min, max))
    bars = [bar for bar in score.bars() if bar.end > start and bar.onset < end]
    for bar in bars:
        axes.axvline(bar.onset, color="#bbbbbb", linewidth=0.8)
        chord = chord_at(score.changes, max(bar.onset, 0))
        if chord and bar.onset >= start:
            axes.text(bar.onset, high + 2.2, f" {chord}", fontsize=7, clip_on=True)
    axes.set(xlim=(start, end), ylim=(low - 2, high + 4.5))
    axes.set_xticks([])
    axes.tick_params(labelsize=7)
    axes.set_title(_caption(moment, notes, bars[0].number if bars else 0), fontsize=8)


def _caption(moment: Moment, notes: Sequence[Note], bar: int) -> str:
    title = moment.solo.score.title
    return f"{title}, bar {bar}, {len(notes)} notes: log-odds {moment.odds:+.1f}".replace("$", r"\$")

"""Convert solos to what a listener hears: on the grid, monophonic, each note a row of numbers."""

from dataclasses import dataclass, replace

import numpy as np

from jazzgen.codec.context import context_at
from jazzgen.codec.events import NoteArrays, snapped
from jazzgen.corpus.split import tune_of
from jazzgen.learning.soloist.ear import Place, ear_columns
from jazzgen.metrics.line import Line
from jazzgen.music.melody import monophonic
from jazzgen.music.score import Score
from jazzgen.music.written import written_line

LEAST_NOTES = 8  # shorter solos are skipped; set by hand


@dataclass(frozen=True, eq=False)
class Heard:
    """A solo for a listener to judge.

    Attributes:
        name: of the solo.
        tune: as `corpus.split.tune_of` names it.
        person: whether a person played it.
        score: as written, monophonic.
        columns: (n, len(COLUMNS)), 0 for nothing.
    """

    name: str
    tune: str
    person: bool
    score: Score
    columns: np.ndarray

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def line(self) -> Line:
        """The line that figures are computed from."""
        return Line.of(self.score)


def hear(name: str, score: Score, *, person: bool) -> Heard | None:
    """Convert a solo to what a listener hears; None if it has fewer than `LEAST_NOTES` notes.

    Both sides are prepared alike, as a soloist's training data is: put on one grid, made monophonic, and stripped of
    marks of phrases and ideas, so that only the music can tell them apart.
    """
    if not score.parts:
        return None
    notes = _one_at_a_time(score)
    if len(notes) < LEAST_NOTES:
        return None
    melody = replace(score.melody, notes=notes.notes())
    marks = tuple(mark for mark in score.marks if mark.kind not in {"phrase", "idea"})
    written = replace(score, parts=(melody,), marks=marks, feel="swing")
    return Heard(name, tune_of(score.title), person, written, _columns(written, notes))


def _one_at_a_time(score: Score) -> NoteArrays:
    """Put the melody on the grid with even eighths, cutting each note where the next starts."""
    line, _ = written_line(score)
    played = snapped(score.with_parts(replace(score.melody, notes=monophonic(line))))
    kept = played[np.diff(played.onset, prepend=-1) > 0]
    room = np.append(np.diff(kept.onset), np.iinfo(np.int64).max)
    return NoteArrays.of(kept.onset, np.minimum(kept.length, room), kept.pitch, kept.velocity)


def _columns(score: Score, notes: NoteArrays) -> np.ndarray:
    """Return the columns (n, len(COLUMNS))."""
    context = context_at(score, notes.onset)
    place = Place(context.chord.root, context.chord.quality, context.tatum, context.beat)
    pitch, ioi, duration = (column[None] for column in (notes.pitch, notes.ioi, notes.duration))
    return ear_columns(pitch, ioi, duration, Place(*(column[None] for column in place)))[0]

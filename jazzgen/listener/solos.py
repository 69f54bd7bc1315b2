"""Solos as a listener hears them: on the grid, one note at a time, each note a row of numbers."""

from dataclasses import dataclass, replace

import numpy as np

from jazzgen.codec.context import context_at
from jazzgen.codec.events import NoteArrays, snapped
from jazzgen.corpus.split import tune_of
from jazzgen.learning.soloist.ear import Place, ear_columns
from jazzgen.metrics.line import Line
from jazzgen.music.melody import monophonic
from jazzgen.music.score import Score
from jazzgen.music.swing import is_swung, unswing

LEAST_NOTES = 8  # a solo shorter than that is not heard


@dataclass(frozen=True, eq=False)
class Heard:
    """A solo to tell people from a model by.

    Attributes:
        name: of the solo, to say which.
        tune: that it is over, as `corpus.split.tune_of` gives it.
        person: whether it is on the side of people.
        score: as written, one note at a time.
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
        """What figures are measured of."""
        return Line.of(self.score)


def hear(name: str, score: Score, *, person: bool) -> Heard | None:
    """A solo as a listener hears it; None if it has fewer than `LEAST_NOTES` notes.

    Both sides are put on one grid and cut to one note at a time, as a soloist is trained on them, and marks of phrases
    and ideas are left out: nothing but the music is to tell.
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
    """The melody on the grid, its eighths even, each note cut where the next starts."""
    line = monophonic(score.melody.notes)
    even = monophonic(unswing(line, first_beat=score.pickup)) if is_swung(line, score.pickup) else line
    played = snapped(score.with_parts(replace(score.melody, notes=even)))
    kept = played[np.diff(played.onset, prepend=-1) > 0]
    room = np.append(np.diff(kept.onset), np.iinfo(np.int64).max)
    return NoteArrays.of(kept.onset, np.minimum(kept.length, room), kept.pitch, kept.velocity)


def _columns(score: Score, notes: NoteArrays) -> np.ndarray:
    """(n, len(COLUMNS))."""
    context = context_at(score, notes.onset)
    place = Place(context.chord.root, context.chord.quality, context.tatum, context.beat)
    pitch, ioi, duration = (column[None] for column in (notes.pitch, notes.ioi, notes.duration))
    return ear_columns(pitch, ioi, duration, Place(*(column[None] for column in place)))[0]

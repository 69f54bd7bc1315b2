"""Solos as a listener hears them: on the grid, one note at a time, each note a row of numbers."""

from dataclasses import dataclass, replace

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import context_at
from jazzgen.codec.events import NoteArrays, snapped
from jazzgen.corpus.split import tune_of
from jazzgen.listener.config import BEATS, COLUMNS, WIDEST_STEP
from jazzgen.melody import monophonic
from jazzgen.metrics.line import Line
from jazzgen.score import Score
from jazzgen.training_soloist import straightened

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
    are left out: nothing but the music is to tell.
    """
    if not score.parts:
        return None
    notes = _one_at_a_time(straightened(score))
    if len(notes) < LEAST_NOTES:
        return None
    melody = replace(score.melody, notes=notes.notes())
    marks = tuple(mark for mark in score.marks if mark.kind != "phrase")
    written = replace(score, parts=(melody,), marks=marks, feel="swing")
    return Heard(name, tune_of(score.title), person, written, _columns(written, notes))


def _one_at_a_time(score: Score) -> NoteArrays:
    """The melody on the grid, each note cut where the next starts."""
    played = snapped(score.with_parts(replace(score.melody, notes=monophonic(score.melody.notes))))
    kept = played[np.diff(played.onset, prepend=-1) > 0]
    room = np.append(np.diff(kept.onset), np.iinfo(np.int64).max)
    return NoteArrays.of(kept.onset, np.minimum(kept.length, room), kept.pitch, kept.velocity)


def _columns(score: Score, notes: NoteArrays) -> np.ndarray:
    """(n, len(COLUMNS)): each value and 1, 0 for nothing."""
    context = context_at(score, notes.onset)
    steps = np.clip(np.diff(notes.pitch, prepend=notes.pitch[:1]), -WIDEST_STEP, WIDEST_STEP) + WIDEST_STEP
    steps[:1] = NONE
    sounds = context.chord.sounds
    values = {
        "step": steps,
        "degree": np.where(sounds, (notes.pitch - context.chord.root) % 12, NONE),
        "quality": context.chord.quality,
        "pitch": notes.pitch,
        "ioi": np.where(np.arange(len(notes)) > 0, notes.ioi, NONE),
        "tatum": context.tatum,
        "beat": np.minimum(context.beat, BEATS - 1),
        "duration": notes.duration - 1,
    }
    return np.stack([values[name] for name in COLUMNS], axis=-1) - NONE

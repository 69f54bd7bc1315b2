"""A melody as arrays, with its bars and chords: the input of every metric."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from jazzgen.errors import ScoreError
from jazzgen.harmony.changes import Changes
from jazzgen.music.score import Mark, Score
from jazzgen.music.timing import TICKS_PER_TATUM, Bar

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Line:
    """A monophonic solo in time order: `onsets` and `ends` in ticks, MIDI `pitches`, each an array (n,).

    Attributes:
        bars: every bar of the score, silent ones included.
        phrase_marks: annotated phrases; empty if nobody marked any.
        tempos: (onset in ticks, quarter notes a minute), as a score has them.
    """

    onsets: Array
    ends: Array
    pitches: Array
    bars: tuple[Bar, ...]
    changes: Changes
    phrase_marks: tuple[Mark, ...] = ()
    tempos: tuple[tuple[int, float], ...] = ((0, 120.0),)

    @classmethod
    def of(cls, score: Score) -> "Line":
        """Take the melody of a score, ignoring its other parts.

        Raises:
            ScoreError: it has fewer than two notes, or two notes sound at once.
        """
        melody = score.melody
        if len(melody.notes) < 2:
            raise ScoreError(f"'{score.title}': its melody has {len(melody.notes)} notes; measuring needs two or more")
        if not melody.is_monophonic:
            raise ScoreError(f"'{score.title}': two notes of its melody sound at once; make it monophonic first")
        rows = np.array([(note.onset, note.end, note.pitch) for note in melody.notes], np.int64)
        onsets, ends, pitches = rows.T
        bars, marks = tuple(score.bars()), score.marked("phrase")
        return cls(onsets, ends, pitches, bars, score.changes, marks, score.tempos)

    def __len__(self) -> int:
        return len(self.onsets)

    @property
    def intervals(self) -> Array:
        """Semitones from each note to the next (n - 1,)."""
        return np.diff(self.pitches)

    @property
    def gaps(self) -> Array:
        """Ticks of silence between each note and the next (n - 1,)."""
        return self.onsets[1:] - self.ends[:-1]

    @property
    def span(self) -> int:
        """Ticks from the first onset to the last end."""
        return int(self.ends[-1] - self.onsets[0])

    @cached_property
    def bar_starts(self) -> Array:
        """Tick of each bar's beat 1; before the music starts for a pickup."""
        return np.array([bar.downbeat for bar in self.bars])

    @cached_property
    def tatums(self) -> tuple[Array, Array]:
        """Each note's bar (an index) and tick within it, rounded to a grid of 12 a beat.

        The grid restarts at each bar. An onset that rounds up to a bar line goes to beat 1 of the next bar; in the
        last bar it stays on the last place.
        """
        ends = np.array([bar.end for bar in self.bars])
        bar = np.searchsorted(self.bar_starts, self.onsets, side="right") - 1
        tick = nearest_tatum(self.onsets - self.bar_starts[bar]) * TICKS_PER_TATUM
        ahead = self.bar_starts[bar] + tick >= ends[bar]
        last = bar == len(self.bars) - 1
        return bar + (ahead & ~last), np.where(ahead, np.where(last, tick - TICKS_PER_TATUM, 0), tick)

    def unmarked(self) -> "Line":
        """Return the line without its phrase marks."""
        return replace(self, phrase_marks=())


def nearest_tatum(ticks: Array) -> Array:
    """Convert ticks to the nearest tatum; halves go up, as in `timing.quantize_ticks`."""
    return (2 * ticks + TICKS_PER_TATUM) // (2 * TICKS_PER_TATUM)

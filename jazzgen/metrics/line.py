"""A melody as arrays, with the bars and the chords under it: what every metric is computed from."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from jazzgen.errors import ScoreError
from jazzgen.harmony.changes import Changes
from jazzgen.score import Mark, Score
from jazzgen.timing import TICKS_PER_TATUM, Bar

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Line:
    """The notes of a solo, by time: `onsets` and `ends` in ticks, MIDI `pitches`, each an array (n,).

    Attributes:
        bars: that the score has, silent ones too.
        phrase_marks: where somebody has said which notes are a phrase.
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
        """The melody of a score; its other parts are left out.

        Raises:
            ScoreError: when there are no two notes in it, or two sound at once.
        """
        melody = score.melody
        if len(melody.notes) < 2:
            raise ScoreError(f"'{score.title}': its melody has {len(melody.notes)} notes; two are the least to measure")
        if not melody.is_monophonic:
            raise ScoreError(f"'{score.title}': two notes of its melody sound at once; make it one at a time first")
        rows = np.array([(note.onset, note.end, note.pitch) for note in melody.notes], np.int64)
        onsets, ends, pitches = rows.T
        bars, marks = tuple(score.bars()), score.marked("phrase")
        return cls(onsets, ends, pitches, bars, score.changes, marks, score.tempos)

    def __len__(self) -> int:
        return len(self.onsets)

    @property
    def intervals(self) -> Array:
        """Semitones from each note to the next (n - 1)."""
        return np.diff(self.pitches)

    @property
    def gaps(self) -> Array:
        """Ticks of silence between each note and the next (n - 1)."""
        return self.onsets[1:] - self.ends[:-1]

    @property
    def span(self) -> int:
        """Ticks from the first onset to the last end."""
        return int(self.ends[-1] - self.onsets[0])

    @cached_property
    def bar_starts(self) -> Array:
        """Tick of each bar's beat 1: before the music for a pickup."""
        return np.array([bar.downbeat for bar in self.bars])

    @cached_property
    def tatums(self) -> tuple[Array, Array]:
        """Of each note the bar (an index) and the tick in it, on the nearest place of a grid of 12 a beat.

        The grid starts anew with each bar. An onset just ahead of a bar line is on that bar's first beat; ahead of the
        last one it stays in the last bar.
        """
        ends = np.array([bar.end for bar in self.bars])
        bar = np.searchsorted(self.bar_starts, self.onsets, side="right") - 1
        tick = nearest_tatum(self.onsets - self.bar_starts[bar]) * TICKS_PER_TATUM
        ahead = self.bar_starts[bar] + tick >= ends[bar]
        last = bar == len(self.bars) - 1
        return bar + (ahead & ~last), np.where(ahead, np.where(last, tick - TICKS_PER_TATUM, 0), tick)

    def unmarked(self) -> "Line":
        """The line without anybody's word on its phrases."""
        return replace(self, phrase_marks=())


def nearest_tatum(ticks: Array) -> Array:
    """Ticks in twelfths of a quarter note; halves go up, as in `timing.quantize_ticks`."""
    return (2 * ticks + TICKS_PER_TATUM) // (2 * TICKS_PER_TATUM)

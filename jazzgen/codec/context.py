"""What a player knows at a moment, before any note: this chord and the next, the place in bar and form, the tempo.

A note's onset is chosen where the previous note started; its duration and pitch are chosen where it starts itself. So
each note has a context `before` and one `here`. Nothing in a context comes from the notes: phrase marks, which do, are
left out, and so is the key, which readers may guess from later changes. Times are in tatums (1/12 beat); a beat is a
quarter note.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import get_args

import numpy as np

from jazzgen.codec.columns import NONE, Columns
from jazzgen.codec.events import NoteArrays, snapped
from jazzgen.codec.ideas import ideas_at
from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chord_qualities import QualityClass
from jazzgen.harmony.chords import Chord
from jazzgen.music.score import Credits, Mark, Score
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, iter_bars

QUALITY_NAMES: tuple[QualityClass, ...] = get_args(QualityClass)
_Row = tuple[int, int, int, tuple[bool, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class ChordArrays(Columns):
    """Chords (n,); `NONE` where none sounds.

    Attributes:
        root, bass: pitch classes.
        quality: indices into `QUALITY_NAMES`.
        pitch_classes: (n, 12) booleans from C up: chord tones, and tensions written in the symbol.
    """

    root: np.ndarray
    quality: np.ndarray
    bass: np.ndarray
    pitch_classes: np.ndarray

    @property
    def sounds(self) -> np.ndarray:
        """False over N.C."""
        return self.root != NONE

    def transposed(self, semitones: int) -> "ChordArrays":
        def move(classes: np.ndarray) -> np.ndarray:
            return np.where(classes == NONE, NONE, (classes + semitones) % 12)

        moved = np.roll(self.pitch_classes, semitones, axis=1)
        return replace(self, root=move(self.root), bass=move(self.bass), pitch_classes=moved)


@dataclass(frozen=True, slots=True, eq=False)
class Context(Columns):
    """The musical surroundings at n moments; numbers are (n,) integers, `NONE` where the score says nothing.

    Attributes:
        chord: the one that sounds.
        next_chord: the next to start; the same chord only if N.C. lies between.
        until_next: tatums until then, 1 or more; 0 if there is none.
        tatum: within the beat, 0 to 11.
        beat: within the bar, from 0; a pickup's beats are those before the bar line.
        bar_tatums: length of a full bar of the meter.
        section: first letter of the section's label, A being 0.
        section_bar, chorus_bar: bars since it started.
        chorus: from 0.
        tempo: natural logarithm of quarter notes a minute, float.
    """

    chord: ChordArrays
    next_chord: ChordArrays
    until_next: np.ndarray
    tatum: np.ndarray
    beat: np.ndarray
    bar_tatums: np.ndarray
    section: np.ndarray
    section_bar: np.ndarray
    chorus: np.ndarray
    chorus_bar: np.ndarray
    tempo: np.ndarray

    def transposed(self, semitones: int) -> "Context":
        return replace(self, chord=self.chord.transposed(semitones), next_chord=self.next_chord.transposed(semitones))


@dataclass(frozen=True, slots=True, eq=False)
class SoloArrays:
    """A solo as arrays for a model.

    Attributes:
        notes: as `events.snapped` returns them.
        before: for each note, the context where the previous note started; for the first, at tick 0.
        here: the context where each note starts.
        credits: performer and style.
        program: General MIDI program of the instrument.
        ideas: (n + 1, 2), as `ideas_at` returns them: at tick 0, then where each note starts.
    """

    notes: NoteArrays
    before: Context
    here: Context
    credits: Credits
    program: int
    ideas: np.ndarray

    def transposed(self, semitones: int) -> "SoloArrays":
        """Transpose notes and chords together.

        Raises:
            OptionError: a note would leave MIDI's range.
        """
        return replace(
            self,
            notes=self.notes.transposed(semitones),
            before=self.before.transposed(semitones),
            here=self.here.transposed(semitones),
        )


def solo_arrays(score: Score) -> SoloArrays:
    """Put the melody on the grid and compute its contexts."""
    notes = snapped(score)
    tatums = np.concatenate([[0], notes.onset])
    context = context_at(score, tatums)
    ideas = ideas_at(score.marked("idea"), tatums)
    return SoloArrays(notes, context[:-1], context[1:], score.credits, score.melody.program, ideas)


def context_at(score: Score, tatums: np.ndarray) -> Context:
    """Return the contexts at moments (n,), in tatums from the start of the score, in any order."""
    ticks = np.asarray(tatums, np.int64) * TICKS_PER_TATUM
    bars = list(iter_bars(score.meters, score.pickup, max(score.end, int(ticks.max(initial=0)) + 1)))
    lines = np.array([bar.onset for bar in bars])
    bar = _started(lines, ticks)
    place = ticks - np.array([bar.downbeat for bar in bars])[bar]
    sections, choruses = score.marked("section"), score.marked("chorus")
    next_chord, until_next = _next_chords(score.changes, ticks)
    return Context(
        chord=_chord_arrays([span.chord for span in score.changes], _holding(score.changes, ticks)),
        next_chord=next_chord,
        until_next=until_next,
        tatum=place % TICKS_PER_BEAT // TICKS_PER_TATUM,
        beat=place // TICKS_PER_BEAT,
        bar_tatums=np.array([bar.meter.bar_ticks // TICKS_PER_TATUM for bar in bars])[bar],
        section=_picked([_letter(mark.label) for mark in sections], _holding(sections, ticks)),
        section_bar=_bars_into(sections, ticks, lines),
        chorus=_holding(choruses, ticks),
        chorus_bar=_bars_into(choruses, ticks, lines),
        tempo=np.log([bpm for _, bpm in score.tempos])[_started([onset for onset, _ in score.tempos], ticks)],
    )


def _started(onsets: Sequence[int] | np.ndarray, ticks: np.ndarray) -> np.ndarray:
    """Return the index of the last onset at or before each tick; `NONE` before the first."""
    return np.searchsorted(np.asarray(onsets, np.int64), ticks, side="right") - 1


def _holding(spans: Sequence[ChordSpan] | Sequence[Mark], ticks: np.ndarray) -> np.ndarray:
    """Return the index of the span that holds each tick; `NONE` where none does."""
    index = _started([span.onset for span in spans], ticks)
    ends = _picked([span.end for span in spans], index)
    return np.where(ticks < ends, index, NONE)


def _picked(values: Sequence[int], index: np.ndarray) -> np.ndarray:
    """Look values up by index; index `NONE` gives `NONE`."""
    return np.array([*values, NONE])[index]  # -1 picks the last


def _bars_into(marks: Sequence[Mark], ticks: np.ndarray, bar_lines: np.ndarray) -> np.ndarray:
    """Count the bar lines since the mark that holds each tick started."""
    index = _holding(marks, ticks)
    starts = _picked([mark.onset for mark in marks], index)
    return np.where(index == NONE, NONE, _started(bar_lines, ticks) - _started(bar_lines, starts))


def _letter(label: str) -> int:
    """Return the label's first letter as a number, A being 0."""
    return next((ord(sign) - ord("A") for sign in label.upper() if "A" <= sign <= "Z"), NONE)


def _next_chords(changes: Changes, ticks: np.ndarray) -> tuple[ChordArrays, np.ndarray]:
    """Return the next chord to start after each tick, and the tatums until it does."""
    comings = list(_comings(changes))
    following = _started([span.onset for span in comings], ticks) + 1
    onsets = np.array([*(span.onset for span in comings), 0])[following]
    tatums = -((ticks - onsets) // TICKS_PER_TATUM)  # rounded up
    return _chord_arrays([span.chord for span in comings], following), np.where(following < len(comings), tatums, 0)


def _comings(changes: Changes) -> Iterator[ChordSpan]:
    """Yield the spans that start a new chord."""
    chord, end = None, 0
    for span in changes:
        if span.chord and (span.chord != chord or span.onset > end):
            yield span
        chord, end = span.chord, span.end


def _chord_arrays(chords: Sequence[Chord | None], index: np.ndarray) -> ChordArrays:
    """Return the chords by index; none where it is `NONE` or one past the last."""
    root, quality, bass, classes = zip(*map(_row, (*chords, None)), strict=True)
    return ChordArrays(*(np.array(column)[index] for column in (root, quality, bass, classes)))


@lru_cache(maxsize=4096)
def _row(chord: Chord | None) -> _Row:
    """Return root, quality, bass and pitch classes as numbers."""
    if chord is None:
        return NONE, NONE, NONE, (False,) * 12
    sounding = {*chord.pitch_classes, *chord.tension_classes}
    classes = tuple(pitch_class in sounding for pitch_class in range(12))
    return chord.root_class, QUALITY_NAMES.index(chord.quality), chord.bass_class, classes

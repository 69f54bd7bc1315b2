"""Chords from sounding notes, for files that name none.

Each stretch of harmony is a weighted set of pitch classes; the chord whose tones hold most of that weight, and
leave least of it outside, is taken. The bass counts for the root.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import FLAT_NAMES
from jazzgen.score import Note
from jazzgen.timing import Bar

# In the order of preference where two fit alike.
_QUALITIES = [
    "",
    *[
        "m",
        "7",
        "m7",
        "maj7",
        "6",
        "m6",
        "m7b5",
        "dim7",
        "mmaj7",
        "7sus4",
        "sus4",
        "aug",
        "7#5",
        "9",
        "m9",
        "maj9",
        "13",
    ],
]
_CHORDS = [parse_chord(root + quality) for quality in _QUALITIES for root in FLAT_NAMES]
_PITCHES = 132  # MIDI's 128, filled up to whole octaves
_BASS_BELOW = 55
_BASS_BONUS = 0.35
_TENSION_WEIGHT = 0.6
_OUTSIDE_COST = 1.0
_MISSING_COST = 0.12


def _templates() -> np.ndarray:
    """(chords, 12): what a pitch class is worth to each chord."""
    worth = np.full((len(_CHORDS), 12), -_OUTSIDE_COST)
    for row, chord in enumerate(_CHORDS):
        worth[row, [(chord.root_class + t) % 12 for t in chord.tensions]] = _TENSION_WEIGHT
        worth[row, list(chord.pitch_classes)] = 1.0
    return worth


_WORTH = _templates()
_TONES = _WORTH == 1.0
_ROOTS = np.array([chord.root_class for chord in _CHORDS])


def infer_chord(weights: np.ndarray, bass_class: int | None = None) -> Chord | None:
    """The chord that fits best.

    Args:
        weights: (12,) how long each pitch class sounds.
        bass_class: pitch class of the lowest note, if there is a bass.

    Returns:
        The chord, or None if nothing sounds.
    """
    total = weights.sum()
    if total <= 0:
        return None
    share = weights / total
    missing = (_TONES & (share < 0.02)).sum(axis=1)
    fit = _WORTH @ share - _MISSING_COST * missing
    if bass_class is not None:
        fit = fit + _BASS_BONUS * (bass_class == _ROOTS)
    return _CHORDS[int(np.argmax(fit))]


def infer_changes(notes: Sequence[Note], bars: Sequence[Bar]) -> Changes:
    """Chords half a bar long, or a whole bar where the meter has no half.

    A chord that goes on is one span, over bar lines too; where nothing sounds the chord before goes on.
    """
    stretches = [stretch for bar in bars for stretch in _stretches(bar)]
    spans: list[ChordSpan] = []
    for (onset, end), sounding in zip(stretches, _sounding(notes, stretches), strict=True):
        span = ChordSpan(onset, end - onset, _chord_of(sounding, end - onset))
        if spans and (span.chord is None or span.chord == spans[-1].chord):
            spans[-1] = replace(spans[-1], duration=span.end - spans[-1].onset)
        else:
            spans.append(span)
    return tuple(spans)


def _stretches(bar: Bar) -> list[tuple[int, int]]:
    """(onset, end) of the halves of a bar, or of the bar."""
    halves = 2 if bar.number and bar.meter.numerator % 2 == 0 and bar.duration == bar.meter.bar_ticks else 1
    step = bar.duration // halves
    return [(bar.onset + half * step, bar.onset + (half + 1) * step) for half in range(halves)]


def _sounding(notes: Sequence[Note], stretches: Sequence[tuple[int, int]]) -> np.ndarray:
    """(stretches, pitches): for how many ticks each pitch sounds in each stretch."""
    table = np.zeros((len(stretches), _PITCHES))
    onsets = [onset for onset, _ in stretches]
    for note in notes:
        first = max(bisect_right(onsets, note.onset) - 1, 0)
        for row in range(first, bisect_left(onsets, note.end)):
            onset, end = stretches[row]
            table[row, note.pitch] += max(min(note.end, end) - max(note.onset, onset), 0)
    return table


def _chord_of(sounding: np.ndarray, length: int) -> Chord | None:
    basses = np.flatnonzero(4 * sounding[:_BASS_BELOW] >= length)
    return infer_chord(sounding.reshape(-1, 12).sum(axis=0), int(basses[0]) % 12 if len(basses) else None)

"""The two hands of a keyboard player, told apart by pitch.

In each stretch of music the notes fall into a low and a high group; the pitch that parts them best (N. Otsu, "A
Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on Systems, Man, and Cybernetics 9(1), 1979)
is where one hand ends and the other begins. A stretch may differ from the whole piece by `_REACH` at most, so that a
hand that rests is not found in the other's chords. Where the hands' ranges overlap, a note in ten may be taken for the
other's.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np

from jazzgen.music.melody import Notes
from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_BEAT

_PITCHES = 128
_STRETCH = 16 * TICKS_PER_BEAT
_REACH = 5
# A note so near to where one hand ends and the other begins may be of either.
_NEAR, _FINGERS = 10, 5
_WIDE = 6
# Two hands: each has a fair share of the notes, an octave or so between their middles, and they play at once.
_LEAST_SHARE, _LEAST_APART, _LEAST_TOGETHER = 0.2, 9.0, 0.4


def split_hands(notes: Notes) -> tuple[Notes, Notes] | None:
    """The left hand's notes and the right hand's; None for what is not two hands, such as a line or chords alone."""
    if len(notes) < 2:
        return None
    line = sorted(notes)
    whole = _threshold(line)
    onsets = [note.onset for note in line]
    low: list[Note] = []
    high: list[Note] = []
    for beat, run in groupby(line, key=lambda note: note.onset // TICKS_PER_BEAT * TICKS_PER_BEAT):
        nearby = line[bisect_left(onsets, beat - _STRETCH) : bisect_left(onsets, beat + _STRETCH)]
        limit = int(np.clip(_threshold(nearby), whole - _REACH, whole + _REACH))
        for _, struck in groupby(run, key=lambda note: note.onset):
            _deal(list(struck), limit, low, high)
    return (tuple(low), tuple(high)) if _are_hands(low, high) else None


def _deal(struck: Sequence[Note], limit: int, low: list[Note], high: list[Note]) -> None:
    """Gives notes that start together to the hands, parted where they lie widest apart near the limit.

    One alone near the limit goes to the hand that is nearer to it.
    """
    notes = sorted(struck, key=attrgetter("pitch"))
    top = notes[-1]
    if low and high and abs(top.pitch - limit) <= _NEAR:
        if len(notes) == 1:
            (low if top.pitch - _top_of(low) < abs(top.pitch - high[-1].pitch) else high).append(top)
            return
        if top.pitch - notes[-2].pitch >= _WIDE and abs(top.pitch - high[-1].pitch) < _WIDE:
            limit = notes[-2].pitch
    for note in notes:
        (low if note.pitch <= limit else high).append(note)


def _top_of(low: Sequence[Note]) -> int:
    """The highest pitch of what the left hand struck last."""
    return max(note.pitch for note in low[-_FINGERS:] if note.onset == low[-1].onset)


def _threshold(notes: Sequence[Note]) -> int:
    """The highest pitch of the lower group."""
    counts = np.bincount([note.pitch for note in notes], minlength=_PITCHES).astype(float)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(_PITCHES))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sums / below - (sums[-1] - sums) / above
        between = np.nan_to_num(below * above * apart**2)
    best = np.flatnonzero(between >= between.max() - 1e-9)
    return int(best[len(best) // 2])  # the middle of the gap


def _are_hands(low: Sequence[Note], high: Sequence[Note]) -> bool:
    if min(len(low), len(high)) < _LEAST_SHARE * (len(low) + len(high)):
        return False
    apart = np.mean([note.pitch for note in high]) - np.mean([note.pitch for note in low])
    return bool(apart >= _LEAST_APART) and _together(low, high) >= _LEAST_TOGETHER


def _together(low: Sequence[Note], high: Sequence[Note]) -> float:
    """The share of the high notes in whose course a low one sounds."""
    ordered = sorted(low, key=attrgetter("onset"))
    onsets = [note.onset for note in ordered]
    ends = np.maximum.accumulate([note.end for note in ordered])
    met = 0
    for note in high:
        before = bisect_left(onsets, note.end)
        met += before > 0 and ends[before - 1] > note.onset
    return met / len(high)

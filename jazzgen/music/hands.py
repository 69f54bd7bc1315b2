"""Split a keyboard part into two hands by pitch.

Around each beat the pitch that best divides the notes into a low and a high group (N. Otsu, "A Threshold Selection
Method from Gray-Level Histograms", IEEE Transactions on Systems, Man, and Cybernetics 9(1), 1979) is where the hands
part. It may differ from that of the whole piece by `_REACH` half steps, so that while one hand rests, the other's
chords are not split. Where the hands' ranges overlap, one note in ten may go to the wrong hand.
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
# All numbers below are set by hand.
_STRETCH = 16 * TICKS_PER_BEAT  # before and after a beat, for its threshold
_REACH = 5  # half steps
_NEAR = 10  # half steps from the threshold within which a note may be of either hand
_FINGERS = 5
_WIDE = 6  # half steps between notes that two hands play
# Two hands: each has a fair share of the notes, their mean pitches are 9 half steps apart or more, and this share of
# the right hand's notes sounds with the left's.
_LEAST_SHARE = 0.2
_LEAST_APART = 9.0
_LEAST_TOGETHER = 0.4


def split_hands(notes: Notes) -> tuple[Notes, Notes] | None:
    """Return the left and the right hand's notes; None if there are not two hands, as in a line or chords alone."""
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
    """Deal notes that start together to the hands: those up to pitch `limit` to the left, the others to the right.

    Near the limit, a single note goes to the hand that last played nearer to it, and a top note well above the rest
    goes to the right hand if that last played close to it.
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
    """Return the highest pitch of the left hand's last chord."""
    return max(note.pitch for note in low[-_FINGERS:] if note.onset == low[-1].onset)


def _threshold(notes: Sequence[Note]) -> int:
    """Return the highest pitch of the lower group: where the variance between the groups is greatest (Otsu)."""
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
    """Return the share of the high notes during which a low one sounds."""
    ordered = sorted(low, key=attrgetter("onset"))
    onsets = [note.onset for note in ordered]
    ends = np.maximum.accumulate([note.end for note in ordered])
    met = 0
    for note in high:
        before = bisect_left(onsets, note.end)
        met += before > 0 and ends[before - 1] > note.onset
    return met / len(high)

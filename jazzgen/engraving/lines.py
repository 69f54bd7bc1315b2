"""Legible lines: notes long enough to need few rests, ending on a beat or half beat."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from jazzgen.music.melody import Notes
from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_BEAT

_EIGHTH, _TRIPLET = TICKS_PER_BEAT // 2, TICKS_PER_BEAT // 3


def tidied(notes: Iterable[Note]) -> Notes:
    """Lengthen notes to the next one if that is near, else to a multiple of an eighth or triplet eighth.

    Notes that start together end together. Onsets are kept; the lengths as played are lost.
    """
    ordered = sorted(notes)
    onsets = sorted({note.onset for note in ordered})
    following = dict(pairwise(onsets))
    triplets = {onset // TICKS_PER_BEAT for onset in onsets if onset % TICKS_PER_BEAT in (_TRIPLET, 2 * _TRIPLET)}
    longest: dict[int, int] = {}
    for note in ordered:
        longest[note.onset] = max(longest.get(note.onset, 0), note.end)
    ends = {onset: _end(onset, end, following.get(onset), triplets) for onset, end in longest.items()}
    return tuple(sorted(replace(note, duration=ends[note.onset] - note.onset) for note in ordered))


def _end(onset: int, end: int, after: int | None, triplets: set[int]) -> int:
    grid = _TRIPLET if (end - 1) // TICKS_PER_BEAT in triplets else _EIGHTH
    neat = max(-(-end // grid) * grid, onset + 1)
    if after is None:
        return neat
    is_near = after - end <= _EIGHTH or after - onset <= TICKS_PER_BEAT
    return after if is_near or neat > after else neat

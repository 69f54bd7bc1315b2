"""Clean-up of a melodic line, one named step at a time. Each takes notes and returns new ones.

None of these runs unless it is called: a reader returns what the file holds, and `windows.prepare` says
which steps training takes. Their order there is monophonic, quantized, unswung (`swing`), gaps closed.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, quantize_ticks

Notes = tuple[Note, ...]
# Onsets nearer than a 64th note are one event: a strummed chord or a crushed grace note.
TOGETHER_TICKS = TICKS_PER_BEAT // 16
# A gap up to a sixteenth is articulation, not a rest.
ARTICULATION_TICKS = TICKS_PER_BEAT // 4
# How notes sort. As a key it is quicker than their own comparison.
_order = attrgetter("onset", "duration", "pitch", "velocity")


def monophonic(notes: Iterable[Note], together_ticks: int = TOGETHER_TICKS) -> Notes:
    """One note at a time: of those that start together the highest is kept, and each is cut where the next starts."""
    tops: list[Note] = []
    for note in sorted(notes, key=_order):
        if tops and note.onset - tops[-1].onset < together_ticks:
            if note.pitch > tops[-1].pitch:
                tops[-1] = note
        else:
            tops.append(note)
    return tuple(map(_cut, tops, [*tops[1:], None]))


def quantized(notes: Iterable[Note], grid_ticks: int = TICKS_PER_TATUM) -> Notes:
    """Onsets and ends on the grid, each note one step long or more; of two on one step the higher is kept."""
    on_grid: list[Note] = []
    for note in sorted(notes, key=_order):
        onset, end = quantize_ticks(note.onset, grid_ticks), quantize_ticks(note.end, grid_ticks)
        on_grid.append(Note(onset, max(end - onset, grid_ticks), note.pitch, note.velocity))
    return monophonic(on_grid, together_ticks=1)


def close_gaps(notes: Iterable[Note], below_ticks: int = ARTICULATION_TICKS) -> Notes:
    """Draws a note out to the next where the gap between them is `below_ticks` or less: played short, written long."""
    line = list(notes)
    closed = [
        replace(a, duration=b.onset - a.onset) if 0 < b.onset - a.end <= below_ticks else a for a, b in pairwise(line)
    ]
    return (*closed, *line[-1:])


def without_repeats(notes: Iterable[Note]) -> Notes:
    """A run of one pitch, each note starting where the last ended, becomes one long note (deepjazz's pruning)."""
    line: list[Note] = []
    for note in notes:
        if line and line[-1].pitch == note.pitch and line[-1].end == note.onset:
            line[-1] = replace(line[-1], duration=note.end - line[-1].onset)
        else:
            line.append(note)
    return tuple(line)


def apart(notes: Iterable[Note]) -> Notes:
    """Notes of any texture, each cut where its own pitch starts again; of doubled ones the longest or loudest stays."""
    line: list[Note] = []
    following: dict[int, Note] = {}  # by pitch
    for note in sorted(notes, key=_order, reverse=True):
        after = following.get(note.pitch)
        if after is None or note.onset < after.onset:
            line.append(_cut(note, after))
            following[note.pitch] = note
    return tuple(sorted(line, key=_order))


def _cut(note: Note, after: Note | None) -> Note:
    """The note, ended where the one after it starts if it reaches over that."""
    if after is None or note.end <= after.onset:
        return note
    return replace(note, duration=after.onset - note.onset)

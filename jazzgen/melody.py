"""Clean-up of a melodic line, one named step at a time. Each takes notes and returns new ones.

None of these runs unless it is called: a reader returns what the file holds, and `datasets.prepare` says
which steps training takes. Their order there is monophonic, quantized, unswung (`feel`), gaps closed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from jazzgen.score import Note
from jazzgen.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, quantize_ticks

Notes = tuple[Note, ...]
# Onsets nearer than a 64th note are one event: a strummed chord or a crushed grace note.
TOGETHER_TICKS = TICKS_PER_BEAT // 16
# A gap up to a sixteenth is articulation, not a rest.
ARTICULATION_TICKS = TICKS_PER_BEAT // 4


def monophonic(notes: Iterable[Note], together_ticks: int = TOGETHER_TICKS) -> Notes:
    """One note at a time: of those that start together the highest is kept, and each is cut where the next starts."""
    tops: list[Note] = []
    for note in sorted(notes):
        if tops and note.onset - tops[-1].onset < together_ticks:
            tops[-1] = max(tops[-1], note, key=lambda n: n.pitch)
        else:
            tops.append(note)
    return tuple(_cut_overlaps(tops))


def quantized(notes: Iterable[Note], grid_ticks: int = TICKS_PER_TATUM) -> Notes:
    """Onsets and ends on the grid, each note one step long or more; of two on one step the higher is kept."""
    on_grid: list[Note] = []
    for note in sorted(notes):
        onset, end = quantize_ticks(note.onset, grid_ticks), quantize_ticks(note.end, grid_ticks)
        on_grid.append(replace(note, onset=onset, duration=max(end - onset, grid_ticks)))
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
    """Notes of any texture, each cut where its own pitch starts again; of doubled notes the longest is kept."""
    by_pitch = groupby(sorted(notes, key=lambda n: (n.pitch, n.onset, n.duration)), key=lambda n: n.pitch)
    line: list[Note] = []
    for _, same in by_pitch:
        longest = {note.onset: note for note in same}
        line += _cut_overlaps(list(longest.values()))
    return tuple(sorted(line))


def _cut_overlaps(line: list[Note]) -> Iterator[Note]:
    for a, b in pairwise(line):
        yield replace(a, duration=min(a.duration, b.onset - a.onset))
    yield from line[-1:]

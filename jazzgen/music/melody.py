"""Clean up a melodic line, in steps that each take notes and return new ones.

Readers apply none of these: they return what the file holds. Training does, in `windows.prepare`: monophonic,
quantized, unswung (`swing`), gaps closed.
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
# The order of `Note` itself, but faster as a sort key.
_order = attrgetter("onset", "duration", "pitch", "velocity")


def monophonic(notes: Iterable[Note], together_ticks: int = TOGETHER_TICKS) -> Notes:
    """Keep one note at a time: the highest of those that start together, each cut where the next starts.

    Notes that say that they are written at different places do not start together, however near they are played.

    >>> line = monophonic([Note(0, 480, 60), Note(0, 480, 67), Note(240, 480, 64)])
    >>> [(note.onset, note.duration, note.pitch) for note in line]
    [(0, 240, 67), (240, 480, 64)]
    """
    tops: list[Note] = []
    for note in sorted(notes, key=_order):
        if tops and note.onset - tops[-1].onset < together_ticks and not _written_apart(tops[-1], note):
            if note.pitch > tops[-1].pitch:
                tops[-1] = note
        else:
            tops.append(note)
    return tuple(map(_cut, tops, [*tops[1:], None]))


def _written_apart(before: Note, note: Note) -> bool:
    if before.written is None or note.written is None:
        return False
    return note.onset > before.onset and before.onset - before.written.late != note.onset - note.written.late


def quantized(notes: Iterable[Note], grid_ticks: int = TICKS_PER_TATUM) -> Notes:
    """Round onsets and ends to the grid, each note at least one step long; of two on one step keep the higher."""
    on_grid: list[Note] = []
    for note in sorted(notes, key=_order):
        onset, end = quantize_ticks(note.onset, grid_ticks), quantize_ticks(note.end, grid_ticks)
        on_grid.append(replace(note, onset=onset, duration=max(end - onset, grid_ticks)))
    return monophonic(on_grid, together_ticks=1)


def close_gaps(notes: Iterable[Note], below_ticks: int = ARTICULATION_TICKS) -> Notes:
    """Lengthen notes to the next where the gap is `below_ticks` or less: articulation, not a rest."""
    line = list(notes)
    closed = [
        replace(a, duration=b.onset - a.onset) if 0 < b.onset - a.end <= below_ticks else a for a, b in pairwise(line)
    ]
    return (*closed, *line[-1:])


def without_repeats(notes: Iterable[Note]) -> Notes:
    """Join notes of one pitch that follow each other without a gap into one long note (as deepjazz prunes)."""
    line: list[Note] = []
    for note in notes:
        if line and line[-1].pitch == note.pitch and line[-1].end == note.onset:
            line[-1] = replace(line[-1], duration=note.end - line[-1].onset)
        else:
            line.append(note)
    return tuple(line)


def apart(notes: Iterable[Note]) -> Notes:
    """Cut each note where its pitch starts again; of notes equal in pitch and onset keep the longest, then loudest."""
    line: list[Note] = []
    following: dict[int, Note] = {}  # by pitch
    for note in sorted(notes, key=_order, reverse=True):
        after = following.get(note.pitch)
        if after is None or note.onset < after.onset:
            line.append(_cut(note, after))
            following[note.pitch] = note
    return tuple(sorted(line, key=_order))


def _cut(note: Note, after: Note | None) -> Note:
    """Cut a note where the one after it starts, if it lasts longer."""
    if after is None or note.onset + note.duration <= after.onset:
        return note
    return replace(note, duration=after.onset - note.onset)

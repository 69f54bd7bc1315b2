"""Swing even eighths and make swung ones even.

Jazz is written with even eighths; when it is played, the second comes late. `swing` delays it and `unswing` undoes
that. Only beats whose notes all start on the beat or its second eighth are moved, so triplets and sixteenths stay. The
first beat of a quarter-note triplet stays too; it is known by a beat after it with a note a third of the way in but
none on the beat. Beats are counted from the tick `first_beat`, which is not 0 after a pickup of half a beat. A note
less than half a tatum after the beat, as laid-back soloists play, counts as on it. The default ratio falls with tempo,
as measured on recordings: about 2:1 and more when slow, nearly even when fast (A. Friberg and A. Sundström, "Swing
Ratios and Ensemble Timing in Jazz Performance", Music Perception 19(3), 2002).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from jazzgen.errors import OptionError
from jazzgen.music.melody import Notes, apart
from jazzgen.music.score import Note, Score
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM

EIGHTH = TICKS_PER_BEAT // 2
_TRIPLET = TICKS_PER_BEAT // 3
# Latest that a note may come and still count as on the beat.
MAX_LATE_TICKS = TICKS_PER_TATUM // 2 - 1
MAX_RATIO = 3.5  # what drummers reach at slow tempos (Friberg and Sundström)


def swing_ratio(bpm: float) -> float:
    """Return the usual ratio of the first eighth's length to the second's at a tempo.

    >>> swing_ratio(100), swing_ratio(150), swing_ratio(275)
    (2.4, 2.0, 1.0)
    """
    return min(max(2.0 - (bpm - 150) / 125, 1.0), 2.6)  # a line set by hand near Friberg and Sundström's figures


def second_eighth(ratio: float) -> int:
    """Return the tick of the second eighth in the beat.

    >>> second_eighth(1), second_eighth(2)
    (240, 320)
    """
    if not 1 <= ratio <= MAX_RATIO:
        raise OptionError(f"swing ratio {ratio:g}: it is 1 (even) to {MAX_RATIO:g}; 2 is triplet swing")
    return round(TICKS_PER_BEAT * ratio / (1 + ratio))


def swing(notes: Iterable[Note], ratio: float = 2.0, first_beat: int = 0) -> tuple[Note, ...]:
    """Delay every second eighth; one that would end before its new onset keeps its length, up to the next beat.

    >>> [note.onset for note in swing([Note(0, 240, 60), Note(240, 240, 62)])]
    [0, 320]
    """
    return _move(tuple(notes), EIGHTH, second_eighth(ratio), first_beat)


def unswing(notes: Iterable[Note], ratio: float = 2.0, first_beat: int = 0) -> tuple[Note, ...]:
    """Undo `swing`, exactly for lines that do not mix swung and even second eighths in one beat."""
    return _move(tuple(notes), second_eighth(ratio), EIGHTH, first_beat)


def swing_anew(notes: Iterable[Note], before: float, after: float, first_beat: int = 0) -> tuple[Note, ...]:
    """Change the swing ratio of played notes from `before` to `after`; notes that come a little late still do."""
    return _move(tuple(notes), second_eighth(before), second_eighth(after), first_beat, MAX_LATE_TICKS)


def in_each_meter(notes: Notes, score: Score, move: Callable[[Notes, int], Notes]) -> Notes:
    """Apply `move` to each stretch of notes in one meter, with beats counted from its start.

    Args:
        notes: in order of time.
        score: its meters are used. In meters of eighths, such as 6/8, notes are not moved.
        move: takes the notes of a stretch and the tick of its first beat, and returns as many notes.
    """
    starts = [score.pickup, *(onset for onset, _ in score.meters[1:])]
    moved: list[Note] = []
    for (_, meter), start, stop in zip(score.meters, starts, [*starts[1:], float("inf")], strict=True):
        stretch = tuple(note for note in notes if (start <= note.onset or start == starts[0]) and note.onset < stop)
        played = move(stretch, start) if meter.denominator <= 4 else stretch
        # notes that last into the next meter keep their end
        moved += (
            replace(after, duration=max(before.end - after.onset, 1)) if before.end >= stop else after
            for before, after in zip(stretch, played, strict=True)
        )
    return tuple(moved)


def settled(notes: Iterable[Note], ratio: float, first_beat: int = 0) -> Notes:
    """Move notes that come a little late on the beat or the swung eighth to it, and keep their ends.

    Notes on the tatum grid are taken to be meant there and stay.
    """
    places = (second_eighth(ratio), 0)

    def start(note: Note) -> Note:
        place = (note.onset - first_beat) % TICKS_PER_BEAT
        written = place % TICKS_PER_TATUM == 0
        late = 0 if written else next((place - p for p in places if 0 < place - p <= MAX_LATE_TICKS), 0)
        return replace(note, onset=note.onset - late, duration=note.duration + late)

    return apart(sorted(map(start, notes)))


def is_swung(notes: Iterable[Note], first_beat: int = 0, ratio: float = 2.0) -> bool:
    """Return whether beats with a second eighth where `ratio` puts it are more than twice those with an even one."""
    place = second_eighth(ratio)
    late = even = 0
    for places in _places_by_beat(tuple(notes), first_beat).values():
        late += places <= {0, place} and place in places
        even += places <= {0, EIGHTH} and EIGHTH in places
    return late > 2 * even


def _places_by_beat(notes: tuple[Note, ...], first_beat: int, eighth: int = 0, late: int = 0) -> dict[int, set[int]]:
    places: dict[int, set[int]] = defaultdict(set)
    for note in notes:
        beat, place = divmod(note.onset - first_beat, TICKS_PER_BEAT)
        places[beat].add(0 if place <= MAX_LATE_TICKS else eighth if _is_at(place, eighth, late) else place)
    return places


def _is_at(place: int, eighth: int, late: int) -> bool:
    """Return whether a tick in the beat is the second eighth, or up to `late` after it and off the tatum grid."""
    return place == eighth or (0 < place - eighth <= late and place % TICKS_PER_TATUM != 0)


def _move(notes: tuple[Note, ...], origin: int, target: int, first_beat: int, late: int = 0) -> tuple[Note, ...]:
    """Move second eighths from tick `origin` in the beat to `target`; they may be up to `late` ticks late."""
    places = _places_by_beat(notes, first_beat, origin, late)

    def moved(tick: int) -> int:
        beat, place = divmod(tick - first_beat, TICKS_PER_BEAT)
        in_triplet = _TRIPLET in places.get(beat + 1, set()) and 0 not in places[beat + 1]
        takes_part = _is_at(place, origin, late) and places.get(beat, set()) <= {0, origin} and not in_triplet
        return max(tick - origin + target, 0) if takes_part else tick

    def moved_note(note: Note) -> Note:
        onset, end = moved(note.onset), moved(note.end)
        duration = end - onset if end > onset else min(note.duration, TICKS_PER_BEAT - target)
        return replace(note, onset=onset, duration=duration)

    return tuple(moved_note(note) for note in notes)

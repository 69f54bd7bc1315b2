"""Swing: even eighths to uneven ones and back.

Written jazz has even eighths; played, the second comes late. `swing` delays it and `unswing` is its inverse.
Only beats whose notes start on the beat or on its second eighth take part, so triplets and sixteenths stay as they are;
nor does the first beat of a quarter-note triplet, told by the triplet place alone in the beat after it. Beats are
counted from the tick `first_beat`, which is not 0 after a pickup of half a beat. A note that comes less than half a
tatum after the beat, as laid-back soloists play them, counts as on it.
The default ratio falls with tempo, as measured on recordings: about 2:1 and more when slow, nearly even when fast
(A. Friberg and A. Sundström, "Swing Ratios and Ensemble Timing in Jazz Performance", Music Perception 19(3), 2002).
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
# As far behind the beat as a note may come and still be on it.
MAX_LATE_TICKS = TICKS_PER_TATUM // 2 - 1
MAX_RATIO = 3.5


def swing_ratio(bpm: float) -> float:
    """Length of the first eighth over the second at a tempo: 2.4 at 100, 2.0 at 150, 1.0 at 275 and up."""
    return min(max(2.0 - (bpm - 150) / 125, 1.0), 2.6)


def second_eighth(ratio: float) -> int:
    """Tick of the second eighth in the beat: 240 for 1:1, 320 for 2:1."""
    if not 1 <= ratio <= MAX_RATIO:
        raise OptionError(f"swing ratio {ratio:g}: it is 1 (even) to {MAX_RATIO:g}; 2 is triplet swing")
    return round(TICKS_PER_BEAT * ratio / (1 + ratio))


def swing(notes: Iterable[Note], ratio: float = 2.0, first_beat: int = 0) -> tuple[Note, ...]:
    """Delays every second eighth; one that would be over before it starts keeps its length, up to the next beat."""
    return _move(tuple(notes), EIGHTH, second_eighth(ratio), first_beat)


def unswing(notes: Iterable[Note], ratio: float = 2.0, first_beat: int = 0) -> tuple[Note, ...]:
    """Inverse of `swing` for lines that do not mix the swung place with the even one inside a beat."""
    return _move(tuple(notes), second_eighth(ratio), EIGHTH, first_beat)


def swing_anew(notes: Iterable[Note], before: float, after: float, first_beat: int = 0) -> tuple[Note, ...]:
    """Played notes, swung in the ratio `before`, swung in another; those that come a little late still do."""
    return _move(tuple(notes), second_eighth(before), second_eighth(after), first_beat, MAX_LATE_TICKS)


def in_each_meter(notes: Notes, score: Score, move: Callable[[Notes, int], Notes]) -> Notes:
    """The notes, moved stretch by stretch of one meter, from whose start beats count.

    Args:
        notes: in order of time.
        score: whose meters they are in. Eighths that are beats, as in 6/8, stay as they are.
        move: takes the notes of a stretch and its first beat.
    """
    starts = [score.pickup, *(onset for onset, _ in score.meters[1:])]
    moved: list[Note] = []
    for (_, meter), start, stop in zip(score.meters, starts, [*starts[1:], float("inf")], strict=True):
        stretch = tuple(note for note in notes if (start <= note.onset or start == starts[0]) and note.onset < stop)
        played = move(stretch, start) if meter.denominator <= 4 else stretch
        # what sounds over into another meter ends as it did
        moved += (
            replace(after, duration=max(before.end - after.onset, 1)) if before.end >= stop else after
            for before, after in zip(stretch, played, strict=True)
        )
    return tuple(moved)


def settled(notes: Iterable[Note], ratio: float, first_beat: int = 0) -> Notes:
    """The notes, those that come a little late on the beat or on the swung eighth put there; ends stay.

    What is on the grid of tatums is not late.
    """
    places = (second_eighth(ratio), 0)

    def start(note: Note) -> Note:
        place = (note.onset - first_beat) % TICKS_PER_BEAT
        written = place % TICKS_PER_TATUM == 0
        late = 0 if written else next((place - p for p in places if 0 < place - p <= MAX_LATE_TICKS), 0)
        return replace(note, onset=note.onset - late, duration=note.duration + late)

    return apart(sorted(map(start, notes)))


def is_swung(notes: Iterable[Note], first_beat: int = 0, ratio: float = 2.0) -> bool:
    """True if the second eighth comes where `ratio` puts it more than twice as often as in the middle of the beat."""
    late, even, place = 0, 0, second_eighth(ratio)
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
    """Whether a note at a place in the beat is the second eighth, or comes late on it; on the grid nothing is late."""
    return place == eighth or (0 < place - eighth <= late and place % TICKS_PER_TATUM != 0)


def _move(notes: tuple[Note, ...], origin: int, target: int, first_beat: int, late: int = 0) -> tuple[Note, ...]:
    """Moves second eighths from one place in the beat to another; `late` is how far behind it they may come."""
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

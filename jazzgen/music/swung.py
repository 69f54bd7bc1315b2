"""Swing as it is heard: how far a whole tune's second eighths are behind, and the line with even ones.

`swing` knows the ratio and moves notes that are exactly where it puts them. Here the ratio is estimated, and notes may
be a little off: late, as laid-back soloists play them, or early or late by chance, as all people do. In the middle of a
beat that has no other note but the one on it, the places of a tune's notes heap up where its second eighths are; the
heap is found as the densest stretch (a mode by mean shift: Y. Cheng, "Mean Shift, Mode Seeking, and Clustering", IEEE
Transactions on Pattern Analysis and Machine Intelligence 17(8), 1995). How wide it is says how exactly the tune is
played, and so which notes may be taken for second eighths. All else, triplets and sixteenths among it, stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from jazzgen.music.melody import Notes
from jazzgen.music.score import Note, Score
from jazzgen.music.swing import EIGHTH, MAX_LATE_TICKS, MAX_RATIO, in_each_meter, second_eighth
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM

# How early a note may come and be on the beat after it; how late and be on its own. Beyond are sixteenths.
_EARLY, _LATE = 50, 60
_APART = 10**9 // TICKS_PER_BEAT * TICKS_PER_BEAT  # ticks between stretches of one meter, longer than any music
# Where second eighths may be: from a little before the even place to behind 3.5:1, with room for chance.
_FIRST_PLACE, _LAST_PLACE = 200, TICKS_PER_BEAT - _EARLY
# A heap reaches so far from its middle while it is looked for.
_HALF_WIDTH = 25
_LEAST_WIDTH, _MOST_WIDTH = 10, 48
_EXACT, _MOSTLY = 2, 0.9
_LAID_BACK = MAX_LATE_TICKS / 2, (MAX_LATE_TICKS + 1) / 2  # lag and slack as jazzgen plays: late, never early
# Uneven enough to be swing: 1.08:1. People's even eighths average less.
_LEAST_PLACE = 249
_MAD_TO_DEVIATION = 1.4826  # of a normal distribution
_DEVIATIONS = 3
_FEW = 2  # pairs of eighths that tell nothing, unless they swing by triplets
_TRIPLET, _SIXTEENTH = TICKS_PER_BEAT // 3, TICKS_PER_BEAT // 4
# A line of dotted eighths and sixteenths is one of sixteenths where others stand beside them, one to so many.
_DOTTED_TO_SIXTEENTHS = 2
_Beats = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Swing:
    """How a tune swings.

    Attributes:
        place: tick of its second eighths in the beat, as they are played.
        width: how far from it they may be.
        lag: how late its notes come on the beat.
        slack: how far from that they may be.
    """

    place: float
    width: float
    lag: float = 0.0
    slack: float = _LEAST_WIDTH

    @property
    def ratio(self) -> float:
        """Length of the first eighth over the second, counted from the beat."""
        return min(self.place / (TICKS_PER_BEAT - self.place), MAX_RATIO)

    @property
    def early(self) -> int:
        """How early a note may come and be in the beat after it; players who are never early play none there."""
        return _EARLY if self.lag - self.slack < -_EXACT else 0

    def is_second(self, place: float) -> bool:
        return abs(place - self.place) <= self.width

    def is_first(self, place: float) -> bool:
        return abs(place - self.lag) <= self.slack


def hear_swing(notes: Notes, score: Score) -> Swing | None:
    """How notes swing, None if they do not.

    Args:
        notes: a line, in order of time.
        score: whose meters they are in; eighths that are beats, as in 6/8, do not swing.
    """
    starts = _starts(notes, score)
    lag, slack = _on_the_beat(starts)
    places = _pairs(starts)
    place = _mode(places)
    if place is None or not _LEAST_PLACE <= place - lag <= second_eighth(MAX_RATIO) + _LEAST_WIDTH:
        return None
    found = Swing(place, _width(_near(places, place), place), lag, slack)
    return found if _is_sure(found, places, starts) else None


def known_swing(notes: Notes, score: Score, ratio: float) -> Swing:
    """How notes swing whose ratio is known; only how late and how exactly they come is heard.

    Args:
        notes: a line, in order of time.
        score: whose meters they are in.
        ratio: length of the first eighth over the second.
    """
    starts = _starts(notes, score)
    places, written = _pairs(starts), second_eighth(ratio)
    early, late = ((starts[1] * sign > 0) & (starts[1] * sign <= MAX_LATE_TICKS) for sign in (-1, 1))
    if early.sum() <= (1 - _MOSTLY) * late.sum():  # as jazzgen plays; what is on the grid beside is something else
        to_grid = abs((written + TICKS_PER_TATUM // 2) % TICKS_PER_TATUM - TICKS_PER_TATUM // 2)
        return Swing(float(written), float(min(max(to_grid - 1, _EXACT), _LEAST_WIDTH)), *_LAID_BACK)
    lag, slack = _on_the_beat(starts)
    place = _mode(places[(places >= written - _LEAST_WIDTH) & (places <= written + lag + _LEAST_WIDTH)]) or written
    return Swing(place, _width(_near(places, place), place), lag, slack)


def evened(notes: Notes, score: Score, swing: Swing) -> Notes:
    """The line with its second eighths in the middle of the beat, and what they go with on it."""
    return in_each_meter(notes, score, partial(_evened, swing))


def _evened(swing: Swing, notes: Notes, first_beat: int) -> Notes:
    beats = _by_beat(notes, first_beat, swing.early)

    def moved(tick: int) -> int:
        beat, place = _place(tick - first_beat, swing.early)
        if not _swings(swing, beats, beat):
            return tick
        target = EIGHTH if swing.is_second(place) else 0 if swing.is_first(place) else place
        return max(first_beat + beat * TICKS_PER_BEAT + target, 0)

    return tuple(_joined([_moved(note, moved(note.onset), moved(note.end)) for note in notes], notes))


def _moved(note: Note, onset: int, end: int) -> Note:
    if end == note.end and _kept_its_length(note, onset):
        end = onset + note.duration
    return replace(note, onset=onset, duration=max(end - onset, 1))


def _kept_its_length(note: Note, onset: int) -> bool:
    """Whether a note that was delayed would have been over before it started, and so ends later: off the grid."""
    delayed = onset < note.onset and note.duration % TICKS_PER_TATUM == 0
    return delayed and note.end % TICKS_PER_TATUM != 0


def _joined(line: Sequence[Note], played: Sequence[Note]) -> Iterator[Note]:
    """The line, notes that did not overlap as they were played cut so that they still do not."""
    for (note, after), (before, after_before) in zip(pairwise(line), pairwise(played), strict=True):
        if before.end <= after_before.onset and note.end > after.onset:
            yield replace(note, duration=max(after.onset - note.onset, 1))
        else:
            yield note
    yield from line[-1:]


def _starts(notes: Notes, score: Score) -> tuple[np.ndarray, np.ndarray]:
    """Where notes start, each place once: (n,) beats and (n,) places in them, where eighths may swing.

    Beats of different stretches of one meter have different numbers.
    """
    onsets = np.array([note.onset for note in notes])
    firsts = [score.pickup, *(onset for onset, _ in score.meters[1:])]
    found = []
    for number, ((_, meter), first) in enumerate(zip(score.meters, firsts, strict=True)):
        inside = (onsets >= first) | (number == 0)
        if number + 1 < len(firsts):
            inside &= onsets < firsts[number + 1]
        if meter.denominator <= 4:
            found.append(onsets[inside] - first + _EARLY + number * _APART)
    ticks = np.unique(np.concatenate(found)) if found else np.array([], int)
    return ticks // TICKS_PER_BEAT, ticks % TICKS_PER_BEAT - _EARLY


def _place(tick: int, early: int) -> tuple[int, int]:
    """The beat that a tick belongs to, and where in it: before it, if it is early."""
    beat, place = divmod(tick + early, TICKS_PER_BEAT)
    return beat, place - early


def _by_beat(notes: Notes, first_beat: int, early: int) -> _Beats:
    """By beat, the places where notes start."""
    found: dict[int, set[int]] = {}
    for note in notes:
        beat, place = _place(note.onset - first_beat, early)
        found.setdefault(beat, set()).add(place)
    return {beat: tuple(sorted(places)) for beat, places in found.items()}


def _swings(swing: Swing, beats: _Beats, beat: int) -> bool:
    """True for a beat that has nothing but eighths, and is not the first of a quarter-note triplet."""
    after = beats.get(beat + 1, ())
    in_triplet = any(abs(place - _TRIPLET) <= swing.slack for place in after) and not any(map(swing.is_first, after))
    return not in_triplet and all(swing.is_first(place) or swing.is_second(place) for place in beats.get(beat, ()))


def _is_on(places: np.ndarray) -> np.ndarray:
    return (places >= -_EARLY) & (places <= _LATE)


def _on_the_beat(starts: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """How late the notes on the beat come, and how far from that they may be."""
    _, places = starts
    places = places[_is_on(places)]
    if not len(places):
        return 0.0, float(_LEAST_WIDTH)
    if np.mean((places >= 0) & (places <= MAX_LATE_TICKS)) >= _MOSTLY:
        return _LAID_BACK
    lag = float(np.median(places))
    return lag, _width(places, lag)


def _pairs(starts: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The places of notes that are alone in their beat, or with the one on it, and may be second eighths."""
    beats, places = starts
    off = ~_is_on(places)
    beats, places = beats[off], places[off]
    alone = np.ones(len(beats), bool)
    alone[1:] &= beats[1:] != beats[:-1]
    alone[:-1] &= beats[1:] != beats[:-1]
    return places[alone & (places >= _FIRST_PLACE) & (places <= _LAST_PLACE)].astype(float)


def _mode(places: np.ndarray) -> float | None:
    """The middle of the densest heap of places; of two alike the earlier."""
    if not len(places):
        return None
    ordered = np.sort(places)
    ends = np.searchsorted(ordered, ordered + _HALF_WIDTH, "right")
    middle = float(ordered[np.argmax(ends - np.searchsorted(ordered, ordered - _HALF_WIDTH))])
    for _ in range(len(places)):
        nearer = float(_near(places, middle).mean())
        if abs(nearer - middle) < 0.5:
            break
        middle = nearer
    return float(np.median(_near(places, middle)))


def _near(places: np.ndarray, middle: float) -> np.ndarray:
    return places[np.abs(places - middle) <= _HALF_WIDTH]


def _width(places: np.ndarray, middle: float) -> float:
    """How far from the middle of a heap its places may be: three standard deviations, estimated robustly."""
    if not len(places):
        return float(_LEAST_WIDTH)
    deviation = _MAD_TO_DEVIATION * float(np.median(np.abs(places - middle)))
    return float(np.clip(_DEVIATIONS * deviation, _LEAST_WIDTH, _MOST_WIDTH))


def _is_sure(swing: Swing, places: np.ndarray, starts: tuple[np.ndarray, np.ndarray]) -> bool:
    """Whether swung beats are more than twice as many as even ones, and no dotted eighths among sixteenths."""
    swung = int((np.abs(places - swing.place) <= swing.width).sum())
    even = np.abs(places - EIGHTH - swing.lag) <= _LEAST_WIDTH
    others = int((even & (np.abs(places - swing.place) > swing.width)).sum())
    by_triplets = abs(swing.place - swing.lag - 2 * _TRIPLET) <= _LEAST_WIDTH
    enough = swung > _FEW or by_triplets
    return swung > 2 * others and enough and not _are_dotted(swing, swung, starts)


def _are_dotted(swing: Swing, swung: int, starts: tuple[np.ndarray, np.ndarray]) -> bool:
    """Whether second eighths at 3:1 are sixteenths, for others stand beside them."""
    if abs(swing.place - swing.lag - 3 * _SIXTEENTH) > _LEAST_WIDTH:
        return False
    beats, places = starts
    reach = _LEAST_WIDTH + swing.lag
    others = (np.abs(places - _SIXTEENTH) <= reach) | (np.abs(places - EIGHTH) <= reach)
    return len(np.unique(beats[others])) * _DOTTED_TO_SIXTEENTHS >= swung

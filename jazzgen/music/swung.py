"""Estimate the swing of a performance and make its eighths even.

`swing` is given the ratio and moves only notes exactly where it puts them. Here the ratio is estimated, and notes may
be a little off: late, as laid-back soloists play, or early or late by chance, as everybody does. Beats with one note
off the beat, and at most one on it, show where a tune's second eighths are: at the mode of those notes' positions,
found by mean shift (Y. Cheng, "Mean Shift, Mode Seeking, and Clustering", IEEE Transactions on Pattern Analysis and
Machine Intelligence 17(8), 1995). Their spread around it says how exactly the tune is played, and so which notes count
as second eighths. All others, such as triplets and sixteenths, stay.

Ticks in constants are of 1/480 beat; where no source stands beside a number it is set by hand.
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

# Ticks before and after the beat within which a note counts as on it; beyond are sixteenths.
_EARLY, _LATE = 50, 60
_APART = 10**9 // TICKS_PER_BEAT * TICKS_PER_BEAT  # ticks between stretches of one meter, longer than any music
# Where second eighths are looked for: from a little before the middle of the beat to after 3.5:1.
_FIRST_PLACE, _LAST_PLACE = 200, TICKS_PER_BEAT - _EARLY
# Half the window of the mean shift.
_HALF_WIDTH = 25
# Bounds of a swing's `width` and `slack`.
_LEAST_WIDTH, _MOST_WIDTH = 10, 48
_EXACT = 2
_MOSTLY = 0.9  # share of notes late and not early, as jazzgen plays them
_LAID_BACK = MAX_LATE_TICKS / 2, (MAX_LATE_TICKS + 1) / 2  # lag and slack as jazzgen plays: late, never early
# Earliest place that counts as swing, 1.08:1; eighths meant to be even average less.
_LEAST_PLACE = 249
_MAD_TO_DEVIATION = 1.4826  # of a normal distribution
_DEVIATIONS = 4  # of played lines 98.1 notes in 100 come back, with 3 97.7 (10 ticks of jitter)
_FEW = 2  # pairs of eighths up to which only triplet swing is believed
_TRIPLET, _SIXTEENTH = TICKS_PER_BEAT // 3, TICKS_PER_BEAT // 4
# Notes at 3:1 are sixteenths after dotted eighths, not swing, if there is another sixteenth for every this many.
_DOTTED_TO_SIXTEENTHS = 2
_Beats = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Swing:
    """How a tune swings.

    Attributes:
        place: tick of the second eighths in the beat, as played.
        width: ticks that second eighths may be from `place`.
        lag: ticks that notes on the beat come late.
        slack: ticks that notes on the beat may be from `lag`.
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
        """Ticks by which a note may precede a beat and belong to it; 0 for players who are never early."""
        return _EARLY if self.lag - self.slack < -_EXACT else 0

    def is_second(self, place: float) -> bool:
        return abs(place - self.place) <= self.width

    def is_first(self, place: float) -> bool:
        return abs(place - self.lag) <= self.slack


def hear_swing(notes: Notes, score: Score) -> Swing | None:
    """Estimate how a line swings; None if it does not.

    Args:
        notes: a line, in order of time.
        score: its meters are used; in meters of eighths, such as 6/8, notes do not swing.
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
    """Estimate how late and how exactly a line with a known swing ratio is played.

    Args:
        notes: a line, in order of time.
        score: its meters are used.
        ratio: length of the first eighth over the second.
    """
    starts = _starts(notes, score)
    places = _pairs(starts)
    written = second_eighth(ratio)
    early, late = ((starts[1] * sign > 0) & (starts[1] * sign <= MAX_LATE_TICKS) for sign in (-1, 1))
    # Played late and never early, as by jazzgen: take a narrow width, so that notes on the next tatum stay.
    if early.sum() <= (1 - _MOSTLY) * late.sum():
        to_grid = abs((written + TICKS_PER_TATUM // 2) % TICKS_PER_TATUM - TICKS_PER_TATUM // 2)
        return Swing(float(written), float(min(max(to_grid - 1, _EXACT), _LEAST_WIDTH)), *_LAID_BACK)
    lag, slack = _on_the_beat(starts)
    place = _mode(places[(places >= written - _LEAST_WIDTH) & (places <= written + lag + _LEAST_WIDTH)]) or written
    return Swing(place, _width(_near(places, place), place), lag, slack)


def evened(notes: Notes, score: Score, swing: Swing) -> Notes:
    """Move second eighths to the middle of the beat, and notes on the beat exactly to it, in beats that swing."""
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
    """Return whether `swing` delayed a short note with its length kept, which shows in an end off the tatum grid."""
    delayed = onset < note.onset and note.duration % TICKS_PER_TATUM == 0
    return delayed and note.end % TICKS_PER_TATUM != 0


def _joined(line: Sequence[Note], played: Sequence[Note]) -> Iterator[Note]:
    """Cut notes of the moved line that overlap though they did not as played."""
    for (note, after), (before, after_before) in zip(pairwise(line), pairwise(played), strict=True):
        if before.end <= after_before.onset and note.end > after.onset:
            yield replace(note, duration=max(after.onset - note.onset, 1))
        else:
            yield note
    yield from line[-1:]


def _starts(notes: Notes, score: Score) -> tuple[np.ndarray, np.ndarray]:
    """Return where notes start, each place once: (n,) beats and (n,) ticks in them, in meters that may swing.

    Each stretch of one meter has beat numbers of its own.
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
    """Return the beat that a tick belongs to and the tick in it, negative if it is up to `early` before the beat."""
    beat, place = divmod(tick + early, TICKS_PER_BEAT)
    return beat, place - early


def _by_beat(notes: Notes, first_beat: int, early: int) -> _Beats:
    """Map each beat to the ticks in it where notes start."""
    found: dict[int, set[int]] = {}
    for note in notes:
        beat, place = _place(note.onset - first_beat, early)
        found.setdefault(beat, set()).add(place)
    return {beat: tuple(sorted(places)) for beat, places in found.items()}


def _swings(swing: Swing, beats: _Beats, beat: int) -> bool:
    """Return whether a beat has only eighths and does not begin a quarter-note triplet."""
    after = beats.get(beat + 1, ())
    in_triplet = any(abs(place - _TRIPLET) <= swing.slack for place in after) and not any(map(swing.is_first, after))
    return not in_triplet and all(swing.is_first(place) or swing.is_second(place) for place in beats.get(beat, ()))


def _is_on(places: np.ndarray) -> np.ndarray:
    return (places >= -_EARLY) & (places <= _LATE)


def _on_the_beat(starts: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Return lag and slack, in ticks, of the notes on the beat."""
    _, places = starts
    places = places[_is_on(places)]
    if not len(places):
        return 0.0, float(_LEAST_WIDTH)
    if np.mean((places >= 0) & (places <= MAX_LATE_TICKS)) >= _MOSTLY:
        return _LAID_BACK
    lag = float(np.median(places))
    return lag, _width(places, lag)


def _pairs(starts: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the ticks of possible second eighths: notes with no other in their beat but one on it."""
    beats, places = starts
    off = ~_is_on(places)
    beats, places = beats[off], places[off]
    alone = np.ones(len(beats), bool)
    alone[1:] &= beats[1:] != beats[:-1]
    alone[:-1] &= beats[1:] != beats[:-1]
    return places[alone & (places >= _FIRST_PLACE) & (places <= _LAST_PLACE)].astype(float)


def _mode(places: np.ndarray) -> float | None:
    """Return the mode of places by mean shift, from the densest window on, the earlier of equal ones; None if empty."""
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
    """Return the spread of places around `middle`: four standard deviations, estimated from the median deviation."""
    if not len(places):
        return float(_LEAST_WIDTH)
    deviation = _MAD_TO_DEVIATION * float(np.median(np.abs(places - middle)))
    return float(np.clip(_DEVIATIONS * deviation, _LEAST_WIDTH, _MOST_WIDTH))


def _is_sure(swing: Swing, places: np.ndarray, starts: tuple[np.ndarray, np.ndarray]) -> bool:
    """Return whether swung eighths are more than twice the even ones, enough in number, and not dotted rhythms."""
    swung = int((np.abs(places - swing.place) <= swing.width).sum())
    even = np.abs(places - EIGHTH - swing.lag) <= _LEAST_WIDTH
    others = int((even & (np.abs(places - swing.place) > swing.width)).sum())
    by_triplets = abs(swing.place - swing.lag - 2 * _TRIPLET) <= _LEAST_WIDTH
    enough = swung > _FEW or by_triplets
    return swung > 2 * others and enough and not _are_dotted(swing, swung, starts)


def _are_dotted(swing: Swing, swung: int, starts: tuple[np.ndarray, np.ndarray]) -> bool:
    """Return whether second eighths at 3:1 are sixteenths after dotted eighths, as other sixteenths nearby show."""
    if abs(swing.place - swing.lag - 3 * _SIXTEENTH) > _LEAST_WIDTH:
        return False
    beats, places = starts
    reach = _LEAST_WIDTH + swing.lag
    others = (np.abs(places - _SIXTEENTH) <= reach) | (np.abs(places - EIGHTH) <= reach)
    return len(np.unique(beats[others])) * _DOTTED_TO_SIXTEENTHS >= swung

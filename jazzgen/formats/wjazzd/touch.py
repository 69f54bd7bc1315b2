"""How the notes of a Weimar Jazz Database solo were played: their levels, as velocities too, and their timing.

Loudness (decibels, on a scale of its own in each solo) becomes velocity linearly: the solo's 5th percentile is 40, its
95th is 110, and values outside are clipped. A level below 0 (mostly a floor of -66) means that the note could not be
measured; it gets 80, as does a note without a level. The velocities are set by hand.

Lateness is measured against the beats as the band played them: a note's written place divides the time from its beat to
the next one evenly. So it holds what a soloist does, swing included, and not how the band's tempo drifts.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from statistics import fmean, stdev
from typing import NamedTuple

from jazzgen.formats.wjazzd.grid import Beat
from jazzgen.music.score import Played

_SOFT = 40
_LOUD = 110
_UNKNOWN = 80
_LEAST_RANGE_DB = 1.0  # below it, all notes get the same velocity; set by hand
_FARTHEST_BEATS = 1.0  # a note farther from its place is a slip of the annotation, and not measured; set by hand
_Place = tuple[int, int]


class Event(NamedTuple):
    """A note as annotated: `onset`, `duration` and `beatdur` (of its beat) in seconds, `loudness` in decibels."""

    bar: int
    beat: int
    division: int
    tatum: int
    pitch: float
    duration: float
    beatdur: float | None = None
    loudness: float | None = None
    onset: float | None = None


def played(
    events: Sequence[Event], beats: Sequence[Beat], beat_seconds: float, beats_a_quarter: float = 1.0
) -> list[Played | None]:
    """Return how each note was played; None for all notes if the rows hold neither onsets nor levels.

    Args:
        events: the notes.
        beats: the band's beats, in order.
        beat_seconds: length of a beat where neither the next beat nor the note's row tells it.
        beats_a_quarter: 2 where the meter counts eighths.

    Example:
        >>> beats = [Beat(1, 1, onset=2.0), Beat(1, 2, onset=2.5)]
        >>> played([Event(1, 1, 2, 2, 60, 0.2, onset=2.3)], beats, 0.5)
        [Played(late_ms=50.0, loudness=None, duration_ms=200.0, quarter_ms=500.0)]
    """
    timed = _timed(beats)
    loudness = _standardised([event.loudness for event in events])
    found: list[Played | None] = []
    for event, level in zip(events, loudness, strict=True):
        onset, length = timed.get((event.bar, event.beat), (None, None))
        seconds = length or event.beatdur or beat_seconds
        late = None if onset is None or event.onset is None else _late_ms(event, event.onset - onset, seconds)
        quarter = None if late is None else round(1000 * seconds * beats_a_quarter, 3)
        found.append(Played(late, level, round(1000 * event.duration, 3), quarter))
    measured = any(touch and (touch.late_ms is not None or touch.loudness is not None) for touch in found)
    return found if measured else [None] * len(found)


def velocities(loudness: Sequence[float | None]) -> list[int]:
    """Convert levels in decibels to MIDI velocities, as described above; all are 80 if levels hardly differ.

    Example:
        >>> velocities([50, 60, 70, None])
        [40, 75, 110, 80]
    """
    levels = _measured(loudness)
    known = sorted(level for level in levels if level is not None)
    low, high = (known[len(known) * percent // 100] for percent in (5, 95)) if known else (0.0, 0.0)
    if high - low < _LEAST_RANGE_DB:
        return [_UNKNOWN] * len(levels)
    scale = (_LOUD - _SOFT) / (high - low)
    return [
        _UNKNOWN if level is None else round(_SOFT + (min(max(level, low), high) - low) * scale) for level in levels
    ]


def _timed(beats: Sequence[Beat]) -> Mapping[_Place, tuple[float, float | None]]:
    """Return when each beat was played, and its length in seconds; None if the next row is not the next beat."""
    timed: dict[_Place, tuple[float, float | None]] = {}
    for beat, after in zip_longest(beats, beats[1:]):
        if beat.onset is not None:
            length = None
            if after is not None and after.onset is not None and after.bar - beat.bar <= 1:
                length = after.onset - beat.onset
            timed[beat.bar, beat.beat] = beat.onset, length if length and length > 0 else None
    return timed


def _late_ms(event: Event, since_beat: float, beat_seconds: float) -> float | None:
    """Return a note's onset minus its written place, from its seconds since the beat; None if that is far."""
    late = since_beat - (event.tatum - 1) / event.division * beat_seconds
    return round(1000 * late, 3) if abs(late) <= _FARTHEST_BEATS * beat_seconds else None  # NaN is not


def _measured(loudness: Sequence[float | None]) -> list[float | None]:
    """Return the levels, None for those below 0."""
    return [None if level is None or not 0 <= level < math.inf else level for level in loudness]


def _standardised(loudness: Sequence[float | None]) -> list[float | None]:
    """Return levels in standard deviations above their mean; all None if they hardly differ."""
    levels = _measured(loudness)
    known = [level for level in levels if level is not None]
    if not known or max(known) - min(known) < _LEAST_RANGE_DB:
        return [None] * len(levels)
    mean, deviation = fmean(known), stdev(known)
    return [None if level is None else round((level - mean) / deviation, 4) for level in levels]

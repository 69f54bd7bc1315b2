"""Units of time, and the only place that converts them.

A tick is 1/480 of a quarter note, the resolution that DAWs use: triplets (160), sixteenths (120) and
quintuplets (96) are whole numbers. A *beat* is a quarter note unless a `Meter` says otherwise, and
tempo is quarter notes a minute. The musical grid has 12 tatums a beat, the coarsest grid that holds
both sixteenths and triplets.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from jazzgen.errors import ScoreError

TICKS_PER_BEAT = 480
TATUMS_PER_BEAT = 12
TICKS_PER_TATUM = TICKS_PER_BEAT // TATUMS_PER_BEAT
_Event = TypeVar("_Event")
MICROSECONDS_PER_MINUTE = 60_000_000
# MIDI holds a quarter note's length in 24 bits, which is 3.6 bpm at its slowest.
MIN_BPM, MAX_BPM = 4.0, 1000.0


def beats_to_ticks(beats: float) -> int:
    """Convert beats to ticks, rounded to the nearest.

    >>> beats_to_ticks(1.5)
    720
    """
    return round(beats * TICKS_PER_BEAT)


def ticks_to_beats(ticks: int) -> float:
    return ticks / TICKS_PER_BEAT


def tempo_seconds(tempos: Sequence[tuple[int, float]], tick: int) -> float:
    """Return the time of a tick in seconds under a tempo map.

    Args:
        tempos: (onset in ticks, quarter notes a minute), the first at 0, in order.
        tick: the tick to convert.

    Example:
        >>> tempo_seconds([(0, 120.0), (960, 60.0)], 1440)
        2.0
    """
    seconds = 0.0
    for (start, bpm), (stop, _) in zip(tempos, [*tempos[1:], (tick, 0.0)], strict=True):
        if start >= tick:
            break
        seconds += (min(stop, tick) - start) / TICKS_PER_BEAT * 60 / bpm
    return seconds


def milliseconds_to_ticks(milliseconds: float, bpm: float) -> int:
    """Convert milliseconds to ticks at a steady tempo, rounded to the nearest.

    >>> milliseconds_to_ticks(250, bpm=120)
    240
    """
    return round(milliseconds / 60_000 * bpm * TICKS_PER_BEAT)


def bpm_to_microseconds(bpm: float) -> int:
    """Convert a tempo to microseconds a quarter note, as a MIDI tempo event stores it.

    >>> bpm_to_microseconds(120)
    500000
    """
    return round(MICROSECONDS_PER_MINUTE / bpm)


def microseconds_to_bpm(microseconds: int) -> float:
    """Convert back, to the tempo with the fewest decimals that rounds to those microseconds.

    Inverse of `bpm_to_microseconds`.

    >>> microseconds_to_bpm(bpm_to_microseconds(137.5))
    137.5
    """
    exact = MICROSECONDS_PER_MINUTE / microseconds
    roundings = (round(exact, decimals) for decimals in range(10))
    return next((bpm for bpm in roundings if bpm and bpm_to_microseconds(bpm) == microseconds), exact)


def quantize_ticks(ticks: int, grid_ticks: int = TICKS_PER_TATUM) -> int:
    """Round to the nearest multiple of `grid_ticks`; halves go up, so that rounding keeps the order of notes.

    >>> [quantize_ticks(ticks) for ticks in (19, 20, 65)]
    [0, 40, 80]
    """
    return (2 * ticks + grid_ticks) // (2 * grid_ticks) * grid_ticks


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature."""

    numerator: int = 4
    denominator: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 64 or self.denominator not in (1, 2, 4, 8, 16, 32):
            raise ScoreError(f"meter {self}: write it as 4/4, 3/4, 6/8, with 1 to 64 beats of a 1/1 to 1/32 note")

    @classmethod
    def parse(cls, text: str) -> "Meter":
        """Parse `4/4`; the inverse of `str`.

        >>> Meter.parse("6/8").bar_ticks
        1440
        """
        numerator, _, denominator = text.strip().partition("/")
        if not (numerator.isdecimal() and denominator.isdecimal()):
            raise ScoreError(f"meter '{text}': write it as 4/4, 3/4 or 6/8")
        return cls(int(numerator), int(denominator))

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def beat_ticks(self) -> int:
        """Ticks of one denominator unit: 480 in 4/4, 240 in 6/8."""
        return 4 * TICKS_PER_BEAT // self.denominator

    @property
    def bar_ticks(self) -> int:
        return self.numerator * self.beat_ticks

    @property
    def is_compound(self) -> bool:
        """True if the beat that is felt has three parts, as in 6/8 and 12/8."""
        return self.denominator >= 8 and self.numerator % 3 == 0

    @property
    def pulse_ticks(self) -> int:
        """Ticks of the beat that is felt: a dotted quarter in 6/8, else that of the denominator.

        >>> Meter(6, 8).pulse_ticks, Meter(5, 4).pulse_ticks
        (720, 480)
        """
        return self.beat_ticks * (3 if self.is_compound else 1)

    @property
    def strong_ticks(self) -> int:
        """Ticks between strong beats: half a bar in meters of 4, 6, 8 ... beats, else a bar."""
        halves = self.numerator >= 4 and self.numerator % 2 == 0
        return self.bar_ticks // 2 if halves else self.bar_ticks


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a score. Number 0 is the pickup; full bars count from 1, as printed music does."""

    number: int
    onset: int
    duration: int
    meter: Meter

    @property
    def end(self) -> int:
        return self.onset + self.duration

    @property
    def downbeat(self) -> int:
        """Tick of beat 1; before the music starts if the bar is a pickup."""
        return self.onset if self.number else self.end - self.meter.bar_ticks


def iter_bars(meters: Sequence[tuple[int, Meter]], pickup_ticks: int, end_ticks: int) -> Iterator[Bar]:
    """Yield the bars that cover [0, end_ticks).

    Args:
        meters: (onset in ticks, meter), the first at 0, in order. A change inside a bar cuts that bar short.
        pickup_ticks: length of the pickup bar, 0 for none.
        end_ticks: end of the music.
    """
    if pickup_ticks:
        yield Bar(0, 0, pickup_ticks, meters[0][1])
    starts = [start for start, _ in meters]
    onset = pickup_ticks
    number = 1
    while onset < end_ticks:
        place = bisect_right(starts, onset)
        meter = meters[place - 1][1]
        limit = starts[place] if place < len(starts) else onset + meter.bar_ticks
        duration = min(meter.bar_ticks, limit - onset)
        yield Bar(number, onset, duration, meter)
        onset += duration
        number += 1


def without_repeats(events: Iterable[tuple[int, _Event]]) -> Iterator[tuple[int, _Event]]:
    """Keep the first of each run of equal values, dropping a meter or tempo that is merely repeated.

    >>> list(without_repeats([(0, 120), (480, 120), (960, 90)]))
    [(0, 120), (960, 90)]
    """
    return (next(run) for _, run in groupby(events, key=itemgetter(1)))


def from_start(events: Mapping[int, _Event], default: _Event) -> tuple[tuple[int, _Event], ...]:
    """Sort events by tick and move the first to tick 0; without events, `default` is at 0.

    >>> from_start({960: 90, 480: 120}, default=100)
    ((0, 120), (960, 90))
    """
    ordered = sorted(events.items())
    if not ordered:
        return ((0, default),)
    return ((0, ordered[0][1]), *ordered[1:])

"""Lay out the beat track of a Weimar Jazz Database solo in ticks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import NamedTuple

from jazzgen.errors import CorpusError
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.music.timing import Meter


class Beat(NamedTuple):
    """A beat of the band. Signature, chord and form are given where they start, and None where they continue.

    `onset` is when it was played, in seconds.
    """

    bar: int
    beat: int
    signature: str | None = None
    chord: str | None = None
    form: str | None = None
    chorus: int | None = None
    bass_pitch: float | None = None
    onset: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The beats of a solo in ticks.

    Attributes:
        meters: (onset, meter) where it changes.
        onsets: of each beat.
        places: (onset, duration) of the beat at (bar, beat).
        gaps: number of bars without beats between the first and the last bar.
    """

    meters: tuple[tuple[int, Meter], ...]
    pickup: int
    onsets: Sequence[int]
    places: Mapping[tuple[int, int], tuple[int, int]] = field(repr=False)
    end: int
    gaps: int


def lay_out(beats: Sequence[Beat], signature: str = "4/4") -> Grid:
    """Lay out beats one after the other, each as long as its signature says.

    A first bar that does not start on beat 1 is the pickup; the last bar may be short. Any other bar with more or fewer
    beats than its signature gets a meter of its own, so that the next bar starts in the right place.

    Args:
        beats: in order.
        signature: for beats before the first one that has a signature.

    Raises:
        CorpusError: when beats are missing, out of order or not numbered.

    Example:
        >>> lay_out([Beat(1, 1), Beat(1, 2), Beat(1, 3)], "3/4").onsets
        [0, 480, 960]
    """
    bars = _bars(beats)
    meters: dict[int, Meter] = {}
    onsets: list[int] = []
    places: dict[tuple[int, int], tuple[int, int]] = {}
    end = 0
    for bar in bars:
        signature = bar[0].signature or signature
        written = Meter.parse(signature)
        meters[end] = _meter(bar, written, may_be_short=bar is bars[-1] or (bar is bars[0] and bar[0].beat > 1))
        for beat in bar:
            onsets.append(end)
            places[beat[:2]] = end, written.beat_ticks
            end += written.beat_ticks
    pickup = len(bars[0]) * meters[0].beat_ticks if beats[0].beat > 1 else 0
    gaps = beats[-1].bar - beats[0].bar + 1 - len(bars)
    return Grid(tuple(_changes_only(meters)), pickup, onsets, places, end, gaps)


def _bars(beats: Sequence[Beat]) -> list[list[Beat]]:
    if not beats:
        raise CorpusError("it has no beats")
    if not all(isinstance(number, int) for beat in beats for number in beat[:2]):
        raise CorpusError("a beat has no whole number for its bar or its place in it")
    if any(a[:2] >= b[:2] for a, b in pairwise(beats)):
        raise CorpusError("its beats are not in order, or two are the same beat of the same bar")
    bars = [list(bar) for _, bar in groupby(beats, key=lambda beat: beat.bar)]
    if len(bars) > MAX_BARS:
        raise CorpusError(f"it has {len(bars)} bars; at most {MAX_BARS} are read")
    return bars


def _meter(bar: Sequence[Beat], written: Meter, *, may_be_short: bool) -> Meter:
    if len(bar) == written.numerator or (may_be_short and len(bar) < written.numerator):
        return written
    return Meter(len(bar), written.denominator)


def _changes_only(meters: Mapping[int, Meter]) -> Iterator[tuple[int, Meter]]:
    before = None
    for onset, meter in meters.items():
        if meter != before:
            yield onset, meter
        before = meter

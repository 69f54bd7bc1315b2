"""How a bar is grouped: its beats, its halves, and how strong each place in it is.

Notation shows these: signs are split, and beams broken, where a stronger place would be hidden (E. Gould, "Behind
Bars", 2011, pages 151 to 175). Times are in ticks from beat 1 of the bar; a pickup starts later than 0.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from jazzgen.music.timing import TICKS_PER_BEAT, Bar, Meter

Span = tuple[int, int]
# Levels of strength: bar lines, groups such as halves of 4/4, beats, parts of a beat; each finer grid is one more.
BAR, GROUP, BEAT, PART = range(4)
_FINEST = 6  # halvings of a part of a beat that have a level of their own


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups and beats of a meter.

    Attributes:
        groups: halves of 4/4 and 12/8, three and two beats of 5/4, the whole bar of 2/4, 3/4, 6/8 and 7/8.
        beats: quarters in simple meters; three eighths in 6/8; twos and a three in 7/8.
        part: ticks of the parts of a beat: eighths, in meters of sixteenths sixteenths.
    """

    groups: tuple[Span, ...]
    beats: tuple[Span, ...]
    part: int

    def level(self, tick: int) -> int:
        """Return how strong a place is, 0 the strongest."""
        if tick in (self.groups[0][0], self.groups[-1][1]):
            return BAR
        if any(tick == start for start, _ in self.groups):
            return GROUP
        if any(tick == start for start, _ in self.beats):
            return BEAT
        halvings = (n for n in range(_FINEST) if tick * 2**n % self.part == 0)
        return PART + next(halvings, _FINEST)

    def beat(self, tick: int) -> Span:
        """Return the beat that holds a tick; past the bar's end beats go on like the last."""
        if tick < self.beats[-1][1]:
            return self.beats[bisect_right(self.beats, (tick, self.beats[-1][1])) - 1]
        first, last = self.beats[-1]
        turns = (tick - first) // (last - first)
        return first + turns * (last - first), last + turns * (last - first)

    def group(self, tick: int) -> Span:
        """Return the group that holds a tick."""
        return next((group for group in self.groups if group[0] <= tick < group[1]), self.groups[-1])

    def is_compound(self, beat: Span) -> bool:
        """Return whether a beat has three parts."""
        return beat[1] - beat[0] == 3 * self.part

    def beats_in(self, span: Span) -> tuple[Span, ...]:
        return tuple(beat for beat in self.beats if span[0] <= beat[0] and beat[1] <= span[1])


@lru_cache(maxsize=64)
def grouping(meter: Meter) -> Grouping:
    """Return the grouping of a meter.

    >>> [end for _, end in grouping(Meter(5, 4)).groups], len(grouping(Meter(6, 8)).beats)
    ([1440, 2400], 2)
    """
    if meter.denominator <= 4:
        beats = [TICKS_PER_BEAT] * (meter.bar_ticks // TICKS_PER_BEAT)
        sizes = [2] * meter.numerator if meter.denominator == 2 else _sizes(len(beats))
        part = TICKS_PER_BEAT // 2
    else:
        part = meter.beat_ticks
        counts = [3] * (meter.numerator // 3) if meter.is_compound else _twos(meter.numerator)
        beats = [count * part for count in counts]
        sizes = [2, 2] if counts == [3] * 4 else [len(beats)]
    spans = _spans(beats)
    groups = [(spans[first][0], spans[last - 1][1]) for first, last in _spans(sizes)]
    return Grouping(tuple(groups), tuple(spans), part)


def _sizes(beats: int) -> list[int]:
    """Return how many beats each group has: the first of five has three; four and more go by twos, six by threes."""
    if beats <= 3:
        return [beats]
    if beats == 5:
        return [3, 2]
    return [3] * (beats // 3) if beats % 3 == 0 else _twos(beats)


def _twos(count: int) -> list[int]:
    """Return twos that make up a count, the last of an odd one a three."""
    if count == 1:
        return [1]
    return [2] * (count // 2) if count % 2 == 0 else [*[2] * (count // 2 - 1), 3]


def _spans(lengths: list[int]) -> list[Span]:
    return list(pairwise([0, *accumulate(lengths)]))


def place_in_bar(bar: Bar) -> int:
    """Return where the bar's first tick stands in its meter: 0, or later for a pickup."""
    return bar.onset - bar.downbeat

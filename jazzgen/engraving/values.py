"""Note values: spans of a bar as notes with dots, ties, triplets and beams.

Times are in ticks from the start of the bar. A beat with an onset on the triplet grid but not on that of sixteenths is
written as one triplet, in which 12 places per beat are dotted sixteenths, eighths and so on, three in the time of two.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Meter

_SIXTEENTH, _EIGHTH = TICKS_PER_BEAT // 4, TICKS_PER_BEAT // 2


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value: its name in MusicXML, dots, length in ticks, and the grid in ticks on which it may start."""

    name: str
    dots: int
    ticks: int
    step: int


# Longest first; the first that fits is taken.
_PLAIN = (
    Value("whole", 0, 1920, 480),
    Value("half", 1, 1440, 480),
    Value("half", 0, 960, 480),
    Value("quarter", 1, 720, 240),
    Value("quarter", 0, 480, 240),
    Value("eighth", 1, 360, 120),
    Value("eighth", 0, 240, 120),
    Value("16th", 0, 120, 60),
    Value("32nd", 0, 60, 30),
    Value("64th", 0, 30, 30),
)
_TRIPLET = tuple(
    Value(value.name, value.dots, value.ticks * 2 // 3, TICKS_PER_TATUM)
    for value in (
        *_PLAIN[4:7],
        Value("16th", 1, 180, 1),
        _PLAIN[7],
        _PLAIN[8],
    )
)
_BEAMS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a note or rest that one sign prints; `value` is None if no sign can."""

    start: int
    ticks: int
    value: Value | None
    triplet: Span | None = None

    @property
    def end(self) -> int:
        return self.start + self.ticks

    @property
    def beams(self) -> int:
        return _BEAMS.get(self.value.name, 0) if self.value else 0


def triplets(boundaries: Iterable[int], length: int, meter: Meter) -> list[Span]:
    """Return the triplets among the beats (half beats in x/8 meters) of a bar of `length` ticks."""
    unit = TICKS_PER_BEAT if meter.denominator <= 4 else _EIGHTH
    inside = (tick for tick in boundaries if tick % TICKS_PER_TATUM == 0 and tick % _SIXTEENTH)
    starts = sorted({tick // unit * unit for tick in inside})
    return [(start, start + unit) for start in starts if start + unit <= length]


def pieces(start: int, end: int, spans: Sequence[Span]) -> Iterator[Piece]:
    """Yield the signs that print [start, end), in order; `spans` are the triplets."""
    edges = sorted({start, end, *(edge for span in spans for edge in span if start < edge < end)})
    for first, last in pairwise(edges):
        span = next((span for span in spans if span[0] <= first < span[1]), None)
        yield from _signs(first, last, span)


def _signs(start: int, end: int, span: Span | None) -> Iterator[Piece]:
    while start < end:
        value = next((v for v in (_TRIPLET if span else _PLAIN) if _fits(v, start, end, span)), None)
        ticks = value.ticks if value else end - start
        yield Piece(start, ticks, value, span)
        start += ticks


def _fits(value: Value, start: int, end: int, span: Span | None) -> bool:
    """Return whether a value fits here; one that starts off the eighths must stay in its beat."""
    last = start + value.ticks
    in_beat = start // TICKS_PER_BEAT == (last - 1) // TICKS_PER_BEAT
    return last <= end and start % value.step == 0 and (span is not None or start % _EIGHTH == 0 or in_beat)


def beams(line: Sequence[tuple[Piece, bool]], meter: Meter) -> list[tuple[str, ...]]:
    """Return the beams of each (piece, is note), from the eighths' level down: begin, continue, end or hooks."""
    is_compound = meter.denominator >= 8 and meter.numerator % 3 == 0
    unit = 3 * _EIGHTH if is_compound else TICKS_PER_BEAT
    joined = groupby(line, key=lambda item: (item[0].start // unit, item[1] and item[0].beams > 0))
    found: list[tuple[str, ...]] = []
    for (_, is_beamed), group in joined:
        counts = [piece.beams for piece, _ in group]
        found += _beam_group(counts) if is_beamed and len(counts) > 1 else [()] * len(counts)
    return found


def _beam_group(counts: Sequence[int]) -> list[tuple[str, ...]]:
    padded = [0, *counts, 0]
    return [
        tuple(
            _beam(level, *padded[index : index + 3 : 2], is_last=index == len(counts) - 1) for level in range(1, n + 1)
        )
        for index, n in enumerate(counts)
    ]


def _beam(level: int, before: int, after: int, *, is_last: bool) -> str:
    if before >= level:
        return "continue" if after >= level else "end"
    if after >= level:
        return "begin"
    return "backward hook" if is_last else "forward hook"

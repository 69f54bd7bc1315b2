"""A line of changes: `| Dm7 G7alt | Cmaj7 % | F7 . . Bb7 | N.C. |`.

    changes = bar {"|" bar}            bar lines may open and close a line; a new line starts a new bar
    bar     = "%"                      the bar before, again
            | item {item}              as many items as beats, or a number of chords that divides them
    item    = chord | "N.C." | "." | "/"      a dot or a slash holds the chord before it for one more beat

`parse_changes` lays the chords out in ticks; `format_changes` is its inverse.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.timing import Bar, Meter

_NO_CHORD = ("n.c.", "nc", "n.c")
_HOLD = (".", "/")
MAX_BARS = 50_000  # of any music that jazzgen reads or makes


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord (None for N.C.) sounding over [onset, onset + duration) ticks."""

    onset: int
    duration: int
    chord: Chord | None

    @property
    def end(self) -> int:
        return self.onset + self.duration

    @property
    def symbol(self) -> str:
        return str(self.chord) if self.chord else "N.C."


Changes = tuple[ChordSpan, ...]


def is_no_chord(text: str) -> bool:
    """True for `N.C.` in its usual spellings."""
    return text.strip().lower() in _NO_CHORD


def parse_changes(text: str, meter: Meter = Meter()) -> Changes:
    """Reads a line of changes.

    Args:
        text: the changes, in the language above.
        meter: of every bar.

    Returns:
        Spans that touch one another and start at 0, one for each chord that is written (a repeated bar
        writes its chords again, so a chord that goes on over the bar line is two spans).

    Raises:
        ChordError: naming the bar, what was found there and the cure.
    """
    bars = split_bars(text)
    if not bars:
        raise ChordError("the changes are empty: write bars such as 'Dm7 | G7 | Cmaj7 | %'")
    if len(bars) > MAX_BARS:
        raise ChordError(f"the changes have {len(bars)} bars: at most {MAX_BARS} are read")
    spans: list[ChordSpan] = []
    previous: list[str] = []
    for number, written in enumerate(bars, 1):
        items = previous if written == ["%"] else written
        if written == ["%"] and number == 1:
            raise ChordError("bar 1: '%' repeats the bar before, and there is none; write a chord")
        spans += _lay_out(items, number, meter)
        previous = items
    return tuple(spans)


def split_bars(text: str) -> list[list[str]]:
    """The items of each bar, in text where bars stand between `|` and a line starts a new one."""
    lines = (line.strip().removeprefix("|").removesuffix("|") for line in text.splitlines() if line.strip(" \t|"))
    return [bar.split() for line in lines for bar in line.split("|")]


def _lay_out(items: Sequence[str], number: int, meter: Meter) -> list[ChordSpan]:
    if not items:
        raise ChordError(f"bar {number} is empty: write a chord, '%' or 'N.C.'")
    if items[0] in _HOLD:
        raise ChordError(f"bar {number}: '{items[0]}' holds a chord, and the bar starts with none; write the chord")
    if meter.numerator % len(items):
        raise ChordError(
            f"bar {number}: {len(items)} chords do not share {meter} equally; "
            "write one item a beat, with dots, as in 'F7 . . Bb7'"
        )
    item_ticks = meter.bar_ticks // len(items)
    spans: list[ChordSpan] = []
    for place, item in enumerate(items):
        if item in _HOLD:
            held = spans.pop()
            spans.append(ChordSpan(held.onset, held.duration + item_ticks, held.chord))
        else:
            onset = (number - 1) * meter.bar_ticks + place * item_ticks
            spans.append(ChordSpan(onset, item_ticks, _read_item(item, number)))
    return spans


def _read_item(item: str, number: int) -> Chord | None:
    if is_no_chord(item):
        return None
    try:
        return parse_chord(item)
    except ChordError as error:
        raise ChordError(f"bar {number}: {error}") from None


def format_changes(changes: Changes, meter: Meter = Meter()) -> str:
    """Writes changes as a line; the inverse of `parse_changes` for chords that start on a beat of one meter."""

    def bar_of(span: ChordSpan) -> int:
        return span.onset // meter.bar_ticks

    bars: list[str] = []
    for _, group in groupby(changes, key=bar_of):
        spans = list(group)
        counts = [span.duration // meter.beat_ticks for span in spans]
        ends = [len(bars) * meter.bar_ticks, *(span.end for span in spans)]
        on_beats = not any(span.duration % meter.beat_ticks for span in spans)
        if [span.onset for span in spans] != ends[:-1] or sum(counts) != meter.numerator or not on_beats:
            raise ChordError(f"bar {len(bars) + 1}: its chords do not fill {meter} in whole beats")
        equal = len(set(counts)) == 1
        bars.append(
            " ".join(s.symbol + (" ." * (n - 1) if not equal else "") for s, n in zip(spans, counts, strict=True))
        )
    return " | ".join(bars)


def cut_at_bars(changes: Changes, bars: Sequence[Bar]) -> Changes:
    """The same harmony with every span cut at the bar lines, as `format_changes` wants it."""
    lines = [bar.onset for bar in bars]
    cut: list[ChordSpan] = []
    for span in changes:
        edges = [span.onset, *(line for line in lines if span.onset < line < span.end), span.end]
        cut += [ChordSpan(a, b - a, span.chord) for a, b in pairwise(edges)]
    return tuple(cut)


def repeated(changes: Changes, times: int) -> Changes:
    """The form played `times` times over."""
    length = changes[-1].end
    return tuple(
        ChordSpan(span.onset + chorus * length, span.duration, span.chord)
        for chorus in range(times)
        for span in changes
    )


def chord_at(changes: Changes, onset: int) -> Chord | None:
    """The chord in the ear at a tick: the one that sounds, or over N.C. the last that did (or the first to come)."""
    started = bisect_right(changes, onset, key=lambda span: span.onset)
    nearest = chain(range(started - 1, -1, -1), range(started, len(changes)))
    return next((chord for index in nearest if (chord := changes[index].chord)), None)

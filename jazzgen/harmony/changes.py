"""Chord changes: chords in time, and the text language for them.

    | [A] Dm7 G7alt | CΔ % | F7 . . Bb7 | N.C. |

    item = chord                   in any spelling that `harmony.chords` reads
         | "N.C."                  no chord
         | "." | "/"               hold the chord before for one more beat
         | "%"                     alone in a bar: repeat that bar; among others: strike the chord before again

A bar holds one item per beat, or a number of items that divides the beats: these share the bar equally. `harmony.form`
describes lines, bar lines, repeats, endings, sections, meters and comments.

`parse_chart` reads a text; `format_chart` writes it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import NO_CHORD, Chord, is_no_chord, parse_chord
from jazzgen.harmony.form import HOLD, WrittenBar, written_bars
from jazzgen.harmony.form_playing import played, signs_of
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.spelling import transpose_chord
from jazzgen.harmony.unfold import Signs
from jazzgen.music.timing import Bar, Meter, iter_bars, without_repeats

MAX_BARS = 50_000  # of any music read or made; set by hand, far beyond any tune


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
        return str(self.chord) if self.chord else NO_CHORD


Changes = tuple[ChordSpan, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A form to play over, in ticks from its first bar.

    Attributes:
        changes: contiguous spans, the first at 0.
        meters: (onset, meter) in order, the first at 0, at bar lines; each differs from the one before.
        sections: (onset, label), in order, at bar lines.
    """

    changes: Changes
    meters: tuple[tuple[int, Meter], ...] = ((0, Meter()),)
    sections: tuple[tuple[int, str], ...] = ()

    @property
    def end(self) -> int:
        return self.changes[-1].end if self.changes else 0

    @property
    def meter(self) -> Meter:
        """The first meter."""
        return self.meters[0][1]

    def bars(self) -> Iterator[Bar]:
        return iter_bars(self.meters, 0, self.end)

    def repeated(self, times: int) -> "Chart":
        """Return the form played `times` times."""
        starts = range(0, times * self.end, self.end)
        meters = ((start + onset, meter) for start in starts for onset, meter in self.meters)
        return Chart(
            tuple(replace(span, onset=start + span.onset) for start in starts for span in self.changes),
            tuple(without_repeats(meters)),
            tuple((start + onset, label) for start in starts for onset, label in self.sections),
        )

    def transposed(self, start: Key, target: Key) -> "Chart":
        """Return the chart moved from key `start` to key `target`, its chords spelled for `target`."""
        return replace(self, changes=moved_changes(self.changes, start, target))


def moved_changes(changes: Changes, start: Key, target: Key) -> Changes:
    """Return changes moved from key `start` to key `target`, their chords spelled for `target`."""
    return tuple(replace(span, chord=span.chord and transpose_chord(span.chord, start, target)) for span in changes)


def parse_chart(text: str, meter: Meter = Meter()) -> Chart:
    """Read changes and unfold their repeats.

    Args:
        text: in the language above.
        meter: of the first bar, unless the text gives one.

    Returns:
        A chart with one span per written chord; a chord held over a bar line makes two spans.

    Raises:
        ChordError: names the bar (counted as written, from 1), what was found there and the cure.

    Example:
        >>> [span.symbol for span in parse_chart("Dm7 G7 | Cmaj7").changes]
        ['Dm7', 'G7', 'Cmaj7']
    """
    bars = list(islice(played(written_bars(text, meter, MAX_BARS)), MAX_BARS + 1))
    if not bars:
        raise ChordError("the changes are empty: write bars such as 'Dm7 | G7 | Cmaj7 | %'")
    if len(bars) > MAX_BARS:
        raise ChordError(f"the changes have more than {MAX_BARS} bars with their repeats; no more are read")
    return _chart_of(bars)


def parse_written_chart(text: str, meter: Meter = Meter()) -> tuple[Chart, tuple[Signs, ...]]:
    """Read changes as they are written: each bar once, and the signs of each; otherwise as `parse_chart` does.

    Example:
        >>> chart, signs = parse_written_chart("|: Dm7 | G7 :|")
        >>> len(list(chart.bars())), signs[0].repeat_start, signs[1].times
        (2, True, 2)
    """
    parse_chart(text, meter)
    bars = written_bars(text, meter, MAX_BARS)
    return _chart_of(bars), signs_of(bars)


def _chart_of(bars: Sequence[WrittenBar]) -> Chart:
    spans: list[ChordSpan] = []
    meters: list[tuple[int, Meter]] = []
    sections: list[tuple[int, str]] = []
    onset = 0
    for bar in bars:
        meters.append((onset, bar.meter))
        if bar.section:
            sections.append((onset, bar.section))
        spans += _lay_out(bar, onset)
        onset += bar.meter.bar_ticks
    return Chart(tuple(spans), tuple(without_repeats(meters)), tuple(sections))


def _lay_out(bar: WrittenBar, onset: int) -> list[ChordSpan]:
    if bar.items[0] in HOLD:
        raise ChordError(
            f"bar {bar.number}: '{bar.items[0]}' holds a chord, and the bar starts with none; write the chord"
        )
    chords = [None if item in HOLD else _read_item(item, bar.number, bar.items[:n]) for n, item in enumerate(bar.items)]
    if bar.meter.numerator % len(bar.items):
        raise ChordError(f"bar {bar.number}: {_misfit(bar)}")
    item_ticks = bar.meter.bar_ticks // len(bar.items)
    spans: list[ChordSpan] = []
    for item, chord in zip(bar.items, chords, strict=True):
        if item in HOLD:
            spans[-1] = replace(spans[-1], duration=spans[-1].duration + item_ticks)
        else:
            spans.append(ChordSpan(onset, item_ticks, chord))
        onset += item_ticks
    return spans


def _misfit(bar: WrittenBar) -> str:
    """Say what is wrong with the number of items, and the cure."""
    count = len(bar.items)
    missing = bar.meter.numerator - count
    if missing < 0:
        return f"{count} chords are more than {bar.meter} has beats; write fewer, or another meter first in the bar"
    example = " ".join((bar.items[0], *"." * missing, *bar.items[1:]))
    return f"{count} chords do not share {bar.meter} equally; write one item a beat, with dots, as in '{example}'"


def _read_item(item: str, number: int, before: Sequence[str]) -> Chord | None:
    if is_no_chord(item):
        return None
    try:
        return parse_chord(item)
    except ChordError as error:
        where = f", after '{before[-1]}'" if before else ""
        raise ChordError(f"bar {number}: {error}{where}") from None


def format_chart(chart: Chart) -> str:
    """Write a chart as one line; the inverse of `parse_chart` if every chord is cut at the bar lines.

    Raises:
        ChordError: if a chord does not start on a beat, or a section or meter not at a bar line.
    """
    return " | ".join(" ".join(filter(None, parts)) for parts in bar_texts(chart))


def bar_texts(chart: Chart) -> Iterator[tuple[str, str, str]]:
    """Yield each bar as (section, meter, chords), the first two often empty; raises as `format_chart` does."""
    bars = list(chart.bars())
    lines = [bar.onset for bar in bars]
    sections = _by_bar("section", ((onset, _section_text(label)) for onset, label in chart.sections), lines)
    meters = _by_bar("meter", ((onset, str(meter)) for onset, meter in chart.meters), lines)
    if chart.meter == Meter():  # 4/4 is the default and not written
        meters.pop(0, None)
    spans: dict[int, list[ChordSpan]] = {line: [] for line in lines}
    for span in _cut(chart.changes, lines):
        spans[lines[bisect_right(lines, span.onset) - 1]].append(span)
    for bar in bars:
        yield sections.get(bar.onset, ""), meters.get(bar.onset, ""), _chords_text(spans[bar.onset], bar)


def _section_text(label: str) -> str:
    if not (label.strip() == label != "" and label.isprintable()) or set(label) & set("[]|"):
        raise ChordError(f"section '{label}': write its name without brackets and bar lines")
    return f"[{label}]"


def _by_bar(what: str, texts: Iterable[tuple[int, str]], lines: Sequence[int]) -> dict[int, str]:
    """Return the texts by the tick of the bar line where they stand."""
    found: dict[int, str] = {}
    starts = set(lines)
    for onset, text in texts:
        if onset not in starts or onset in found:
            raise ChordError(
                f"{what} {text} stands at tick {onset}, where no bar starts or another {what} does; move it"
            )
        found[onset] = text
    return found


def _chords_text(spans: Sequence[ChordSpan], bar: Bar) -> str:
    """Write the chords alone if they share the bar equally, else with a dot for each beat held."""
    beats = [span.duration // bar.meter.beat_ticks for span in spans]
    ends = [bar.onset, *(span.end for span in spans)]
    on_beats = not any(span.duration % bar.meter.beat_ticks for span in spans)
    if [span.onset for span in spans] != ends[:-1] or sum(beats) != bar.meter.numerator or not on_beats:
        raise ChordError(f"bar {bar.number}: its chords do not fill {bar.meter} in whole beats")
    dots = [" ." * (count - 1) if len(set(beats)) > 1 else "" for count in beats]
    return " ".join(span.symbol + dot for span, dot in zip(spans, dots, strict=True))


def _cut(changes: Changes, lines: Sequence[int]) -> Iterator[ChordSpan]:
    """Cut every span at the bar lines."""
    for span in changes:
        inside = lines[bisect_right(lines, span.onset) : bisect_left(lines, span.end)]
        yield from (ChordSpan(a, b - a, span.chord) for a, b in pairwise([span.onset, *inside, span.end]))


def chord_at(changes: Changes, onset: int) -> Chord | None:
    """Return the chord sounding at a tick, over N.C. the one before it or else the next; None if there is none."""
    started = bisect_right(changes, onset, key=lambda span: span.onset)
    nearest = chain(range(started - 1, -1, -1), range(started, len(changes)))
    return next((chord for index in nearest if (chord := changes[index].chord)), None)

"""Place chord symbols in a bar: several on one place, or after the last note, share the time there is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from jazzgen.formats.notation.written import SheetBar, WrittenChord


def placed(symbols: Sequence[WrittenChord], bar: SheetBar) -> list[WrittenChord]:
    """Place the symbols of a bar, each at a tick of its own within the bar.

    Several on one place share the time until the next symbol in whole beats; the first ones get the beats left over.
    Those after the last note share with the symbol before them, or with the chord held from the bar before. If there is
    no room for all, the last ones are dropped.

    Example:
        >>> from jazzgen.harmony.chords import parse_chord
        >>> from jazzgen.harmony.unfold import Signs
        >>> from jazzgen.music.timing import Meter
        >>> two = [WrittenChord(0, parse_chord("Dm7")), WrittenChord(0, parse_chord("G7"))]
        >>> [symbol.onset for symbol in placed(two, SheetBar("1", 1920, Meter(), Signs()))]
        [0, 960]
    """
    inside = [symbol for symbol in symbols if symbol.onset < bar.length]
    after = [symbol for symbol in symbols if symbol.onset >= bar.length]
    groups: list[list[WrittenChord | None]] = [[*group] for _, group in groupby(sorted(inside, key=_onset), key=_onset)]
    starts = [min(symbol.onset for symbol in group if symbol) for group in groups]
    if after and not groups:
        groups, starts = [[None]], [0]
    if after:
        groups[-1] += after
    spans = zip(groups, pairwise([*starts, bar.length]), strict=True)
    return [s for group, (start, end) in spans for s in _shared(_told_apart(group), start, end, bar.meter.beat_ticks)]


def _onset(symbol: WrittenChord) -> int:
    return symbol.onset


def _told_apart(symbols: Sequence[WrittenChord | None]) -> list[WrittenChord | None]:
    """Drop symbols with the same chord as the one before."""
    pairs = pairwise(symbols)
    return [*symbols[:1], *(after for before, after in pairs if not (before and after and after.chord == before.chord))]


def _shared(symbols: Sequence[WrittenChord | None], start: int, end: int, beat: int) -> Iterator[WrittenChord]:
    """Yield the symbols spread from tick `start` to `end`; None takes its share of the time but yields nothing."""
    room = end - start
    while beat % 2 == 0 and room // beat < len(symbols):
        beat //= 2
    fit = min(len(symbols), max(room // beat, 1))
    each, over = divmod(room // beat, fit)
    onset = start
    for place, symbol in enumerate(symbols[:fit]):
        if symbol:
            yield replace(symbol, onset=onset)
        onset += (each + (place < over)) * beat

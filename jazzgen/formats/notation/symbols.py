"""Where chord symbols stand in a bar: those on one place, or after the last note, share what room there is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from jazzgen.formats.notation.written import SheetBar, WrittenChord


def placed(symbols: Sequence[WrittenChord], bar: SheetBar) -> list[WrittenChord]:
    """The symbols of a bar, each at a tick of its own inside it.

    Several on one place share the time up to the next symbol in whole beats, the first ones taking what is left over.
    Those after the last note share with the symbol before them, or with the chord that goes on from the bar before.
    Where there is no room for all, the last ones are left out: the result is shorter.
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
    """The symbols without those that say the same as the one before."""
    pairs = pairwise(symbols)
    return [*symbols[:1], *(after for before, after in pairs if not (before and after and after.chord == before.chord))]


def _shared(symbols: Sequence[WrittenChord | None], start: int, end: int, beat: int) -> Iterator[WrittenChord]:
    """The symbols one after the other from `start` to `end`; None for time that no symbol takes."""
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

"""The bars of a chart in playing order: repeats, endings and jumps, each checked for its counterpart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jazzgen.errors import ChordError
from jazzgen.harmony.form import WrittenBar
from jazzgen.harmony.unfold import Signs, play


@dataclass(slots=True)
class _Repeat:
    """The state of a repeat in the check.

    Attributes:
        start: number of the bar with its `|:`, or None for one that goes back to the start.
        ending: the last number of the current ending, 0 before any.
        due: the ending that must come next, 0 for none.
    """

    start: int | None = None
    ending: int = 0
    due: int = 0

    @property
    def is_open(self) -> bool:
        """Whether its `:|` is still to come."""
        return self.ending == 1 or (self.start is not None and not self.ending)

    @property
    def place(self) -> str:
        return f"from bar {self.start}" if self.start else "from the start"


def played(bars: Sequence[WrittenBar]) -> Iterator[WrittenBar]:
    """Return the bars as they sound: repeats, endings and jumps unfolded.

    Raises:
        ChordError: names the bar where a repeat, ending or jump has no counterpart.
    """
    return (bars[index] for index in play(signs_of(bars)))


def signs_of(bars: Sequence[WrittenBar]) -> tuple[Signs, ...]:
    """Return the signs of written bars.

    Raises:
        ChordError: names the bar where a repeat, ending or jump has no counterpart.
    """
    _check_repeats(bars)
    bars = _with_codas(bars)
    _check_jumps(bars)
    return tuple(_signs(bar, own) for bar, own in zip(bars, _endings(bars), strict=True))


def _endings(bars: Sequence[WrittenBar]) -> list[frozenset[int]]:
    """Return the endings that each bar is in: from the mark to its `:|`, or the marked bar alone without one."""
    current = frozenset[int]()
    endings = list[frozenset[int]]()
    for place, bar in enumerate(bars):
        current = bar.endings or current
        endings.append(current)
        if bar.times or (bar.endings and not _closes(bars[place:])):
            current = frozenset()
    return endings


def _closes(bars: Sequence[WrittenBar]) -> bool:
    """Return whether a `:|` comes before another repeat or ending starts; the first bar's own start does not count."""
    for place, bar in enumerate(bars):
        if place and (bar.opens or bar.endings):
            return False
        if bar.times:
            return True
    return False


def _signs(bar: WrittenBar, endings: frozenset[int]) -> Signs:
    return Signs(
        repeat_start=bar.opens,
        times=max(bar.times, 1),
        endings=endings,
        segno=bar.segno,
        coda=bar.coda,
        da_capo=bar.jump == "D.C.",
        dal_segno=bar.jump == "D.S.",
        until=bar.until,
        to_coda=bar.to_coda,
        fine=bar.fine,
    )


def _with_codas(bars: Sequence[WrittenBar]) -> Sequence[WrittenBar]:
    """Mark the section named Coda as the coda, if the bars go to a coda and no sign says where it is."""
    if any(bar.coda for bar in bars) or not any(bar.to_coda or bar.until == "coda" for bar in bars):
        return bars
    return [replace(bar, coda=(bar.section or "").casefold() == "coda") for bar in bars]


def _check_jumps(bars: Sequence[WrittenBar]) -> None:
    codas = sum(bar.coda for bar in bars)
    leaves = any(bar.to_coda for bar in bars)
    wants_coda = next((bar for bar in bars if bar.until == "coda" or bar.to_coda), None)
    if wants_coda and not codas:
        raise ChordError(f"bar {wants_coda.number}: there is no coda to go on to; write 'Coda' where it starts")
    if wants_coda and not leaves and codas < 2:
        raise ChordError(f"bar {wants_coda.number}: write 'To Coda' after the chords where players leave for the coda")
    for bar in bars:
        if bar.until == "fine" and not any(other.fine for other in bars):
            raise ChordError(f"bar {bar.number}: {bar.jump} al Fine, and there is none; write 'Fine' where it ends")
        if bar.jump == "D.S." and not any(other.segno for other in bars):
            raise ChordError(f"bar {bar.number}: D.S. goes back to a segno, and there is none; write 'Segno' there")


def _check_repeats(bars: Sequence[WrittenBar]) -> None:
    repeat: _Repeat | None = _Repeat()
    for bar in bars:
        _check_ending(bar, repeat)
        if bar.opens:
            if repeat and repeat.is_open:
                raise ChordError(f"bar {bar.number}: '|:' inside the repeat {repeat.place}; close that first with ':|'")
            repeat = _Repeat(bar.number)
        if repeat and bar.endings:
            repeat.ending = max(bar.endings)
            repeat.due = 0
        if bar.times:
            if not repeat:
                raise ChordError(f"bar {bar.number}: ':|' ends a repeat that has no start; write '|:' where it starts")
            repeat = replace(repeat, due=repeat.ending + 1) if repeat.ending else None
    _check_end(repeat)


def _check_ending(bar: WrittenBar, repeat: _Repeat | None) -> None:
    due = repeat.due if repeat else 0
    first = min(bar.endings, default=0)
    if due and first != due:
        raise ChordError(f"bar {bar.number}: the repeat has an ending {due - 1}. and needs another; put '{due}.' here")
    if first > 1 and not due:
        raise ChordError(f"bar {bar.number}: '{first}.' follows the ':|' of ending {first - 1}.; write that")
    if first == 1 and not due and (repeat is None or repeat.ending):
        raise ChordError(f"bar {bar.number}: '1.' is outside a repeat; write '|:' where the repeat starts")


def _check_end(repeat: _Repeat | None) -> None:
    if repeat and repeat.due:
        raise ChordError(f"the repeat ends with its ending {repeat.due - 1}.; write '{repeat.due}.' and bars after it")
    if repeat and repeat.is_open:
        raise ChordError(f"the repeat {repeat.place} is not closed; write ':|' where it goes back")

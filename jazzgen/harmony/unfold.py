"""The playing order of written bars: repeats, endings, D.C., D.S., codas and Fine.

After D.C. or D.S., as players do, repeats are not taken and only the last of several endings is played; without a Fine
or coda they play on past the jump. Each jump is made once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from jazzgen.errors import ChordError

MAX_TIMES = 32  # of one repeat; set by hand


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of a bar that change the playing order; the defaults are those of a plain bar.

    Attributes:
        repeat_start: a repeat begins here.
        times: how often the repeat that ends here is played; 1 for no repeat.
        endings: the times through the repeat at which this bar is played; empty for all.
        segno, coda: jumps lead here.
        da_capo, dal_segno: after this bar, jump once to the start or to the segno.
        until: how far a jump after this bar goes; "" for a Fine or a coda, whichever comes first.
        to_coda, fine: after this bar, if players have jumped back, go to the coda or stop.
    """

    repeat_start: bool = False
    times: int = 1
    endings: frozenset[int] = frozenset()
    segno: bool = False
    coda: bool = False
    da_capo: bool = False
    dal_segno: bool = False
    until: Literal["", "coda", "fine"] = ""
    to_coda: bool = False
    fine: bool = False


def play(bars: Sequence[Signs]) -> Iterator[int]:
    """Yield the index of each bar in playing order."""
    return _Player(_codas_told_apart(_without_lone_endings(bars))).steps()


def play_order(bars: Sequence[Signs], at_most: int) -> list[int]:
    """Return the indices of the bars in playing order.

    Raises:
        ChordError: if there are more than `at_most`.
    """
    order: list[int] = []
    for index in play(bars):
        order.append(index)
        if len(order) > at_most:
            raise ChordError(f"is longer than {at_most} bars with its repeats played; cut it, or mend the repeats")
    return order


def lone_endings(bars: Sequence[Signs]) -> list[int]:
    """Return the indices of bars in endings without a first one in their row; these are played every time."""
    return [place for row in _rows(bars) if not any(1 in bars[place].endings for place in row) for place in row]


def _rows(bars: Sequence[Signs]) -> Iterator[list[int]]:
    """Yield the indices of each row of adjacent endings."""
    for has_endings, run in groupby(range(len(bars)), key=lambda place: bool(bars[place].endings)):
        if has_endings:
            yield list(run)


def _without_lone_endings(bars: Sequence[Signs]) -> Sequence[Signs]:
    lone = {*lone_endings(bars)}
    return [replace(bar, endings=frozenset()) if n in lone else bar for n, bar in enumerate(bars)] if lone else bars


def _codas_told_apart(bars: Sequence[Signs]) -> Sequence[Signs]:
    """Turn the first of two coda signs into To Coda, if no words say where players leave for the coda."""
    codas = [index for index, bar in enumerate(bars) if bar.coda]
    if len(codas) < 2 or any(bar.to_coda for bar in bars):
        return bars
    first = codas[0]
    return [*bars[:first], replace(bars[first], coda=False, to_coda=True), *bars[first + 1 :]]


class _Player:
    """A player's state: the bar, the start of the current repeat, the time through it, and the jumps made."""

    def __init__(self, bars: Sequence[Signs]) -> None:
        self.bars = bars
        self.last_endings = _last_endings(bars)
        self.place = self.start = 0
        self.turn = 1
        self.taken: set[int] = set()  # jumps made
        self.jump: int | None = None  # the current one: from the jump back to its end

    def steps(self) -> Iterator[int]:
        while (here := self.place) < len(self.bars):
            if self._begins_repeat(here):
                self._begin(here)
            self.place = here + 1
            if self._plays(here):
                yield here
                self._leave(here)

    def _begin(self, start: int) -> None:
        self.start = start
        self.turn = 1

    def _begins_repeat(self, here: int) -> bool:
        leaves_endings = here > 0 and bool(self.bars[here - 1].endings) and not self.bars[here].endings
        return here != self.start and (self.bars[here].repeat_start or leaves_endings)

    def _plays(self, here: int) -> bool:
        endings = self.bars[here].endings
        return not endings or (self.turn if self.jump is None else self.last_endings[here]) in endings

    def _leave(self, here: int) -> None:
        bar = self.bars[here]
        if self.jump is not None:
            self._return(here)
        elif bar.times > 1 and self.turn < max(bar.times, self.last_endings[here]):
            self.place = self.start
            self.turn += 1
        elif (bar.da_capo or bar.dal_segno) and here not in self.taken:
            self.taken.add(here)
            self.jump = here
            self.place = self._find("segno") if bar.dal_segno else 0
        elif bar.times > 1 and not bar.endings:
            self._begin(self.place)

    def _return(self, here: int) -> None:
        assert self.jump is not None
        bar = self.bars[here]
        until = self.bars[self.jump].until
        if bar.fine and until != "coda":
            self.place = len(self.bars)
        elif bar.to_coda and until != "fine":
            self.place = self._find("coda", self.place)
            self._arrive()
        elif here == self.jump:
            self._arrive()

    def _arrive(self) -> None:
        self.jump = None
        self._begin(self.place)

    def _find(self, sign: str, otherwise: int = 0) -> int:
        return next((index for index, bar in enumerate(self.bars) if getattr(bar, sign)), otherwise)


def _last_endings(bars: Sequence[Signs]) -> list[int]:
    """Return for each bar the highest number among the adjacent endings; 0 for bars in none."""
    highest = [0] * len(bars)
    for row in _rows(bars):
        number = max(max(bars[place].endings) for place in row)
        highest[row[0] : row[-1] + 1] = [number] * len(row)
    return highest

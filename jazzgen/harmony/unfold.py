"""The order in which written bars are played: repeats, endings, D.C., D.S., codas and Fine.

After D.C. or D.S. repeats are not taken and the last of several endings is, as players do; where nothing says how far
(no Fine, no coda) they go on past the jump. Each jump is made once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from jazzgen.errors import ChordError

MAX_TIMES = 32


@dataclass(frozen=True, slots=True)
class Signs:
    """What a bar says about the way through the piece; what is true of most bars is the default.

    Attributes:
        repeat_start: a repeat begins here.
        times: how often what ends here is played; 1 for no repeat.
        endings: the times round at which this bar is played; empty for all.
        segno, coda: jumps lead here.
        da_capo, dal_segno: after this bar, back to the start or to the segno, once.
        until: how far a jump after this bar goes; "" for whichever of a Fine and a coda comes first.
        to_coda, fine: after this bar, once players have jumped back, on to the coda or no further.
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
    """Yields the index of each bar as it is played."""
    return _Player(_codas_told_apart(_without_lone_endings(bars))).steps()


def play_order(bars: Sequence[Signs], at_most: int) -> list[int]:
    """Indices of the bars as they are played.

    Raises:
        ChordError: when there are more than `at_most`.
    """
    order: list[int] = []
    for index in play(bars):
        order.append(index)
        if len(order) > at_most:
            raise ChordError(f"is longer than {at_most} bars with its repeats played; cut it, or mend the repeats")
    return order


def lone_endings(bars: Sequence[Signs]) -> list[int]:
    """Indices of bars in endings, such as a second one, that no first one stands before; they are played every time."""
    return [place for row in _rows(bars) if not any(1 in bars[place].endings for place in row) for place in row]


def _rows(bars: Sequence[Signs]) -> Iterator[list[int]]:
    """The indices of endings that stand in a row."""
    for has_endings, run in groupby(range(len(bars)), key=lambda place: bool(bars[place].endings)):
        if has_endings:
            yield list(run)


def _without_lone_endings(bars: Sequence[Signs]) -> Sequence[Signs]:
    lone = {*lone_endings(bars)}
    return [replace(bar, endings=frozenset()) if n in lone else bar for n, bar in enumerate(bars)] if lone else bars


def _codas_told_apart(bars: Sequence[Signs]) -> Sequence[Signs]:
    """Where two coda signs stand and no word, the first is where players leave for the coda."""
    codas = [index for index, bar in enumerate(bars) if bar.coda]
    if len(codas) < 2 or any(bar.to_coda for bar in bars):
        return bars
    first = codas[0]
    return [*bars[:first], replace(bars[first], coda=False, to_coda=True), *bars[first + 1 :]]


class _Player:
    """Where a player is: at which bar, where the repeat under way began, which time round, which jumps are behind."""

    def __init__(self, bars: Sequence[Signs]) -> None:
        self.bars = bars
        self.last_endings = _last_endings(bars)
        self.place = self.start = 0
        self.turn = 1
        self.taken: set[int] = set()  # the jumps that have been made
        self.jump: int | None = None  # the one under way: between the jump back and its end

    def steps(self) -> Iterator[int]:
        while (here := self.place) < len(self.bars):
            if self._begins_repeat(here):
                self._begin(here)
            self.place = here + 1
            if self._plays(here):
                yield here
                self._leave(here)

    def _begin(self, start: int) -> None:
        self.start, self.turn = start, 1

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
            self.place, self.turn = self.start, self.turn + 1
        elif (bar.da_capo or bar.dal_segno) and here not in self.taken:
            self.taken.add(here)
            self.jump = here
            self.place = self._find("segno") if bar.dal_segno else 0
        elif bar.times > 1 and not bar.endings:
            self._begin(self.place)

    def _return(self, here: int) -> None:
        assert self.jump is not None
        bar, until = self.bars[here], self.bars[self.jump].until
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
    """For each bar, the highest number among the endings that stand in a row with it; 0 if it has none."""
    highest = [0] * len(bars)
    for row in _rows(bars):
        number = max(max(bars[place].endings) for place in row)
        highest[row[0] : row[-1] + 1] = [number] * len(row)
    return highest

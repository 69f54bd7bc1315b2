"""The order in which written bars are played: repeats, endings, D.C., D.S., codas and Fine.

After D.C. or D.S. repeats are not taken and the last of several endings is, as players do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from jazzgen.errors import CorpusError
from jazzgen.harmony.changes import MAX_BARS

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
        to_coda, fine: after this bar, the second time, on to the coda or no further.
    """

    repeat_start: bool = False
    times: int = 1
    endings: frozenset[int] = frozenset()
    segno: bool = False
    coda: bool = False
    da_capo: bool = False
    dal_segno: bool = False
    to_coda: bool = False
    fine: bool = False


def play_order(bars: Sequence[Signs]) -> list[int]:
    """Indices of the bars as they are played.

    Raises:
        CorpusError: when that is more than `MAX_BARS`.
    """
    order: list[int] = []
    for index in _Player(_codas_told_apart(bars)).steps():
        order.append(index)
        if len(order) > MAX_BARS:
            raise CorpusError(f"is longer than {MAX_BARS} bars with its repeats played; cut it, or mend the repeats")
    return order


def _codas_told_apart(bars: Sequence[Signs]) -> Sequence[Signs]:
    """Where two coda signs stand and no word, the first is where players leave for the coda."""
    codas = [index for index, bar in enumerate(bars) if bar.coda]
    if len(codas) < 2 or any(bar.to_coda for bar in bars):
        return bars
    first = codas[0]
    return [*bars[:first], replace(bars[first], coda=False, to_coda=True), *bars[first + 1 :]]


class _Player:
    """Where a player is: at which bar, where the repeat under way began, which time round, whether it has jumped."""

    def __init__(self, bars: Sequence[Signs]) -> None:
        self.bars = bars
        self.last_endings = _last_endings(bars)
        self.place = self.start = 0
        self.turn = 1
        self.has_jumped = False
        self.is_returning = False  # between the jump back and the coda

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
        return not endings or (self.last_endings[here] if self.is_returning else self.turn) in endings

    def _leave(self, here: int) -> None:
        bar = self.bars[here]
        if self.is_returning:
            self._return(bar)
        elif bar.times > 1 and self.turn < max(bar.times, self.last_endings[here]):
            self.place, self.turn = self.start, self.turn + 1
        elif (bar.da_capo or bar.dal_segno) and not self.has_jumped:
            self.has_jumped = self.is_returning = True
            self.place = self._find("segno") if bar.dal_segno else 0
        elif bar.times > 1 and not bar.endings:
            self._begin(self.place)

    def _return(self, bar: Signs) -> None:
        if bar.fine:
            self.place = len(self.bars)
        elif bar.to_coda:
            self.place = self._find("coda", self.place)
            self.is_returning = False
            self._begin(self.place)

    def _find(self, sign: str, otherwise: int = 0) -> int:
        return next((index for index, bar in enumerate(self.bars) if getattr(bar, sign)), otherwise)


def _last_endings(bars: Sequence[Signs]) -> list[int]:
    """For each bar, the highest number among the endings that stand in a row with it; 0 if it has none."""
    highest: list[int] = []
    for has_endings, run in groupby(bars, key=lambda bar: bool(bar.endings)):
        row = list(run)
        highest += [max(max(bar.endings) for bar in row) if has_endings else 0] * len(row)
    return highest

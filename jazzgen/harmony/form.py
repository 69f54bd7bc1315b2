"""The bars of a chart: as they are written, and in the order they are played.

    chart   = line {newline line}            a new line starts a new bar
    line    = [sign] bar {sign bar} [sign] [comment]
    sign    = "|" | "||" | "|:" | ":|" | ":|:"          bar lines, and the dots of a repeat
    bar     = {head} ("%" | item {item})
    head    = "[" label "]"                  a section starts here; it may stand on a line before its bar
            | number "."                     what to play instead that time through a repeat: 1., 2.
            | number "/" number              the meter from this bar on
    item    = "%" | "." | "/" | word         `harmony.changes` says what they mean
    comment = "#" ...                        to the end of the line; F#m7 and C7(b9, #11) hold none

A repeat is played twice, or once for each of its endings; without `|:` it goes back to the start. `%` writes again
what was written before it: alone in a bar the whole bar, among others the chord.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from jazzgen.errors import ChordError, ScoreError
from jazzgen.music.timing import Meter

HOLD = (".", "/")
AGAIN = "%"
_TOKEN = re.compile(
    r"(?P<sign>:?\|\|?:?)"
    r"|(?P<section>\[\s*[^\s\[\]|][^\[\]|]*\])"
    r"|(?P<comment>#(?!\d).*)"
    r"|(?P<meter>\d+/\d+(?![^\s|:]))"
    r"|(?P<ending>[1-9]\.(?![^\s|:]))"
    r"|(?P<item>(?:\([^()|]*\)|(?!:?\|)[^\s\[])+)"
    r"|(?P<stray>\[)"
)


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """A bar as it is written.

    Attributes:
        number: counted from 1 in the text.
        items: chords and holds, each `%` replaced by what it stands for.
        section: the label of the section that starts here.
        opens: whether a repeat starts here.
        ending: the time through the repeat that it is played, 0 for every time.
        closes: whether a repeat ends here.
    """

    number: int
    meter: Meter
    items: tuple[str, ...]
    section: str | None = None
    opens: bool = False
    ending: int = 0
    closes: bool = False


def written_bars(text: str, meter: Meter, at_most: int) -> list[WrittenBar]:
    """Reads the bars of a text.

    Args:
        text: in the language above.
        meter: until the text gives another.
        at_most: how many bars are read.

    Raises:
        ChordError: naming the bar, what was found there and the cure.
    """
    writing = _Writing(meter, at_most)
    for line in text.splitlines():
        for token in _TOKEN.finditer(line):
            writing.take(token.lastgroup or "", token[0])
        writing.end_line()
    return writing.end()


def bar_places(lines: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """Where each bar stands that `written_bars` reads, from its first item to its last.

    Args:
        lines: of the text, each with its place in the whole that is written.

    Returns:
        (start, end) of each bar in that whole, in order, so that what is said of bar 3 is about the third.
    """
    return [
        (offset + run[0].start(), offset + run[-1].end())
        for offset, line in lines
        for is_sign, tokens in groupby(_TOKEN.finditer(line), lambda token: token.lastgroup == "sign")
        if not is_sign and (run := [token for token in tokens if token.lastgroup == "item"])
    ]


class _Writing:
    """The bars read so far, and the one being read."""

    def __init__(self, meter: Meter, at_most: int) -> None:
        self._bars: list[WrittenBar] = []
        self._meter = meter
        self._at_most = at_most
        self._heads: dict[str, str] = {}
        self._items: list[str] = []
        self._sign = ""  # the bar line just before, if nothing came after it in its line

    @property
    def _number(self) -> int:
        return len(self._bars) + 1

    def take(self, kind: str, text: str) -> None:
        """Takes in one token."""
        if kind == "stray":
            raise ChordError(f"bar {self._number}: '[' starts the name of a section; write it as [A]")
        if kind == "sign":
            self._take_sign(text)
        elif kind == "item":
            self._items.append(text)
        elif kind != "comment":
            self._take_head(kind, text)
        self._sign = text if kind == "sign" else ""

    def _take_sign(self, sign: str) -> None:
        if self._items:
            self._end_bar()
        elif self._sign and ":" not in self._sign + sign:
            raise ChordError(f"bar {self._number} is empty: write a chord, '%' or 'N.C.'")
        if sign.startswith(":"):
            if not self._bars:
                raise ChordError("':|' ends a repeat, and no bar comes before it; write '|:' where the repeat starts")
            self._bars[-1] = replace(self._bars[-1], closes=True)
        if sign.endswith(":"):
            self._heads["repeat"] = sign

    def _take_head(self, kind: str, text: str) -> None:
        if self._items:
            raise ChordError(f"bar {self._number}: '{text}' stands after a chord; put it first in its bar")
        if kind in self._heads:
            raise ChordError(f"bar {self._number}: '{self._heads[kind]}' and '{text}' are both given; keep one")
        self._heads[kind] = text

    def end_line(self) -> None:
        if self._items:
            self._end_bar()
        self._sign = ""

    def end(self) -> list[WrittenBar]:
        """All bars."""
        if self._heads:
            raise ChordError(
                f"'{next(iter(self._heads.values()))}' stands at the end, with no bar after it; add the bar"
            )
        return self._bars

    def _end_bar(self) -> None:
        if self._number > self._at_most:
            raise ChordError(f"the changes have more than {self._at_most} bars; no more are read")
        heads, before = self._heads, self._bars[-1].items if self._bars else ()
        if "meter" in heads:
            self._meter = _meter(heads["meter"], self._number)
        bar = WrittenBar(
            self._number,
            self._meter,
            tuple(_written_out(self._items, before, self._number)),
            heads["section"][1:-1].strip() if "section" in heads else None,
            "repeat" in heads,
            int(heads.get("ending", "0.")[0]),
        )
        self._bars.append(bar)
        self._heads, self._items = {}, []


def _meter(text: str, number: int) -> Meter:
    try:
        return Meter.parse(text)
    except ScoreError as error:
        raise ChordError(f"bar {number}: {error}") from None


def _written_out(items: Sequence[str], before: Sequence[str], number: int) -> Iterator[str]:
    """The items with `%` replaced, `before` being those of the bar before."""
    if items[0] == AGAIN and not before:
        raise ChordError(f"bar {number}: '%' repeats the bar before, and there is none; write a chord")
    if len(items) == 1 and items[0] == AGAIN:
        yield from before
        return
    chord = next((item for item in reversed(before) if item not in HOLD), "")
    for item in items:
        if item not in (AGAIN, *HOLD):
            chord = item
        yield chord if item == AGAIN else item


@dataclass(slots=True)
class _Repeat:
    """A repeat while it is played.

    Attributes:
        start: number of the bar with its `|:`, or None for one that goes back to the start.
        body: the bars before any ending.
        ending: the one being played, 0 for the body.
        due: the ending that must come next, 0 for none.
    """

    start: int | None = None
    body: list[WrittenBar] = field(default_factory=list)
    ending: int = 0
    due: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it must still go back."""
        return self.ending == 1 or (self.start is not None and not self.ending)

    @property
    def place(self) -> str:
        return f"from bar {self.start}" if self.start else "from the start"


def played(bars: Sequence[WrittenBar]) -> Iterator[WrittenBar]:
    """The bars as they sound, repeats and endings unfolded.

    Raises:
        ChordError: naming the bar where a repeat or an ending has no counterpart.
    """
    repeat: _Repeat | None = _Repeat()
    for bar in bars:
        _check_ending(bar, repeat)
        if bar.opens:
            if repeat and repeat.is_open:
                raise ChordError(f"bar {bar.number}: '|:' inside the repeat {repeat.place}; close that first with ':|'")
            repeat = _Repeat(bar.number)
        if repeat and bar.ending:
            repeat.ending, repeat.due = bar.ending, 0
        if repeat and not repeat.ending:
            repeat.body.append(bar)
        yield bar
        if bar.closes:
            if not repeat:
                raise ChordError(f"bar {bar.number}: ':|' ends a repeat that has no start; write '|:' where it starts")
            yield from repeat.body
            repeat = _after_first_time(repeat)
    _check_end(repeat)


def _after_first_time(repeat: _Repeat) -> _Repeat | None:
    return replace(repeat, due=repeat.ending + 1) if repeat.ending else None


def _check_ending(bar: WrittenBar, repeat: _Repeat | None) -> None:
    due = repeat.due if repeat else 0
    if due and bar.ending != due:
        raise ChordError(f"bar {bar.number}: the repeat has an ending {due - 1}. and needs another; put '{due}.' here")
    if bar.ending > 1 and not due:
        raise ChordError(f"bar {bar.number}: '{bar.ending}.' follows the ':|' of ending {bar.ending - 1}.; write that")
    if bar.ending == 1 and not due and (repeat is None or repeat.ending):
        raise ChordError(f"bar {bar.number}: '1.' is outside a repeat; write '|:' where the repeat starts")


def _check_end(repeat: _Repeat | None) -> None:
    if repeat and repeat.due:
        raise ChordError(f"the repeat ends with its ending {repeat.due - 1}.; write '{repeat.due}.' and bars after it")
    if repeat and repeat.is_open:
        raise ChordError(f"the repeat {repeat.place} is not closed; write ':|' where it goes back")

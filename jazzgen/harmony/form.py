"""The bars of a chart as they are written; `form_playing` puts them in the order they are played.

    chart   = line {newline line}            a new line starts a new bar
    line    = [sign] bar {sign bar} [sign] [comment]
    sign    = "|" | "||" | "|:" | ":|" [times] | ":|:"  bar lines, and the dots of a repeat
    times   = "x" number | number "x"        how often the repeat is played: :|x3
    bar     = {head} ("%" | item {item}) {tail}
    head    = "[" label "]"                  a section starts here; it may stand on a line before its bar
            | numbers ["."]                  an ending, played these times: 1. or 1,2. or 1-2. or 1.2.
            | number "/" number              the meter from this bar on
            | "Segno" | "Coda"               where D.S. goes back to, and where players go after "To Coda"
    tail    = "To Coda" | "Fine"             after a jump: go to the coda from here, or stop here
            | ("D.C." | "D.S.") ["al Coda" | "al Fine"]      back to the start, or to the segno, once
    item    = "%" | "." | "/" | word         as in `harmony.changes`
    comment = "#" ...                        to the end of the line; the # of F#m7 and C7(b9, #11) starts none

A repeat is played twice, or once for each of its endings; without `|:` it goes back to the start. `%` repeats what
comes before it: alone in a bar the whole bar, among others the chord. A tail may stand on a line of its own.
Blanks within a chord are ignored: `C maj 7` and `C7 #11` are one item.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from jazzgen.errors import ChordError, ScoreError
from jazzgen.harmony.chords import is_chord
from jazzgen.harmony.unfold import MAX_TIMES
from jazzgen.music.timing import Meter

HOLD = (".", "/")
AGAIN = "%"
_TIMES = r"(?:x ?\d{1,2}|\d{1,2} ?x)"
_TOKEN = re.compile(
    rf"(?P<sign>:\|\|?(?!:)(?:\s*(?:{_TIMES}(?![^\s|])|\({_TIMES}\)))?|:?\|\|?:?)"
    r"|(?P<section>\[\s*[^\s\[\]|][^\[\]|]*\])"
    r"|(?P<comment>#(?!\d).*)"
    r"|(?P<meter>(?!6/9)\d{1,9}/\d{1,9}(?![^\s|:]))"
    r"|(?P<ending>[1-9]\.?(?:(?: ?[,\-–&]|(?<=\.)) ?[1-9]\.?){0,9}(?<=\.)(?![^\s|:])"
    r"|(?:(?<=\|)|(?<=\| ))[1-9](?:[,\-–&][1-9]){0,9}(?=\s))"
    r"|(?P<road>(?i:D\.\s?[CS]\.?|D[CS](?=\s+al\b))(?:\s+(?i:al(?:la)?)\s+(?i:coda|fine))?(?![^\s|:])"
    r"|(?i:(?:to\s+)?coda|fine|segno)(?![^\s|:])|[\U0001d10b\U0001d10c](?![^\s|:]))"
    r"|(?P<item>(?:\([^()|]*\)|(?!:?\|)[^\s\[])+)"
    r"|(?P<stray>\[)"
)
_ROAD_SIGNS = {"to coda": "to_coda", "\U0001d10b": "segno", "\U0001d10c": "coda"}
_NUMBER = re.compile(r"\d+")
_RANGE = re.compile(r"(\d)(?:\.? ?[-–] ?(\d))?")
# The start of an item that is no chord but the rest of one, after a blank.
_REST_OF_CHORD = re.compile(
    r"(?i:maj|min|dim|aug|sus|add|alt|dom|no|omit|half)|ma|mi|[mM](?![a-z])|[oh]7|[(^Δ°ø+]|-\d|(?:69?|7|9|11|13)(?!\d)"
    r"|[b#](?:5|9|11|13)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """A bar as it is written.

    Attributes:
        number: counted from 1 in the text.
        items: chords and holds, each `%` replaced by what it repeats.
        section: the label of the section that starts here.
        opens: whether a repeat starts here.
        endings: the times through the repeat at which the bar is played; empty for every time.
        times: how often the repeat that ends here is played; 0 where none ends.
        jump: "D.C." or "D.S." after this bar, else empty; `until` says how far it goes, "coda" or "fine".
        segno, coda, to_coda, fine: whether the bar has that sign.
    """

    number: int
    meter: Meter
    items: tuple[str, ...]
    section: str | None = None
    opens: bool = False
    endings: frozenset[int] = frozenset()
    times: int = 0
    jump: str = ""
    until: Literal["", "coda", "fine"] = ""
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False


def written_bars(text: str, meter: Meter, at_most: int) -> list[WrittenBar]:
    """Read the bars of a text.

    Args:
        text: in the language above.
        meter: at the start, unless the text gives another.
        at_most: the limit on the number of bars.

    Raises:
        ChordError: names the bar, what was found there and the cure.
    """
    writing = _Writing(meter, at_most)
    for line in text.splitlines():
        for token in _TOKEN.finditer(line):
            writing.take(token.lastgroup or "", token[0])
        writing.end_line()
    return writing.end()


def bar_places(lines: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """Return where each bar that `written_bars` reads stands in the text, from its first item to its last.

    Args:
        lines: of the text, each with its offset in the whole text.

    Returns:
        (start, end) of each bar in the whole text, in order: bar 3 of an error message is the third.
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
        self._tail: dict[str, Any] = {}
        self._items: list[str] = []
        self._sign = ""  # the previous token of the line if that is a bar line

    @property
    def _number(self) -> int:
        return len(self._bars) + 1

    def take(self, kind: str, text: str) -> None:
        """Add one token."""
        if kind == "stray":
            raise ChordError(f"bar {self._number}: '[' starts the name of a section; write it as [A]")
        if kind == "sign":
            self._take_sign(text)
        elif kind == "item":
            self._items.append(text)
        elif kind == "road":
            self._take_road(text)
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
            self._bars[-1] = replace(self._bars[-1], times=_times(sign, self._number - 1))
        if sign.endswith(":"):
            self._heads["repeat"] = sign

    def _take_road(self, text: str) -> None:
        """Read a road sign: of the bar to come if it starts one (Segno, Coda), else of the bar it ends."""
        words = " ".join(text.lower().split())
        name = _ROAD_SIGNS.get(words, words)
        if name in ("segno", "coda") and not self._items:
            self._take_head(name, text)
            return
        if not self._items and not self._bars:
            raise ChordError(f"'{text}' stands before the first bar; put it after the chords of its bar")
        tail = {"to_coda": True} if name == "coda" else _tail(name)
        if self._items:
            self._tail |= tail
        else:
            self._bars[-1] = replace(self._bars[-1], **tail)

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
        """Return all bars."""
        if self._heads:
            raise ChordError(
                f"'{next(iter(self._heads.values()))}' stands at the end, with no bar after it; add the bar"
            )
        return self._bars

    def _end_bar(self) -> None:
        if self._number > self._at_most:
            raise ChordError(f"the changes have more than {self._at_most} bars; no more are read")
        heads = self._heads
        before = self._bars[-1].items if self._bars else ()
        if "meter" in heads:
            self._meter = _meter(heads["meter"], self._number)
        bar = WrittenBar(
            self._number,
            self._meter,
            tuple(_written_out(_closed_up(self._items), before, self._number)),
            heads["section"][1:-1].strip() if "section" in heads else None,
            "repeat" in heads,
            frozenset(_numbers(heads.get("ending", ""))),
            segno="segno" in heads,
            coda="coda" in heads,
        )
        self._bars.append(replace(bar, **self._tail))
        self._heads = {}
        self._items = []
        self._tail = {}


def _closed_up(items: Sequence[str]) -> list[str]:
    """Return the items, chords split by a blank rejoined."""
    closed: list[str] = []
    for item in items:
        chord = _with_rest(closed[-1], item) if closed and _REST_OF_CHORD.match(item) else None
        closed[-1:] = [chord] if chord else [*closed[-1:], item]
    return closed


def _with_rest(chord: str, rest: str) -> str | None:
    """Return the two joined as a chord; None if that is none, or `rest` is a chord by itself."""
    joined = f"{chord}({rest})" if rest[0] in "b#" else chord + rest
    return joined if is_chord(chord) and not is_chord(rest) and is_chord(joined) else None


def _times(sign: str, number: int) -> int:
    """Return how often a repeat is played."""
    times = int(_NUMBER.search(sign)[0]) if _NUMBER.search(sign) else 2  # type: ignore[index] # it is there
    if not 1 <= times <= MAX_TIMES:
        raise ChordError(f"bar {number}: '{sign}' plays a repeat {times} times; write 1 to {MAX_TIMES}")
    return times


def _numbers(ending: str) -> Iterator[int]:
    """Yield the numbers in `1.`, `1,3.` or `1-3.`."""
    for first, last in _RANGE.findall(ending):
        yield from range(int(first), int(last or first) + 1)


def _tail(words: str) -> dict[str, Any]:
    """Return the fields of `WrittenBar` that a tail sets."""
    if words in ("to_coda", "fine"):
        return {words: True}
    until = next((target for target in ("coda", "fine") if words.endswith(target)), "")
    return {"jump": "D.S." if "s" in words[:4] else "D.C.", "until": until}


def _meter(text: str, number: int) -> Meter:
    try:
        return Meter.parse(text)
    except ScoreError as error:
        raise ChordError(f"bar {number}: {error}") from None


def _written_out(items: Sequence[str], before: Sequence[str], number: int) -> Iterator[str]:
    """Yield the items with `%` replaced; `before` are the items of the previous bar."""
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

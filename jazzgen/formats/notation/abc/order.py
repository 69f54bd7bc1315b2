"""Reorder the bars of an ABC tune by the order of parts in its header: `P:AABA`, `P:A2BA`, `P:(AB)3C`.

order = {item}
item  = (letter | "(" order ")") [count]              dots and spaces are ignored
Source: the ABC music standard 2.1, 3.1.9 "P: - parts".
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise

from jazzgen.errors import CorpusError
from jazzgen.formats.notation.written import SheetBar, SheetPart
from jazzgen.harmony.changes import MAX_BARS

_ITEM = re.compile(r"[A-Za-z()]|\d{1,3}")
_IGNORED = re.compile(r"[\s.]+")
_MAX_DEPTH = 16  # of brackets; set by hand


def parts_in_order(order: str) -> list[str]:
    """Return the letters of the parts in order of playing; empty if the text is not a valid order.

    Raises:
        CorpusError: when it has more parts than a piece may have bars.

    Example:
        >>> "".join(parts_in_order("(AB)2C"))
        'ABABC'
    """
    plain = _IGNORED.sub("", order)
    items = _ITEM.findall(plain)
    if "".join(items) != plain:
        return []
    levels: list[list[list[str]]] = [[]]  # for each open bracket, the runs so far
    for item in items:
        if item == "(" and len(levels) < _MAX_DEPTH:
            levels.append([])
        elif item == ")" and len(levels) > 1:
            inside = list(chain.from_iterable(levels.pop()))
            levels[-1].append(inside)
        elif item.isdecimal() and levels[-1]:
            _check(len(levels[-1][-1]) * int(item))
            levels[-1][-1] = levels[-1][-1] * int(item)
        elif item.isalpha():
            levels[-1].append([item])
        else:
            return []
        _check(sum(map(len, levels[-1])))
    return list(chain.from_iterable(levels[0])) if len(levels) == 1 else []


def _check(parts: int) -> None:
    if parts > MAX_BARS:
        raise CorpusError(f"its order of parts has more than {MAX_BARS}; write a shorter one")


def reordered(bars: Sequence[SheetBar], parts: Sequence[SheetPart], order: str) -> tuple[list[SheetBar], bool]:
    """Return the bars in the order of its parts, and whether the order could be followed.

    Changes `parts`: their bars are reordered in the same way. Each part of the tune keeps its own repeats; bars before
    the first mark are played first, once.
    """
    starts = [place for place, bar in enumerate(bars) if bar.section]
    spans = {bars[start].section: range(start, end) for start, end in reversed([*pairwise([*starts, len(bars)])])}
    letters = parts_in_order(order)
    if not letters or not {*letters} <= {*spans}:
        return list(bars), False
    _check(sum(len(spans[letter]) for letter in letters))
    before = range(starts[0])
    places = [*before, *chain.from_iterable(spans[letter] for letter in letters)]
    for part in parts:
        part.bars = [part.bars[place] for place in places]
    firsts = {spans[letter][0] for letter in letters}
    return [_opened(bars[place]) if place in firsts else bars[place] for place in places], True


def _opened(bar: SheetBar) -> SheetBar:
    """Make a bar start a repeat, so that a later repeat sign does not jump back into another part."""
    return replace(bar, signs=replace(bar.signs, repeat_start=True))

"""Find the order in which an iReal Pro chart's bars are played in one chorus, by `harmony.unfold`.

A coda that no D.C. or D.S. leads to is an outro, which the app plays once, after the last chorus
(https://irealpro.com/how-the-coda-symbol-works-in-ireal-pro/), so it is left out of the form. `U` marks the end of the
last chorus; here it only serves as a Fine for jumps.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jazzgen.formats.ireal.chart import WrittenBar
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.harmony.unfold import Signs, lone_endings, play_order

_JUMP = re.compile(r"\bd\.?\s*([cs])\b\.?(?:\s*al\s+(coda|fine|[0-9]))?", re.I)
_FINE = re.compile(r"\bfine\b", re.I)
_TIMES = re.compile(r"\b([0-9]{1,2})\s*x\b", re.I)
_DIRECTIONS = (_JUMP, _FINE, _TIMES)
# Texts listed in a message, and characters shown of each; set by hand.
_TEXTS_TOLD = 3
_TEXT_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Form:
    """Indices of the written bars in order of playing, what is not played, and the signs of the written bars."""

    order: tuple[int, ...]
    left_out: tuple[str, ...]
    signs: tuple[Signs, ...]


@dataclass(frozen=True, slots=True)
class _Jump:
    """A D.C. or D.S.

    Attributes:
        place: index of the bar after which it jumps: its text may stand a few bars before the double line.
        to_segno: whether it is a D.S.
        target: where the repeat leaves or stops: `coda`, `fine`, the number of an ending, or empty.
    """

    place: int
    to_segno: bool
    target: str


def unfold(bars: Sequence[WrittenBar]) -> Form:
    """Return one chorus of a chart.

    Raises:
        CorpusError: when it is longer than `MAX_BARS`.

    Example:
        >>> from jazzgen.formats.ireal.chart import read_chart
        >>> unfold(read_chart("{C|N1F}|N2G Z").bars).order
        (0, 1, 0, 2)
    """
    jumps = [(place, found) for place, bar in enumerate(bars) for found in map(_JUMP.search, bar.texts) if found]
    made = [_jump(bars, *jump) for jump in jumps]
    form = bars if any(jump.target == "coda" for jump in made) else bars[: _outro(bars)]
    signs = _signs(form)
    taken = sum([_set_jump(signs, form, jump) for jump in made])
    lone = len(lone_endings(signs))
    left_out = (*_unplayed(len(bars) - len(form), len(jumps) - taken, lone), *_unread_texts(bars))
    outro = [Signs(coda=bar.coda) for bar in bars[len(form) :]]
    return Form(tuple(play_order(signs, MAX_BARS)), left_out, (*signs, *outro))


def _jump(bars: Sequence[WrittenBar], place: int, found: re.Match[str]) -> _Jump:
    after = next((i for i in range(place, len(bars)) if bars[i].ends), len(bars) - 1)
    return _Jump(after, found[1].lower() == "s", (found[2] or _likely_target(bars)).lower())


def _likely_target(bars: Sequence[WrittenBar]) -> str:
    """Return the target of a jump that names none: a Fine, or else a second coda sign, if there is one."""
    if any(_is_fine(bar) for bar in bars):
        return "fine"
    return "coda" if len(_codas(bars)) > 1 else ""


def _is_fine(bar: WrittenBar) -> bool:
    return bar.end or any(_FINE.search(text) and not _JUMP.search(text) for text in bar.texts)


def _codas(bars: Sequence[WrittenBar]) -> list[int]:
    return [place for place, bar in enumerate(bars) if bar.coda]


def _outro(bars: Sequence[WrittenBar]) -> int:
    """Return the index of the coda that is played only after the last chorus; the number of bars if there is none."""
    codas = _codas(bars)
    stands_apart = bool(codas) and codas[-1] > 0 and (len(codas) > 1 or bars[codas[-1] - 1].ends)
    return codas[-1] if stands_apart else len(bars)


def _signs(bars: Sequence[WrittenBar]) -> list[Signs]:
    """Return repeats and endings; an ending right after another implies a repeat, whatever the bar line between."""
    signs: list[Signs] = []
    current = start = 0
    for place, bar in enumerate(bars):
        if bar.opens:
            start = place
        if bar.ending or bar.opens or bar.section:
            if current and bar.ending:
                signs[-1] = replace(signs[-1], times=2)
                current += 1  # whatever its number, it is the next one
            else:
                current = bar.ending
        endings = frozenset({current} if current else ())
        times = _times(bars[start : place + 1]) if bar.closes else 1
        signs.append(Signs(repeat_start=bar.opens, times=times, endings=endings, segno=bar.segno))
        if bar.closes:
            start = place + 1
        if bar.ends and not (bars[place + 1 : place + 2] and bars[place + 1].ending):
            current = 0
    return signs


def _times(group: Sequence[WrittenBar]) -> int:
    """Return how often a repeat is played: twice, or as a text such as `3x` says."""
    texts = (text for bar in group for text in bar.texts)
    return max(next((int(times[1]) for text in texts if (times := _TIMES.search(text))), 2), 1)


def _set_jump(signs: list[Signs], bars: Sequence[WrittenBar], jump: _Jump) -> bool:
    """Set the signs of a jump; return False and change nothing if the jump or its target is not in the form."""
    if jump.place >= len(bars):
        return False
    if jump.target.isdigit():
        stops = _ending_stops(signs, bars, jump)
    elif jump.target == "coda":
        stops = dict.fromkeys(_codas(bars)[:-1], "to_coda") | dict.fromkeys(_codas(bars)[-1:], "coda")
    else:
        stops = {place: "fine" for place, bar in enumerate(bars) if jump.target and _is_fine(bar)}
    for place, sign in stops.items():
        _put(sign, signs, place)
    if stops:
        until = "fine" if "fine" in stops.values() else "coda"
        back: dict[str, Any] = {"dal_segno" if jump.to_segno else "da_capo": True, "until": until}
        signs[jump.place] = replace(signs[jump.place], **back)
    return bool(stops)


def _put(sign: str, signs: list[Signs], place: int) -> None:
    field: dict[str, Any] = {sign: True}
    signs[place] = replace(signs[place], **field)


def _ending_stops(signs: list[Signs], bars: Sequence[WrittenBar], jump: _Jump) -> dict[int, str]:
    """Return signs for a jump to an ending: one before the jump is a Fine, one after it is reached like a coda."""
    number = int(jump.target)
    first = next((place for place, bar in enumerate(bars) if bar.ending), 0)
    later = next((place for place in range(jump.place + 1, len(bars)) if bars[place].ending == number), None)
    if later is None:
        inside = [place for place in range(jump.place) if number in signs[place].endings]
        return dict.fromkeys(inside[-1:], "fine")
    for place in range(later, len(bars)):
        signs[place] = replace(signs[place], endings=frozenset())
    return {first - 1: "to_coda", later: "coda"} if 0 < first < later else {}


def _unplayed(outro: int, jumps: int, lone_endings: int) -> Iterator[str]:
    if outro:
        yield f"the coda, for after the last chorus ({outro} {'bar' if outro == 1 else 'bars'})"
    if jumps:
        yield f"{jumps} D.C. or D.S. without the sign that it leads to"
    if lone_endings:
        yield f"the bracket of an ending without a first one: its bars ({lone_endings}) are played every time"


def _unread_texts(bars: Sequence[WrittenBar]) -> Iterator[str]:
    texts = dict.fromkeys(text for bar in bars for text in bar.texts if text)
    plain = [text for text in texts if not any(direction.search(text) for direction in _DIRECTIONS)]
    if plain:
        more = f" and {len(plain) - _TEXTS_TOLD} more" if len(plain) > _TEXTS_TOLD else ""
        yield "texts: " + ", ".join(f"'{text[:_TEXT_LENGTH]}'" for text in plain[:_TEXTS_TOLD]) + more

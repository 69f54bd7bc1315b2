"""Reader of the part of a chord symbol after its root: one language for every spelling in use.

    body     = head {modifier}
    head     = "5" | [quality] [sus] [major] [number]
    quality  = minor | diminished | half-diminished | augmented | dominant                 (`_QUALITIES`)
    major    = maj | M | j | ^ | Δ ..                                                      (`_MAJOR`)
    number   = 69 | 6 | 7 | 9 | 11 | 13 | 2 | 4
    modifier = (b | # | - | +) degree | degree (b | #) | add.. | no.. | sus.. | alt | aug | maj7 | degree

docs/chords.md has the details. Brackets, commas and slashes may stand between modifiers, spaces anywhere.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from jazzgen.harmony.chord_parts import MisreadError, Parts
from jazzgen.harmony.chord_qualities import MINOR_STACKS, STACKS, Tones
from jazzgen.harmony.pitch import plain_accidentals

# Longest first, since the first match is taken. (?i:..) is a word whose case does not matter.
# Before a 5, + and - alter it. In "madd9", "malt" and "maug", "m" is minor and "a" starts the next word.
_QUALITIES = {
    "half": r"(?i:half-?dim(?:inished)?)|hdim|h|ø",
    "diminished": r"(?i:dim(?:inished)?)|°|o(?!mit)",
    "augmented": r"(?i:aug(?:mented)?)|\+(?!5)",
    "dominant": r"(?i:dom(?:inant)?)",
    "minor": r"(?i:min(?:or)?)|(?:mi|MI|Mi)|m(?!aj|j|a(?!dd|lt|ug))|-(?!5)",
}
_MAJOR_WORD = r"(?i:maj(?:or)?)|(?:MA|Ma|ma)(?!dd|lt|ug)|mj|M|j"
_MAJOR_SIGN = r"\^|Δ"
_SUS = r"(?i:sus) ?(?:24|42|[24])?"
_HEAD = re.compile(
    rf"\(?(?P<power>5)\)?|(?:{'|'.join(f'(?P<{name}>{signs})' for name, signs in _QUALITIES.items())})?"
    rf"(?P<sus>(?>{_SUS})(?!\())?(?:[/ ](?={_MAJOR_WORD}|{_MAJOR_SIGN}))?"
    rf"\(?(?:(?P<word>{_MAJOR_WORD})|(?P<sign>{_MAJOR_SIGN}))?"
    r"(?:(?P<number>6/9|69|13|11|9|7|6|4|2)(?P<late>M(?![aA7]))?)?\)?"
)
_ALTERED = r"(?P<altered>[b#+-](?:13|11|9|6|5|4))"
_TRAILING = r"(?P<trailing>(?:13|11|9|6|5)[b#])"
_OTHERS = (
    r"(?:(?i:add) ?)?(?P<major>(?:(?i:maj)|M|\^|Δ|j)7|[#+]7)|(?P<flat_seven>b7)"
    r"|(?i:add) ?(?P<added>[b#]?(?:13|11|9|7|6|5|4|3|2))"
    r"|(?i:no|omit) ?(?P<omitted>13|11|9|7|5|3)"
    rf"|(?P<sus>{_SUS})|(?P<alt>(?i:alt(?:ered)?)7?)|(?P<aug>(?i:aug)|\+)|(?P<natural>13|11|9|7|6|4)"
)


def _modifier(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"[(), /]*(?:{'|'.join(alternatives)})[), ]*")


_LEADING_FIRST = _modifier(_ALTERED, _OTHERS)
_TRAILING_FIRST = _modifier(_TRAILING, _ALTERED, _OTHERS)
MAX_LENGTH = 100  # of a symbol, in characters; set by hand
_SIGNS = {"b": -1, "-": -1, "#": 1, "+": 1}
_SIXTHS = ("6", "69", "6/9")
# Signs that look alike.
_LOOKALIKES = str.maketrans("−–‐∆△▵º˚Ø∅⌀", "---ΔΔΔ°°øøø")


def plain_signs(text: str) -> str:
    """Return the text with `b` and `#` for accidentals, and one form of each triangle, dash and circle."""
    return text if text.isascii() else plain_accidentals(text).translate(_LOOKALIKES)


class Body(NamedTuple):
    """A symbol without root and bass, in semitones above the root."""

    tones: Tones
    tensions: Tones


def read_body(body: str, *, trailing: bool = False) -> Body:
    """Read the part of a symbol after the root and before the slash.

    Args:
        body: with plain accidentals and plain signs.
        trailing: whether an accidental between two degrees belongs to the first (`79b` is 7 and b9).

    Raises:
        MisreadError: with the position of what is not understood.
    """
    return Body(*read_parts(body, trailing=trailing).spelled())


def read_parts(body: str, *, trailing: bool = False) -> Parts:
    """Read as `read_body` does, and return the parts for changes to come."""
    places = [place for place, sign in enumerate(body) if sign != " "]
    try:
        return _read_parts("".join(body.split(" ")), trailing)
    except MisreadError as error:
        position = places[error.position] if error.position < len(places) else len(body)
        raise MisreadError(f"'{body[position:]}' is not understood", position) from None


def _read_parts(body: str, trailing: bool) -> Parts:
    head = _HEAD.match(body)
    assert head is not None  # every part of the head is optional
    parts = _read_head(head)
    position = head.end()
    pattern = _TRAILING_FIRST if trailing else _LEADING_FIRST
    while position < len(body):
        modifier = pattern.match(body, position)
        if not modifier or not _apply(parts, modifier):
            raise MisreadError(f"'{body[position:]}' is not understood", position)
        position = modifier.end()
    return parts


def _read_head(head: re.Match[str]) -> Parts:
    lowered = head["diminished"] or head["half"]
    parts = Parts(third=3 if lowered or head["minor"] else 4, fifth=6 if lowered else 8 if head["augmented"] else 7)
    if head["power"]:
        parts.third = None
    if head["sus"]:
        _suspend(parts, head["sus"])
    _number(parts, head)
    return parts


def _number(parts: Parts, head: re.Match[str]) -> None:
    """Apply the number; half-diminished, dominant and a triangle imply a seventh."""
    number = head["number"] or ("7" if head["half"] or head["dominant"] or head["sign"] else "")
    if number in ("7", "9", "11", "13"):
        parts.seventh = 11 if head["word"] or head["sign"] else 9 if head["diminished"] else 10
        parts.tensions |= set((MINOR_STACKS if parts.third == 3 else STACKS).get(number, ()))
    elif number in _SIXTHS:
        parts.seventh = 9
        parts.tensions |= {2} if number != "6" else set()
    elif number == "2":
        parts.tensions.add(2)
    elif number == "4":
        _fourth(parts)
    if head["late"]:  # as in C7M
        parts.omit(7)
        parts.fill(7, 1)


def _fourth(parts: Parts) -> None:
    """Apply a bare 4: it suspends a major third, and is an 11th beside a minor one."""
    if parts.third == 4:
        parts.third = 5
    else:
        parts.tensions.add(5)


def _suspend(parts: Parts, sus: str) -> None:
    degrees = sus[3:].strip()
    parts.third = 2 if degrees == "2" else 5
    if len(degrees) == 2:
        parts.tensions.add(2)


def _signed(text: str) -> tuple[int, int]:
    """Return degree and semitones of `b9` or `13`."""
    return (int(text[1:]), _SIGNS[text[0]]) if text[0] in _SIGNS else (int(text), 0)


def _add(parts: Parts, text: str) -> None:
    degree, by = _signed(text)
    if degree in (5, 7):
        parts.fill(degree, max(by, 0) if degree == 7 else by)
    else:
        parts.add(degree, by)


def _natural(parts: Parts, text: str) -> bool:
    """Apply a plain number; return False for a 6 or 7 whose place is taken (but a 7 turns a sixth into a 13th)."""
    if text == "4":
        _fourth(parts)
    elif text in ("6", "7"):
        is_sixth = parts.seventh == 9 and parts.fifth != 6
        if parts.seventh is not None and not (text == "7" and is_sixth):
            return False
        parts.fill(int(text))
    else:
        parts.add(int(text), 0)
    return True


def _augment(parts: Parts, _: str) -> None:
    parts.fifth = 8


_APPLY: dict[str, Callable[[Parts, str], object]] = {
    "altered": lambda parts, text: parts.alter(*_signed(text)),
    "trailing": lambda parts, text: parts.alter(*_signed(text[-1] + text[:-1])),
    "major": lambda parts, _: parts.fill(7, 1),
    "flat_seven": lambda parts, _: parts.fill(7),
    "added": _add,
    "omitted": lambda parts, text: parts.omit(int(text)),
    "sus": _suspend,
    "alt": lambda parts, _: parts.make_altered(),
    "aug": _augment,
    "natural": _natural,
}


def _apply(parts: Parts, modifier: re.Match[str]) -> bool:
    name = modifier.lastgroup
    assert name is not None  # each alternative has its group
    return _APPLY[name](parts, modifier[name]) is not False

"""Texts that a slow regular expression takes too long over, made from the pattern's own parts.

A backtracking pattern is slow where two of its parts match the same characters, over and over, and the end does not
fit. So every repeat is pumped, after what has to come before it, and an end follows that fits nothing.
"""

import math
import re
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise, product
from re import _constants as op
from re import _parser as parser
from typing import Any

_TYPICAL = " \t\n.-_|a7B\u00e9\u0663\u2003\ud7ff"  # one of each category, and signs that formats use
_ENDS = ("\0", "", "\n\0")
_SCREENED = 1_000  # characters at which the slowest texts are found
_SLOW_SECONDS = 0.02  # for so many; linear patterns take a hundredth
_SWEPT = (10_000, 40_000, 160_000)
_KEPT = 3  # texts of each pattern that are swept
_TRIES = 12
_TIMES_LINEAR = 1.5
_AT_LEAST_SECONDS = 0.002  # a shorter measurement is repeated and added up
_TOO_LONG_SECONDS = 2.0

Use = Callable[[re.Pattern[Any], Any], object]
USES: dict[str, Use] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
    "finditer": lambda pattern, text: deque(pattern.finditer(text), 0),
}
USES |= dict.fromkeys(("findall", "sub", "subn", "split", "scanner"), USES["finditer"])


class TooLongError(Exception):
    """A pattern did not end in `_TOO_LONG_SECONDS`."""


def attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (start, pump, end) for texts `start + pump * n + end`."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(text, pattern.flags & ~re.DEBUG & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0))
    alphabet = _alphabet(tree)
    seen = set()
    for starts, pumps in _places(tree, alphabet):
        for start, pump, end in product(starts, pumps, _ENDS):
            if pump and (start, pump, end) not in seen:
                seen.add((start, pump, end))
                yield start, pump, end


def _places(tree: Any, alphabet: Sequence[str]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield what may come before a repeat and what it may repeat, for each repeat and for the whole."""
    yield {""}, set(alphabet)
    items = list(tree)
    for cut in range(1, len(items) + 1):  # a search begins again at each start
        yield {""}, set(_samples(items[:cut], alphabet))
    yield from _repeats(items, {""}, alphabet)


def _repeats(items: Sequence[Any], starts: set[str], alphabet: Sequence[str]) -> Iterator[tuple[set[str], set[str]]]:
    for number, (code, argument) in enumerate(items):
        before = {start + sample for start in starts for sample in islice(_samples(items[:number], alphabet), 3)}
        before = set(sorted(before, key=lambda each: (len(each), each))[:4])
        for inner in _bodies(code, argument):
            body = list(inner)
            if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                pumps = set(islice(_samples(body, alphabet), 12))
                yield before, pumps
                after = set(islice(_samples(items[number + 1 :], alphabet), 2))
                yield before, {pump + rest for pump in islice(sorted(pumps), 4) for rest in after}
            yield from _repeats(body, before, alphabet)


def _bodies(code: Any, argument: Any) -> list[Any]:
    """Return the parts inside an item of a parse tree."""
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [argument[2]]
    if code is op.SUBPATTERN:
        return [argument[3]]
    if code is op.ATOMIC_GROUP:
        return [argument]
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [argument[1]]
    if code is op.BRANCH:
        return list(argument[1])
    return []


def _samples(items: Sequence[Any], alphabet: Sequence[str]) -> Iterator[str]:
    """Yield texts that the items match (look-arounds are taken for granted), the likely ones first."""
    choices = [list(islice(_sample_one(code, argument, alphabet), 12)) or [""] for code, argument in items]
    longest = max(map(len, choices), default=1)
    for number in range(longest):
        yield "".join(choice[number % len(choice)] for choice in choices)
    for number in range(longest):
        yield "".join(choice[min(number, len(choice) - 1)] for choice in choices)


def _sample_one(code: Any, argument: Any, alphabet: Sequence[str]) -> Iterator[str]:
    if code is op.LITERAL:
        yield chr(argument)
    elif code in (op.ANY, op.NOT_LITERAL, op.IN, op.CATEGORY):
        yield from (letter for letter in alphabet if _fits(code, argument, letter))
    elif code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, body = argument
        for count in (max(least, 1), least):
            for sample in islice(_samples(list(body), alphabet), 12):
                yield sample * min(count, 3 if most > 3 else most)
    elif code not in (op.ASSERT, op.ASSERT_NOT):
        for body in _bodies(code, argument):
            yield from islice(_samples(list(body), alphabet), 12)


def _fits(code: Any, argument: Any, letter: str) -> bool:
    if code is op.ANY:
        return letter != "\n"
    if code is op.NOT_LITERAL:
        return ord(letter) != argument
    if code is op.CATEGORY:
        return _in_category(argument, letter)
    negated = argument[0][0] is op.NEGATE
    return negated != any(_in_class(kind, value, letter) for kind, value in argument)


def _in_class(kind: Any, value: Any, letter: str) -> bool:
    if kind is op.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    if kind is op.LITERAL:
        return bool(ord(letter) == value)
    return kind is op.CATEGORY and _in_category(value, letter)


def _in_category(category: Any, letter: str) -> bool:
    name = str(category)
    kind = name.rpartition("_")[2]
    inside = {"DIGIT": letter.isdecimal(), "SPACE": letter.isspace(), "WORD": letter.isalnum() or letter == "_"}[kind]
    return ("NOT" in name) != inside


def _alphabet(tree: Any) -> list[str]:
    """Return the pattern's literals and ends of ranges, and a typical character of each category."""
    found = dict.fromkeys(_literals(tree))
    return [*found, *(letter for letter in _TYPICAL if letter not in found)][:60]


def _literals(items: Any) -> Iterator[str]:
    for code, argument in items:
        if code in (op.LITERAL, op.NOT_LITERAL):
            yield chr(argument)
        elif code is op.IN:
            for kind, value in argument:
                if kind is op.LITERAL:
                    yield chr(value)
                elif kind is op.RANGE:
                    yield chr(value[0])
        for body in _bodies(code, argument):
            yield from _literals(body)


def fault(pattern: re.Pattern[Any], use: Use) -> str | None:
    """Return which text a pattern is slower than linear on, and how slow; None if there is none.

    Times are those of the process, the least of several, and what is too slow is measured again, so that a busy
    machine is no fault.
    """
    texts = list(attacks(pattern))
    try:
        times: list[float] = []
        for attack in texts:
            times.append(_seconds(pattern, use, _text(pattern, attack, _SCREENED)))
            if times[-1] > _SLOW_SECONDS:  # no need to look further
                break
        slowest = sorted(range(len(times)), key=times.__getitem__, reverse=True)[:_KEPT]
        for attack in (texts[number] for number in slowest):
            for size, larger in pairwise(_SWEPT):
                ratio = _growth(pattern, use, attack, (size, larger))
                if ratio > _TIMES_LINEAR:
                    return f"{_named(attack)}: {larger} characters take {ratio:.1f} times as long as in linear time"
    except TooLongError as error:
        return str(error)
    return None


def _growth(pattern: re.Pattern[Any], use: Use, attack: tuple[str, str, str], sizes: tuple[int, int]) -> float:
    """Return the time a character at the larger size, in units of that at the smaller one; the least of some tries."""
    small, large = (_text(pattern, attack, size) for size in sizes)
    least = math.inf
    for _ in range(_TRIES):
        ratio = _seconds(pattern, use, large) / _seconds(pattern, use, small)
        least = min(least, ratio * len(small) / len(large))
        if least <= _TIMES_LINEAR:
            break
    return least


def _seconds(pattern: re.Pattern[Any], use: Use, text: Any) -> float:
    """Measure one use of a pattern, in seconds of the process.

    Raises:
        TooLongError: when it does not end in time; the engine looks for signals as it goes.
    """

    def stop(*_: object) -> None:
        raise TooLongError(f"{text[:40]!r} ...: {len(text)} characters take more than {_TOO_LONG_SECONDS:g} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TOO_LONG_SECONDS)
    try:
        uses, begun = 0, time.process_time()
        while True:
            use(pattern, text)
            uses += 1
            spent = time.process_time() - begun
            if spent > _AT_LEAST_SECONDS or len(text) <= _SCREENED * 2:
                return spent / uses
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _text(pattern: re.Pattern[Any], attack: tuple[str, str, str], size: int) -> Any:
    start, pump, end = attack
    text = start + pump * (size // len(pump)) + end
    return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def _named(attack: tuple[str, str, str]) -> str:
    start, pump, end = attack
    return f"{start!r} + {pump!r} * n + {end!r}"

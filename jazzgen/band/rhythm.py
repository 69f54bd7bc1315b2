"""Rhythms in the notation of counting aloud: `1 2& (3) >4:2`.

    rhythm = {hit}
    hit    = [">"] event | "(" event ")"        an accent, a ghost note
    event  = place ["=" degree] [":" length]    degree: what the hit is to play; length: in beats
    place  = beat [within]                      beats of the bar, from 1
    within = "e" | "&" | "a"                    the second, third and fourth sixteenth
           | "t" | "l"                          the second and third of a triplet ("one trip-let")

A beat is the meter's lower number, so 6/8 counts to six. `parse_rhythm` and `format_rhythm` are inverses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from jazzgen.errors import ScoreError
from jazzgen.music.timing import TICKS_PER_BEAT, Bar, Meter

_WITHIN: Mapping[str, Fraction] = {
    "": Fraction(0),
    "e": Fraction(1, 4),
    "t": Fraction(1, 3),
    "&": Fraction(1, 2),
    "l": Fraction(2, 3),
    "a": Fraction(3, 4),
}
_SIGNS = {fraction: sign for sign, fraction in _WITHIN.items()}
_EVENT = r"(?P<beat>\d++)(?P<within>[e&atl]?)(?:=(?P<degree>\w++))?(?::(?P<length>\d++(?:\.\d++)?|\.\d++))?"
_HIT = re.compile(rf"(?P<accent>>?){_EVENT}|\((?P<ghost>{_EVENT.replace('?P<', '?P<g_')})\)")
GHOST, NORMAL, ACCENT = -1, 0, 1


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One stroke of a rhythm.

    Attributes:
        beats: where it is, in beats from the start of the bar.
        length: in beats, None where that is left to the player.
        stress: `GHOST`, `NORMAL` or `ACCENT`.
        degree: what to play, empty where that is left to the player.
    """

    beats: Fraction
    length: Fraction | None = None
    stress: int = NORMAL
    degree: str = ""


Rhythm = tuple[Hit, ...]


def parse_rhythm(text: str, meter: Meter) -> Rhythm:
    """Read a rhythm of one bar.

    Raises:
        ScoreError: naming the hit that does not parse, is out of order or lies outside the bar.

    Example:
        >>> [float(hit.beats) for hit in parse_rhythm("1 2& >4", Meter(4, 4))]
        [0.0, 1.5, 3.0]
    """
    hits = tuple(_read_hit(word, meter) for word in text.split())
    if list(hits) != sorted(hits, key=lambda hit: hit.beats):
        raise ScoreError(f"rhythm '{text}': its hits are not in order of time")
    return hits


def format_rhythm(rhythm: Rhythm) -> str:
    """Write a rhythm as text; the inverse of `parse_rhythm`."""
    return " ".join(map(_hit_text, rhythm))


def _read_hit(word: str, meter: Meter) -> Hit:
    match = _HIT.fullmatch(word)
    if not match:
        raise ScoreError(f"rhythm: '{word}' is no hit; write a beat as in 1, 2&, >3, (4), or 1=R:1.5")
    prefix = "g_" if match["ghost"] else ""
    beat, within, degree, length = (match[prefix + name] for name in ("beat", "within", "degree", "length"))
    if not 1 <= int(beat) <= meter.numerator:
        raise ScoreError(f"rhythm: '{word}' is not in a bar of {meter}, which has beats 1 to {meter.numerator}")
    stress = GHOST if match["ghost"] else ACCENT if match["accent"] else NORMAL
    return Hit(int(beat) - 1 + _WITHIN[within], Fraction(length) if length else None, stress, degree or "")


def _hit_text(hit: Hit) -> str:
    beat, within = divmod(hit.beats, 1)
    event = f"{int(beat) + 1}{_SIGNS[within]}"
    event += f"={hit.degree}" if hit.degree else ""
    event += f":{float(hit.length):g}" if hit.length is not None else ""
    return f"({event})" if hit.stress == GHOST else f"{'>' * (hit.stress == ACCENT)}{event}"


def joined(rhythms: Iterable[tuple[Rhythm, int]]) -> Rhythm:
    """Join rhythms, given with their lengths in beats, into one."""
    hits: list[Hit] = []
    start = 0
    for rhythm, beats in rhythms:
        hits += (replace(hit, beats=hit.beats + start) for hit in rhythm)
        start += beats
    return tuple(hits)


def placed(rhythm: Rhythm, bar: Bar) -> Iterator[tuple[int, int | None, Hit]]:
    """Yield each hit with its tick and its length in ticks; hits past the end of a shortened bar are left out."""
    beat = min(bar.meter.beat_ticks, TICKS_PER_BEAT)
    for hit in rhythm:
        tick = bar.onset + round(hit.beats * beat)
        if tick < bar.end:
            yield tick, None if hit.length is None else round(hit.length * beat), hit

"""Choose the style of a score: the one asked for, or the one that suits."""

import difflib
from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat

from jazzgen.band.rhythm import GHOST, Hit, Rhythm
from jazzgen.band.styles import DENSITIES, Groove, Style, counted, load_style, style_names
from jazzgen.errors import OptionError
from jazzgen.music.score import Score
from jazzgen.music.timing import Meter

_ANY_METER = "let it play those bars plainly with any meter"


def find_style(name: str, bpm: float) -> Style:
    """Return the style of a name; for a family, such as swing for swing-slow and so on, the one nearest to the tempo.

    Raises:
        OptionError: when there is none; the message names the nearest, or all.

    Example:
        >>> find_style("swing", 120).name
        'swing-medium'
    """
    if name in style_names():
        return load_style(name)
    family = [load_style(member) for member in style_names() if member.startswith(f"{name}-")]
    if family:
        return min(family, key=lambda style: _tempo_misfit(style, bpm))
    near = difflib.get_close_matches(name.lower(), style_names(), n=1)
    hint = f"did you mean {near[0]}? There are" if near else "choose from"
    raise OptionError(f"style '{name}' is not known; {hint} {', '.join(style_names())}")


def style_for(score: Score, *, any_meter: bool = False) -> Style:
    """Return the style of the score's feel that suits its first meter and is nearest to its tempo.

    Raises:
        OptionError: when none of that feel has patterns for all its meters, unless `any_meter`.
    """
    styles = [style for style in map(load_style, style_names()) if style.feel == score.feel and style.tempos]
    best = min(styles, key=lambda style: _misfit(style, score))
    return best if any_meter else check_meters(best, score)


def check_meters(style: Style, score: Score) -> Style:
    """Return the style; raise OptionError at the first bar whose meter it has no pattern for."""
    missed = style.misses(score)
    if not missed:
        return style
    bar = next(bar for bar in score.bars() if bar.meter in missed)
    others = [name for name in style_names() if not load_style(name).misses(score)]
    cure = f"choose style {' or '.join(others[:3])}, or " if others else ""
    raise OptionError(
        f"style '{style.name}' has no pattern for {bar.meter} (bar {bar.number}), only for "
        f"{', '.join(map(str, style.meters))}; {cure}{_ANY_METER}"
    )


def _misfit(style: Style, score: Score) -> tuple[int, bool, float]:
    return len(style.misses(score)), style.home != counted(score.meter), _tempo_misfit(style, score.bpm)


def _tempo_misfit(style: Style, bpm: float) -> float:
    """Return how many beats a minute the tempo is outside the style's range."""
    low, high = style.tempos or (0.0, 0.0)
    return max(low - bpm, bpm - high, 0.0)


def plain_groove(meter: Meter) -> Groove:
    """Return a groove for any meter: chords and bass at the start and halfway, a cymbal on each beat."""
    middle = (meter.numerator + 1) // 2
    starts = [0, middle] if middle < meter.numerator else [0]
    long = _hits(starts, [middle, meter.numerator - middle])
    return Groove(
        dict.fromkeys(DENSITIES, (long,)),
        (long,),
        {"ride": (_hits(range(meter.numerator)),), "kick": (_hits([0]),), "pedal-hat": (_hits(starts[1:]),)},
        ({}, {"snare": (Hit(Fraction(meter.numerator - 1), None, GHOST),)}),
    )


def _hits(beats: Sequence[int], lengths: Sequence[int] | None = None) -> Rhythm:
    sizes = map(Fraction, lengths) if lengths else repeat(None)
    return tuple(Hit(Fraction(beat), size) for beat, size in zip(beats, sizes, strict=False))

"""Ideas: what a stretch of a solo is, as annotated in the Weimar Jazz Database (its mid-level units).

A label names a kind (a lick, a line and its shape, a melody, a rhythm ...), after signs for what it refers back to:
`#` to the previous idea, `#5` to the fifth before, `*` to one further away; `~` means that it starts without a break,
and `+` and `-` that it recurs higher or lower.

Source: K. Frieler, M. Pfleiderer, W.-G. Zaddach and J. Abesser, "Midlevel analysis of monophonic jazz solos: A new
approach to the study of improvisation", Musicae Scientiae 20 (2016).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.music.score import Mark
from jazzgen.music.timing import TICKS_PER_TATUM

# Our name of each kind, and the database's names for it. A label's kind is its longest start found here.
_NAMES = {
    "lick": ("lick",),
    "line": ("line", "line_w", "line_h"),
    "line_up": ("line_a", "line_w_a"),
    "line_down": ("line_d", "line_w_d"),
    "line_arc": ("line_cv", "line_cx", "line_w_cv", "line_w_cx"),
    "line_tick": ("line_t",),
    "line_woven": ("line_i",),
    "melody": ("melody",),
    "rhythm": ("rhythm",),
    "expressive": ("expressive",),
    "oscillation": ("oscillation",),
    "fragment": ("fragment",),
    "theme": ("theme",),
    "quote": ("quote",),
}
IDEAS: tuple[str, ...] = tuple(_NAMES)
GOES_BACK = ("new", "last", "earlier")  # what an idea refers back to: nothing, the previous idea, another
_KINDS = {name: number for number, (own, names) in enumerate(_NAMES.items()) for name in (own, *names)}
_LABEL = re.compile(r"(?:void->)?(?P<marks>[~*#=+\-\d]*)(?P<name>[a-z][a-z_]*)")
_DISTANCE = re.compile(r"#(\d*)")


class Idea(NamedTuple):
    """The kind of an idea and what it refers back to: indices into `IDEAS` and `GOES_BACK`."""

    kind: int
    back: int = 0


NO_IDEA = Idea(NONE, NONE)


def parse_idea(label: str) -> Idea:
    """Parse a label of the database, or one of our kinds; `NO_IDEA` if it is unknown.

    >>> parse_idea("~#-lick")
    Idea(kind=0, back=1)
    """
    found = _LABEL.fullmatch(label.split(":", maxsplit=1)[0])
    name = _kind_in(found["name"]) if found else None
    if found is None or name is None:
        return NO_IDEA
    distances = _DISTANCE.findall(found["marks"])
    if "*" in found["marks"] or len(distances) > 1 or any(distance not in {"", "1"} for distance in distances):
        return Idea(_KINDS[name], GOES_BACK.index("earlier"))
    return Idea(_KINDS[name], GOES_BACK.index("last" if distances else "new"))


def _kind_in(name: str) -> str | None:
    """Return the longest start of a name, in whole words, that is a kind."""
    words = name.split("_")
    starts = ("_".join(words[:n]) for n in range(len(words), 0, -1))
    return next((start for start in starts if start in _KINDS), None)


def ideas_at(marks: Sequence[Mark], tatums: np.ndarray) -> np.ndarray:
    """Return the ideas (n, 2) at moments (n,); each lasts until the next starts, and the first from the beginning.

    Args:
        marks: of ideas, in order; each starts on the nearest tatum.
        tatums: the moments.
    """
    if not marks:
        return np.full((len(tatums), 2), NONE)
    ticks = tatums * TICKS_PER_TATUM + TICKS_PER_TATUM // 2
    place = np.searchsorted([mark.onset for mark in marks], ticks, side="right") - 1
    return np.array([parse_idea(mark.label) for mark in marks])[np.maximum(place, 0)]

"""The table of chord qualities, and what follows from it.

A chord has at most four chord tones: root, third (or its suspension), fifth, and seventh (or sixth). Their ranges do
not overlap, so a set of tones tells which is which.
"""

from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

QualityClass = Literal[
    "major",
    "minor",
    "dominant",
    "half-diminished",
    "diminished",
    "augmented",
    "minor-major",
    "suspended",
    "power",
]
Tones = tuple[int, ...]
MAX_TONE = 11

THIRDS = (2, 3, 4, 5)  # a suspended second or fourth stands for the third
FIFTHS = (6, 7, 8)
SEVENTHS = (9, 10, 11)  # a sixth stands for the seventh
# Semitones of the natural degrees above the root. In chord symbols a plain 7 is minor.
NATURAL = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 2, 11: 5, 13: 9}
# The tensions that a number implies. A natural 11th clashes with a major third, so a 13th chord leaves it out.
STACKS = {"9": (2,), "11": (2, 5), "13": (2, 9)}
MINOR_STACKS = {"9": (2,), "11": (2, 5), "13": (2, 5, 9)}
ALTERED = (1, 3, 6, 8)  # the tensions of the altered dominant


@dataclass(frozen=True, slots=True)
class Quality:
    """A named chord without tensions, and its name in each dialect.

    None where a dialect has no name and composes the chord from another.
    """

    tones: Tones
    plain: str | None
    ireal: str | None
    weimar: str | None
    improvisor: str | None
    music21: str
    harte: str | None
    musicxml: str


QUALITIES = (
    # tones, plain, iReal Pro, Weimar, Impro-Visor, music21, Harte, MusicXML
    Quality((0, 4, 7), "", "", "", "", "", "maj", "major"),
    Quality((0, 4, 7, 9), "6", "6", "6", "6", "6", "maj6", "major-sixth"),
    Quality((0, 4, 7, 10), "7", "7", "7", "7", "7", "7", "dominant"),
    Quality((0, 4, 7, 11), "maj7", "^7", "j7", "M7", "M7", "maj7", "major-seventh"),
    Quality((0, 3, 7), "m", "-", "-", "m", "m", "min", "minor"),
    Quality((0, 3, 7, 9), "m6", "-6", "-6", "m6", "m6", "min6", "minor-sixth"),
    Quality((0, 3, 7, 10), "m7", "-7", "-7", "m7", "m7", "min7", "minor-seventh"),
    Quality((0, 3, 7, 11), "mmaj7", "-^7", "-j7", "mM7", "mM7", "minmaj7", "major-minor"),
    Quality((0, 3, 6), "dim", "o", "o", "o", "o", "dim", "diminished"),
    Quality((0, 3, 6, 9), "dim7", "o7", "o7", "o7", "o7", "dim7", "diminished-seventh"),
    Quality((0, 3, 6, 10), "m7b5", "h7", "m7b5", "m7b5", "ø7", "hdim7", "half-diminished"),
    Quality((0, 4, 8), "aug", "+", "+", "+", "+", "aug", "augmented"),
    Quality((0, 4, 8, 10), None, None, "+7", None, "7+", None, "augmented-seventh"),
    Quality((0, 5, 7), None, None, None, None, "sus4", "sus4", "suspended-fourth"),
    Quality((0, 2, 7), None, None, None, None, "sus2", "sus2", "suspended-second"),
    Quality((0, 7), "5", "5", "5", "5", "power", None, "power"),
)
NAMED = {quality.tones: quality for quality in QUALITIES}


class Skeleton(NamedTuple):
    """The third, fifth and seventh of a chord, in semitones above the root."""

    third: int | None
    fifth: int | None
    seventh: int | None


def tones_of(third: int | None, fifth: int | None, seventh: int | None) -> Tones:
    return (0, *(tone for tone in (third, fifth, seventh) if tone is not None))


SKELETONS = {
    tones_of(*skeleton): Skeleton(*skeleton)
    for skeleton in product((None, *THIRDS), (None, *FIFTHS), (None, *SEVENTHS))
}


def base_of(skeleton: Skeleton) -> Quality:
    """Return the nearest named quality with a major or minor third and a perfect fifth; for sus4 that is major."""
    return NAMED[tones_of(3 if skeleton.third == 3 else 4, 7, skeleton.seventh)]


def quality_class(skeleton: Skeleton) -> QualityClass:
    """Return the quality by third, fifth and seventh alone."""
    third, fifth, seventh = skeleton
    if third == 3:
        if fifth == 6:
            return "half-diminished" if seventh == 10 else "diminished"
        return "minor-major" if seventh == 11 else "minor"
    if third in (2, 5):
        return "suspended"
    if seventh == 10:
        return "dominant"
    if third is None:
        return "power" if seventh is None else "major"
    return "augmented" if fifth == 8 else "major"


QUALITY_CLASSES: dict[Tones, QualityClass] = {tones: quality_class(skeleton) for tones, skeleton in SKELETONS.items()}


def stacked_number(tensions: Tones, stacks: dict[str, Tones]) -> tuple[str, Tones]:
    """Return the highest number (7, 9, 11 or 13) that the tensions allow, and the tensions it does not imply.

    A natural tension beside an altered form of it is written out: read as part of the number, it would be replaced.
    """
    replaced = {natural for natural in (2, 5, 9) if {natural - 1, natural + 1} & set(tensions)}
    for number, stack in reversed(stacks.items()):
        stacked = set(stack) - replaced
        if stack[-1] in stacked <= set(tensions) and not replaced & set(tensions):
            return number, tuple(tension for tension in tensions if tension not in stacked)
    return "7", tensions


def stacks_over(skeleton: Skeleton) -> dict[str, Tones]:
    return MINOR_STACKS if skeleton.third == 3 else STACKS

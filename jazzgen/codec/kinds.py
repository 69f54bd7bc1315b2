"""The four kinds of note against a chord.

    C  chord tone      root, third, fifth, seventh (or sixth)
    S  scale tone      the rest of the chord's scale
    A  approach tone   outside the scale, a half step from a chord tone
    X  outside tone    everything else

Each pitch class is of exactly one kind. Over many chords every outside tone would be an approach tone, and `X` could
not be played. So kinds are reassigned until every seven neighbouring half steps (a grammar window) hold all four,
starting with the weakest approaches: those from above before those from below.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product

from jazzgen.harmony.chords import Chord
from jazzgen.harmony.scales import chord_scale

KINDS = ("C", "S", "A", "X")
WINDOW_WIDTH = 7


@lru_cache(maxsize=4096)
def kinds_over(chord: Chord) -> tuple[str, ...]:
    """Return the kind of each pitch class, from C to B, over `chord`.

    >>> from jazzgen.harmony.chords import parse_chord
    >>> "".join(kinds_over(parse_chord("Cmaj7")))
    'CXSACSACXSAC'
    """
    relative = _assign(frozenset(chord.tones), chord_scale(chord))
    return tuple(relative[(pitch_class - chord.root_class) % 12] for pitch_class in range(12))


def kind_of(pitch: int, chord: Chord) -> str:
    return kinds_over(chord)[pitch % 12]


@lru_cache(maxsize=1024)
def _assign(tones: frozenset[int], scale: frozenset[int]) -> str:
    """Return kinds by semitones above the root: the natural ones, changed as cheaply as puts all within reach."""
    natural = "".join(_natural_kind(tone, tones, scale) for tone in range(12))
    for changes in range(13):
        candidates = [kinds for kinds in _variants(natural, changes) if _all_in_reach(kinds)]
        if candidates:
            return min(candidates, key=lambda kinds: _cost(natural, kinds, tones))
    raise AssertionError("some assignment of twelve tones to four kinds is always in reach")


def _natural_kind(tone: int, tones: frozenset[int], scale: frozenset[int]) -> str:
    if tone in tones:
        return "C"
    if tone in scale:
        return "S"
    return "A" if _is_below(tone, tones) or (tone - 1) % 12 in tones else "X"


def _is_below(tone: int, tones: frozenset[int]) -> bool:
    return (tone + 1) % 12 in tones


def _variants(natural: str, changes: int) -> Iterator[str]:
    """Yield every string of kinds that differs from `natural` in that many places."""
    for places in combinations(range(12), changes):
        for kinds in product(*("".join(k for k in KINDS if k != natural[p]) for p in places)):
            variant = list(natural)
            for place, kind in zip(places, kinds, strict=True):
                variant[place] = kind
            yield "".join(variant)


def _all_in_reach(kinds: str) -> bool:
    """Return True if every seven neighbouring semitones hold all four kinds."""
    around = kinds * 2
    return all(len(set(around[start : start + WINDOW_WIDTH])) == len(KINDS) for start in range(12))


def _cost(natural: str, kinds: str, tones: frozenset[int]) -> int:
    """Return the cost of a change: highest for chord tones, then scale tones, approaches from below, from above.

    The weights are set by hand; only their order matters.
    """
    cost = 0
    for tone, (old, new) in enumerate(zip(natural, kinds, strict=True)):
        if old != new:
            cost += {"C": 50, "S": 10, "X": 1}.get(old, 3 if _is_below(tone, tones) else 2)
            cost += 100 if new == "C" else 5 if new == "S" else 0
    return cost

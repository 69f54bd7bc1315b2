"""The changes as a rhythm section reads them: each chord until the next, and silences."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from jazzgen.harmony.changes import Changes
from jazzgen.harmony.chords import Chord


@dataclass(frozen=True, slots=True)
class Sounding:
    """A chord that sounds over ticks [onset, end), however often it is written there.

    Attributes:
        after: the chord that follows without a gap; None before N.C. and at the end.
        silence: the tick of the next silence or of the end.
    """

    onset: int
    end: int
    chord: Chord
    after: Chord | None
    silence: int


def soundings(changes: Changes) -> tuple[Sounding, ...]:
    """Return the chords in order; N.C. and gaps between chords are silence."""
    merged: list[tuple[int, int, Chord]] = []
    for span in changes:
        if span.chord is None:
            continue
        if merged and merged[-1][1:] == (span.onset, span.chord):
            merged[-1] = (merged[-1][0], span.end, span.chord)
        else:
            merged.append((span.onset, span.end, span.chord))
    found: list[Sounding] = []
    for onset, end, chord in reversed(merged):
        later = found[-1] if found and found[-1].onset == end else None
        found.append(Sounding(onset, end, chord, later.chord if later else None, later.silence if later else end))
    return tuple(reversed(found))


def sounding_at(sounding: Sequence[Sounding], tick: int) -> Sounding | None:
    """Return the chord that sounds at a tick; None in a silence."""
    index = bisect_right(sounding, tick, key=lambda chord: chord.onset) - 1
    return sounding[index] if index >= 0 and tick < sounding[index].end else None

"""Chord voicings: which tones, in which octaves, and how one leads to the next.

A rootless voicing is the third and seventh with the fifth (or a tension) and the ninth where the chord has room for it;
a shell is the third and seventh alone; both leave the root to a bass. A pianist plays them close, around middle C, a
guitarist open, with the second voice from the top an octave lower ("drop 2"). Without a bass the root is added below.
Each chord takes the voicing whose voices move least. After M. Levine, "The Jazz Piano Book" (1989).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from jazzgen.band.players import Register
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.scales import chord_scale

Voicing = tuple[int, ...]


def rootless_classes(chord: Chord) -> tuple[int, ...]:
    """Return the semitones above the root of a rootless voicing, at most four; with the root if there is no seventh."""
    third = chord.third if chord.third is not None else 0
    if chord.seventh is None:
        return tuple(sorted({0, third, *(tone for tone in chord.tones if tone > 5), *chord.tensions[:1]}))
    crowded = {7} if {6, 8} & set(chord.tensions) else set()  # the fifth, a half step from #11 or b13
    colours = [*(tone for tone in chord.tones if tone not in {0, third, chord.seventh} | crowded), *chord.tensions]
    if 2 in chord_scale(chord) and not {1, 2, 3} & set(chord.tensions):
        colours.append(2)
    return tuple(sorted({third, chord.seventh, *colours[-2:]}))


def shell_classes(chord: Chord) -> tuple[int, ...]:
    """Return the semitones above the root of a shell: third and seventh, or a whole triad."""
    if chord.seventh is None:
        return rootless_classes(chord)
    return tuple(sorted({chord.third if chord.third is not None else 0, chord.seventh}))


def voicings(chord: Chord, classes: Iterable[int], register: Register) -> list[Voicing]:
    """Return every inversion of these semitones above the root that fits the register, each low to high."""
    found = [_spread(voicing, register) for voicing in _close(chord, set(classes), register)]
    return [voicing for voicing in found if register.low <= voicing[0] and voicing[-1] <= register.high]


def _close(chord: Chord, classes: set[int], register: Register) -> Iterable[Voicing]:
    wanted = {(chord.root_class + tone) % 12 for tone in classes}
    for lowest in range(register.low, register.high + 1):
        if lowest % 12 in wanted:
            yield tuple(lowest + above for above in range(12) if (lowest + above) % 12 in wanted)


def _spread(voicing: Voicing, register: Register) -> Voicing:
    if not register.open or len(voicing) < 4:
        return voicing
    return tuple(sorted((*voicing[:-2], voicing[-2] - 12, voicing[-1])))


def lead_voices(chord: Chord, classes: Iterable[int], previous: Voicing, register: Register) -> Voicing:
    """Return the voicing that moves least from `previous`, with a penalty for straying from the register's center."""

    def cost(voicing: Voicing) -> float:
        drift = abs(float(np.mean(voicing)) - register.center)
        return movement(previous, voicing) + 0.5 * drift  # the weight is set by ear

    return min(voicings(chord, classes, register), key=cost)


def movement(before: Sequence[int], after: Sequence[int]) -> int:
    """Return the half steps that voices move: each to the nearest, plus the top voice's, which is heard as a line."""
    if not before:
        return 0
    return sum(min(abs(pitch - other) for other in before) for pitch in after) + abs(after[-1] - before[-1])


def with_root(chord: Chord, voicing: Voicing, low: int) -> Voicing:
    """Add the root, or the slash bass, in the octave from `low` up, for a band without a bass."""
    return tuple(sorted({low + (chord.bass_class - low) % 12, *voicing}))

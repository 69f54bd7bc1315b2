"""How well lines are foretold, in bits a beat, beside uniform pitches, steps alone, and n-grams of steps.

A beat counts if it has a note and a chord. Each forecaster knows the notes before it, as the bassist does.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.examples import Line
from jazzgen.learning.bass.hearing import HIGH, LOW, N_PITCHES, WIDEST
from jazzgen.learning.bass.places import COLUMNS
from jazzgen.learning.bass.walk import Bassist, Walk

UNIFORM_BITS = float(np.log2(N_PITCHES))
# Counts that a shorter context weighs, parts of a context, and beats to a change: the best of some on tunes held out
# of the training ones.
_STRENGTH = 8.0
_ORDER = 2
_FARTHEST = 4
_PLACE = {name: place for place, name in enumerate(COLUMNS)}
_Context = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Scored:
    """Bits of each counted beat, (n,), and whether the likeliest pitch was played."""

    bits: np.ndarray
    right: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence["Scored"]) -> "Scored":
        return cls(np.concatenate([part.bits for part in parts]), np.concatenate([part.right for part in parts]))


def score_line(bassist: Bassist, line: Line) -> Scored:
    """Return the bassist's bits on a line."""
    walk = Walk(bassist, line.places)
    bits, right = [], []
    for pitch, counts in zip(line.pitch.tolist(), line.counted.tolist(), strict=True):
        if counts:
            chances = walk.probabilities()
            bits.append(-float(np.log2(chances[pitch - LOW])))
            right.append(int(chances.argmax()) + LOW == pitch)
        walk.take(None if pitch == NONE else pitch)
    return Scored(np.array(bits), np.array(right, bool))


class Steps:
    """N-grams of steps in contexts that grow, each smoothed by the shorter one; the shortest is the step alone.

    Steps out of the range have no chance: what is left is scaled to 1.
    """

    def __init__(self, lines: Iterable[Line], order: int) -> None:
        """Count the steps of lines, in the first `order` parts of a context; 0 for steps alone."""
        self._order = order
        self._counts: Mapping[_Context, Counter[int]] = defaultdict(Counter)
        for line in lines:
            for context, last, pitch in _contexts(line):
                for length in range(order + 1):
                    self._counts[context[:length]][pitch - last] += 1

    def score(self, line: Line) -> Scored:
        """Return the bits on a line; those of a beat without a note before it are uniform."""
        told = [(self._chances(context, last), pitch) for context, last, pitch in _contexts(line)]
        first = np.full(int(line.counted.sum()) - len(told), UNIFORM_BITS)
        bits = [-float(np.log2(chances[pitch - LOW])) for chances, pitch in told]
        right = [int(chances.argmax()) + LOW == pitch for chances, pitch in told]
        return Scored(np.concatenate([first, bits]), np.concatenate([np.zeros(len(first), bool), right]))

    def _chances(self, context: _Context, last: int) -> np.ndarray:
        chances = np.full(2 * WIDEST + 1, 1 / (2 * WIDEST + 1))
        for length in range(self._order + 1):
            counts = self._counts.get(context[:length])
            if counts is None:
                break
            seen = np.zeros(len(chances))
            seen[[step + WIDEST for step in counts]] = list(counts.values())
            chances = (seen + _STRENGTH * chances) / (seen.sum() + _STRENGTH)
        reached = chances[LOW - last + WIDEST : HIGH - last + WIDEST + 1]
        return np.asarray(reached / reached.sum())


def _contexts(line: Line) -> Iterator[tuple[_Context, int, int]]:
    """Yield context, last pitch and pitch of each counted beat that has a note before it.

    The context is the last pitch above the chord's root, beats to the change, and the last pitch above the next bass.
    """
    columns = line.places.columns
    for beat in np.flatnonzero(line.counted & (line.last != NONE)).tolist():
        last, target = int(line.last[beat]), int(line.places.next_bass[beat])
        to_change = min(int(columns[beat, _PLACE["to_change"]]), _FARTHEST)
        above_next = NONE if target == NONE else (last - target) % 12
        yield ((last - int(line.places.root[beat])) % 12, to_change, above_next), last, int(line.pitch[beat])


def forecasters(bassist: Bassist, trained: Sequence[Line], lines: Sequence[Line]) -> Mapping[str, Scored]:
    """Score lines by the bassist, and by n-grams and steps counted in the lines `trained`."""
    alone, in_context = Steps(trained, 0), Steps(trained, _ORDER)
    counted = sum(int(line.counted.sum()) for line in lines)
    found = {"bassist": Scored.joined([score_line(bassist, line) for line in lines])} if lines else {}
    if trained and lines:
        found["n-grams"] = Scored.joined([in_context.score(line) for line in lines])
        found["steps"] = Scored.joined([alone.score(line) for line in lines])
    return found | {"uniform": Scored(np.full(counted, UNIFORM_BITS), np.zeros(counted, bool))}

"""Leaning against drift: a solo that has rested more than its corpus does comes to rest less, and so on.

What a solo has too much of so far is counted in beats and notes, not as a share, and the lean grows with it. So the
excess stays within a few beats however long the solo is, and what it comes to as a share goes to nothing.
"""

import numpy as np

from jazzgen.learning.grammar.tilt import Balance, Steps
from jazzgen.music.timing import TICKS_PER_BEAT

# Logits for each beat of rest too many, each note too many (of twice the mean length), each chord tone too many. With
# these, solos of 24 bars stray half as far as without, and phrases are as long (docs/results.md).
_GAINS = np.array([0.4, 0.12, 0.8])
_FARTHEST = 8.0  # logits
_CHORD_TONE = "C"


class Account:
    """What m solos have played too much of, and the offsets that lean against it."""

    def __init__(self, balance: Balance, steps: Steps, m: int) -> None:
        self._balance = balance
        lengths = np.clip(np.log2(steps.durations / (balance.note_beats * TICKS_PER_BEAT)), -2, 2)
        self._directions = np.array([-1.0 * steps.rests, lengths * ~steps.rests, -1.0 * (steps.kinds == _CHORD_TONE)])
        self._excess = np.zeros((m, 3))

    def offsets(self, strong: np.ndarray) -> np.ndarray:
        """Added to the logits (m, n_values): fewer rests, longer notes, and on strong beats (m,) fewer chord tones."""
        lean = np.clip(_GAINS * self._excess, -_FARTHEST, _FARTHEST)
        lean[:, 2] *= strong
        return lean @ self._directions

    def count(self, ticks: np.ndarray, resting: np.ndarray, kinds: np.ndarray, strong: np.ndarray) -> None:
        """Takes in a step of each (m,): how long (0 when the solo is over), whether a rest, the kind, the place."""
        beats, sounding = ticks / TICKS_PER_BEAT, (ticks > 0) & ~resting
        self._excess[:, 0] += beats * (resting - self._balance.rests)
        self._excess[:, 1] += sounding * (1 - beats / self._balance.note_beats)
        if self._balance.chord_tones is not None:
            self._excess[:, 2] += (sounding & strong) * ((kinds == _CHORD_TONE) - self._balance.chord_tones)

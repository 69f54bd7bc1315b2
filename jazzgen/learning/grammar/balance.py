"""Lean against drift: a solo that has rested more than its corpus does is made to rest less, and so on.

The excess so far is counted in beats and notes, not as a share, and the offset grows with it. So the excess stays
within a few beats however long the solo is, and as a share it goes to 0.
"""

import numpy as np

from jazzgen.learning.grammar.tilt import Balance, Steps
from jazzgen.music.timing import TICKS_PER_BEAT

# Logits for each excess beat of rest, each excess note (of twice the mean length) and each excess chord tone. With
# these, solos of 24 bars stray half as far as without, and phrases are as long (docs/results.md).
_GAINS = np.array([0.4, 0.12, 0.8])
_FARTHEST = 8.0  # logits, set by hand
_CHORD_TONE = "C"


class Account:
    """The excess of m solos, and the offsets that lean against it."""

    def __init__(self, balance: Balance, steps: Steps, m: int) -> None:
        self._balance = balance
        # What each token adds to the three excesses, with the sign turned: rests, length, chord tones.
        lengths = np.clip(np.log2(steps.durations / (balance.note_beats * TICKS_PER_BEAT)), -2, 2)
        self._directions = np.array([-1.0 * steps.rests, lengths * ~steps.rests, -1.0 * (steps.kinds == _CHORD_TONE)])
        self._excess = np.zeros((m, 3))

    def offsets(self, strong: np.ndarray) -> np.ndarray:
        """Return offsets to the logits (m, n_values); those of chord tones apply on `strong` beats (m,) alone."""
        lean = np.clip(_GAINS * self._excess, -_FARTHEST, _FARTHEST)
        lean[:, 2] *= strong
        return lean @ self._directions

    def count(self, ticks: np.ndarray, resting: np.ndarray, kinds: np.ndarray, strong: np.ndarray) -> None:
        """Count a step of each solo: ticks (0 once over), whether a rest, kind, whether on a strong beat, all (m,)."""
        beats = ticks / TICKS_PER_BEAT
        sounding = (ticks > 0) & ~resting
        self._excess[:, 0] += beats * (resting - self._balance.rests)
        self._excess[:, 1] += sounding * (1 - beats / self._balance.note_beats)
        if self._balance.chord_tones is not None:
            self._excess[:, 2] += (sounding & strong) * ((kinds == _CHORD_TONE) - self._balance.chord_tones)

"""Syncopation: multiply the odds that a note starts off the beat.

At nearly any pace people start a note on half of the beats: 0.50 of them in 408 solos of the Weimar Jazz Database,
standard deviation 0.10 (0.38 in the 21 solos with less than a note a beat, 0.47 to 0.54 at every other pace). So at p
notes a beat, a share of 1 - 0.5 / p starts off the beat; the factor on its odds gives the share wanted. Tilting each
note alone would miss it, since after a note off the beat the next is mostly on it: the shortfall of the last notes is
made up for over the next, as in `steering`.
"""

import numpy as np

from jazzgen.codec.events import IOIS
from jazzgen.learning.soloist.moments import INDEX, PLACE
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.timing import TATUMS_PER_BEAT

ON_BEAT = 0.5  # notes on the beat, for each beat
_MOST_ON_BEAT = 0.9  # the most that is asked for; set by hand
_WINDOW = 128  # notes; set by hand
_AHEAD = 16  # notes; set by hand
_SLOWEST = 0.7  # notes a beat; slower solos are treated as this fast; set by hand
_MOST_ODDS = 2.5  # set by hand
# Waiting for the beat takes longer. The effect on the pace is undone by a weight on the log of the ioi for each unit of
# log-odds, towards the beat and away from it, so that solos at 0.5 and 2 have nearly the same pace (docs/controls.md).
_QUICKER = 0.35
_SLOWER = 0.15
_IOIS = np.array(IOIS)
_LOG_IOIS = np.log(np.maximum(IOIS, 1)).astype(np.float32)


class Syncopation:
    """Bias of onsets off the beat or onto it; beats are quarter notes."""

    def __init__(self, factor: np.ndarray, stage: Stage) -> None:
        """Take the factor on the odds at each tatum of the stage; 1 leaves the notes there alone."""
        self._factor = factor
        self._last = len(factor) - 1
        self._off_beat = stage.place[:, INDEX["tatum"] - PLACE.start] != 1

    def bias(self, session: Session) -> np.ndarray:
        """Return what to add to the log-probabilities of iois (m, classes)."""
        here = self._factor[np.minimum(session.onset, self._last)]
        lean = np.where(here == 1, 0, np.log(here) + self._owed(session, here))
        lands = np.minimum(session.onset[:, None] + _IOIS, self._last)
        pace = lean * np.where(lean < 0, _QUICKER, _SLOWER)
        return np.asarray(lean[:, None] * self._off_beat[lands] + pace[:, None] * _LOG_IOIS, np.float32)

    def _owed(self, session: Session, here: np.ndarray) -> np.ndarray:
        """Return the log-odds (m,) that make up for the shortfall of the last notes."""
        onset = session.notes()[0][:, -_WINDOW:]
        if onset.shape[1] < 2:
            return np.zeros(len(onset))
        beats = (onset[:, -1] - onset[:, 0]) / TATUMS_PER_BEAT + 1
        pace = np.maximum(onset.shape[1] / beats, _SLOWEST)[:, None]
        tatums = np.minimum(onset, self._last)
        factor = self._factor[tatums]
        short = np.where(factor == 1, 0, _wanted(factor, pace) - self._off_beat[tatums]).sum(axis=1)
        share = _wanted(here[:, None], pace)[:, 0]
        return np.clip(short / _AHEAD / (share * (1 - share)), -_MOST_ODDS, _MOST_ODDS)


def _wanted(factor: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """Return the share of notes to start off the beat, for a factor on its odds and a pace in notes a beat."""
    odds = factor * (pace - ON_BEAT) / ON_BEAT
    return np.maximum(odds / (1 + odds), 1 - _MOST_ON_BEAT / np.maximum(pace, _MOST_ON_BEAT))

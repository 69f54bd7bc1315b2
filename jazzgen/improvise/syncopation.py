"""How often notes start off the beat: more often or less than they would, by a factor on the odds.

People start a note on half of the beats at nearly any pace: 0.50 of them in 408 solos of the Weimar Jazz Database, with
a standard deviation of 0.10 (0.38 in the 21 that have less than a note a beat, 0.47 to 0.54 in those of any other
pace). So of p notes a beat the share 1 - 0.5 / p starts off the beat, and a factor on the odds says which share is
wanted instead. Notes tilted one by one would not come to it, for after a note off the beat the next is mostly on it:
what the last notes are short of is made up for over the next, as in `steering`.
"""

import numpy as np

from jazzgen.codec.events import IOIS
from jazzgen.learning.soloist.moments import INDEX, PLACE
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.timing import TATUMS_PER_BEAT

ON_BEAT = 0.5  # notes on the beat, a beat
_MOST_ON_BEAT = 0.9  # the most that is wanted of them
_WINDOW, _AHEAD = 128, 16  # notes
_SLOWEST = 0.7  # notes a beat; with fewer the share off the beat is that of so many
_MOST_ODDS = 2.5
# Waits for the beat are longer than others. What that does to the pace is taken back by the logarithm of the ioi, for
# each unit of log-odds towards the beat, and away from it: solos asked for 0.5 and 2 then have nearly the same pace.
_QUICKER, _SLOWER = 0.35, 0.15
_IOIS = np.array(IOIS)
_LOG_IOIS = np.log(np.maximum(IOIS, 1)).astype(np.float32)


class Syncopation:
    """What to add to the log-probabilities of onsets; beats are quarter notes."""

    def __init__(self, factor: np.ndarray, stage: Stage) -> None:
        """Takes the factor on the odds at each tatum of the stage; 1 leaves the notes there alone."""
        self._factor, self._last = factor, len(factor) - 1
        self._off_beat = stage.place[:, INDEX["tatum"] - PLACE.start] != 1

    def bias(self, session: Session) -> np.ndarray:
        """For iois (m, classes): towards those that lead off the beat, or away from them."""
        here = self._factor[np.minimum(session.onset, self._last)]
        lean = np.where(here == 1, 0, np.log(here) + self._owed(session, here))
        lands = np.minimum(session.onset[:, None] + _IOIS, self._last)
        pace = lean * np.where(lean < 0, _QUICKER, _SLOWER)
        return np.asarray(lean[:, None] * self._off_beat[lands] + pace[:, None] * _LOG_IOIS, np.float32)

    def _owed(self, session: Session, here: np.ndarray) -> np.ndarray:
        """Log-odds (m,) that make up for what the last notes are short of."""
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
    """The share of notes off the beat, of so many notes a beat."""
    odds = factor * (pace - ON_BEAT) / ON_BEAT
    return np.maximum(odds / (1 + odds), 1 - _MOST_ON_BEAT / np.maximum(pace, _MOST_ON_BEAT))

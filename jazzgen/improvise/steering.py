"""Keeping a solo near its profile: what its last notes owe of a figure is made up over the next ones, bit by bit.

Told its profile, a soloist begins by it, and then trusts its own last notes more, which drift to the middle of what it
learnt. So each figure that was decided on is steered by: what the last notes are short of, in notes, tatums or
semitones, is wanted back over the next `AHEAD` notes, and choices that bring it are made likelier by what that takes
(exponential tilting: a choice's odds rise by the factor e for each variance of the figure that is wanted). It is a
little at a time, and no single note gives it away.
"""

import numpy as np

from jazzgen.codec.events import IOIS
from jazzgen.improvise.guards import silence
from jazzgen.soloist.moments import CLASSES, LOWEST, WIDEST
from jazzgen.soloist.profile import PROFILE, REST_TATUMS
from jazzgen.soloist.session import Session
from jazzgen.soloist.stage import Stage
from jazzgen.timing import TATUMS_PER_BEAT

_WINDOW, AHEAD = 256, 48  # notes
_STEPS = (np.arange(CLASSES["pitch"]) - WIDEST).astype(np.float32)
_LOG_IOIS = np.log(np.maximum(IOIS, 1)).astype(np.float32)
# Of people's notes: variances of the pitch within a solo (semitones), of the logarithm of an ioi, of whether a note is
# of the chord and of whether a rest comes before it; how long a rest is, in tatums.
_PITCH_VARIANCE, _IOI_VARIANCE, _CHORD_VARIANCE, _REST_VARIANCE = 36.0, 0.4, 0.25, 0.08
_REST = 18.0
_SQUARE_VARIANCE = 2 * _PITCH_VARIANCE**2  # of the squared distance from the mean, if that is normal
_MOST_SEMITONES, _MOST_WIDER, _MOST_STRETCH, _MOST_ODDS = 6.0, 18.0, 0.5, 2.5
_TESSITURA, _SPREAD, _PACE, _SPACE, _INSIDE = (list(PROFILE).index(name) for name in list(PROFILE)[:5])


class Steering:
    """What to add to the log-probabilities of choices."""

    def __init__(self, stage: Stage) -> None:
        self._harmony = stage.harmony
        self._of_chord = stage.classes[:, 0].astype(np.float32)  # (harmonies, 12)
        self._sounds = np.asarray(self._of_chord.any(axis=1))

    def ioi_bias(self, session: Session) -> np.ndarray | None:
        """For iois (m, classes); None if no solo has a profile."""
        wanted = session.wanted
        if wanted is None:
            return None
        onset, duration, _ = (values[:, -_WINDOW:] for values in session.notes())
        if onset.shape[1] < 2:
            return None
        since, n = np.diff(onset, axis=1), onset.shape[1] - 1
        gone, silent = onset[:, -1] - onset[:, 0], since - duration[:, :-1]
        note = TATUMS_PER_BEAT / wanted[:, _PACE]
        stretch = np.clip((n * note - gone) / (AHEAD * note), -_MOST_STRETCH, _MOST_STRETCH)
        rested = np.where(silent > REST_TATUMS, silent, 0).sum(axis=1)
        rests = (wanted[:, _SPACE] * gone - rested) / (_REST * AHEAD)
        odds = np.clip(rests / _REST_VARIANCE, -_MOST_ODDS, _MOST_ODDS)
        longer = _known(stretch / _IOI_VARIANCE)[:, None] * _LOG_IOIS
        return np.asarray(longer + _known(odds)[:, None] * silence(session, REST_TATUMS + 1), np.float32)

    def step_bias(self, session: Session) -> np.ndarray | None:
        """For steps (m, classes); None if no solo has a profile."""
        wanted = session.wanted
        if wanted is None:
            return None
        onset, _, pitch = (values[:, -_WINDOW:] for values in session.notes())
        found = np.zeros((len(session), len(_STEPS)))
        if n := pitch.shape[1]:
            mean = wanted[:, _TESSITURA, None] + LOWEST
            shift = np.clip((mean - pitch).sum(axis=1) / AHEAD, -_MOST_SEMITONES, _MOST_SEMITONES)
            wider = (n * wanted[:, _SPREAD] ** 2 - ((pitch - mean) ** 2).sum(axis=1)) / AHEAD
            square = np.clip(wider, -_MOST_WIDER, _MOST_WIDER) / _SQUARE_VARIANCE
            found += _known(shift / _PITCH_VARIANCE)[:, None] * _STEPS
            found += _known(square[:, None] * (session.pitch[:, None] + _STEPS - mean) ** 2)
            found += self._towards_chord(session, onset, pitch)
        return found.astype(np.float32)

    def _towards_chord(self, session: Session, onset: np.ndarray, pitch: np.ndarray) -> np.ndarray:
        assert session.wanted is not None
        harmony = self._harmony[np.minimum(onset, len(self._harmony) - 1)]
        heard = self._sounds[harmony]
        owed = session.wanted[:, _INSIDE] * heard.sum(axis=1) - (self._of_chord[harmony, pitch % 12] * heard).sum(
            axis=1
        )
        odds = np.clip(owed / AHEAD / _CHORD_VARIANCE, -_MOST_ODDS, _MOST_ODDS)
        here = self._harmony[np.minimum(session.onset, len(self._harmony) - 1)]
        classes = (session.pitch[:, None] + _STEPS.astype(np.int64)) % 12
        return _known(odds)[:, None] * self._of_chord[here[:, None], classes]


def _known(values: np.ndarray) -> np.ndarray:
    """What is wanted, 0 where nothing was decided on."""
    return np.nan_to_num(values, nan=0.0)

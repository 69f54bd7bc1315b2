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
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.moments import CLASSES, INDEX, PLACE, WIDEST
from jazzgen.learning.soloist.profile import FIGURES, REST_TATUMS
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.timing import TATUMS_PER_BEAT

_WINDOW, AHEAD = 256, 48  # notes
_STEPS = (np.arange(CLASSES["pitch"]) - WIDEST).astype(np.float32)
_LOG_IOIS = np.log(np.maximum(IOIS, 1)).astype(np.float32)
# Of the notes of the training tunes, rounded: variances of the pitch within a solo (32 semitones squared), of the
# logarithm of an ioi (0.46), of whether a note is of the chord and of whether a rest comes before it (0.1); how long a
# rest is, in tatums (17.7). What they are off by, the steering makes up for.
_PITCH_VARIANCE, _IOI_VARIANCE, _CHORD_VARIANCE, _REST_VARIANCE = 36.0, 0.4, 0.25, 0.08
_REST = 18.0
_SQUARE_VARIANCE = 2 * _PITCH_VARIANCE**2  # of the squared distance from the mean, if that is normal
_MOST_SEMITONES, _MOST_WIDER, _MOST_STRETCH, _MOST_ODDS = 6.0, 18.0, 0.5, 2.5
# What comes about of a figure, for what it is steered to, as measured over changes of the training tunes: a long rest
# is not made up for at once, and other rules get in the way of notes of the chord and of pitches that come back.
_RESTS_MADE, _CHORD_MADE, _ECHO_MADE = 1.16, 0.97, 0.9
# How much likelier than as learnt people play tones of the chord's scale, as log-odds: on the beat and off it; and how
# much of what is owed in chord tones is wanted on the beat, and off it.
_SCALE_ODDS, _ON_BEAT = (0.15, 0.06), (1.5, 0.75)
_MOST_ECHO = 2.5
_TESSITURA, _SPREAD, _PACE, _SPACE, _INSIDE, _, _ECHO = range(len(FIGURES))


class Steering:
    """What to add to the log-probabilities of choices."""

    def __init__(self, stage: Stage) -> None:
        self._harmony = stage.harmony
        self._of_chord = stage.classes[:, 0].astype(np.float32)  # (harmonies, 12)
        self._of_scale = stage.scales.astype(np.float32)
        self._off_beat = (stage.place[:, INDEX["tatum"] - PLACE.start] != 1).astype(np.int64)
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
        rests = (wanted[:, _SPACE] / _RESTS_MADE * gone - rested) / (_REST * AHEAD)
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
            found += self._towards_chord(wanted[:, _INSIDE], session, onset, pitch)
            found += _echo(session, wanted[:, _ECHO])
        return found.astype(np.float32)

    def _towards_chord(self, wanted: np.ndarray, session: Session, onset: np.ndarray, pitch: np.ndarray) -> np.ndarray:
        harmony = self._harmony[np.minimum(onset, len(self._harmony) - 1)]
        heard, of_chord = self._sounds[harmony].sum(axis=1), self._of_chord[harmony, pitch % 12].sum(axis=1)
        odds = np.clip((wanted / _CHORD_MADE * heard - of_chord) / AHEAD / _CHORD_VARIANCE, -_MOST_ODDS, _MOST_ODDS)
        now = np.minimum(session.onset, len(self._harmony) - 1)
        here, off_beat = self._harmony[now, None], self._off_beat[now]
        classes = (session.pitch[:, None] + _STEPS.astype(np.int64)) % 12
        towards = (odds * np.take(_ON_BEAT, off_beat))[:, None] * self._of_chord[here, classes]
        in_scale = np.take(_SCALE_ODDS, off_beat)[:, None] * self._of_scale[here, classes]
        return np.where(np.isnan(wanted)[:, None], 0, towards + in_scale)


def _echo(session: Session, echo: np.ndarray) -> np.ndarray:
    """Towards pitches (m, steps) that were there some bars before, for the share of them (m,) that is wanted."""
    n = session.notes()[0].shape[1]
    share = np.clip(echo / _ECHO_MADE, 0.005, 0.5)
    odds = np.clip((share * n - session.echoes) / AHEAD / (share * (1 - share)), -_MOST_ECHO, _MOST_ECHO)
    steps = session.echoed()[..., None] - session.pitch[:, None, None] == _STEPS
    return _known(odds)[:, None] * steps.any(axis=1)


def _known(values: np.ndarray) -> np.ndarray:
    """What is wanted, 0 where nothing was decided on."""
    return np.nan_to_num(values, nan=0.0)

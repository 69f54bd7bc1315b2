"""Steering: keep a solo near its profile by making up, over the next notes, what the last notes lack of each figure.

A soloist that is told its profile begins by it, then trusts its own last notes more, and drifts to the average of its
corpus. So for each figure in the profile, the shortfall of the last notes (in notes, tatums or semitones) is spread
over the next `AHEAD` notes, and choices that reduce it are made likelier (exponential tilting: the log-odds of a choice
rise by the change wanted over the figure's variance, for each unit that the choice brings). The correction of any one
note is small.
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

_WINDOW = 256  # notes; set by hand
AHEAD = 48  # notes; set by hand
_STEPS = (np.arange(CLASSES["pitch"]) - WIDEST).astype(np.float32)
_LOG_IOIS = np.log(np.maximum(IOIS, 1)).astype(np.float32)
# Rounded from the notes of the training tunes: variances of the pitch within a solo (32 semitones squared), of the log
# of an ioi (0.46), of whether a note is a chord tone and of whether a rest comes before it (0.1); and the mean rest in
# tatums (17.7). Errors in them are corrected by the feedback.
_PITCH_VARIANCE = 36.0
_IOI_VARIANCE = 0.4
_CHORD_VARIANCE = 0.25
_REST_VARIANCE = 0.08
_REST = 18.0
_SQUARE_VARIANCE = 2 * _PITCH_VARIANCE**2  # of the squared distance from the mean, for a normal distribution
# The strongest corrections: semitones, semitones squared, relative ioi, log-odds; set by hand.
_MOST_SEMITONES = 6.0
_MOST_WIDER = 18.0
_MOST_STRETCH = 0.5
_MOST_ODDS = 2.5
# Ratio of what comes out to what is steered for, measured over changes of the training tunes: a long rest is not made
# up for at once, and other rules interfere with chord tones and with pitches that come back.
_RESTS_MADE = 1.16
_CHORD_MADE = 0.97
_ECHO_MADE = 0.9
# On the beat, and off it: log-odds by which people prefer scale tones more than the model; and the weight of the
# shortfall in chord tones.
_SCALE_ODDS = (0.15, 0.06)
_ON_BEAT = (1.5, 0.75)
_MOST_ECHO = 2.5  # log-odds; set by hand
_TESSITURA, _SPREAD, _PACE, _SPACE, _INSIDE, _, _ECHO = range(len(FIGURES))


class Steering:
    """Biases of choices towards each solo's profile."""

    def __init__(self, stage: Stage) -> None:
        self._harmony = stage.harmony
        self._of_chord = stage.classes[:, 0].astype(np.float32)  # (harmonies, 12)
        self._of_scale = stage.scales.astype(np.float32)
        self._off_beat = (stage.place[:, INDEX["tatum"] - PLACE.start] != 1).astype(np.int64)
        self._sounds = np.asarray(self._of_chord.any(axis=1))

    def ioi_bias(self, session: Session) -> np.ndarray | None:
        """Return what to add to the log-probabilities of iois (m, classes); None if no solo has a profile."""
        wanted = session.wanted
        if wanted is None:
            return None
        onset, duration, _ = (values[:, -_WINDOW:] for values in session.notes())
        if onset.shape[1] < 2:
            return None
        since = np.diff(onset, axis=1)
        n = onset.shape[1] - 1
        gone = onset[:, -1] - onset[:, 0]
        silent = since - duration[:, :-1]
        note = TATUMS_PER_BEAT / wanted[:, _PACE]
        stretch = np.clip((n * note - gone) / (AHEAD * note), -_MOST_STRETCH, _MOST_STRETCH)
        rested = np.where(silent > REST_TATUMS, silent, 0).sum(axis=1)
        rests = (wanted[:, _SPACE] / _RESTS_MADE * gone - rested) / (_REST * AHEAD)
        odds = np.clip(rests / _REST_VARIANCE, -_MOST_ODDS, _MOST_ODDS)
        longer = _known(stretch / _IOI_VARIANCE)[:, None] * _LOG_IOIS
        return np.asarray(longer + _known(odds)[:, None] * silence(session, REST_TATUMS + 1), np.float32)

    def step_bias(self, session: Session) -> np.ndarray | None:
        """Return what to add to the log-probabilities of steps (m, classes); None if no solo has a profile."""
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
        heard = self._sounds[harmony].sum(axis=1)
        of_chord = self._of_chord[harmony, pitch % 12].sum(axis=1)
        odds = np.clip((wanted / _CHORD_MADE * heard - of_chord) / AHEAD / _CHORD_VARIANCE, -_MOST_ODDS, _MOST_ODDS)
        now = np.minimum(session.onset, len(self._harmony) - 1)
        here = self._harmony[now, None]
        off_beat = self._off_beat[now]
        classes = (session.pitch[:, None] + _STEPS.astype(np.int64)) % 12
        towards = (odds * np.take(_ON_BEAT, off_beat))[:, None] * self._of_chord[here, classes]
        in_scale = np.take(_SCALE_ODDS, off_beat)[:, None] * self._of_scale[here, classes]
        return np.where(np.isnan(wanted)[:, None], 0, towards + in_scale)


def _echo(session: Session, echo: np.ndarray) -> np.ndarray:
    """Return log-odds (m, classes) towards pitches heard some bars before; `echo` (m,) is the share wanted."""
    n = session.notes()[0].shape[1]
    share = np.clip(echo / _ECHO_MADE, 0.005, 0.5)
    odds = np.clip((share * n - session.echoes) / AHEAD / (share * (1 - share)), -_MOST_ECHO, _MOST_ECHO)
    steps = session.echoed()[..., None] - session.pitch[:, None, None] == _STEPS
    return _known(odds)[:, None] * steps.any(axis=1)


def _known(values: np.ndarray) -> np.ndarray:
    """Replace NaN, for figures that the profile leaves open, by 0."""
    return np.nan_to_num(values, nan=0.0)

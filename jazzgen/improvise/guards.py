"""Guards that hold whatever the controls ask: no endless repetition, no impossible speed, breaths, a start and an end.

The limits were measured on 358 solos of the Weimar Jazz Database, those of the training tunes of its split:

- One pitch more than 20 times in a row occurs in 3 of them. A cycle of 2 to 4 pitches more than 16 times, or of 5 to 12
  pitches more than 8 times: 3. If the inter-onset intervals repeat too, more than 6 and 4 times: 1. In all: 6 solos.
- Eight notes at under 46 ms each, 32 at under 61, 128 at under 87: 1% of the solos each.
- Phrases are separated by rests of a quarter note or more. 99% of 8,644 phrases last at most 38 quarter notes, and 99%
  have at most 88 notes.
"""

from collections.abc import Mapping

import numpy as np

from jazzgen.codec.events import IOIS
from jazzgen.learning.soloist.moments import CLASSES, INDEX, PLACE, WIDEST, bpm_of
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.timing import TATUMS_PER_BEAT

# How often a cycle may be played, by its number of notes: for pitches alone, and with inter-onset intervals.
PITCH_PLAYS = {1: 20} | dict.fromkeys(range(2, 5), 16) | dict.fromkeys(range(5, 13), 8)
NOTE_PLAYS = dict.fromkeys(range(2, 5), 6) | dict.fromkeys(range(5, 13), 4)
BREATH_TATUMS = TATUMS_PER_BEAT
PHRASE_TATUMS = 38 * TATUMS_PER_BEAT
PHRASE_NOTES = 88
FASTEST = {8: 46, 32: 61, 128: 87}  # milliseconds a note, by how many notes
# By how much the log-odds of a rest rise for each limit's length that a phrase is too long; set by hand.
_PRESSURE = 38.0
_LOOKED_BACK = 3 * PHRASE_NOTES
_IOIS = np.array(IOIS)
_NEVER = np.float32(-np.inf)
_PITCHES = 128
_LAST = np.arange(-4, 0)  # notes compared in the quick test
_RECENT = max(PITCH_PLAYS) + len(_LAST)
_LOOKED_AT = 128
_CYCLES = np.array(list(PITCH_PLAYS))[:, None]


class Stuck:
    """Forbids repeating one note, or a cycle of a few, too often."""

    def __init__(self) -> None:
        self._cycles = [_Cycles(PITCH_PLAYS), _Cycles(NOTE_PLAYS)]

    def forbidden(self, session: Session) -> np.ndarray | None:
        """Return a mask (m, classes) of forbidden steps for the next note; None if none is."""
        onset, _, pitch = (values[:, -_LOOKED_AT:] for values in session.notes())
        if not _may_cycle(pitch):
            return None
        pitches, notes = self._cycles
        since = session.onset - onset[:, -1]
        ended, before = pitches.ended(pitch, np.zeros(len(pitch), np.int64))
        ended_too, before_too = notes.ended(np.diff(onset, prepend=0) * _PITCHES + pitch, since)
        row, cycle = np.concatenate([ended, ended_too], axis=1).nonzero()
        if not len(row):
            return None
        back = np.concatenate([before, before_too], axis=1)[row, cycle]
        forbidden = np.zeros((len(pitch), CLASSES["pitch"]), bool)
        forbidden[row, back - pitch[row, -1] + WIDEST] = True
        return forbidden


class _Cycles:
    """Limits how often an n-note cycle may repeat."""

    def __init__(self, plays: Mapping[int, int]) -> None:
        self._lengths = np.array(list(plays))[:, None]
        # With the note to come, this many of the last notes must equal those one cycle earlier.
        needed = self._lengths * np.array(list(plays.values()))[:, None] - 1
        self._window = int((needed + self._lengths).max())
        self._places = self._window - 1 - np.minimum(np.arange(needed.max()), needed - 1)

    def ended(self, codes: np.ndarray, since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return whether each cycle has reached its limit (m, cycles), and the pitches that would continue it.

        Args:
            codes: notes as integers (m, n), 128 times anything that must repeat too, plus the pitch.
            since: that multiplier (m,) for the note to come.
        """
        n = min(codes.shape[1], self._window)
        last = np.tile(-1 - np.arange(self._window), (len(codes), 1))  # missing notes equal no other
        last[:, self._window - n :] = codes[:, codes.shape[1] - n :]
        alike = (last[:, self._places] == last[:, self._places - self._lengths]).all(axis=-1)
        times, pitches = np.divmod(last[:, self._window - self._lengths[:, 0]], _PITCHES)
        return alike & (times == since[:, None]), pitches


def _may_cycle(pitch: np.ndarray) -> bool:
    """Return whether the last few pitches (m, n) equal those a cycle earlier: a quick test, mostly false."""
    n = pitch.shape[1]
    if n < _RECENT:
        return n > 0
    recent = pitch[:, -_RECENT:]
    return bool((recent[:, None, _LAST] == recent[:, _LAST - _CYCLES]).all(axis=-1).any())


def silence(session: Session, tatums: int) -> np.ndarray:
    """Return a mask (m, classes) of iois that leave a rest of `tatums` or more after the last note."""
    return session.columns[:, INDEX["duration1"], None] + tatums <= _IOIS


class Haste:
    """Forbids playing faster than people can.

    Limits are interpolated between the measured spans, so that a fast run slows down gradually.
    """

    def __init__(self, stage: Stage) -> None:
        measured = np.array(list(FASTEST))
        milliseconds = np.array(list(FASTEST.values()))
        self._spans = np.arange(measured.min(), measured.max() + 1)
        least = np.interp(self._spans, measured, measured * milliseconds)
        self._tempo = stage.place[:, INDEX["tempo"] - PLACE.start]
        tatum = 60_000 / (bpm_of(np.arange(self._tempo.max() + 1)) * TATUMS_PER_BEAT)
        self._least = np.ceil(least / tatum[:, None]).astype(np.int64)  # (tempos, spans), in tatums

    def forbidden(self, session: Session) -> np.ndarray | None:
        """Return a mask (m, classes) of forbidden iois for the next note; None if none is."""
        onset = session.notes()[0]
        spans = min(onset.shape[1] - int(self._spans[0]) + 1, len(self._spans))
        if spans < 1:
            return None
        least = self._least[self._tempo[np.minimum(session.onset, len(self._tempo) - 1)], :spans]
        wait = (onset[:, -self._spans[:spans]] + least).max(axis=1) - session.onset
        return wait[:, None] > _IOIS if (wait > 1).any() else None


class Breath:
    """Raises the odds of a rest in a phrase that goes on for too long."""

    def bias(self, session: Session) -> np.ndarray | None:
        """Return what to add to the log-probabilities of iois (m, classes); None for nothing."""
        onset, duration, _ = (values[:, -_LOOKED_BACK:] for values in session.notes())
        if onset.shape[1] < 2:
            return None
        ends = onset + duration
        breathes = (onset[:, 1:] - ends[:, :-1] >= BREATH_TATUMS)[:, ::-1]
        back = np.where(breathes.any(axis=1), breathes.argmax(axis=1), breathes.shape[1])
        start = onset[np.arange(len(onset)), onset.shape[1] - 1 - back]
        excess = np.maximum((ends[:, -1] - start) / PHRASE_TATUMS, (back + 1) / PHRASE_NOTES) - 1
        if not (excess > 0).any():
            return None
        pressure = _PRESSURE * np.maximum(excess, 0)
        return np.where(silence(session, BREATH_TATUMS), pressure[:, None], 0)


class InForm:
    """Forbids simultaneous notes, and waits that leave too little of the form.

    The first note starts in the first eighth of the form; no later wait exceeds a quarter of the form, or a beat.
    Both are set by hand. The last note needs no guard: an ioi is at most two bars of 4/4, so a solo ends in the last
    eight quarter notes.
    """

    def __init__(self, stage: Stage) -> None:
        self._end = stage.end
        self._first = stage.end // 8
        longest = max(stage.end // 4, TATUMS_PER_BEAT)
        self._later = np.where((_IOIS > 0) & (longest >= _IOIS), np.float32(0), _NEVER)[None]

    def bias(self, session: Session) -> np.ndarray:
        """Return what to add to the log-probabilities of iois (m, classes): 0, or -inf for forbidden ones."""
        if session.notes()[0].shape[1]:
            return self._later
        latest = np.minimum(np.maximum(self._first, session.onset + TATUMS_PER_BEAT), self._end - 1)
        return np.where(session.onset[:, None] + _IOIS <= latest[:, None], np.float32(0), _NEVER)

"""Targets on a stage: no ioi jumps over one, and the note that starts there has its pitch."""

import numpy as np

from jazzgen.codec.events import IOIS
from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Controls, Target
from jazzgen.learning.soloist.moments import CLASSES, WIDEST
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.timing import TATUMS_PER_BEAT

_PITCHES = 128
_IOIS = np.array(IOIS)
_STEPS = np.arange(CLASSES["pitch"]) - WIDEST
_NEVER = 2**40


class Targets:
    """The targets in order of time, followed by one that is never reached."""

    def __init__(self, controls: Controls, stage: Stage) -> None:
        """Take the controls, which must have at least one target.

        Raises:
            OptionError: when a target is outside the form.
        """
        wanted: dict[int, set[int]] = {}
        for target in controls.targets:
            low, high = (int(limit) for limit in controls.range_at(np.array(float(target.bar))))
            pitches = {pitch for pitch in target.pitches if low <= pitch <= high}
            wanted.setdefault(_tatum_of(target, stage), pitches).intersection_update(pitches)
        self._times = np.array([*sorted(wanted), _NEVER])
        self._wanted = np.zeros((len(self._times), _PITCHES), bool)
        for index, time in enumerate(sorted(wanted)):
            self._wanted[index, list(wanted[time])] = True
        self._wanted[-1] = True
        near = np.abs(np.subtract.outer(np.arange(_PITCHES), np.arange(_PITCHES))) <= WIDEST
        self._near = self._wanted @ near

    def jumped_over(self, session: Session) -> np.ndarray:
        """Return a mask (m, classes) of iois that would jump over a target."""
        return (self._times[self._next(session)] - session.onset)[:, None] < _IOIS

    def arrives(self, session: Session) -> np.ndarray:
        """Return a mask (m, classes) of iois that lead to a target."""
        return (self._times[self._next(session)] - session.onset)[:, None] == _IOIS

    def missed(self, session: Session) -> np.ndarray:
        """Return a mask (m, classes) of steps that miss the target here, or lead too far from the next."""
        place = np.searchsorted(self._times, session.onset)
        away = (self._times[place] - session.onset)[:, None]
        wanted = np.where(away == 0, self._wanted[place], self._near[place] | (away > _IOIS[-1]))
        pitch = np.clip(session.pitch[:, None] + _STEPS, 0, _PITCHES - 1)
        return ~np.take_along_axis(wanted, pitch, axis=1)

    def _next(self, session: Session) -> np.ndarray:
        """Return the index of the next target (m,): after the last note, or from tatum 0 on before the first."""
        started = session.notes()[0].shape[1] > 0
        return np.searchsorted(self._times, session.onset, side="right" if started else "left")

    def unreachable(self, session: Session, forbidden: np.ndarray) -> np.ndarray:
        """Return whether all steps from the last note to the next target are forbidden (m,), by a mask (m, classes)."""
        pitch = np.clip(session.pitch[:, None] + _STEPS, 0, _PITCHES - 1)
        wanted = np.take_along_axis(self._wanted[self._next(session)], pitch, axis=1)
        return (~wanted | forbidden).all(axis=1)


def _tatum_of(target: Target, stage: Stage) -> int:
    """Return the target's tatum on the stage."""
    starts = stage.bar_starts[int(stage.has_pickup) :]
    bars = int((starts < stage.end).sum())
    if target.bar > bars:
        raise OptionError(f"target '{target}' is outside the form, which has {bars} bars")
    start = starts[target.bar - 1]
    end = min([*starts[target.bar : target.bar + 1], stage.end])
    if start + target.tatum >= end:
        quarters = (end - start) / TATUMS_PER_BEAT
        raise OptionError(f"target '{target}': bar {target.bar} lasts {quarters:g} quarter notes")
    return int(start + target.tatum)

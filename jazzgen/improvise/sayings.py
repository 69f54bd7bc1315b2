"""Repetition: repeat figures, and run along with the corpus, as often and as long as people do.

Left alone, a soloist continues a figure that it or its corpus has played before more often than people do, the more so
the longer the figure already is: it loops, and recites. So steps that would continue a long run are made less likely,
by the length of the run that they would make. Short figures, the stuff of motifs and vocabulary, are made a little
more likely instead, since the loops that are prevented held many of them.

The amounts were measured on changes of the training tunes: the difference in log-odds, to people, of the share of runs
of n steps that go on to n + 1 (`jazzgen listen --folds` prints the shares).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from jazzgen.improvise.recall import Recall
from jazzgen.improvise.steering import AHEAD
from jazzgen.learning.soloist.profile import PROFILE, UNITY_BACK, UNITY_RUN
from jazzgen.learning.soloist.runs import run_codes, said_before, step_classes
from jazzgen.learning.soloist.session import Session


class Taken(NamedTuple):
    """Log-odds subtracted from a step, by the steps of the run that it would make; the last holds for longer ones too.

    Attributes:
        again: for runs that the solo has played before.
        heard: for runs that the corpus has.
    """

    again: Mapping[int, float]
    heard: Mapping[int, float]


# A solo with a plan is steered towards how much it should repeat, and needs less. But steering and avoiding quotes
# break off runs of the corpus, so those are made likelier, the more so the longer they are. Solos without a plan use
# what was measured before there were plans, as the soloists of then did.
PLANNED = Taken(
    {4: 0.0, 5: -0.15, 6: -0.2, 7: -0.25, 8: -0.3, 9: -0.3, 10: -0.35},
    {4: -0.08, 5: -0.16, 6: -0.22, 7: -0.32, 8: -0.32, 9: -0.38, 10: -0.42, 11: -0.54},
)
UNPLANNED = Taken(
    {4: -0.15, 5: -0.2, 6: -0.15, 7: 0.3, 8: 0.7, 9: 0.8, 10: 1.0}, {8: -0.15, 9: -0.15, 10: 0.1, 11: 0.0}
)
# Log-odds subtracted for each factor e in how often the solo has played a long run: keeps a trill from filling a whole
# solo, which happened in one of a hundred. Set by hand.
OFTEN = 0.6
_UNITY = list(PROFILE).index("unity")
_UNITY_BOUNDS = (0.02, 0.5)  # set by hand
_MOST_ODDS = 1.5  # set by hand
_OUT_OF_SIGHT = 1.18  # measured: repetitions in all, for each within the last notes that are counted


class Sayings:
    """Bends the odds of steps that continue what was played before."""

    def __init__(self, recall: Recall) -> None:
        self._recall = recall

    def bias(self, session: Session) -> np.ndarray | None:
        """Return what to add to the log-probabilities of steps (m, classes); None for nothing."""
        steps = step_classes(session.notes()[2])
        again = said_before(steps)
        heard = self._recall.reach(session)
        found: list[np.ndarray] = []
        off_again, off_heard = _UNPLANNED if session.wanted is None else _PLANNED
        if again is not None:
            found.append(off_again[np.minimum(again.steps, len(off_again) - 1)])
            found.append(-OFTEN * np.log(np.maximum(again.times, 1)).astype(np.float32))
            if session.wanted is not None:
                found.append(owed_unity(steps, session.wanted[:, _UNITY])[:, None] * (again.steps >= UNITY_RUN))
        if heard is not None:
            found.append(off_heard[np.minimum(heard.steps, len(off_heard) - 1)])
        return np.add.reduce(found) if found else None


def owed_unity(steps: np.ndarray, unity: np.ndarray) -> np.ndarray:
    """Return log-odds (m,) to add to repeating a figure, so that the share `unity` (m,) of the profile comes back."""
    codes = np.sort(run_codes(steps[:, -2 * UNITY_BACK :], UNITY_RUN), axis=1)
    said = (np.diff(codes, axis=1) == 0).sum(axis=1)
    share = np.clip(_OUT_OF_SIGHT * unity, *_UNITY_BOUNDS)
    odds = (share * codes.shape[1] - said) / AHEAD / (share * (1 - share))
    return np.nan_to_num(np.clip(odds, -_MOST_ODDS, _MOST_ODDS), nan=0.0).astype(np.float32)


def _by_steps(taken: Mapping[int, float]) -> np.ndarray:
    """Return what to add by the steps of a run; 0 for lengths below those given."""
    values = np.zeros(max(taken) + 1, np.float32)
    for steps, off in taken.items():
        values[steps] = -off
    return values


_PLANNED, _UNPLANNED = (tuple(map(_by_steps, taken)) for taken in (PLANNED, UNPLANNED))

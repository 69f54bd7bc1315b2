"""How often a figure is said again, and how long a run is what others have played: as often and as long as people do.

As learnt, a soloist goes on with a figure that it or its corpus has played before more often than people do, the more
so the longer the figure is already: it loops, and recites. So the step that would go on with a long one is made less
likely, by the length of the run that it would make. Short figures, which motifs and vocabulary are made of, are not: of
their own they are gone on with a little more often, since many of them would be in the loops that are kept from.

What is taken off was measured on changes of the training tunes: it is how much lower, in log-odds, the share of runs of
n steps that go on to n + 1 is with people (`jazzgen listen --folds` prints the shares).
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
    """Log-odds taken off (added to, if negative) the step that would make a run of so many steps, or more for the last.

    Attributes:
        again: a run that the solo has had before.
        heard: one that the corpus has.
    """

    again: Mapping[int, float]
    heard: Mapping[int, float]


# A solo with a plan is steered towards what comes back in all, and needs less; but steering, and leading away from
# quotes, break off what others have played, so that is made likelier, the more so the longer it is. A solo without a
# plan plays by what was measured before there were plans, as soloists from then did.
PLANNED = Taken(
    {4: 0.0, 5: -0.15, 6: -0.2, 7: -0.25, 8: -0.3, 9: -0.3, 10: -0.35},
    {4: -0.08, 5: -0.16, 6: -0.22, 7: -0.32, 8: -0.32, 9: -0.38, 10: -0.42, 11: -0.54},
)
UNPLANNED = Taken(
    {4: -0.15, 5: -0.2, 6: -0.15, 7: 0.3, 8: 0.7, 9: 0.8, 10: 1.0}, {8: -0.15, 9: -0.15, 10: 0.1, 11: 0.0}
)
# For each factor e of the times that the solo has had the last steps of a long one: what keeps a trill from going on
# through a whole solo, which one in a hundred did.
OFTEN = 0.6
_UNITY = list(PROFILE).index("unity")
_UNITY_BOUNDS, _MOST_ODDS = (0.02, 0.5), 1.5
_OUT_OF_SIGHT = 1.18  # how many come back, for each that does so within the last notes that are counted


class Sayings:
    """What is taken off the steps that go on with what was played before."""

    def __init__(self, recall: Recall) -> None:
        self._recall = recall

    def bias(self, session: Session) -> np.ndarray | None:
        """What to add to the log-probabilities of steps (m, classes); None for nothing."""
        steps = step_classes(session.notes()[2])
        again, heard, found = said_before(steps), self._recall.reach(session), []
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
    """What to add to the log-odds of going on with a figure (m,), for as much to come back as the profile wants."""
    codes = np.sort(run_codes(steps[:, -2 * UNITY_BACK :], UNITY_RUN), axis=1)
    said = (np.diff(codes, axis=1) == 0).sum(axis=1)
    share = np.clip(_OUT_OF_SIGHT * unity, *_UNITY_BOUNDS)
    odds = (share * codes.shape[1] - said) / AHEAD / (share * (1 - share))
    return np.nan_to_num(np.clip(odds, -_MOST_ODDS, _MOST_ODDS), nan=0.0).astype(np.float32)


def _by_steps(taken: Mapping[int, float]) -> np.ndarray:
    """What to add by the length of a run, 0 for lengths below those given."""
    values = np.zeros(max(taken) + 1, np.float32)
    for steps, off in taken.items():
        values[steps] = -off
    return values


_PLANNED, _UNPLANNED = (tuple(map(_by_steps, taken)) for taken in (PLANNED, UNPLANNED))

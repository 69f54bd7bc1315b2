"""How often a figure is said again, and how long a run is what others have played: as often and as long as people do.

As learnt, a soloist goes on with a figure that it or its corpus has played before more often than people do, the more
so the longer the figure is already: it loops, and recites. So the step that would go on with a long one is made less
likely, by the length of the run that it would make. Short figures, which motifs and vocabulary are made of, are not: of
their own they are gone on with a little more often, since many of them would be in the loops that are kept from.

What is taken off was measured on changes of the training tunes, with the ear at work: it is how much lower, in
log-odds, the share of runs of n steps that go on to n + 1 is with people (`jazzgen listen --folds` prints the shares).
"""

import numpy as np

from jazzgen.soloist.runs import Runs, said_before, step_classes
from jazzgen.soloist.session import Session

# Log-odds taken off (added to, if negative) the step that would make a run of so many steps, or more for the last: one
# that the solo has had before, and one that the corpus has.
AGAIN = {4: -0.15, 5: -0.2, 6: -0.15, 7: 0.3, 8: 0.7, 9: 0.8, 10: 1.0}
HEARD = {8: -0.15, 9: -0.15, 10: 0.1, 11: 0.0}
# For each factor e of the times that the solo has had the last steps of a long one: what keeps a trill from going on
# through a whole solo, which one in a hundred did.
OFTEN = 0.6


class Sayings:
    """What is taken off the steps that go on with what was played before."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._again, self._heard = _by_steps(AGAIN), _by_steps(HEARD)

    def bias(self, session: Session) -> np.ndarray | None:
        """What to add to the log-probabilities of steps (m, classes); None for nothing."""
        steps = step_classes(session.notes()[2])
        again, heard, found = said_before(steps), self._runs.reach(steps), []
        if again is not None:
            found.append(self._again[np.minimum(again.steps, len(self._again) - 1)])
            found.append(-OFTEN * np.log(np.maximum(again.times, 1)).astype(np.float32))
        if heard is not None:
            found.append(self._heard[np.minimum(heard.steps, len(self._heard) - 1)])
        return np.add.reduce(found) if found else None


def _by_steps(taken: dict[int, float]) -> np.ndarray:
    """What to add by the length of a run, 0 for lengths below those given."""
    values = np.zeros(max(taken) + 1, np.float32)
    for steps, off in taken.items():
        values[steps] = -off
    return values

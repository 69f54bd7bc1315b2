"""Quoting nobody: no long run of notes whose intervals are those of a run of the training corpus, in whatever key.

The soloist's licks hold, as hashes, every run of up to six intervals of its corpus: contexts of none to five steps,
and the step after. A longer run is in the corpus only if every six intervals of it are; so where they all are, it
counts as a quote. That is never too lenient, and sometimes too strict. Two hashes that are alike by chance err to the
same side.
"""

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.soloist.licks import Licks, hash_contexts
from jazzgen.soloist.moments import COLUMNS, LAGS, LATELY, WIDEST
from jazzgen.soloist.session import Session

FEWEST_NOTES = 4
_LINE = 0  # the expert whose contexts are the last steps, one more at each level
_CONTEXT = LAGS["pitch"]  # steps of its longest


def check_max_quote(notes: int) -> int:
    """Returns it, or raises OptionError if a line could not be held to it."""
    if notes < FEWEST_NOTES:
        raise OptionError(
            f"max-quote {notes}: it is {FEWEST_NOTES} or more; nearly all that can be played in fewer notes has been"
        )
    return notes


class Quotes:
    """Which steps would make a run of more notes than may be quoted."""

    def __init__(self, licks: Licks, most: int) -> None:
        """Takes the licks of the pitch, and how many notes in a row may be the corpus's."""
        self._licks, self._most = licks, check_max_quote(most)
        self._context = min(most - 1, _CONTEXT)

    def forbidden(self, session: Session) -> np.ndarray | None:
        """Steps (m, classes) that the next note may not take, true or false; None if it may take any."""
        _, _, pitch = session.notes()
        if pitch.shape[1] < self._most:
            return None
        steps = np.diff(pitch[:, -self._most :]) + WIDEST
        quoting = np.ones(len(steps), bool)
        for back in range(1, self._most - _CONTEXT):
            quoting &= self._known(steps[:, : steps.shape[1] - back + 1])
            if not quoting.any():
                return None
        return self._after(steps[:, -self._context :]) & quoting[:, None]

    def _known(self, steps: np.ndarray) -> np.ndarray:
        """Whether the last six of some steps (m, n) are the corpus's (m,)."""
        return self._after(steps[:, -_CONTEXT - 1 : -1])[np.arange(len(steps)), steps[:, -1]]

    def _after(self, steps: np.ndarray) -> np.ndarray:
        """Which steps (m, classes) came after these (m, n) in the corpus."""
        columns = np.zeros((len(steps), len(COLUMNS)), np.int64)
        n = steps.shape[1]
        columns[:, LATELY["pitch"]][:, :n] = steps[:, ::-1] + 1
        return self._licks.seen(hash_contexts("pitch", columns)[:, _LINE, n])

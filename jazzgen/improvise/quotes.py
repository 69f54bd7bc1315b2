"""Quoting nobody at length: no run of notes, in whatever key, that one tune of the training corpus alone has.

What players have played over several tunes is vocabulary, and free. Which steps would make a run too long is looked up
in the solos themselves (`learning.soloist.runs`).

Soloists from before they were kept have hashes of every run of up to six intervals alone: contexts of none to five
steps, and the step after. By those a run counts as a quote where every six intervals of it are the corpus's, whoever
played each. That is never too lenient, and much too strict: vocabulary chained from twenty solos is forbidden too.
"""

from typing import Protocol

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.improvise.recall import Recall
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.licks import Licks, hash_contexts
from jazzgen.learning.soloist.moments import COLUMNS, LAGS, LATELY, WIDEST
from jazzgen.learning.soloist.session import Session

FEWEST_NOTES = 4
# Of 351 people's solos of the training tunes, the median of the longest run that one other tune alone has.
USUAL_NOTES = 12
USUAL_NOTES_BY_HASHES = 8
_LINE = 0  # the expert whose contexts are the last steps, one more at each level
_CONTEXT = LAGS["pitch"]  # steps of its longest


class Quotes(Protocol):
    """Which steps would make a run of more notes than may be quoted."""

    def forbidden(self, session: Session) -> np.ndarray | None:
        """Steps (m, classes) that the next note may not take, true or false; None if it may take any."""
        ...


def quotes_of(soloist: Soloist, most: int, recall: Recall | None = None) -> Quotes:
    """What holds a soloist to so many notes in a row of one tune; `recall` is of its runs, if others ask them too."""
    if soloist.runs is None:
        return HashedQuotes(soloist.memory["pitch"], most)
    return ExactQuotes(recall or Recall(soloist.runs), most)


def usual_max_quote(soloist: Soloist) -> int:
    """How many notes it quotes at most if nothing is asked for."""
    return USUAL_NOTES_BY_HASHES if soloist.runs is None else USUAL_NOTES


def check_max_quote(notes: int) -> int:
    """Returns it, or raises OptionError if a line could not be held to it."""
    if notes < FEWEST_NOTES:
        raise OptionError(
            f"max-quote {notes}: it is {FEWEST_NOTES} or more; nearly all that can be played in fewer notes has been"
        )
    return notes


class ExactQuotes:
    """By the solos themselves."""

    def __init__(self, recall: Recall, most: int) -> None:
        """Takes the solos learnt from, and how many notes in a row may be those of one tune alone."""
        self._recall, self._most = recall, check_max_quote(most)

    def forbidden(self, session: Session) -> np.ndarray | None:
        _, _, pitch = session.notes()
        if pitch.shape[1] < self._most:
            return None
        reach = self._recall.reach(session)
        if reach is None:
            return None
        quoting = reach.sole & (reach.steps >= self._most)
        return quoting if quoting.any() else None


class HashedQuotes:
    """By hashes of short runs."""

    def __init__(self, licks: Licks, most: int) -> None:
        """Takes the licks of the pitch, and how many notes in a row may be the corpus's."""
        self._licks, self._most = licks, check_max_quote(most)
        self._context = min(most - 1, _CONTEXT)

    def forbidden(self, session: Session) -> np.ndarray | None:
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

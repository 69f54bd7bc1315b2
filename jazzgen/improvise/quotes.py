"""Quotes: forbid long runs of notes, in any key, that exactly one tune of the training corpus has.

Runs that players have played over several tunes are vocabulary, and allowed. Steps that would make a run too long are
looked up in the solos themselves (`learning.soloist.runs`).

Older soloists do not hold the solos, only hashes of every run of up to six intervals (contexts of zero to five steps,
and the next step). By those, a run is a quote if each six intervals of it are in the corpus, whoever played them. That
misses no quote, and forbids much more: vocabulary chained from twenty solos too.
"""

from typing import Protocol

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.improvise.recall import Recall
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.licks import Licks, hash_contexts
from jazzgen.learning.soloist.moments import COLUMNS, LAGS, LATELY, WIDEST
from jazzgen.learning.soloist.session import Session

FEWEST_NOTES = 4  # nearly every shorter run has been played; set by hand
# The median, over 351 human solos of the training tunes, of the longest run shared with exactly one other tune.
USUAL_NOTES = 12
USUAL_NOTES_BY_HASHES = 8  # set by hand
_LINE = 0  # the expert whose contexts are the last steps, one more at each level
_CONTEXT = LAGS["pitch"]  # steps of the longest context


class Quotes(Protocol):
    """Tells which steps would make a run longer than may be quoted."""

    def forbidden(self, session: Session) -> np.ndarray | None:
        """Return a mask (m, classes) of forbidden steps for the next note; None if none is."""
        ...


def quotes_of(soloist: Soloist, most: int, recall: Recall | None = None) -> Quotes:
    """Return the rule against quoting more than `most` notes; pass `recall` to share its look-ups."""
    if soloist.runs is None:
        return HashedQuotes(soloist.memory["pitch"], most)
    return ExactQuotes(recall or Recall(soloist.runs), most)


def usual_max_quote(soloist: Soloist) -> int:
    """Return the most notes that a soloist quotes if nothing is asked for."""
    return USUAL_NOTES_BY_HASHES if soloist.runs is None else USUAL_NOTES


def check_max_quote(notes: int) -> int:
    """Return `notes`; raise OptionError if a line could not be kept from quoting so few."""
    if notes < FEWEST_NOTES:
        raise OptionError(
            f"max-quote {notes}: it is {FEWEST_NOTES} or more; nearly all that can be played in fewer notes has been"
        )
    return notes


class ExactQuotes:
    """Looks quotes up in the solos themselves."""

    def __init__(self, recall: Recall, most: int) -> None:
        """Take the solos learnt from, and the most notes in a row that one tune alone may have."""
        self._recall = recall
        self._most = check_max_quote(most)

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
    """Looks quotes up in hashes of short runs."""

    def __init__(self, licks: Licks, most: int) -> None:
        """Take the hashed licks of the pitch, and the most notes in a row that may be in the corpus."""
        self._licks = licks
        self._most = check_max_quote(most)
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
        """Return whether the last six of some steps (m, n) are in the corpus (m,)."""
        return self._after(steps[:, -_CONTEXT - 1 : -1])[np.arange(len(steps)), steps[:, -1]]

    def _after(self, steps: np.ndarray) -> np.ndarray:
        """Return a mask (m, classes) of the steps that follow these steps (m, n) in the corpus."""
        columns = np.zeros((len(steps), len(COLUMNS)), np.int64)
        n = steps.shape[1]
        columns[:, LATELY["pitch"]][:, :n] = steps[:, ::-1] + 1
        return self._licks.seen(hash_contexts("pitch", columns)[:, _LINE, n])

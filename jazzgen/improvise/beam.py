"""Beam search: the solo that the model finds likeliest, near enough, and the same each time.

Hypotheses are compared where they are at the same place in the music: each goes on, choice by choice, until it has
passed the bar line; then those likeliest by the choice survive (cf. bar-synchronous decoding of music; beams by
length are for text). By the choice and not in all, for in all the likeliest solo is the one with the fewest notes.
"""

from typing import NamedTuple

import numpy as np

from jazzgen.improvise.play import Scores
from jazzgen.learning.sampling import log_softmax
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage


class _Group(NamedTuple):
    """Hypotheses of one session, so with as many choices each: their log-probabilities (m,), and choices so far."""

    session: Session
    totals: np.ndarray
    choices: int

    def take(self, rows: np.ndarray) -> "_Group":
        return _Group(self.session.take(rows), self.totals[rows], self.choices)

    @property
    def means(self) -> np.ndarray:
        return self.totals / max(self.choices, 1)


def beam_search(session: Session, policy: Scores, stage: Stage, width: int) -> Session:
    """The likeliest way on from the one solo of a session to the end of the form, of `width` kept at each bar line.

    What a choice counts is what the policy gives it, so controls are heeded; there is no chance in it.
    """
    pool = [_Group(session, np.zeros(len(session)), 0)]
    for line in [*stage.bar_starts[1:][stage.bar_starts[1:] < stage.end].tolist(), stage.end]:
        pool = [passed for group in pool for passed in _past(group, policy, line, width)]
        pool = _best(pool, width)
    best = max(pool, key=lambda group: group.means.max())
    return best.session.take(np.array([best.means.argmax()]))


def _past(group: _Group, policy: Scores, line: int, width: int) -> list[_Group]:
    """Ways on until the next note starts at `line` or after, in groups."""
    passed: list[_Group] = []
    while True:
        beyond = group.session.onset >= line
        if beyond.any():
            passed.append(group.take(np.flatnonzero(beyond)))
        if beyond.all():
            return passed
        if beyond.any():
            group = group.take(np.flatnonzero(~beyond))
        group = _extended(group, policy, width)


def _extended(group: _Group, policy: Scores, width: int) -> _Group:
    """The likeliest of all ways to make the next choice."""
    scores = log_softmax(policy.scores(group.session))
    totals = (group.totals[:, None] + scores).ravel()
    best = np.argsort(-totals, kind="stable")[:width]
    best = best[np.isfinite(totals[best])]
    rows, classes = np.divmod(best, scores.shape[1])
    session = group.session.take(rows)
    session.choose(classes)
    return _Group(session, totals[best], group.choices + 1)


def _best(pool: list[_Group], width: int) -> list[_Group]:
    """The likeliest by the choice, group by group."""
    means = np.concatenate([group.means for group in pool])
    kept = np.zeros(len(means), bool)
    kept[np.argsort(-means, kind="stable")[:width]] = True
    parts = np.split(kept, np.cumsum([len(group.totals) for group in pool])[:-1])
    return [group.take(np.flatnonzero(part)) for group, part in zip(pool, parts, strict=True) if part.any()]

"""Beam search: an approximation to the model's likeliest solo, without randomness.

Hypotheses are compared at the same place in the music: each is extended, choice by choice, until it has passed the bar
line; then the likeliest survive (bar-synchronous; beams in text compare by length). They are ranked by mean
log-probability a choice; the sum would favour solos with few notes.
"""

from typing import NamedTuple

import numpy as np

from jazzgen.improvise.play import Scores
from jazzgen.learning.sampling import log_softmax
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.system.stopping import stop_if_asked


class _Group(NamedTuple):
    """Hypotheses of one session with equally many choices: the sums of their log-probabilities (m,), and that count."""

    session: Session
    totals: np.ndarray
    choices: int

    def take(self, rows: np.ndarray) -> "_Group":
        return _Group(self.session.take(rows), self.totals[rows], self.choices)

    @property
    def means(self) -> np.ndarray:
        return self.totals / max(self.choices, 1)


def beam_search(session: Session, policy: Scores, stage: Stage, width: int) -> Session:
    """Extend the one solo of a session to the end of the form, keeping the `width` likeliest at each bar line.

    Probabilities are the policy's, so controls hold. Nothing is drawn at random.
    """
    pool = [_Group(session, np.zeros(len(session)), 0)]
    for line in [*stage.bar_starts[1:][stage.bar_starts[1:] < stage.end].tolist(), stage.end]:
        pool = [passed for group in pool for passed in _past(group, policy, line, width)]
        pool = _best(pool, width)
    best = max(pool, key=lambda group: group.means.max())
    return best.session.take(np.array([best.means.argmax()]))


def _past(group: _Group, policy: Scores, line: int, width: int) -> list[_Group]:
    """Extend hypotheses until their next note starts at tatum `line` or later; return them in groups."""
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
    """Extend by one choice and keep the `width` likeliest."""
    stop_if_asked()
    scores = log_softmax(policy.scores(group.session))
    totals = (group.totals[:, None] + scores).ravel()
    best = np.argsort(-totals, kind="stable")[:width]
    best = best[np.isfinite(totals[best])]
    rows, classes = np.divmod(best, scores.shape[1])
    session = group.session.take(rows)
    session.choose(classes)
    return _Group(session, totals[best], group.choices + 1)


def _best(pool: list[_Group], width: int) -> list[_Group]:
    """Keep the `width` hypotheses with the highest mean log-probability, in their groups."""
    means = np.concatenate([group.means for group in pool])
    kept = np.zeros(len(means), bool)
    kept[np.argsort(-means, kind="stable")[:width]] = True
    parts = np.split(kept, np.cumsum([len(group.totals) for group in pool])[:-1])
    return [group.take(np.flatnonzero(part)) for group, part in zip(pool, parts, strict=True) if part.any()]

"""Candidates by ear: every few notes, one of several ways on is drawn by the odds that a person played it.

The soloist proposes, the ear disposes: the ways on are the soloist's own, held to the same policy, so drawing one with
odds in proportion to exp(log-odds) corrects what the soloist says towards what people play (a residual energy-based
model: A. Bakhtin et al., "Residual Energy-Based Models for Text", JMLR 22, 2021, sampled by importance). The best is
not taken: that would be the most human phrase again and again. A way that came upon quotes, which it had to leave,
counts for what was left of its probability: so a line leads away from a quote early.
"""

import numpy as np

from jazzgen.improvise.play import Scores, Tally, choose_next, folded
from jazzgen.learning.sampling import choose, gumbel
from jazzgen.learning.soloist.ear import WINDOW, Ear, ear_columns, places_on
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.stage import Stage

SEGMENT = 12  # notes, about two bars


def play_by_ear(
    session: Tally,
    policy: Scores,
    stage: Stage,
    ear: Ear,
    candidates: int,
    *,
    rng: np.random.Generator,
    weigh: bool = False,
) -> tuple[Tally, np.ndarray]:
    """Goes on until every solo's next note would start at the end of the form or later.

    Args:
        session: solos at their next inter-onset interval.
        policy: what they are held to.
        stage: what is played over.
        ear: what chooses.
        candidates: how many ways on there are to choose from.
        rng: chance.
        weigh: whether to add up how likely the choices are to the model.

    Returns:
        The session of those chosen, and the mean log-probability (m,) of a choice; zeros without `weigh`.
    """
    m = len(session)
    sums, counts = np.zeros(m), np.zeros(m)
    while (session.onset < stage.end).any():
        rows = np.arange(m).repeat(candidates)
        ways, under_way = session.take(rows), session.onset[rows] < stage.end
        said, made = np.zeros(len(rows)), np.zeros(len(rows))
        for _ in range(SEGMENT * len(PARTS)):
            if not under_way.any():
                break
            made += under_way
            said += choose_next(ways, policy, under_way, rng=rng, weigh=weigh)
            under_way = ways.onset < stage.end
        odds = (odds_of(ways, stage, ear) + ways.left - session.left[rows]).reshape(m, candidates)
        chosen = np.arange(m) * candidates + choose(odds, gumbel(odds.shape, rng))
        session, sums, counts = ways.take(chosen), sums + said[chosen], counts + made[chosen]
    return session, sums / np.maximum(counts, 1)


def odds_since(session: Tally, stage: Stage, ear: Ear, first: int) -> np.ndarray:
    """Log-odds (m,) that a person played all that came after so many notes: of a window every few notes, added up."""
    n = session.notes()[0].shape[1]
    ends = {*range(first + SEGMENT, n, SEGMENT), n}
    return np.add.reduce([odds_of(session, stage, ear, end) for end in sorted(ends)])


def odds_of(session: Tally, stage: Stage, ear: Ear, end: int | None = None) -> np.ndarray:
    """Log-odds (m,) that a person played the last notes of each solo that start in the form, of its first `end`."""
    onset, duration, pitch = (values[:, :end] for values in session.notes())
    last = (onset < stage.end).sum(axis=1)
    index = last[:, None] - WINDOW + np.arange(WINDOW)
    there = index >= 0
    there[:, -1] |= last == 0
    index = np.maximum(index, 0)
    ioi = np.diff(onset, axis=1, prepend=0)
    room = np.append(ioi[:, 1:], np.full((len(onset), 1), np.iinfo(np.int64).max), axis=1)
    place = places_on(stage, onset)
    columns = ear_columns(pitch, folded(ioi)[0], np.minimum(duration, room), place)
    return ear.odds(np.take_along_axis(columns, index[..., None], axis=1), there)

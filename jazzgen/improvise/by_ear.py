"""Choose by ear: every few notes, draw one of several continuations by the odds that a person played it.

The continuations are the soloist's own, within the same policy. Drawing one with odds in proportion to exp(log-odds)
corrects the soloist's distribution towards what people play (a residual energy-based model, sampled by importance:
A. Bakhtin et al., "Residual Energy-Based Models for Text", JMLR 22, 2021). Always taking the best would repeat the most
human phrase again and again. A continuation that had to avoid quotes is weighted by the probability that was left to
it, so a line turns away from a quote early.
"""

import numpy as np

from jazzgen.improvise.play import Scores, Tally, choose_next, folded
from jazzgen.learning.sampling import choose, gumbel
from jazzgen.learning.soloist.ear import WINDOW, Ear, ear_columns, places_on
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.stage import Stage

SEGMENT = 12  # notes, about two bars; set by hand (docs/soloist.md)


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
    """Play until every solo's next note would start at the end of the form or later.

    Args:
        session: m solos, each about to choose an inter-onset interval.
        policy: scores the choices.
        stage: the changes and bars that are played over.
        ear: gives the log-odds that a person played a line.
        candidates: the number of continuations to draw from.
        rng: source of randomness.
        weigh: whether to compute the log-probability of the choices.

    Returns:
        The session of the continuations chosen, and the mean log-probability (m,) of a choice; zeros without `weigh`.
    """
    m = len(session)
    sums = np.zeros(m)
    counts = np.zeros(m)
    while (session.onset < stage.end).any():
        rows = np.arange(m).repeat(candidates)
        ways = session.take(rows)
        under_way = session.onset[rows] < stage.end
        said = np.zeros(len(rows))
        made = np.zeros(len(rows))
        for _ in range(SEGMENT * len(PARTS)):
            if not under_way.any():
                break
            made += under_way
            said += choose_next(ways, policy, under_way, rng=rng, weigh=weigh)
            under_way = ways.onset < stage.end
        odds = (odds_of(ways, stage, ear) + ways.left - session.left[rows]).reshape(m, candidates)
        chosen = np.arange(m) * candidates + choose(odds, gumbel(odds.shape, rng))
        session = ways.take(chosen)
        sums = sums + said[chosen]
        counts = counts + made[chosen]
    return session, sums / np.maximum(counts, 1)


def odds_since(session: Tally, stage: Stage, ear: Ear, first: int) -> np.ndarray:
    """Return the log-odds (m,) that a person played what comes after the `first` notes, summed over windows."""
    n = session.notes()[0].shape[1]
    ends = {*range(first + SEGMENT, n, SEGMENT), n}
    return np.add.reduce([odds_of(session, stage, ear, end) for end in sorted(ends)])


def odds_of(session: Tally, stage: Stage, ear: Ear, end: int | None = None) -> np.ndarray:
    """Return the log-odds (m,) that a person played the last window of notes in the form, of the first `end` notes."""
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

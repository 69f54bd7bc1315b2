"""Some bars of a solo anew, the rest kept: many candidates side by side, ranked by how well what follows them goes on.

The session hears what comes before (teacher forcing). In the gap, a note's inter-onset interval leads either to
another note there or to the first that is kept after it. Then the session hears what follows, after each candidate:
the likelier that is, the better the candidate leads there.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from jazzgen.codec.events import IOIS, NoteArrays
from jazzgen.improvise.play import Scores, Tally, folded, forced, hear, narrowed, one_at_a_time
from jazzgen.learning.sampling import choose, gumbel
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.music.score import Note
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_TATUM

_FOLLOWING = 16  # notes after the gap that a candidate is judged by
_IN_GAP = -1
# From candidates, each up to the end of what follows, and how many notes were there before: log-odds (m,) for each.
Judge = Callable[[Tally, int], np.ndarray]


class Candidate(NamedTuple):
    """Notes for the gap, as written.

    Attributes:
        notes: in order; the last may last until the next that is kept.
        fit: log-probability of what follows, and what the judge adds, for each choice in it; -inf for no notes. That of
            the new notes does not count: a run of short notes has the highest, and the densest candidate would win.
    """

    notes: tuple[Note, ...]
    fit: float


def fill_gap(  # noqa: PLR0913 - what is there, what is wanted, and chance
    session: Tally,
    policy: Scores,
    kept: NoteArrays,
    gap: range,
    n: int,
    end_tick: int,
    *,
    rng: np.random.Generator,
    judge: Judge | None = None,
) -> list[Candidate]:
    """Candidates for a gap, the best first.

    Args:
        session: one solo that has not begun.
        policy: what the new notes are held to; those that are kept are not.
        kept: the notes to keep, one at a time; none starts in the gap.
        gap: the tatums from the first bar's start to the last one's end.
        n: how many candidates.
        end_tick: where the form ends.
        rng: chance.
        judge: what else counts, beside how likely that is which follows.
    """
    before = kept.onset < gap.start
    hear(session, kept[before])
    rings_until = int((kept.onset + kept.length)[before].max(initial=0))
    free = range(min(max(gap.start, rings_until), gap.stop), gap.stop)
    run = _Run(session.take(np.zeros(n, int)), policy, kept[~before], free)
    while run.goes_on:
        run.next_note(rng)
    return sorted(run.candidates(end_tick, judge), key=lambda candidate: -candidate.fit)


class _Run:
    """Candidates under way: each still in the gap, or so many notes into what follows."""

    def __init__(self, session: Tally, policy: Scores, after: NoteArrays, gap: range) -> None:
        self._session, self._policy, self._gap = session, policy, gap
        self._after = after[:_FOLLOWING]
        self._heard = session.notes()[0].shape[1]
        self._begun = self._heard > 0
        self._place = np.full(len(session), _IN_GAP)  # in what follows
        # Of choices in what follows: the sum of their log-probabilities, and how many.
        self._sum, self._count = np.zeros(len(session)), np.zeros(len(session))

    @property
    def goes_on(self) -> bool:
        return bool((self._place < max(len(self._after), 1)).any())

    def next_note(self, rng: np.random.Generator) -> None:
        """One more note of each: free in the gap, beyond it what is there."""
        for part in PARTS:
            scores = self._policy.scores(self._session)
            noise = gumbel(scores.shape, rng)
            if part == "ioi":
                classes, wait = self._ioi(scores, noise)
            else:
                values = self._after.pitch if part == "pitch" else self._after.length
                there, wait = forced(part, self._next(values), self._session)
                classes = np.where(self._follows, there, choose(scores, noise))
            self._sum += np.where(self._follows, self._session.log_probability(classes), 0)
            self._count += self._follows
            self._session.choose(classes, wait)
        self._place += self._place != _IN_GAP
        self._begun = True

    @property
    def _follows(self) -> np.ndarray:
        return (self._place != _IN_GAP) & (self._place < len(self._after))

    def _next(self, values: np.ndarray) -> np.ndarray:
        """Of what follows, the value that each candidate has come to; something where there is none."""
        return np.append(values, 1)[np.minimum(self._place, len(values))]

    def _ioi(self, scores: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Classes and waits; a candidate that leaves the gap goes where the next kept note is."""
        onset, in_gap = self._session.onset, self._place == _IN_GAP
        # Two notes never start together; the first may start at once.
        start = np.maximum(self._gap.start, onset + self._begun)
        allowed, wait = _ways_to(onset, start)
        allowed = self._only_there(allowed, onset + wait) | ~in_gap[:, None]
        classes = choose(narrowed(scores, allowed), noise)
        self._place[in_gap & (onset + classes + wait >= self._gap.stop)] = 0
        there, there_wait = folded(np.maximum(self._next(self._after.onset) - onset, 1))
        return np.where(self._follows, there, classes), np.where(self._follows, there_wait, wait)

    def _only_there(self, allowed: np.ndarray, onset: np.ndarray) -> np.ndarray:
        """Of the iois allowed those into the gap and to the next kept note; where there is none, those beyond it."""
        reached = onset[:, None] + np.array(IOIS)
        leaves = allowed & (reached >= self._gap.stop)
        leads_on = reached == self._after.onset[0] if len(self._after) else leaves
        found = allowed & (~leaves | leads_on)
        return np.where(found.any(axis=1, keepdims=True), found, leaves)

    def candidates(self, end_tick: int, judge: Judge | None) -> list[Candidate]:
        """All of them; the last note of each is cut where the next that is kept starts, or at `end_tick`."""
        said = self._sum if judge is None else self._sum + judge(self._session, self._heard)
        fits = said / np.maximum(self._count, 1)
        if len(self._after):
            end_tick = int(self._after.onset[0]) * TICKS_PER_TATUM
        onset, duration, pitch = (values[:, self._heard :] for values in self._session.notes())
        new = onset < self._gap.stop
        lines = (
            one_at_a_time(onset[row, new[row]], duration[row, new[row]], pitch[row, new[row]], end_tick)
            for row in range(len(new))
        )
        return [Candidate(line, float(fit) if line else -np.inf) for line, fit in zip(lines, fits, strict=True)]


def _ways_to(onset: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which iois (m, classes) lead from `onset` (m,) to tatum `start` (m,) or later, and the waits (m,).

    What is out of reach is reached by waiting, as folding has it: in the beat from `start` on.
    """
    wait = -(-np.maximum(start - onset - IOIS[-1], 0) // TATUMS_PER_BEAT) * TATUMS_PER_BEAT
    classes = np.array(IOIS)
    is_folded = classes > IOIS[-1] - TATUMS_PER_BEAT
    return ((onset + wait)[:, None] + classes >= start[:, None]) & ((wait == 0)[:, None] | is_folded), wait

"""Infilling: play some bars of a solo anew, as many candidates, ranked by how well the notes after them follow.

The session is fed the notes before the gap (teacher forcing). In the gap, a note's inter-onset interval leads either to
another note in the gap or to the first kept note after it. Then the session is fed the notes after the gap, for each
candidate: the likelier they are, the better the candidate leads into them.
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
from jazzgen.system.stopping import stop_if_asked

_FOLLOWING = 16  # notes after the gap that a candidate is judged by; set by hand
_IN_GAP = -1
# Takes the candidates, each up to the end of the notes after it, and the number of notes before; gives log-odds (m,).
Judge = Callable[[Tally, int], np.ndarray]


class Candidate(NamedTuple):
    """Notes for the gap, as written.

    Attributes:
        notes: in order; the last may last until the next kept note.
        fit: mean log-probability of the choices in the notes after the gap, with the judge's log-odds added before
            averaging; -inf for no notes. The new notes do not count: runs of short notes are likeliest, so the densest
            candidate would win.
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
    """Return candidates for a gap, the best first.

    Args:
        session: one solo without notes.
        policy: scores the new notes; kept notes are not held to it.
        kept: the notes to keep, one at a time; none starts in the gap.
        gap: the tatums from the first bar's start to the last one's end.
        n: the number of candidates.
        end_tick: the end of the form.
        rng: source of randomness.
        judge: log-odds to add to the fit.
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
    """Candidates in progress: each is in the gap, or some notes past it."""

    def __init__(self, session: Tally, policy: Scores, after: NoteArrays, gap: range) -> None:
        self._session = session
        self._policy = policy
        self._gap = gap
        self._after = after[:_FOLLOWING]
        self._heard = session.notes()[0].shape[1]
        self._begun = self._heard > 0
        self._place = np.full(len(session), _IN_GAP)  # index of the next kept note, or in the gap
        # Sum of the log-probabilities of choices in kept notes after the gap, and their number.
        self._sum = np.zeros(len(session))
        self._count = np.zeros(len(session))

    @property
    def goes_on(self) -> bool:
        return bool((self._place < max(len(self._after), 1)).any())

    def next_note(self, rng: np.random.Generator) -> None:
        """Add a note to each candidate: chosen freely in the gap, the kept one past it."""
        stop_if_asked()
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
        """Return the value of each candidate's next kept note; anything where there is none."""
        return np.append(values, 1)[np.minimum(self._place, len(values))]

    def _ioi(self, scores: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return ioi classes and waits (m,); a candidate that leaves the gap goes to the next kept note."""
        onset = self._session.onset
        in_gap = self._place == _IN_GAP
        # Two notes never start together; the first may start at once.
        start = np.maximum(self._gap.start, onset + self._begun)
        allowed, wait = _ways_to(onset, start)
        allowed = self._only_there(allowed, onset + wait) | ~in_gap[:, None]
        classes = choose(narrowed(scores, allowed), noise)
        self._place[in_gap & (onset + classes + wait >= self._gap.stop)] = 0
        there, there_wait = folded(np.maximum(self._next(self._after.onset) - onset, 1))
        return np.where(self._follows, there, classes), np.where(self._follows, there_wait, wait)

    def _only_there(self, allowed: np.ndarray, onset: np.ndarray) -> np.ndarray:
        """Narrow iois (m, classes) to those into the gap or to the next kept note; if none, those past the gap."""
        reached = onset[:, None] + np.array(IOIS)
        leaves = allowed & (reached >= self._gap.stop)
        leads_on = reached == self._after.onset[0] if len(self._after) else leaves
        found = allowed & (~leaves | leads_on)
        return np.where(found.any(axis=1, keepdims=True), found, leaves)

    def candidates(self, end_tick: int, judge: Judge | None) -> list[Candidate]:
        """Return all candidates; the last note of each ends at the next kept note or at `end_tick`, at the latest."""
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
    """Return which iois (m, classes) lead from `onset` (m,) to tatum `start` (m,) or later, and the waits (m,).

    Onsets beyond the longest interval are written with whole-beat waits, and land in the beat from `start` on.
    """
    wait = -(-np.maximum(start - onset - IOIS[-1], 0) // TATUMS_PER_BEAT) * TATUMS_PER_BEAT
    classes = np.array(IOIS)
    is_folded = classes > IOIS[-1] - TATUMS_PER_BEAT
    return ((onset + wait)[:, None] + classes >= start[:, None]) & ((wait == 0)[:, None] | is_folded), wait

"""Playing: a session goes on, held to a policy, until every solo has reached the end of the form.

What has been played already, a primer or the rest of a solo, is heard first: each of its notes is fed to the network
as if it had chosen it (teacher forcing).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from jazzgen.codec.events import DURATIONS, IOIS, NoteArrays
from jazzgen.learning.sampling import choose, gumbel, log_softmax
from jazzgen.learning.soloist.moments import PARTS, WIDEST, PartName, in_range
from jazzgen.learning.soloist.session import Session
from jazzgen.music.score import Note
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_TATUM

VELOCITY = 80


class Scores(Protocol):
    """What holds a session to something: a `policy.Policy`."""

    def scores(self, session: Session) -> np.ndarray:
        """Scores (m, classes) of the next choice, -inf where it is forbidden."""
        ...


class Tally(Session):
    """A session that can say how likely a choice was to the model, whatever it is held to.

    Attributes:
        said: (m, classes) logits of the choice under way, or of the last.
    """

    said: np.ndarray

    def logits(self, *, motif_strength: float | np.ndarray = 1.0) -> np.ndarray:
        self.said = super().logits(motif_strength=motif_strength)
        return self.said

    def log_probability(self, classes: np.ndarray) -> np.ndarray:
        """Log-probabilities (m,) of classes for that choice."""
        return np.take_along_axis(log_softmax(self.said), classes[:, None], axis=1)[:, 0]


@dataclass(frozen=True, eq=False)
class NotBefore:
    """A policy, and no note that starts before a tatum, if that is within reach."""

    policy: Scores
    tatum: int

    def scores(self, session: Session) -> np.ndarray:
        scores = self.policy.scores(session)
        if session.part != "ioi" or (session.onset >= self.tatum).all():
            return scores
        allowed = session.onset[:, None] + np.array(IOIS) >= self.tatum
        return narrowed(scores, allowed | ~allowed.any(axis=1, keepdims=True))


def narrowed(scores: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Scores (m, classes) of what is allowed; where a policy forbids all of it, that is all alike."""
    left = np.where(allowed, scores, -np.inf)
    stuck = ~np.isfinite(left).any(axis=1, keepdims=True)
    return np.where(stuck & allowed, 0, left)


def play(session: Tally, policy: Scores, end: int, *, rng: np.random.Generator, weigh: bool = False) -> np.ndarray:
    """Goes on until every solo's next note would start at `end` (tatums) or later.

    Args:
        session: solos at their next inter-onset interval.
        policy: what they are held to.
        end: where the form ends.
        rng: chance.
        weigh: whether to add up how likely the choices are to the model.

    Returns:
        (m,) mean log-probability of a choice; zeros without `weigh`.
    """
    sums, counts = np.zeros(len(session)), np.zeros(len(session))
    while (under_way := session.onset < end).any():
        counts += under_way
        sums += choose_next(session, policy, under_way, rng=rng, weigh=weigh)
    return sums / np.maximum(counts, 1)


def choose_next(
    session: Tally, policy: Scores, under_way: np.ndarray, *, rng: np.random.Generator, weigh: bool
) -> np.ndarray:
    """Makes the next choice of every solo.

    Returns:
        How likely it was to the model (m,), as a log-probability; 0 for solos that are over, and without `weigh`.
    """
    scores = policy.scores(session)
    classes = choose(scores, gumbel(scores.shape, rng))
    said = np.where(under_way, session.log_probability(classes), 0) if weigh else np.zeros(len(session))
    session.choose(classes)
    return said


def hear(session: Session, notes: NoteArrays) -> None:
    """The notes, one at a time and after any that the session has, as if all its solos had played them."""
    m = len(session)
    for since, pitch, length in zip(*map(np.ndarray.tolist, (notes.since, notes.pitch, notes.length)), strict=True):
        for part, value in zip(PARTS, (since, pitch, length), strict=True):
            session.logits()
            classes, wait = forced(part, np.full(m, value), session)
            session.choose(classes, wait)


def forced(part: PartName, values: np.ndarray, session: Session) -> tuple[np.ndarray, np.ndarray]:
    """The classes and the waits (m,) for a choice that is made already.

    Args:
        part: which.
        values: (m,) tatums since the last onset, MIDI pitch or length in tatums.
        session: where it is made; a leap too wide for a step goes as far as it can.
    """
    if part == "ioi":
        return folded(values)
    none = np.zeros_like(values)
    if part == "pitch":
        return np.clip(in_range(values) - session.pitch, -WIDEST, WIDEST) + WIDEST, none
    return np.minimum(values, DURATIONS[-1]) - 1, none


def folded(since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inter-onset intervals (m,) as classes and waits, both in tatums, as the events have them."""
    notes = NoteArrays(since, since, since, since, since)
    return notes.ioi, notes.wait * TATUMS_PER_BEAT


def solo_notes(session: Session, row: int, start: int, end_tick: int) -> tuple[Note, ...]:
    """One solo's notes from tatum `start` on, which becomes tick 0, as written.

    Each is cut where the next starts, or at `end_tick`, where the form ends; what starts later is left out.
    """
    onset, duration, pitch = (values[row] for values in session.notes())
    kept = (onset >= start) & ((onset - start) * TICKS_PER_TATUM < end_tick)
    return one_at_a_time(onset[kept] - start, duration[kept], pitch[kept], end_tick)


def one_at_a_time(onset: np.ndarray, duration: np.ndarray, pitch: np.ndarray, end_tick: int) -> tuple[Note, ...]:
    """Notes (n,), in tatums and in order, each cut where the next starts, the last at `end_tick`."""
    onsets = onset * TICKS_PER_TATUM
    ends = np.minimum(onsets + duration * TICKS_PER_TATUM, np.append(onsets[1:], end_tick))
    rows = zip(onsets.tolist(), (ends - onsets).tolist(), pitch.tolist(), strict=True)
    return tuple(Note(*row, VELOCITY) for row in rows)

"""Playing: a session chooses notes by a policy until every solo has reached the end of the form.

Notes that exist already, a primer or the rest of a solo, are heard first: each is fed to the network as if the network
had chosen it (teacher forcing).
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
from jazzgen.system.stopping import stop_if_asked

VELOCITY = 80  # of a written solo, before accents; set by hand


class Scores(Protocol):
    """Scores the next choice of a session, as `policy.Policy` does."""

    def scores(self, session: Session) -> np.ndarray:
        """Return scores (m, classes) of the next choice, -inf where it is forbidden."""
        ...


class Tally(Session):
    """A session that remembers the model's logits, to tell how likely a choice was before any policy.

    Attributes:
        said: logits (m, classes) of the current choice, or of the last.
    """

    said: np.ndarray

    def logits(self, *, motif_strength: float | np.ndarray = 1.0) -> np.ndarray:
        self.said = super().logits(motif_strength=motif_strength)
        return self.said

    def log_probability(self, classes: np.ndarray) -> np.ndarray:
        """Return the log-probabilities (m,) of classes for that choice."""
        return np.take_along_axis(log_softmax(self.said), classes[:, None], axis=1)[:, 0]


@dataclass(frozen=True, eq=False)
class NotBefore:
    """A policy that allows no note before a tatum, where the tatum is within reach."""

    policy: Scores
    tatum: int

    def scores(self, session: Session) -> np.ndarray:
        scores = self.policy.scores(session)
        if session.part != "ioi" or (session.onset >= self.tatum).all():
            return scores
        allowed = session.onset[:, None] + np.array(IOIS) >= self.tatum
        return narrowed(scores, allowed | ~allowed.any(axis=1, keepdims=True))


def narrowed(scores: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Return scores (m, classes), -inf where not allowed; all 0 where the policy forbids everything allowed."""
    left = np.where(allowed, scores, -np.inf)
    stuck = ~np.isfinite(left).any(axis=1, keepdims=True)
    return np.where(stuck & allowed, 0, left)


def play(session: Tally, policy: Scores, end: int, *, rng: np.random.Generator, weigh: bool = False) -> np.ndarray:
    """Play until every solo's next note would start at `end` (tatums) or later.

    Args:
        session: m solos, each about to choose an inter-onset interval.
        policy: scores the choices.
        end: the end of the form.
        rng: source of randomness.
        weigh: whether to compute the log-probability of the choices.

    Returns:
        The mean log-probability (m,) of a choice; zeros without `weigh`.
    """
    sums = np.zeros(len(session))
    counts = np.zeros(len(session))
    while (under_way := session.onset < end).any():
        counts += under_way
        sums += choose_next(session, policy, under_way, rng=rng, weigh=weigh)
    return sums / np.maximum(counts, 1)


def choose_next(
    session: Tally, policy: Scores, under_way: np.ndarray, *, rng: np.random.Generator, weigh: bool
) -> np.ndarray:
    """Make the next choice of every solo.

    Returns:
        Its log-probability (m,) by the model; 0 for solos that have ended, and without `weigh`.
    """
    stop_if_asked()
    scores = policy.scores(session)
    classes = choose(scores, gumbel(scores.shape, rng))
    said = np.where(under_way, session.log_probability(classes), 0) if weigh else np.zeros(len(session))
    session.choose(classes)
    return said


def hear(session: Session, notes: NoteArrays) -> None:
    """Feed notes to every solo of a session, after those it has, as if it had played them."""
    m = len(session)
    for since, pitch, length in zip(*map(np.ndarray.tolist, (notes.since, notes.pitch, notes.length)), strict=True):
        stop_if_asked()
        for part, value in zip(PARTS, (since, pitch, length), strict=True):
            session.logits()
            classes, wait = forced(part, np.full(m, value), session)
            session.choose(classes, wait)


def forced(part: PartName, values: np.ndarray, session: Session) -> tuple[np.ndarray, np.ndarray]:
    """Return classes and waits (m,) for a choice that is given.

    Args:
        part: which part of a note.
        values: (m,) tatums since the last onset, MIDI pitch, or length in tatums.
        session: gives the last pitch; a leap too wide for a step goes as far as a step can.
    """
    if part == "ioi":
        return folded(values)
    none = np.zeros_like(values)
    if part == "pitch":
        return np.clip(in_range(values) - session.pitch, -WIDEST, WIDEST) + WIDEST, none
    return np.minimum(values, DURATIONS[-1]) - 1, none


def folded(since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return inter-onset intervals (m,) as classes and waits, both in tatums, as `codec.events` writes them."""
    notes = NoteArrays(since, since, since, since, since)
    return notes.ioi, notes.wait * TATUMS_PER_BEAT


def solo_notes(session: Session, row: int, start: int, end_tick: int) -> tuple[Note, ...]:
    """Return one solo's written notes from tatum `start` on, which becomes tick 0.

    Each note is cut at the next onset or at `end_tick`, the end of the form; later notes are left out.
    """
    onset, duration, pitch = (values[row] for values in session.notes())
    kept = (onset >= start) & ((onset - start) * TICKS_PER_TATUM < end_tick)
    return one_at_a_time(onset[kept] - start, duration[kept], pitch[kept], end_tick)


def one_at_a_time(onset: np.ndarray, duration: np.ndarray, pitch: np.ndarray, end_tick: int) -> tuple[Note, ...]:
    """Convert notes (n,) from tatums, in order, each cut at the next onset, the last at `end_tick`."""
    onsets = onset * TICKS_PER_TATUM
    ends = np.minimum(onsets + duration * TICKS_PER_TATUM, np.append(onsets[1:], end_tick))
    rows = zip(onsets.tolist(), (ends - onsets).tolist(), pitch.tolist(), strict=True)
    return tuple(Note(*row, VELOCITY) for row in rows)

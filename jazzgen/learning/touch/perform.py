"""Play written notes as people would: draw a loudness, a lateness and a length for each, in NumPy.

    score -> facts of its notes -> encoded once -> note by note: loudness, then lateness, then length

What is drawn bears on what follows, so the touches of a solo hang together as a player's do.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.learning.lstm import State
from jazzgen.learning.touch.bundle import TouchModel
from jazzgen.learning.touch.columns import Facts, facts_of, swung_onsets
from jazzgen.learning.touch.net import KEEP
from jazzgen.learning.touch.scale import MISSING, N_BINS, QUANTITIES, REACH_BEATS, score_of
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT

_EACH = np.arange(len(QUANTITIES))
_SHORTEST_MS = 15.0  # that a note sounds, and that two onsets lie apart; set by hand


class Touched(NamedTuple):
    """How a note is played.

    Attributes:
        loudness: standard deviations above the solo's mean; 0 if the model's corpus was not measured for it.
        late_ms: onset minus written place, which is on the swung grid (`columns.swung_onsets`) if the score's feel is
            swing; negative if early.
        length: how long it sounds, as a share of the time to the next onset as played, at most `REACH_BEATS` beats.
    """

    loudness: float
    late_ms: float
    length: float


class Sounding(NamedTuple):
    """When a note sounds: milliseconds from the start of the score, and how long."""

    onset_ms: float
    duration_ms: float


def perform_touch(
    model: TouchModel,
    score: Score,
    *,
    rng: np.random.Generator,
    kept: Sequence[Touched | None] = (),
    as_written: bool = True,
) -> tuple[Touched, ...]:
    """Draw a touch for each note of the melody.

    Args:
        model: of touch.
        score: the melody at its written places, with changes, ideas, tempo and feel; its credits and the melody's
            program say who plays. A name that the model does not know, or none, is nobody in particular.
        rng: source of what is drawn; it is used alike whatever is kept.
        kept: touches that notes have already, None for those to draw; empty draws all. A note drawn follows from those
            before it, kept ones included.
        as_written: whether the notes are written as long as they should sound, as soloists write them; otherwise
            their lengths are taken for notation, and the model articulates by itself.

    Raises:
        OptionError: `kept` has not as many touches as there are notes.
    """
    count = len(score.melody.notes)
    if kept and len(kept) != count:
        raise OptionError(f"{len(kept)} touches for {count} notes; give one or None for each")
    if not count:
        return ()
    facts = _facts(model, score, as_written)
    given = np.array([touch or (np.nan,) * len(QUANTITIES) for touch in kept or [None] * count], float)
    bins = model.scale.bins(given.reshape(-1, len(QUANTITIES)))
    shares = rng.random((count, len(QUANTITIES)))
    drawn = _draw(model, facts, bins, shares, rng)
    values = np.stack([model.scale.value(q, drawn[:, q], shares[:, q]) for q in range(len(QUANTITIES))], axis=-1)
    touches = _touches(model, values)
    return tuple(old or new for old, new in zip(kept or [None] * count, touches, strict=True))


def mean_touch(model: TouchModel, score: Score, *, as_written: bool = True) -> tuple[Touched, ...]:
    """Return each note's mean touch over all ways to play the notes; the arguments are those of `perform_touch`."""
    if not score.melody.notes:
        return ()
    facts = _facts(model, score, as_written)
    return _touches(model, model.scale.restored(model.net.means(model.net.encode(facts))))


def unheard(model: TouchModel, score: Score) -> tuple[str, ...]:
    """Name what of a score the model has never heard: performer, style, instrument or tempo; empty if it knows all.

    A performer or style that the score does not name is not missed.
    """
    config, who = model.config, score.credits
    names = (("performer", who.performer, config.performers), ("style", who.style, config.styles))
    found = [f"{what} {name}" for what, name, known in names if name and name not in known]
    if config.programs and score.parts and score.melody.program not in config.programs:
        found.append(f"instrument (program {score.melody.program})")
    if not config.slowest_bpm <= score.bpm <= config.fastest_bpm:
        found.append(f"tempo {score.bpm:g}")
    return tuple(found)


def sounding(score: Score, touches: Sequence[Touched]) -> tuple[Sounding, ...]:
    """Return when each note of the melody sounds if played so, at the score's first tempo.

    Onsets stay in order, each 15 ms or more after the one before.
    """
    tick_ms = 60_000 / score.bpm / TICKS_PER_BEAT
    onsets = swung_onsets(score) * tick_ms + np.array([touch.late_ms for touch in touches])
    steps = np.arange(len(onsets)) * _SHORTEST_MS
    onsets = np.maximum.accumulate(np.maximum(onsets, 0) - steps) + steps
    reach = np.append(np.diff(onsets), np.inf)[: len(onsets)]
    lengths = np.array([touch.length for touch in touches]) * np.minimum(reach, REACH_BEATS * TICKS_PER_BEAT * tick_ms)
    return tuple(map(Sounding, onsets.tolist(), np.maximum(lengths, _SHORTEST_MS).tolist()))


def _facts(model: TouchModel, score: Score, as_written: bool) -> Facts:
    facts = facts_of(score, model.config.names)
    return facts if as_written else facts.without_lengths()


def _draw(
    model: TouchModel, facts: Facts, bins: np.ndarray, shares: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return bins (n, 3) with those that are `MISSING` drawn; `shares` tells where in its bin each value lies."""
    noise = rng.gumbel(size=(*bins.shape, N_BINS)).astype(np.float32)
    player = model.net.player
    gates, heads = player.given(model.net.encode(facts))
    scores = score_of(np.arange(N_BINS + 1), shares[..., None]).astype(np.float32)  # of each bin, were it drawn
    state = State.zeros(1, player.recurrent)
    before = [MISSING] * len(QUANTITIES)
    drift = np.zeros((2, len(QUANTITIES)), np.float32)
    drawn = bins.tolist()
    for note, own in enumerate(drawn):
        state = player.step(gates[note], before, drift.ravel(), state)
        above = player.above(heads[note], state)
        for head, known in enumerate(own):
            if known == MISSING:
                own[head] = int((player.logits(head, above[head], own) + noise[note, head]).argmax())
        drift = drift + (1 - KEEP) * (scores[note, _EACH, own] - drift)
        before = own
    return np.array(drawn)


def _touches(model: TouchModel, values: np.ndarray) -> tuple[Touched, ...]:
    """Make touches of values (n, 3); a quantity that was not measured is as usual for everyone."""
    measured = [quantity in model.config.measured for quantity in QUANTITIES]
    usual = np.array([0.0, 0.0, 0.85])  # the median length of the Weimar solos
    chosen = np.where(measured, values, usual)
    return tuple(Touched(*row) for row in chosen.round(4).tolist())

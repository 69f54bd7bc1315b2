"""Score how well a soloist predicts human solos: bits a note by part, beside n-grams and unigrams.

Each choice is predicted given everything before it, as played (teacher forcing), from the solo's first note to its
last; docs/evaluate.md has the protocol. Everything is computed for many notes at once, except the LSTM's steps and the
motifs, which run through many solos in parallel.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from jazzgen.codec.context import SoloArrays
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.hearing import N_ROWS, chord_classes, heard_chords, heard_rows
from jazzgen.learning.soloist.licks import Advice, Licks, hash_contexts
from jazzgen.learning.soloist.memory import Memory, motif_advice, padded
from jazzgen.learning.soloist.moments import (
    INDEX,
    PARTS,
    START_PITCH,
    WIDEST,
    PartName,
    Who,
    choices_of,
    in_range,
    moments_of,
)
from jazzgen.learning.soloist.net import Given, Net, Voice
from jazzgen.learning.soloist.recency import recency_of

FORECASTERS = ("soloist", "ngram", "ngram_no_motifs", "unigram")
_PITCHES = np.arange(LOWEST, HIGHEST + 1)
_SIDE_BY_SIDE = 1 << 14  # notes, padding included; set by hand
_BATCH = 512  # notes, set by hand


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """How well n notes were predicted, columns in the order of `PARTS`.

    Attributes:
        bits: (n, 3).
        hits: (n, 3) booleans, whether the note's class was the likeliest.
    """

    bits: np.ndarray
    hits: np.ndarray

    def __len__(self) -> int:
        return len(self.bits)

    @classmethod
    def joined(cls, scored: Sequence["Scored"]) -> "Scored":
        """Join the notes of several, one note or more in all."""
        return cls(np.concatenate([one.bits for one in scored]), np.concatenate([one.hits for one in scored]))

    def figures(self) -> dict[str, Any]:
        """Return means over the notes by name: bits of each part and in all, and each part's accuracy."""
        bits = {f"{part}_bits": float(mean) for part, mean in zip(PARTS, self.bits.mean(axis=0), strict=True)}
        accuracy = {part: float(mean) for part, mean in zip(PARTS, self.hits.mean(axis=0), strict=True)}
        return bits | {"total_bits": sum(bits.values()), "accuracy": accuracy}


def score_solos(
    solos: Sequence[SoloArrays], net: Net, memory: Memory, who: Who
) -> Iterator[tuple[int, Mapping[str, Scored]]]:
    """Yield each solo's index and how each of `FORECASTERS` predicts it, the shortest solos first.

    Args:
        solos: with one note or more each; pitches outside the scored range are moved by octaves.
        net: whose predictions are scored.
        memory: its licks, which are also the n-grams and unigrams it is compared with.
        who: the performers and styles that it knows.
    """
    for rows in _side_by_side([len(solo.notes) for solo in solos]):
        yield from zip(rows, _score([solos[row] for row in rows], net, memory, who), strict=True)


def pitch_scores(scores: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Convert logarithms for steps (..., n, steps) to logarithms for pitches 21 to 108 (..., n, 88).

    The outermost steps also stand for all wider ones, so the pitches there share their probability evenly. The
    probability of steps out of range is dropped.

    Args:
        scores: logarithms of probabilities, up to a constant.
        last: (n,) MIDI pitches that the steps are from.
    """
    steps = _PITCHES - last[:, None]
    beyond = np.where(steps < 0, last[:, None] - LOWEST, HIGHEST - last[:, None]) - WIDEST
    sharing = np.where(np.abs(steps) < WIDEST, 1, beyond + 1)
    rows = np.arange(len(last))[:, None]
    return scores[..., rows, np.clip(steps, -WIDEST, WIDEST) + WIDEST] - np.log(sharing)


def _side_by_side(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield batches of indices of solos of similar lengths."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if rows and (len(rows) + 1) * lengths[row] > _SIDE_BY_SIDE:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


class _Choices(NamedTuple):
    """The inputs and outcomes of n choices of one part.

    Attributes:
        columns: (n, columns).
        x: (n, n_x), the embedding of what is heard.
        a: (n, n_a), the hidden state.
        motif_scores, motif_orders: as in an `Advice`.
        recency: (n, steps), from `recency_of`.
        outcomes: (n,) the class that came, or the pitch counted from the lowest.
    """

    columns: np.ndarray
    x: np.ndarray
    a: np.ndarray
    motif_scores: np.ndarray
    motif_orders: np.ndarray
    recency: np.ndarray
    outcomes: np.ndarray


def _score(solos: Sequence[SoloArrays], net: Net, memory: Memory, who: Who) -> Iterator[dict[str, Scored]]:
    choices = zip(PARTS, _choices(solos, net, who), strict=True)
    found = np.stack([_bits_and_hits(part, those, net, memory[part]) for part, those in choices], axis=-1)
    ends = np.cumsum([len(solo.notes) for solo in solos])
    for solo in np.split(found, ends[:-1], axis=2):
        yield {name: Scored(bits, hits > 0) for name, (bits, hits) in zip(FORECASTERS, solo, strict=True)}


def _choices(solos: Sequence[SoloArrays], net: Net, who: Who) -> Iterator[_Choices]:
    """Yield the choices of each part, the solos end to end."""
    moments = [moments_of(solo, who) for solo in solos]
    chosen = [choices_of(solo.notes) for solo in solos]
    heard = [_heard(net, solo, columns) for solo, columns in zip(solos, moments, strict=True)]
    outcomes = np.concatenate(chosen)
    outcomes[:, PARTS.index("pitch")] = np.concatenate([in_range(solo.notes.pitch) for solo in solos]) - LOWEST
    recency = np.concatenate([recency_of(in_range(solo.notes.pitch), START_PITCH) for solo in solos])
    for index, part in enumerate(PARTS):
        own = [(columns[:, index], classes[:, index]) for columns, classes in zip(moments, chosen, strict=True)]
        motifs = motif_advice(part, own, np.float32)
        yield _Choices(
            columns=np.concatenate([columns for columns, _ in own]),
            x=np.concatenate([x[:, index] for x in heard]),
            a=_hidden(net.voices[part], [x[:, index] for x in heard]),
            motif_scores=np.concatenate([advice.log_probabilities for advice in motifs]),
            motif_orders=np.concatenate([advice.orders for advice in motifs]),
            recency=recency,
            outcomes=outcomes[:, index],
        )


def _heard(net: Net, solo: SoloArrays, moments: np.ndarray) -> np.ndarray:
    """Return the embeddings (n, 3, n_x) at moments (n, 3, columns)."""
    before = chord_classes(solo.before)
    here = chord_classes(solo.here)
    chords = heard_chords(np.stack([before, here, here], axis=1), moments)
    rows = np.moveaxis(heard_rows(moments), -1, 0)
    return chords.astype(net.embedding.dtype) @ net.embedding[N_ROWS:] + sum(net.embedding[row] for row in rows)


def _hidden(voice: Voice, xs: Sequence[np.ndarray]) -> np.ndarray:
    """Return the hidden states after each input (n, n_x) of each solo, the solos end to end."""
    state = voice.start(len(xs))
    states = []
    for x in padded(xs):
        state = voice.step(x, state)
        states.append(state.a)
    together = np.stack(states, axis=1)
    return np.concatenate([a[: len(x)] for a, x in zip(together, xs, strict=True)])


def _bits_and_hits(part: PartName, choices: _Choices, net: Net, licks: Licks) -> np.ndarray:
    """Return (forecasters, 2, n): bits, and 1 where the outcome was the likeliest."""
    found = []
    for start in range(0, len(choices.outcomes), _BATCH):
        some = _Choices(*(field[start : start + _BATCH] for field in choices))
        scores = _forecasts(part, some, net, licks)
        if part == "pitch":
            scores = pitch_scores(scores, some.columns[:, INDEX["pitch"]] + LOWEST - 1)
        came = np.take_along_axis(scores, some.outcomes[None, :, None], axis=-1)[..., 0]
        bits = (np.logaddexp.reduce(scores, axis=-1) - came) / np.log(2)
        found.append(np.stack([bits, scores.argmax(axis=-1) == some.outcomes], axis=1))
    return np.concatenate(found, axis=-1)


def _forecasts(part: PartName, choices: _Choices, net: Net, licks: Licks) -> np.ndarray:
    """Return unnormalised log-probabilities (forecasters, n, classes)."""
    advice, learnt = _advice(choices, licks)
    soloist = net.voices[part].logits(choices.a, Given(choices.x, advice, choices.columns, choices.recency))
    empty = hash_contexts(part, choices.columns)[:, :1, :1]  # the first chain starts from the empty context
    unigram = licks.ask(empty).log_probabilities[:, 0]
    mixtures = (_mixed(those.astype(np.float64)) for those in (advice.log_probabilities, learnt.log_probabilities))
    return np.stack([soloist, *mixtures, unigram], dtype=np.float64)


def _advice(choices: _Choices, licks: Licks) -> tuple[Advice, Advice]:
    """Return the advice of both memories, and that of the licks alone."""
    learnt = licks.ask(hash_contexts(licks.part, choices.columns))
    scores = np.concatenate([learnt.log_probabilities, choices.motif_scores], axis=1)
    return Advice(scores, np.concatenate([learnt.orders, choices.motif_orders], axis=1, dtype=np.float32)), learnt


def _mixed(scores: np.ndarray) -> np.ndarray:
    """Return log-probabilities (n, classes) of an equal mixture of experts (n, experts, classes)."""
    return np.log(np.exp(scores).mean(axis=1))

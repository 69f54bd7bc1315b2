"""How well a soloist foretells solos that people played: bits a note by part, beside n-grams and unigrams.

Each choice is given all that came before it, as it was played (teacher forcing), from the first note of the solo to
the last; docs/evaluate.md has the protocol. Everything is computed for many notes at once but the steps of the LSTM
and the motifs, which go through many solos side by side.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from jazzgen.codec.context import SoloArrays
from jazzgen.learning.soloist.hearing import N_ROWS, chord_classes, heard_chords, heard_rows
from jazzgen.learning.soloist.licks import Advice, Licks, hash_contexts
from jazzgen.learning.soloist.memory import Memory, motif_advice, padded
from jazzgen.learning.soloist.moments import (
    HIGHEST,
    INDEX,
    LOWEST,
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
_SIDE_BY_SIDE = 1 << 14  # notes, with what fills shorter solos up
_BATCH = 512  # notes


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """How well n notes were foretold, columns in the order of `PARTS`.

    Attributes:
        bits: (n, 3).
        hits: (n, 3) booleans, whether what came was the likeliest.
    """

    bits: np.ndarray
    hits: np.ndarray

    def __len__(self) -> int:
        return len(self.bits)

    @classmethod
    def joined(cls, scored: Sequence["Scored"]) -> "Scored":
        """The notes of several, one note or more."""
        return cls(np.concatenate([one.bits for one in scored]), np.concatenate([one.hits for one in scored]))

    def figures(self) -> dict[str, Any]:
        """Means over the notes, by name: bits of each part and in all, and the accuracy of each part."""
        bits = {f"{part}_bits": float(mean) for part, mean in zip(PARTS, self.bits.mean(axis=0), strict=True)}
        accuracy = {part: float(mean) for part, mean in zip(PARTS, self.hits.mean(axis=0), strict=True)}
        return bits | {"total_bits": sum(bits.values()), "accuracy": accuracy}


def score_solos(
    solos: Sequence[SoloArrays], net: Net, memory: Memory, who: Who
) -> Iterator[tuple[int, Mapping[str, Scored]]]:
    """Each solo's index and what each of `FORECASTERS` makes of it, the shortest solos first.

    Args:
        solos: with one note or more each; pitches off the scored range are moved by octaves.
        net: whose forecasts are scored.
        memory: its licks, which are the n-grams and unigrams beside it.
        who: the players and styles that it knows.
    """
    for rows in _side_by_side([len(solo.notes) for solo in solos]):
        yield from zip(rows, _score([solos[row] for row in rows], net, memory, who), strict=True)


def pitch_scores(scores: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Logarithms for the pitches 21 to 108 (..., n, 88) from those for steps (..., n, steps).

    The outermost steps stand for all wider ones too, so their probability is shared evenly by the pitches there. What
    steps out of range hold is left out.

    Args:
        scores: logarithms of probabilities, or of what is in proportion to them.
        last: (n,) MIDI pitches that the steps are from.
    """
    steps = _PITCHES - last[:, None]
    beyond = np.where(steps < 0, last[:, None] - LOWEST, HIGHEST - last[:, None]) - WIDEST
    sharing = np.where(np.abs(steps) < WIDEST, 1, beyond + 1)
    rows = np.arange(len(last))[:, None]
    return scores[..., rows, np.clip(steps, -WIDEST, WIDEST) + WIDEST] - np.log(sharing)


def _side_by_side(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of solos of like lengths, some at a time."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if rows and (len(rows) + 1) * lengths[row] > _SIDE_BY_SIDE:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


class _Choices(NamedTuple):
    """What n choices of one part go by.

    Attributes:
        columns: (n, columns).
        x: (n, n_x), what is heard.
        a: (n, n_a), the hidden state.
        motif_scores, motif_orders: as an `Advice` has them.
        recency: (n, steps), as `recency_of` has it.
        outcomes: (n,) what came, a class or a pitch counted from the lowest.
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
    """Those of each part in turn, the solos end to end."""
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
    """(n, 3, n_x) at moments (n, 3, columns)."""
    before, here = chord_classes(solo.before), chord_classes(solo.here)
    chords = heard_chords(np.stack([before, here, here], axis=1), moments)
    rows = np.moveaxis(heard_rows(moments), -1, 0)
    return chords.astype(net.embedding.dtype) @ net.embedding[N_ROWS:] + sum(net.embedding[row] for row in rows)


def _hidden(voice: Voice, xs: Sequence[np.ndarray]) -> np.ndarray:
    """The hidden states after what is heard (n, n_x) in each solo, the solos end to end."""
    state, states = voice.start(len(xs)), []
    for x in padded(xs):
        state = voice.step(x, state)
        states.append(state.a)
    together = np.stack(states, axis=1)
    return np.concatenate([a[: len(x)] for a, x in zip(together, xs, strict=True)])


def _bits_and_hits(part: PartName, choices: _Choices, net: Net, licks: Licks) -> np.ndarray:
    """(forecasters, 2, n): bits, and 1 where what came was the likeliest."""
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
    """Logarithms (forecasters, n, classes) of what the classes' probabilities are in proportion to."""
    advice, learnt = _advice(choices, licks)
    soloist = net.voices[part].logits(choices.a, Given(choices.x, advice, choices.columns, choices.recency))
    empty = hash_contexts(part, choices.columns)[:, :1, :1]  # the first chain starts from no context
    unigram = licks.ask(empty).log_probabilities[:, 0]
    mixtures = (_mixed(those.astype(np.float64)) for those in (advice.log_probabilities, learnt.log_probabilities))
    return np.stack([soloist, *mixtures, unigram], dtype=np.float64)


def _advice(choices: _Choices, licks: Licks) -> tuple[Advice, Advice]:
    """That of both memories, and that of the licks alone."""
    learnt = licks.ask(hash_contexts(licks.part, choices.columns))
    scores = np.concatenate([learnt.log_probabilities, choices.motif_scores], axis=1)
    return Advice(scores, np.concatenate([learnt.orders, choices.motif_orders], axis=1, dtype=np.float32)), learnt


def _mixed(scores: np.ndarray) -> np.ndarray:
    """Log-probabilities (n, classes) of experts (n, experts, classes) who are trusted alike."""
    return np.log(np.exp(scores).mean(axis=1))

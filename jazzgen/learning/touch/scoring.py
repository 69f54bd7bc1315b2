"""Measure touch: bits a note by quantity, how far the mean goes with the player, and how drawn touches spread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.learning.lstm import State
from jazzgen.learning.sampling import log_softmax
from jazzgen.learning.touch.columns import INDEX
from jazzgen.learning.touch.examples import Example
from jazzgen.learning.touch.net import Net
from jazzgen.learning.touch.scale import MISSING, N_BINS, QUANTITIES, Scale

_PRIOR = 0.5  # of each bin, so that none is impossible; set by hand
_SIGMAS = np.geomspace(0.1, 5, 40)  # tried for the spread around a rule, in bins' widths of a standard deviation


def net_bits(net: Net, example: Example) -> np.ndarray:
    """Return bits (n, 3) of a solo's touch, each note foretold from those before it; NaN where not measured."""
    player = net.player
    gates, heads = player.given(net.encode(example.facts))
    state = State.zeros(1, player.recurrent)
    before = np.full(len(QUANTITIES), MISSING)
    bits = np.full((len(example), len(QUANTITIES)), np.nan)
    for note, own in enumerate(example.bins):
        state = player.step(gates[note], before, example.drift[note], state)
        above = player.above(heads[note], state)
        for head in range(len(QUANTITIES)):
            if own[head] != MISSING:
                bits[note, head] = -log_softmax(player.logits(head, above[head], own))[own[head]] / np.log(2)
        before = own
    return bits


@dataclass(frozen=True, eq=False)
class Unigrams:
    """Shares of the bins by place in the beat (3, 13, N_BINS), counted in a corpus."""

    shares: np.ndarray

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Unigrams":
        counts = np.full((len(QUANTITIES), 13, N_BINS), _PRIOR)
        for example in examples:
            tatum = example.facts.columns[:, INDEX["tatum"]]
            for place, bins in enumerate(example.bins.T):
                known = bins != MISSING
                np.add.at(counts[place], (tatum[known], bins[known]), 1)
        return cls(counts / counts.sum(axis=-1, keepdims=True))

    def bits(self, example: Example) -> np.ndarray:
        """Return bits (n, 3); NaN where not measured."""
        tatum = example.facts.columns[:, INDEX["tatum"]]
        rows = [_bits(self.shares[place, tatum], bins) for place, bins in enumerate(example.bins.T)]
        return np.stack(rows, axis=-1)


def spread_bits(scale: Scale, pairs: Sequence[tuple[np.ndarray, Example]]) -> list[np.ndarray]:
    """Return bits (n, 3) of each solo if touches are spread normally, as widely as fits best, around given values.

    Args:
        scale: of the quantities.
        pairs: the given values (n, 3), such as rules have them, and the solo.
    """
    centres = np.concatenate([scale.scores(values) for values, _ in pairs])
    bins = np.concatenate([example.bins for _, example in pairs])
    grid = scale.scores(np.stack([scale.value(q, np.arange(N_BINS), np.full(N_BINS, 0.5)) for q in range(3)], axis=-1))
    found = []
    for place, column in enumerate(bins.T):
        tried = []
        for sigma in _SIGMAS:
            logits = -0.5 * ((grid[:, place] - centres[:, place, None]) / sigma) ** 2
            tried.append(_bits(np.exp(log_softmax(logits)), column))
        found.append(min(tried, key=np.nanmean) if (column != MISSING).any() else tried[0])
    ends = np.cumsum([len(example) for _, example in pairs])[:-1]
    return np.split(np.stack(found, axis=-1), ends)


def _bits(shares: np.ndarray, bins: np.ndarray) -> np.ndarray:
    known = bins != MISSING
    chosen = np.take_along_axis(shares, np.where(known, bins, 0)[:, None], axis=-1)[:, 0]
    return np.where(known, -np.log2(np.maximum(chosen, 1e-30)), np.nan)


def correlation(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the correlation of two arrays (n,) where both are known; NaN if one does not vary."""
    known = np.isfinite(ours) & np.isfinite(theirs)
    if known.sum() < 2 or min(np.std(ours[known]), np.std(theirs[known])) == 0:
        return float("nan")
    return float(np.corrcoef(ours[known], theirs[known])[0, 1])


def autocorrelation(values: np.ndarray, lag: int = 1) -> float:
    """Return the correlation of a solo's values (n,) with those `lag` notes later; NaN if they do not vary."""
    if np.isfinite(values).sum() < 2 or np.nanvar(values) == 0:
        return float("nan")
    centred = values - np.nanmean(values)
    return float(np.nanmean(centred[lag:] * centred[:-lag]) / np.nanvar(values))


def spread(touches: Sequence[np.ndarray]) -> np.ndarray:
    """Return the standard deviations (3,) over all notes of touches (n, 3)."""
    return np.asarray(np.nanstd(np.concatenate(touches), axis=0))


def hanging_together(touches: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean over solos (3,) of the correlation of each note's touch with the next one's."""
    each = [[autocorrelation(column) for column in touch.T] for touch in touches if len(touch) > 2]
    return np.asarray(np.nanmean(each, axis=0))

"""Fit a grammar model's tilt: let it play, count what it plays at each place, and move the offsets towards the corpus.

The network does not know where in the bar it is. On its own it plays more or fewer notes than its corpus, and chord
tones anywhere. Here it plays solos over the corpus's bars. Where it gives a step more probability at a place than the
corpus does, that step's offset falls by the logarithm of the ratio, round by round. A step leads from one place to
another: once every place is left as in the corpus, every place is also reached as often.

Sources: J. N. Darroch and D. Ratcliff, "Generalized Iterative Scaling for Log-Linear Models", Annals of Mathematical
Statistics 43(5), 1972, for the moves: they lead to the distribution with the corpus's shares that is nearest to the
network's (in Kullback-Leibler divergence). Here the shares are counted in solos that depend on the offsets, so the
moves shrink: H. Robbins and S. Monro, "A Stochastic Approximation Method", Annals of Mathematical Statistics 22(3),
1951.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from jazzgen.codec.kinds import KINDS
from jazzgen.learning.grammar.bundle import Config, Weights
from jazzgen.learning.grammar.play import Places, Playing
from jazzgen.learning.grammar.tilt import OTHER_NOTES, OTHER_RESTS, Balance, Steps, Tilt, others
from jazzgen.learning.grammar.usage import Counts, Usage
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.learning.sampling import draw, softmax
from jazzgen.music.timing import Bar

# All set by hand.
_ROUNDS, _FULL_ROUNDS = 12, 5  # in all, and before the moves shrink
_AIMS = 3  # rounds that adjust the balance
_SOLO_BARS = 24
_FEWEST_SOLOS, _MOST_SOLOS = 16, 64
_SOLO_LOGITS = 40_000  # of all solos together at a step: fewer solos for large vocabularies, to stay within seconds
_FEWEST = 3  # corpus steps that a place in a meter needs for a row of its own
_FEWEST_PLAYED = 4.0  # expected steps that a place needs for its offsets to move
_DAMPING = 0.7  # of a move, as offsets of steps and kinds move at once
_WIDEST_MOVE, _WIDEST = 2.0, 8.0  # logits, in a round and in all
_LEAST = 1e-4  # share, so that logarithms are finite


def fit_tilt(weights: Weights, vocabulary: Vocabulary, config: Config, usage: Usage, seed: int) -> Tilt:
    """Return the tilt with which a model plays as its corpus does; the same for one seed."""
    steps = Steps(vocabulary.tokens)
    rows = [name for name, counts in usage.steps.items() if name.startswith("any") or counts.total() >= _FEWEST]
    tilt = Tilt({name: {} for name in rows}, {name: {} for name in usage.kinds})
    player = _Player(weights, steps, config, usage.bars)
    for turn in range(_ROUNDS):
        played = player.play(tilt, np.random.default_rng([seed, turn]))
        pace = _DAMPING / max(1, turn - _FULL_ROUNDS + 2)
        tilt = replace(
            tilt,
            rhythm={
                name: _moved_steps(row, usage.steps[name], played.steps.get(name, Counter()), pace)
                for name, row in tilt.rhythm.items()
            },
            kinds={
                name: _moved_kinds(row, usage.kinds[name], played.kinds.get(name, Counter()), pace)
                for name, row in tilt.kinds.items()
            },
        )
    return replace(tilt, balance=_aim(player, tilt, usage.balance, seed))


def _aim(player: "_Player", tilt: Tilt, wanted: Balance, seed: int) -> Balance:
    """Return the balance to lean towards: the corpus's, corrected by how far the solos' share of rests misses it."""
    aim = wanted
    for turn in range(_ROUNDS, _ROUNDS + _AIMS):
        played = player.play(replace(tilt, balance=aim), np.random.default_rng([seed, turn]))
        aim = replace(aim, rests=float(np.clip(aim.rests + wanted.rests - played.rests, 0, 1)))
    return aim


@dataclass
class _Played:
    """What a model plays: expected counts, that is, probabilities summed along solos drawn from them.

    Attributes:
        steps: by place.
        kinds: by strength.
        rests: share of the time.
    """

    steps: Counts = field(default_factory=dict)
    kinds: Counts = field(default_factory=dict)
    rests: float = 0.0


class _Player:
    """A model that plays over the bars of its corpus."""

    def __init__(self, weights: Weights, steps: Steps, config: Config, bars: Sequence[Bar]) -> None:
        self._weights = weights
        self._steps = steps
        self._config = config
        self._bars = bars

    def play(self, tilt: Tilt, rng: np.random.Generator) -> _Played:
        """Play solos over stretches spread over the corpus, a fifth of them as if its meters were new to the model."""
        played = _Played()
        config = replace(self._config, tilt=tilt)
        most = int(np.clip(_SOLO_LOGITS // len(self._steps.durations), _FEWEST_SOLOS, _MOST_SOLOS))
        for own, solos in ((True, most), (False, most // 4)):
            forms = [_stretch(self._bars, len(self._bars) * solo // solos) for solo in range(solos)]
            playing = Playing(self._weights, self._steps, config, forms, own=own)
            sums, rests = _play(playing, rng)
            self._add(played, playing.places, sums, own=own)
            played.rests = rests if own else played.rests
        return played

    def _add(self, played: _Played, places: Places, sums: np.ndarray, *, own: bool) -> None:
        by_kind = [sums[:, self._steps.kinds == kind].sum(axis=1) for kind in KINDS]
        for row, amounts in enumerate(zip(*by_kind, strict=True)):
            by_step = np.bincount(places.indices[row], sums[row], len(self._steps.names))
            _add(played.steps, places.names[row], zip(self._steps.names, by_step.tolist(), strict=True))
            if own:
                _add(played.kinds, places.strengths[row], zip(KINDS, map(float, amounts), strict=True))


def _play(playing: Playing, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Play to the end; return probabilities (rows, n_values) summed by place, and the share of rests."""
    sums = np.zeros(playing.places.offsets.shape)
    rested = time = 0
    while playing.under_way.any():
        scores = playing.scores()
        # A solo that may play nothing rests to the next beat, and is not counted.
        stuck = ~np.isfinite(scores).any(axis=1)
        scores[stuck] = 0
        probabilities = softmax(scores)
        counted = playing.under_way & ~stuck
        for row, amounts in zip(playing.rows[counted], probabilities[counted], strict=True):
            sums[row] += amounts
        ticks, resting = playing.take(draw(probabilities, rng), stuck)
        rested += int(ticks[resting].sum())
        time += int(ticks.sum())
    return sums, rested / time


def _add(table: Counts, name: str, amounts: Iterable[tuple[str, float]]) -> None:
    counts = table.setdefault(name, Counter())
    for key, amount in amounts:
        counts[key] += amount  # type: ignore[assignment]


def _stretch(bars: Sequence[Bar], first: int) -> list[Bar]:
    """Return the bars of a solo, starting with one of the corpus and wrapping round at its end."""
    found: list[Bar] = []
    onset = 0
    for number in range(_SOLO_BARS):
        bar = bars[(first + number) % len(bars)]
        found.append(Bar(number + 1, onset, bar.duration, bar.meter))
        onset = found[-1].end
    return found


def _moved_steps(row: Mapping[str, float], wanted: Counter[str], played: Counter[str], pace: float) -> dict[str, float]:
    """Return a place's offsets after a round.

    Notes that the corpus never plays there keep the share that the network gives them, up to 1 / (n + 1) of all, n
    being the count of those that it does play there; rests likewise.
    """
    moved = dict(row)
    heard, total = wanted.total(), played.total()
    if total < _FEWEST_PLAYED:
        return moved
    # `heard` and `total` are all steps at this place; a share is due to those the corpus lacks, the rest to the others.
    for other in (OTHER_NOTES, OTHER_RESTS):
        named = [name for name in wanted if others(name) == other]
        count = sum(wanted[name] for name in named)
        unnamed = sum(played[name] for name in played if others(name) == other and name not in wanted) / total
        due = min(unnamed, count / (count + 1) / heard)
        left = 1 - due * heard / count if count else 1
        for name in named:
            moved[name] = _moved(row.get(name, 0), wanted[name] / heard * left, played[name] / total, pace)
        moved[other] = _moved(row.get(other, 0), due, unnamed, pace)
    return moved


def _moved_kinds(row: Mapping[str, float], wanted: Counter[str], played: Counter[str], pace: float) -> dict[str, float]:
    heard, total = wanted.total(), played.total()
    if total < _FEWEST_PLAYED:
        return dict(row)
    return {kind: _moved(row.get(kind, 0), wanted[kind] / heard, played[kind] / total, pace) for kind in KINDS}


def _moved(offset: float, wanted: float, played: float, pace: float) -> float:
    move = pace * np.log(max(wanted, _LEAST) / max(played, _LEAST))
    return round(float(np.clip(offset + np.clip(move, -_WIDEST_MOVE, _WIDEST_MOVE), -_WIDEST, _WIDEST)), 3)

"""A trained bundle over changes: tokens from the NumPy engine, pitches from the grammar, a score at the end."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jazzgen.codec import grammar
from jazzgen.engine import Engine
from jazzgen.errors import OptionError
from jazzgen.harmony.changes import MAX_BARS, Chart, chord_at
from jazzgen.harmony.tunes import Tune
from jazzgen.melody import without_repeats
from jazzgen.network.bundle import Bundle
from jazzgen.sampling import (
    check_temperature,
    check_top_k,
    check_top_p,
    choose,
    gumbel,
    nucleus_mask,
    softmax,
    top_k_mask,
)
from jazzgen.score import TENOR_SAX, Feel, Mark, Part, Score
from jazzgen.timing import MAX_BPM, TICKS_PER_BEAT, TICKS_PER_TATUM, Bar

SOLO_NAME, SOLO_CHANNEL = "Solo", 0
MAX_CHORUSES = 1000
MIN_TEMPO = 20.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to improvise.

    Attributes:
        choruses: times through the form.
        bpm: tempo, quarter notes a minute.
        temperature: 1 samples as learnt; lower is safer, higher more daring.
        top_k: choose among so many likeliest tokens, or None for all.
        top_p: choose among the likeliest tokens that hold this share of probability, or None for all.
        join_repeats: make one long note of one that is struck again at once.
        feel: None takes the tune's, or what the model was trained on.
    """

    choruses: int = 1
    bpm: float = 140.0
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    join_repeats: bool = False
    feel: Feel | None = None

    def __post_init__(self) -> None:
        check_temperature(self.temperature)
        if self.top_k is not None:
            check_top_k(self.top_k)
        if self.top_p is not None:
            check_top_p(self.top_p)
        if not 1 <= self.choruses <= MAX_CHORUSES:
            raise OptionError(f"choruses {self.choruses}: play 1 to {MAX_CHORUSES}")
        if not MIN_TEMPO <= self.bpm <= MAX_BPM:
            raise OptionError(f"tempo {self.bpm:g}: it is {MIN_TEMPO:g} to {MAX_BPM:g} beats a minute")


def improvise(bundle: Bundle, tune: Tune, options: Options = Options(), *, rng: np.random.Generator) -> Score:
    """A solo, as written (even eighths, one velocity); `arrange` plays it.

    The line fills the form to the tick and stays in the corpus's range.
    """
    chart = _all_choruses(tune.chart, options.choruses)
    tokens = generate_tokens(bundle, list(chart.bars()), options, rng=rng)
    config = bundle.config
    notes = grammar.decode(tokens, chart.changes, rng, low=config.low, high=config.high)
    if options.join_repeats:
        notes = without_repeats(notes)
    return Score(
        title=tune.title,
        tempos=((0, options.bpm),),
        meters=chart.meters,
        key=tune.key,
        changes=chart.changes,
        parts=(Part(SOLO_NAME, notes, TENOR_SAX, SOLO_CHANNEL),),
        feel=options.feel or ("straight" if tune.straight else config.feel),
        marks=tuple(mark for chorus in range(options.choruses) for mark in _marks(tune.chart, chorus)),
    )


def _all_choruses(chart: Chart, choruses: int) -> Chart:
    if chord_at(chart.changes, 0) is None:
        raise OptionError("the changes hold no chord, only N.C.; write at least one")
    bars = choruses * sum(1 for _ in chart.bars())
    if bars > MAX_BARS:
        raise OptionError(f"choruses {choruses}: that makes {bars} bars; at most {MAX_BARS} are played")
    return chart.repeated(choruses)


def _marks(chart: Chart, chorus: int) -> Iterator[Mark]:
    """One chorus and its sections; `chorus` counts from 0, labels from 1."""
    start = chorus * chart.end
    yield Mark(start, chart.end, "chorus", str(chorus + 1))
    for (onset, label), (end, _) in pairwise([*chart.sections, (chart.end, "")]):
        yield Mark(start + onset, end - onset, "section", label)


def generate_tokens(
    bundle: Bundle, bars: Sequence[Bar], options: Options, *, rng: np.random.Generator
) -> tuple[str, ...]:
    """Tokens that fill the bars.

    Each step the network may choose what the corpus starts at that place in the beat, what ends within the form and,
    of rests, what ends within the bar. Where that leaves nothing, a rest fills the beat.
    """
    engine, rules = Engine(bundle.weights), _Rules(bundle, bars)
    values, state = engine.start()
    tokens: list[str] = []
    position = 0
    while position < rules.end:
        logits, state = engine.step(values, state)
        allowed = rules.allowed(position)
        if not allowed.any():
            token = grammar.Token(grammar.REST, rules.to_next_beat(position))
            tokens.append(str(token))
            position += token.duration
            continue
        allowed &= _likely(np.where(allowed, logits[0], -np.inf), options)
        values = choose(logits, gumbel(logits.shape, rng), temperature=options.temperature, allowed=allowed)
        tokens.append(bundle.vocabulary.tokens[values[0]])
        position += int(rules.durations[values[0]])
    return tuple(tokens)


def _likely(logits: np.ndarray, options: Options) -> np.ndarray:
    """What top-k and nucleus leave, as a mask."""
    probabilities = softmax(logits)
    mask = np.ones(logits.shape, bool)
    if options.top_k is not None:
        mask &= top_k_mask(probabilities, options.top_k)
    if options.top_p is not None:
        mask &= nucleus_mask(probabilities, options.top_p)
    return mask


class _Rules:
    """Which tokens may start at a tick, looked up by place in the beat; each bar starts a beat."""

    def __init__(self, bundle: Bundle, bars: Sequence[Bar]) -> None:
        tokens = [grammar.parse_token(token) for token in bundle.vocabulary.tokens]
        self.durations = np.array([token.duration for token in tokens])
        self.end = bars[-1].end
        self._rests = np.array([token.kind == grammar.REST for token in tokens])
        self._starts = [np.isin(self.durations, durations) for durations in bundle.config.rhythm]
        self._bars = bars

    def allowed(self, position: int) -> np.ndarray:
        """Mask over the vocabulary."""
        bar = self._bar(position)
        left = np.where(self._rests, bar.end - position, self.end - position)
        return self._starts[(position - bar.onset) % TICKS_PER_BEAT // TICKS_PER_TATUM] & (self.durations <= left)

    def to_next_beat(self, position: int) -> int:
        """Ticks to the next beat or bar line."""
        bar = self._bar(position)
        return min(TICKS_PER_BEAT - (position - bar.onset) % TICKS_PER_BEAT, bar.end - position)

    def _bar(self, position: int) -> Bar:
        return self._bars[bisect_right(self._bars, position, key=lambda bar: bar.onset) - 1]

"""A grammar model over changes: tokens from the NumPy engine, pitches from the grammar."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from jazzgen.codec import grammar
from jazzgen.engine import Engine
from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Controls
from jazzgen.melody import Notes
from jazzgen.network.bundle import Bundle
from jazzgen.sampling import choose, gumbel, nucleus_mask, softmax, top_k_mask
from jazzgen.score import Score
from jazzgen.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Bar

_KNOWN = ("pitch_temperature", "rhythm_temperature", "top_k", "top_p")


def grammar_notes(bundle: Bundle, form: Score, controls: Controls, *, rng: np.random.Generator) -> Notes:
    """The notes of a solo. The line fills the form to the tick and stays in the corpus's range.

    Raises:
        OptionError: when a control is set that a grammar model does not know.
    """
    check_known(controls, bundle.name)
    tokens = generate_tokens(bundle, list(form.bars()), controls, rng=rng)
    return grammar.decode(tokens, form.changes, rng, low=bundle.config.low, high=bundle.config.high)


def check_known(controls: Controls, model: str) -> None:
    """OptionError if a control is set that a grammar model does not know, saying which it does know."""
    neutral = Controls()
    for field in fields(Controls):
        if field.name not in _KNOWN and getattr(controls, field.name) != getattr(neutral, field.name):
            raise OptionError(
                f"{field.name.replace('_', ' ')}: grammar model '{model}' knows temperature, top-k and top-p alone; "
                "leave it out, or give a soloist"
            )
    temperatures = {controls.pitch_temperature, controls.rhythm_temperature}
    if len(temperatures) > 1 or not controls.pitch_temperature.is_all(controls.pitch_temperature.lowest):
        raise OptionError(f"temperature: grammar model '{model}' has one, the same in all bars; give one number")


def generate_tokens(
    bundle: Bundle, bars: Sequence[Bar], controls: Controls, *, rng: np.random.Generator
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
        allowed &= _likely(np.where(allowed, logits[0], -np.inf), controls)
        values = choose(
            logits, gumbel(logits.shape, rng), temperature=controls.pitch_temperature.lowest, allowed=allowed
        )
        tokens.append(bundle.vocabulary.tokens[values[0]])
        position += int(rules.durations[values[0]])
    return tuple(tokens)


def _likely(logits: np.ndarray, controls: Controls) -> np.ndarray:
    """What top-k and nucleus leave, as a mask."""
    probabilities = softmax(logits)
    mask = np.ones(logits.shape, bool)
    if controls.top_k is not None:
        mask &= top_k_mask(probabilities, controls.top_k)
    if controls.top_p is not None:
        mask &= nucleus_mask(probabilities, controls.top_p)
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

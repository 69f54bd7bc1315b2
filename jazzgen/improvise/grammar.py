"""Improvise with a grammar model: its network chooses tokens, the grammar chooses pitches."""

from collections.abc import Sequence

import numpy as np

from jazzgen.codec import grammar
from jazzgen.errors import OptionError
from jazzgen.improvise.control_table import FIELDS
from jazzgen.improvise.controls import Controls
from jazzgen.learning.grammar.bundle import Bundle
from jazzgen.learning.grammar.play import Playing
from jazzgen.learning.grammar.tilt import Steps
from jazzgen.learning.sampling import choose, gumbel, nucleus_mask, softmax, top_k_mask
from jazzgen.music.melody import Notes
from jazzgen.music.score import Score
from jazzgen.music.timing import Bar
from jazzgen.system.stopping import stop_if_asked


def grammar_notes(bundle: Bundle, form: Score, controls: Controls, *, rng: np.random.Generator) -> Notes:
    """Improvise a solo that fills the form to the tick, within the corpus's pitch range.

    Raises:
        OptionError: when a control is set that grammar models do not know.
    """
    check_known(controls, bundle.name)
    tokens = generate_tokens(bundle, list(form.bars()), controls, rng=rng)
    return grammar.decode(tokens, form.changes, rng, low=bundle.config.low, high=bundle.config.high)


def check_known(controls: Controls, model: str) -> None:
    """Raise OptionError if a control is set that grammar models do not know."""
    neutral = Controls()
    for name, row in FIELDS.items():
        if "grammar" not in row.models and getattr(controls, name) != getattr(neutral, name):
            raise OptionError(
                f"{row.said}: grammar model '{model}' has no such control; leave it out, or give a soloist"
            )
    temperatures = {controls.pitch_temperature, controls.rhythm_temperature}
    if len(temperatures) > 1 or not controls.pitch_temperature.is_all(controls.pitch_temperature.lowest):
        raise OptionError(f"temperature: grammar model '{model}' has one, the same in all bars; give one number")


def generate_tokens(
    bundle: Bundle, bars: Sequence[Bar], controls: Controls, *, rng: np.random.Generator
) -> tuple[str, ...]:
    """Generate tokens that fill the bars.

    Each step allows notes that start at this place in the beat in the corpus and end within the form, and rests, which
    are cut at the bar line. If nothing is allowed, a rest fills the beat.
    """
    playing = Playing(bundle.weights, Steps(bundle.vocabulary.tokens), bundle.config, [bars])
    tokens: list[str] = []
    while playing.under_way.any():
        stop_if_asked()
        scores = playing.scores()
        allowed = np.isfinite(scores)
        stuck = ~allowed.any(axis=1)
        if not stuck.any():
            allowed &= _likely(scores, controls)
        temperature = controls.pitch_temperature.lowest
        chosen = choose(scores, gumbel(scores.shape, rng), temperature=temperature, allowed=allowed)
        ticks, resting = playing.take(chosen, stuck)
        token = grammar.Token(grammar.REST, int(ticks[0])) if resting[0] else bundle.vocabulary.tokens[chosen[0]]
        tokens.append(str(token))
    return tuple(tokens)


def _likely(logits: np.ndarray, controls: Controls) -> np.ndarray:
    """Return a mask of the classes that top-k and nucleus sampling keep."""
    probabilities = softmax(logits)
    mask = np.ones(logits.shape, bool)
    if controls.top_k is not None:
        mask &= top_k_mask(probabilities, controls.top_k)
    if controls.top_p is not None:
        mask &= nucleus_mask(probabilities, controls.top_p)
    return mask

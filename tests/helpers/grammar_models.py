"""Grammar models that nobody trained, and what solos come to, for tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.codec import grammar
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.grammar import generate_tokens
from jazzgen.learning.grammar.bundle import Bundle, Config, Weights
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.music.timing import Bar


def random_weights(config: Config, seed: int, scale: float = 0.3) -> Weights:
    rng = np.random.default_rng(seed)
    return Weights(*(rng.normal(0, scale, tuple(shape)).astype(np.float32) for shape in config.shapes()))


def random_bundle(config: Config, vocabulary: Vocabulary, seed: int = 0) -> Bundle:
    return Bundle("random", config, vocabulary, random_weights(config, seed), "")


@dataclass(frozen=True)
class Sums:
    """What lines of tokens come to in all."""

    notes_a_bar: float
    rests: float
    chord_tones: float
    notes_a_phrase: float

    @classmethod
    def of(cls, lines: Iterable[tuple[Sequence[Bar], Sequence[str]]]) -> "Sums":
        """Sums bars and the tokens that fill them; counted here anew, so that the code's own counting is tested too."""
        bars = rest = time = notes = phrases = 0.0
        strong: list[bool] = []
        for form, tokens in lines:
            bars += sum(bar.duration / bar.meter.bar_ticks for bar in form)
            position, after_rest = 0, True
            for token in map(grammar.parse_token, tokens):
                rests = token.kind == grammar.REST
                rest += token.duration * rests
                time += token.duration
                notes += not rests
                phrases += after_rest and not rests
                if not rests and _is_strong(form, position):
                    strong.append(token.kind == "C")
                position, after_rest = position + token.duration, rests
        return cls(notes / bars, rest / time, float(np.mean(strong)) if strong else np.nan, notes / max(phrases, 1))


def _is_strong(form: Sequence[Bar], tick: int) -> bool:
    """Beats 1 and 3 of 4/4, 1 of 3/4, 1 and 4 of 6/8."""
    bar = next(bar for bar in form if tick < bar.end)
    start = bar.end - bar.meter.bar_ticks if bar.number == 0 else bar.onset
    halves = 2 if bar.meter.numerator in (4, 6, 8, 12) else 1
    return (tick - start) * halves % bar.meter.bar_ticks == 0


def played(bundle: Bundle, forms: Sequence[Sequence[Bar]], seed: int) -> list[tuple[Sequence[Bar], tuple[str, ...]]]:
    """A solo over each form."""
    rng = np.random.default_rng(seed)
    return [(form, generate_tokens(bundle, form, Controls(), rng=rng)) for form in forms]

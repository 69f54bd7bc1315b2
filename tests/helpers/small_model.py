"""A small model for tests: untrained weights, but a vocabulary and a rhythm of real music."""

from pathlib import Path

import numpy as np

from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.learning.grammar.bundle import Bundle, Config, Weights, load_bundle, save_bundle
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.learning.grammar.windows import prepare, rhythm_table

STARTER = Path(__file__).parents[2] / "midi" / "starter"


def save_small_model(folder: Path, seed: int = 0) -> Bundle:
    """Writes a bundle whose weights are drawn from `seed`, over the tokens of three starter tunes, and loads it."""
    sequences = [grammar.encode(prepare(read_score(path))) for path in sorted(STARTER.glob("*.mid"))[:3]]
    vocabulary = Vocabulary.of(sequences)
    config = Config(
        n_values=len(vocabulary), n_a=16, low=55, high=84, rhythm=rhythm_table(sequences, [0] * len(sequences))
    )
    rng = np.random.default_rng(seed)
    weights = Weights(*(rng.normal(0, 0.3, tuple(shape)).astype(np.float32) for shape in config.shapes()))
    save_bundle(folder, config, vocabulary, weights, {}, "")
    return load_bundle(folder)

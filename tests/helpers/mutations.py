"""Texts spoilt at random, for readers that must bear with them."""

import random
from collections.abc import Sequence


def mutated(text: str, splices: Sequence[str], rng: random.Random) -> str:
    """A text with some letters cut out, doubled or spliced in from elsewhere."""
    for _ in range(rng.randint(1, 6)):
        a, b = sorted(rng.choices(range(len(text) + 1), k=2))
        piece = rng.choice((text[a : a + 20], rng.choice(splices)))
        text = rng.choice((text[:a] + piece + text[a:], text[:a] + text[b:], text[:a] + piece + text[b:], text[:b]))
    return text

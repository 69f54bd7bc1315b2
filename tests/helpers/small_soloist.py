"""A small soloist for tests: untrained weights drawn from a seed, and the licks of a few starter tunes."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from jazzgen.codec.context import SoloArrays, solo_arrays
from jazzgen.corpus import read_score
from jazzgen.learning.soloist.bundle import Config, Soloist, load_soloist, net_of, save_soloist
from jazzgen.learning.soloist.memory import learn
from jazzgen.learning.soloist.moments import CLASSES, choices_of, moments_of
from jazzgen.music.score import Score

STARTER = Path(__file__).parents[2] / "midi" / "starter"
CONFIG = Config(n_x=8, n_a=8, n_joint=8, performers=("Ann", "Bob"), styles=("BEBOP", "COOL"), low=50, high=84)


@cache
def starter_scores() -> tuple[Score, ...]:
    return tuple(read_score(path) for path in sorted(STARTER.glob("*.mid"))[:4])


@cache
def starter_solos() -> tuple[SoloArrays, ...]:
    return tuple(map(solo_arrays, starter_scores()))


@cache
def small_soloist(seed: int = 0) -> Soloist:
    rng = np.random.default_rng(seed)
    weights = {name: rng.normal(0, 0.25, shape).astype(np.float32) for name, shape in CONFIG.shapes().items()}
    moments = np.concatenate([moments_of(solo, CONFIG.who) for solo in starter_solos()])
    choices = np.concatenate([choices_of(solo.notes) for solo in starter_solos()])
    return Soloist("small", CONFIG, net_of(weights), learn(moments, choices), "")


@cache
def parrot() -> Soloist:
    """A soloist that goes by the last steps in its corpus alone, and so repeats it."""
    arrays = {name: np.zeros(shape, np.float32) for name, shape in CONFIG.shapes().items()}
    for part, classes in CLASSES.items():
        arrays[f"{part}_out_bias"][classes] = 1  # trust in the first expert
    licks = small_soloist().memory
    memory = licks | {"pitch": replace(licks["pitch"], counts=50 * licks["pitch"].counts)}  # as if heard often
    return Soloist("parrot", CONFIG, net_of(arrays), memory, "")


def save_small_soloist(folder: Path, seed: int = 0) -> Soloist:
    """Writes the small soloist and loads it."""
    soloist = small_soloist(seed)
    save_soloist(folder, soloist.config, soloist.net, soloist.memory, {}, "")
    return load_soloist(folder)

"""A small model of touch for tests, with weights drawn from a seed, and made-up solos that somebody played."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from jazzgen.corpus import Corpus
from jazzgen.formats.reading import Reading
from jazzgen.harmony.changes import parse_chart
from jazzgen.learning.touch.bundle import Config, TouchModel, load_touch, save_touch
from jazzgen.learning.touch.net import Net
from jazzgen.learning.touch.scale import Scale
from jazzgen.music.score import Credits, Note, Part, Played, Score

CONFIG = Config(8, 6, 5, 7, ("Ann", "Bob"), ("BEBOP",), (0, 66), 100.0, 250.0)


@cache
def small_touch(seed: int = 0) -> TouchModel:
    rng = np.random.default_rng(seed)
    weights = {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in CONFIG.sizes.shapes().items()}
    values = np.stack([rng.normal(0, 1, 4000), rng.normal(8, 30, 4000), rng.uniform(0.2, 1.02, 4000)], axis=-1)
    return TouchModel("small", CONFIG, Net(CONFIG.sizes, weights), Scale.of(values), "")


def save_small_touch(folder: Path, seed: int = 0) -> TouchModel:
    """Writes the small model and loads it."""
    model = small_touch(seed)
    save_touch(folder, model.config, model.net, model.scale, {"train_tunes": []}, "")
    return load_touch(folder)


def played_solo(seed: int, notes: int = 64, *, performer: str = "Ann", loud: bool = True) -> Score:
    """A solo in eighths whose off-beats are loud, late and short."""
    rng = np.random.default_rng(seed)
    made = []
    for place in range(notes):
        off = place % 2
        late = 20 * off + float(rng.normal(0, 5))
        level = float(off * 1.4 - 0.7 + rng.normal(0, 0.3)) if loud else None
        length = (0.5 if off else 0.95) * 250
        touch = Played(late, level, length, 500.0)
        made.append(Note(240 * place, round(length * 0.96), 60 + int(rng.integers(12)), played=touch))
    return Score(
        title=f"Tune {seed}",
        changes=parse_chart(" | ".join(["Dm7 | G7 | Cmaj7 | %"] * 4)).changes,
        parts=(Part("Solo", tuple(made), 66),),
        credits=Credits(performer=performer, style="BEBOP", rhythm_feel="SWING"),
        feel="straight",
    )


def written(score: Score) -> Score:
    """The same notes without how they were played."""
    notes = tuple(replace(note, played=None) for note in score.melody.notes)
    return score.with_parts(replace(score.melody, notes=notes))


def corpus_of(*scores: Score) -> Corpus:
    readings = tuple((Path(f"{score.title}.mid"), Reading(score, "", "")) for score in scores)
    return Corpus(readings, ())

"""Pieces with a bass line, for tests of the bassist: a part called Bass with a note on each beat."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from jazzgen.corpus import Corpus
from jazzgen.formats.reading import Reading
from jazzgen.harmony.changes import parse_chart
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.net import ARRAYS, Net
from jazzgen.learning.bass.walk import Bassist
from jazzgen.music.score import Credits, Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT

CHANGES = "Dm7 | G7 | Cmaj7/E | A7 Eb7 | Dm7b5 | G7b9 | Cm6 | N.C. | F7 | Bb6 | Gm7 C7 | Fmaj7"
CONFIG = BassConfig(n_x=8, n_a=8, n_joint=8, grooves=("SWING",), meters=(4,))


def walked(changes: str = CHANGES, seed: int = 0, title: str = "Walk", choruses: int = 2) -> Score:
    """A line that goes up the chords, with a few notes at random and a few missing."""
    rng = np.random.default_rng(seed)
    chart = parse_chart(changes).repeated(choruses)
    notes = []
    for number, span in enumerate(chart.changes):
        for beat in range(span.duration // TICKS_PER_BEAT if span.chord else 0):
            tones = span.chord.pitch_classes if span.chord else ()
            pitch = 36 + (tones[beat % len(tones)] - 36) % 12 if rng.random() < 0.9 else int(rng.integers(28, 54))
            if number and rng.random() < 0.05:
                continue
            notes.append(Note(span.onset + beat * TICKS_PER_BEAT, TICKS_PER_BEAT, pitch))
    parts = (Part("Solo", (Note(0, TICKS_PER_BEAT, 70),)), Part("Bass", tuple(notes)))
    return Score(title, changes=chart.changes, parts=parts, credits=Credits(rhythm_feel="SWING"))


def corpus_of(scores: Sequence[Score]) -> Corpus:
    readings = [(Path("walks.mid"), Reading(score, "melody", "chords", score.title)) for score in scores]
    return Corpus(tuple(readings), (), "")


def walks() -> Corpus:
    """Six tunes."""
    return corpus_of([walked(seed=seed, title=f"Walk {seed}") for seed in range(6)])


def small_bassist(seed: int = 0) -> Bassist:
    """An untrained bassist with weights drawn from a seed."""
    rng = np.random.default_rng(seed)
    shapes = CONFIG.shapes()
    return Bassist("small", CONFIG, Net(*(rng.normal(0, 0.4, shapes[name]).astype(np.float32) for name in ARRAYS)))

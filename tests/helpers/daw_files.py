"""Scores that are opened in real programs: a band in 4/4, 3/4 and 5/4, and one whose tempo changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.formats.midi.write import write_midi
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.form import form_score
from jazzgen.music.score import TENOR_SAX, Note, Part, Score


def _band(name: str) -> Score:
    """A tune with a solo that runs up and down in eighths, and the band."""
    tune = find_tune(name)
    form = form_score(tune, 1, tune.bpm, tune.feel)
    pitches = [60 + step for step in (0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2)]
    notes = tuple(Note(240 * i, 240, pitches[i % len(pitches)]) for i in range(form.end // 240 - 1) if i % 9)
    solo = form.with_parts(Part("Solo", notes, TENOR_SAX))
    return arrange(solo, Arrangement(intro=name == "rhythm-bb", ending=True), rng=np.random.default_rng(1))


def _with_tempos(score: Score) -> Score:
    return replace(score, tempos=((0, 120.0), (3840, 90.0), (7680, 150.0)))


SCORES = {
    "demo": _band("rhythm-bb"),
    "waltz": _band("waltz-g"),
    "five": _band("blues-5-4-g"),
    "tempos": _with_tempos(_band("blues-f")),
}


def write(name: str, folder: Path) -> Path:
    """The MIDI file of one of them."""
    path = folder / f"{name}.mid"
    write_midi(SCORES[name], path, {"seed": 1})
    return path

"""Solos that people played, measured: others' figures, and how much of each other they hold."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jazzgen.corpus import read_pieces
from jazzgen.corpus.split import tune_of
from jazzgen.formats.reading import Reading
from jazzgen.metrics.line import Line
from jazzgen.metrics.originality import Entry, Index
from jazzgen.metrics.pitch import pitch_class_entropy
from jazzgen.metrics.rhythm import grooving_similarity
from jazzgen.metrics.structure import phrases_of
from jazzgen.music.melody import monophonic
from jazzgen.music.score import Score
from jazzgen.music.timing import Meter

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def solos(weimar_path: Path) -> list[Entry]:
    readings = [piece for piece in read_pieces(weimar_path) if isinstance(piece, Reading)]
    return [Entry(piece.piece, tune_of(piece.score.title), line_of(piece.score)) for piece in readings]


def line_of(score: Score) -> Line:
    """Its legato notes, which reach over the next, cut there."""
    return Line.of(score.with_parts(replace(score.melody, notes=monophonic(score.melody.notes))))


def test_entropy_and_grooving_are_what_others_measured(solos: list[Entry]) -> None:
    """Theirs are of all 456 solos, of which these are 408; in 4/4."""
    common = [line for _, _, line in solos if {bar.meter for bar in line.bars} == {Meter()}]
    assert len(common) > 350
    assert np.mean([pitch_class_entropy(line, 1) for line in common]) == pytest.approx(1.943, abs=0.01)
    assert np.mean([pitch_class_entropy(line, 4) for line in common]) == pytest.approx(2.885, abs=0.01)
    assert np.mean([grooving_similarity(line) for line in common]) == pytest.approx(0.826, abs=0.01)


def test_rests_part_about_as_many_phrases_as_people_mark(solos: list[Entry]) -> None:
    marked, rested = (
        np.mean([phrases_of(line).notes.mean() for line in lines])
        for lines in ([line for _, _, line in solos], [line.unmarked() for _, _, line in solos])
    )
    assert rested == pytest.approx(marked, rel=0.05)


def test_solos_share_runs_of_about_a_dozen_notes_with_those_over_other_tunes(solos: list[Entry]) -> None:
    index = Index.of(solos)
    some = solos[::8]
    melody = [index.longest_run(line, without_tune=tune).notes for _, tune, line in some]
    rhythm = [index.longest_run(line, without_tune=tune, rhythm=True).notes for _, tune, line in some]
    assert 11 <= np.median(melody) <= 13
    assert 7 <= np.median(rhythm) <= 9
    assert index.longest_run(some[3].line).source == some[3].name

"""Notes that were played to a click: where they are written, and how they were played."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.music.played import measured
from jazzgen.music.score import Note, Part, Played, Score

EIGHTHS = tuple(Note(240 * place, 200, 60 + place % 7) for place in range(32))


def score_of(*notes: Note) -> Score:
    return Score(tempos=((0, 125.0),), parts=(Part("Solo", tuple(sorted(notes))),), feel="straight")  # a tick is 1 ms


@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_the_written_places_and_the_lateness_are_found_again(seed: int) -> None:
    rng = np.random.default_rng(seed)
    late = rng.integers(-25, 26, len(EIGHTHS)).tolist()
    late[0] = 10
    played = [
        replace(note, onset=note.onset + ms, velocity=60 + int(rng.integers(40)))
        for note, ms in zip(EIGHTHS, late, strict=True)
    ]
    found = measured(score_of(*played)).melody.notes
    assert [note.onset for note in found] == [note.onset for note in EIGHTHS]
    touches = [note.played for note in found if note.played]
    assert [touch.late_ms for touch in touches] == pytest.approx(late)
    assert np.mean([touch.loudness for touch in touches]) == pytest.approx(0, abs=1e-3)
    assert {touch.quarter_ms for touch in touches} == {480.0}


def test_triplets_are_written_as_triplets() -> None:
    places = [0, 165, 322, 480, 640, 805, 966, 1200]
    notes = [Note(place + 3, 100, 60 + i, 60 + 5 * i) for i, place in enumerate(places)]
    assert [note.onset for note in measured(score_of(*notes)).melody.notes] == [0, 160, 320, 480, 640, 800, 960, 1200]


def test_what_was_drawn_and_not_played_is_not_measured() -> None:
    drawn = score_of(*EIGHTHS)
    assert measured(drawn) is drawn
    accents = score_of(*(replace(note, velocity=50 + 7 * (i % 8)) for i, note in enumerate(EIGHTHS)))
    assert {note.played.late_ms for note in measured(accents).melody.notes if note.played} == {None}
    empty = Score()
    assert measured(empty) is empty


def test_what_was_measured_stays() -> None:
    before = score_of(replace(EIGHTHS[0], played=Played(5.0, 0.0, 100.0)), *EIGHTHS[1:])
    assert measured(before) is before

"""Readings to JSON and back."""

import json
from dataclasses import replace

from helpers.strategies import scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.formats.reading import Provenance, Reading
from jazzgen.formats.score_json import reading_from_json, reading_to_json
from jazzgen.music.score import Credits, Mark, Note, Part, Played, Score

texts = st.text(max_size=8)
marks = st.lists(
    st.builds(
        Mark, st.integers(0, 9000), st.integers(1, 9000), st.sampled_from(("section", "chorus", "phrase")), texts
    ),
    max_size=5,
).map(lambda found: tuple(sorted(found, key=lambda mark: mark.onset)))


@given(
    score=scores(),
    marks=marks,
    credit=st.builds(Credits, texts, texts, texts, texts),
    provenance=st.builds(Provenance, texts, texts, texts),
    left_out=st.lists(texts).map(tuple),
)
def test_from_json_is_the_inverse_of_to_json(
    score: Score, marks: tuple[Mark, ...], credit: Credits, provenance: Provenance, left_out: tuple[str, ...]
) -> None:
    reading = Reading(replace(score, marks=marks, credits=credit), "m", "c", "piece", provenance, left_out)
    assert reading_from_json(json.loads(json.dumps(reading_to_json(reading)))) == reading


def test_a_score_without_parts_or_changes_survives() -> None:
    reading = Reading(Score(), "", "")
    assert reading_from_json(json.loads(json.dumps(reading_to_json(reading)))) == reading


def test_how_notes_were_played_survives() -> None:
    touches = (Played(-3.25, None, 210.0, 500.0), None, Played(None, 1.5, 90.0))
    notes = tuple(Note(480 * place, 240, 60, played=touch) for place, touch in enumerate(touches))
    reading = Reading(Score(parts=(Part("Solo", notes),)), "", "")
    found = reading_from_json(json.loads(json.dumps(reading_to_json(reading))))
    assert tuple(note.played for note in found.score.melody.notes) == touches

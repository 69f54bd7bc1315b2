"""Lines made easy to read."""

from itertools import pairwise

import pytest
from helpers.strategies import lines
from hypothesis import given

from jazzgen.engraving.lines import tidied
from jazzgen.music.score import Note


def ends(*notes: tuple[int, int]) -> list[int]:
    return [note.end for note in tidied(Note(onset, end - onset, 60 + i) for i, (onset, end) in enumerate(notes))]


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ([(0, 100), (240, 480)], [240, 480]),  # staccato eighths are eighths
        ([(0, 300), (480, 960)], [480, 960]),  # a quarter is a quarter however short
        ([(0, 200), (960, 1200)], [240, 1200]),  # before a rest of beats an eighth stays one
        ([(0, 700), (1920, 2400)], [720, 2400]),  # a note ends where a beat or its half is
        ([(0, 160), (160, 300), (320, 440)], [160, 320, 480]),  # triplets
        ([(320, 500), (1920, 2160)], [720, 2160]),
    ],
)
def test_notes_end_where_the_next_starts_or_a_beat_or_its_half_is(
    notes: list[tuple[int, int]], expected: list[int]
) -> None:
    assert ends(*notes) == expected


def test_what_starts_together_ends_together() -> None:
    chord = [Note(0, 200, 60), Note(0, 230, 64), Note(960, 480, 62)]
    assert {note.end for note in tidied(chord) if note.onset == 0} == {240}


@given(notes=lines())
def test_nothing_moves_and_nothing_overlaps(notes: tuple[Note, ...]) -> None:
    found = tidied(notes)
    assert [(note.onset, note.pitch) for note in found] == [(note.onset, note.pitch) for note in notes]
    assert all(a.end <= b.onset for a, b in pairwise(found))

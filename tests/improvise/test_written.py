"""What was played comes back as it was written."""

import pytest
from helpers.small_soloist import small_soloist

from jazzgen.band.arrange import Arrangement
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.options import Options
from jazzgen.improvise.written import as_written
from jazzgen.music.score import Note, Part, Score
from jazzgen.takes.take import make_take

TUNE = find_tune("rhythm-bb")


@pytest.mark.parametrize("swing", [1.0, 1.7, 2.2])
def test_what_was_played_is_read_as_it_was_written(swing: float) -> None:
    take = make_take(small_soloist(), TUNE, Options(), Arrangement(swing=swing), seed=2)
    back = as_written(take.played, swing)
    assert back.feel == ("swing" if swing > 1 else "straight")
    assert [(note.onset, note.pitch) for note in back.melody.notes] == [
        (note.onset, note.pitch) for note in take.written.melody.notes
    ]


def test_swing_that_nobody_names_is_what_the_tempo_asks_for() -> None:
    take = make_take(small_soloist(), TUNE, Options(bpm=120), Arrangement(touch=0), seed=2)
    back = as_written(take.played)
    assert back.feel == "swing"
    assert [note.onset for note in back.melody.notes] == [note.onset for note in take.written.melody.notes]


def test_an_even_line_is_left_even() -> None:
    notes = tuple(Note(240 * i, 200, 60 + i % 5) for i in range(32))
    back = as_written(Score(parts=(Part("Solo", notes),), feel="straight"))
    assert back.feel == "straight"
    assert [(note.onset, note.duration) for note in back.melody.notes[:-1]] == [(240 * i, 240) for i in range(31)]

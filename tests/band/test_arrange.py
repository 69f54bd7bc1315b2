"""A written solo becomes a performance with a band."""

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from helpers.strategies import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.bassist import BASSES
from jazzgen.band.players import PLAYERS, TRIO
from jazzgen.band.styles import DENSITIES, style_names
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.music.score import Note, Part, Score

SOLO = Part("Solo", tuple(Note(240 * i, 240, 60 + i) for i in range(8)))
SCORE = Score("Tune", tempos=((0, 150.0),), changes=parse_changes("Dm7 | N.C. | G7"), parts=(SOLO,))


def played(how: Arrangement = Arrangement(), score: Score = SCORE, seed: int = 5) -> Score:
    return arrange(score, how, rng=np.random.default_rng(seed))


def test_the_solo_comes_first_and_the_band_joins_it() -> None:
    assert [part.name for part in played().parts] == ["Solo", "Piano", "Bass", "Drums"]
    assert [part.name for part in played(Arrangement(band=())).parts] == ["Solo"]


def test_a_style_names_its_band_and_an_arrangement_another() -> None:
    assert [part.name for part in played(Arrangement(style="shuffle")).parts] == ["Solo", "Organ", "Bass", "Drums"]
    asked = Arrangement(style="shuffle", band=("guitar",))
    assert [part.name for part in played(asked).parts] == ["Solo", "Guitar"]


def test_only_how_it_is_played_changes() -> None:
    found = played()
    assert [note.pitch for note in found.melody.notes] == [note.pitch for note in SOLO.notes]
    assert (found.title, found.changes, found.tempos, found.meters) == (
        "Tune",
        *(SCORE.changes, SCORE.tempos, SCORE.meters),
    )


@pytest.mark.parametrize(("swing", "second"), [(None, 320), (2.0, 320), (3.0, 360), (1.0, 240)])
def test_swing_goes_by_the_tempo_unless_a_ratio_is_given(swing: float | None, second: int) -> None:
    assert played(Arrangement(swing=swing, touch=0)).melody.notes[1].onset == second


def test_without_articulation_notes_last_as_written() -> None:
    as_written = played(Arrangement(swing=1.0, articulate=False, laid_back=0, touch=0)).melody.notes
    assert [(note.onset, note.duration) for note in as_written] == [(note.onset, note.duration) for note in SOLO.notes]
    assert played(Arrangement(swing=1.0, touch=0)).melody.notes[-1].duration < SOLO.notes[-1].duration


def test_the_solo_is_played_with_accents() -> None:
    assert len({note.velocity for note in played().melody.notes}) > 1


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert midi_bytes(played()) == midi_bytes(played())
    assert midi_bytes(played()) != midi_bytes(played(seed=6))


ARRANGEMENTS = st.builds(
    Arrangement,
    style=st.none() | st.sampled_from(style_names()),
    band=st.none() | st.sets(st.sampled_from(list(PLAYERS))).map(tuple),
    comping=st.sampled_from(DENSITIES),
    bass=st.sampled_from(BASSES),
    intro=st.booleans(),
    ending=st.booleans(),
    any_meter=st.just(value=True),
    swing=st.none() | st.floats(1, 3.5),
    laid_back=st.floats(0, 2),
    articulate=st.booleans(),
    perform=st.booleans(),
)


@given(score=scores(), how=ARRANGEMENTS)
@settings(max_examples=150, deadline=None)
def test_any_score_can_be_played_any_way(score: Score, how: Arrangement) -> None:
    found = played(how, score)
    assert found.feel == ("straight" if how.perform else score.feel)
    assert found.melody.is_monophonic
    assert len(found.parts) == len(score.parts) + len(TRIO if how.band is None else how.band)
    assert midi_bytes(found)

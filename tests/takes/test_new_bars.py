"""A retake changes the bars asked for and nothing else."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from helpers.small_soloist import small_soloist
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.arrange import Arrangement
from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError, OptionError
from jazzgen.formats.midi.write import write_midi
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.options import Options
from jazzgen.music.gesture import fitting
from jazzgen.music.score import Note, Score
from jazzgen.music.written import written_onset
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.recipe import Recipe, read_recipe
from jazzgen.takes.steps import Retaken
from jazzgen.takes.take import Take, make_take

BAR = 1920
TUNE = find_tune("rhythm-bb")


@pytest.fixture(scope="module")
def take() -> Take:
    return make_take(small_soloist(), TUNE, Options(bpm=150), Arrangement(swing=2.2), seed=1)


@pytest.fixture(scope="module")
def played(take: Take, tmp_path_factory: pytest.TempPathFactory) -> Score:
    path = tmp_path_factory.mktemp("takes") / "a.mid"
    write_midi(take.played, path, take.recipe.to_json())
    return read_score(path)


def again(played: Score, first: int, last: int, seed: int = 0, **asked: object) -> Take:
    return make_retake(small_soloist(), played, Retake((first, last), candidates=3, **asked), seed=seed)  # type: ignore[arg-type]


def outside(score: Score, first: int, last: int) -> list[Note]:
    return [note for note in score.melody.notes if not (first - 1) * BAR <= written_onset(note) < last * BAR]


def test_kept_notes_keep_their_gestures_and_new_ones_have_some_if_the_solo_has() -> None:
    take = make_take(small_soloist(), TUNE, Options(bpm=60), Arrangement(swing=2.2, gestures=True), seed=1)
    before, new = take.played.melody, again(take.played, 5, 24).played.melody
    inside = range(4 * BAR, 24 * BAR)
    assert [g for g in new.gestures if g.onset not in inside] == [g for g in before.gestures if g.onset not in inside]
    fresh = [gesture for gesture in new.gestures if gesture.onset in inside]
    assert fresh
    assert fresh != [gesture for gesture in before.gestures if gesture.onset in inside]
    assert fitting(new.gestures, new.notes) == new.gestures
    plain = take.played.with_parts(replace(before, gestures=()), *take.played.parts[1:])
    assert again(plain, 5, 24).played.melody == replace(new, gestures=())


@given(first=st.integers(1, 32), length=st.integers(1, 8), seed=st.integers(0, 99))
@settings(max_examples=15)
def test_only_the_bars_change(played: Score, first: int, length: int, seed: int) -> None:
    last = min(first + length - 1, 32)
    new = again(played, first, last, seed).played
    assert outside(new, first, last) == outside(played, first, last)
    assert new.with_parts(*new.parts[1:]) == played.with_parts(*played.parts[1:])
    assert len(new.melody.notes) > len(outside(played, first, last))
    assert all(a.end <= b.onset for a, b in pairwise(new.melody.notes))


def test_the_new_bars_are_new(played: Score) -> None:
    assert again(played, 5, 8, 1) == again(played, 5, 8, 1)
    assert len({again(played, 5, 8, seed).played for seed in range(3)}) == 3


def test_new_notes_swing_as_the_rest_does() -> None:
    """Asked for a few off-beats in a sparse line, where they stand alone in their beat; played by rules, so exactly."""
    take = make_take(small_soloist(), TUNE, Options(bpm=150), Arrangement(swing=2.2, touch=0), seed=1)
    played = take.played
    targets = tuple(Target(bar, 2.5, 0, any_octave=True) for bar in range(1, 33))
    sparse = Controls(density=Curve.of(0.25), targets=targets)

    def off_beats(swing: float | None, source: object) -> set[int]:
        retake = Retake((1, 32), sparse, candidates=2, swing=swing)
        new = make_retake(small_soloist(), played, retake, seed=1, source=source)  # type: ignore[arg-type]
        return {note.onset % BAR - 480 for note in new.played.melody.notes if note.pitch % 12 == 0} & {240, 330}

    recipe = json.loads(json.dumps(take.recipe.to_json()))
    assert 330 in off_beats(None, recipe)  # 2.2 to 1, as the recipe says
    assert off_beats(1.0, recipe) == {240}


def test_controls_hold_the_new_notes_alone(played: Score) -> None:
    controls = Controls(low=Curve.of(84), high=Curve.of(97), targets=(Target(6, 1, 95),))
    new = again(played, 5, 6, controls=controls).played
    fresh = [note for note in new.melody.notes if 4 * BAR <= written_onset(note) < 6 * BAR]
    assert {note.pitch for note in fresh} <= set(range(84, 98))
    assert [note.pitch for note in fresh if written_onset(note) == 5 * BAR] == [95]
    assert outside(new, 5, 6) == outside(played, 5, 6)


def test_a_note_that_rings_into_the_bars_is_let_ring(played: Score) -> None:
    ringing = Note(3 * BAR + 960, 2 * BAR, 60, 70)
    kept = [note for note in played.melody.notes if note.end <= ringing.onset or note.onset >= ringing.end]
    solo = played.with_parts(replace(played.melody, notes=tuple(sorted((*kept, ringing)))))
    new = again(solo, 5, 8).played
    assert ringing in new.melody.notes
    assert not any(ringing.onset < note.onset < ringing.end for note in new.melody.notes)


@pytest.mark.parametrize(("first", "last"), [(0, 2), (30, 33), (33, 40), (9, 8)])
def test_bars_outside_the_form_are_an_error_that_says_which_there_are(played: Score, first: int, last: int) -> None:
    with pytest.raises(OptionError, match=rf"bars {first}-{last}: '.*' has bars 1 to 32"):
        again(played, first, last)


def test_targets_in_bars_that_are_kept_are_refused() -> None:
    with pytest.raises(OptionError, match=r"target '9\.1=E4': bar 9 is kept; give targets in bars 5-8"):
        Retake((5, 8), Controls(targets=(Target(9, 1, 64),)))
    with pytest.raises(OptionError, match="best of 0"):
        Retake((5, 8), candidates=0)


def test_a_recipe_holds_the_retake_and_where_it_came_from(played: Score, take: Take, tmp_path: Path) -> None:
    retake = Retake((5, 8), Controls(density=Curve.parse("1:1 9:2")), candidates=2)
    source = json.loads(json.dumps(take.recipe.to_json()))
    new = make_retake(small_soloist(), played, retake, seed=4, source=source)
    write_midi(new.played, tmp_path / "b.mid", new.recipe.to_json())
    kept = read_recipe(tmp_path / "b.mid")
    assert kept is not None
    recipe = Recipe.from_json(kept)
    step = recipe.step
    assert isinstance(step, Retaken)
    assert (recipe.source, step.seed, step.model) == (source, 4, "small")
    same = Retake(step.bars, step.controls, step.candidates, step.swing)
    assert make_retake(small_soloist(), played, same, seed=step.seed, source=recipe.source) == new
    third = make_retake(small_soloist(), read_score(tmp_path / "b.mid"), retake, seed=5, source=kept)
    assert third.recipe.source == kept


def test_sections_are_those_of_the_file(tmp_path: Path, take: Take) -> None:
    assert take.written.marked("section")
    write_midi(take.played, tmp_path / "a.mid")
    new = make_retake(small_soloist(), read_score(tmp_path / "a.mid"), Retake((5, 8), candidates=2), seed=0)
    assert new.written.marks == take.written.marks


@pytest.mark.parametrize(
    "source",
    [{}, {"changes": 3}, {"source": {"options": []}}, {"arrangement": {"swing": "x"}}, {"arrangement": {"swing": 99}}],
)
def test_a_recipe_that_makes_no_sense_is_as_good_as_none(played: Score, source: dict[str, object]) -> None:
    with_it = make_retake(small_soloist(), played, Retake((5, 8), candidates=3), seed=0, source=source)
    assert with_it.played == again(played, 5, 8).played


def test_a_file_without_a_recipe_has_none(tmp_path: Path, take: Take) -> None:
    write_midi(take.played, tmp_path / "a.mid")
    assert read_recipe(tmp_path / "a.mid") is None
    write_midi(take.played, tmp_path / "b.mid", {"deep": "[" * 10})
    assert read_recipe(tmp_path / "b.mid") == {"deep": "[" * 10}
    (tmp_path / "c.mid").write_bytes(b"no MIDI")
    with pytest.raises(CorpusError):
        read_recipe(tmp_path / "c.mid")

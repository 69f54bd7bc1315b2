"""A recipe gives the file again, to the byte; and what is said when it cannot."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import mido
import pytest
from helpers.small_model import save_small_model
from helpers.small_soloist import small_soloist

from jazzgen.band.arrange import Arrangement, models_of
from jazzgen.corpus import read_score
from jazzgen.errors import BundleError, OptionError
from jazzgen.formats.midi.write import Layout, midi_bytes, write_midi
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.recipe import read_recipe, read_source
from jazzgen.takes.remake import is_same_music, remake
from jazzgen.takes.take import Take, make_takes

SOLOIST = small_soloist()


PLAIN = Layout()


def write(take: Take, path: Path, layout: Layout = PLAIN) -> Path:
    write_midi(take.played, path, take.recipe.to_json(layout), layout)
    return path


def found(name: str, weights: str) -> Model:
    if (name, weights) != (SOLOIST.name, SOLOIST.checksum):
        raise BundleError("another model")
    return SOLOIST


def remade(path: Path) -> bytes:
    recipe = read_recipe(path)
    assert recipe is not None
    return remake(recipe, found)


CASES: list[tuple[str, Options, Arrangement, Layout]] = [
    ("blues-f", Options(bpm=140), Arrangement(), Layout()),
    ("bossa-a", Options(choruses=2, bpm=126, tag=True), Arrangement(intro=True, ending=True), Layout(kind=0)),
    ("son-c", Options(bpm=180), Arrangement(band=("guitar", "bass"), mute=("bass",)), Layout(chord_text=True)),
    ("waltz-g", Options(bpm=160), Arrangement(style="ballad", laid_back=2, swing=1.5, comping="busy"), Layout()),
    ("vamp-7-4-d", Options(bpm=180), Arrangement(perform=False, band=()), Layout()),
    ("ballad-eb", Options(bpm=66), Arrangement(gestures=True, ending=True), Layout()),
]


@pytest.mark.parametrize(("tune", "options", "how", "layout"), CASES, ids=[case[0] for case in CASES])
def test_a_file_is_made_again(tune: str, options: Options, how: Arrangement, layout: Layout, tmp_path: Path) -> None:
    take = make_takes(SOLOIST, find_tune(tune), options, how, seed=5).best[0]
    path = write(take, tmp_path / "a.mid", layout)
    assert remade(path) == path.read_bytes()


@pytest.mark.parametrize("name", ["touch", "bass"])
def test_other_weights_of_the_bands_models_are_named(name: str, tmp_path: Path) -> None:
    take = make_takes(SOLOIST, find_tune("blues-f"), Options(bpm=140), Arrangement(), seed=5).best[0]
    recipe = read_recipe(write(take, tmp_path / "a.mid"))
    assert recipe is not None
    assert recipe[name] == models_of(take.recipe.step.arrangement)[name]  # type: ignore[union-attr]
    with pytest.raises(OptionError, match=f"models/{name} has other weights"):
        remake({**recipe, name: "0" * 64}, found)


def test_a_grammar_model_s_too(tmp_path: Path) -> None:
    model = save_small_model(tmp_path / "small")
    take = make_takes(model, find_tune("blues-f"), Options(), Arrangement(), seed=5).best[0]
    path = write(take, tmp_path / "a.mid")
    assert remake(read_recipe(path) or {}, lambda *_: model) == path.read_bytes()


@pytest.fixture
def solo(tmp_path: Path) -> Path:
    take = make_takes(SOLOIST, find_tune("blues-f"), Options(), Arrangement(), seed=5).best[0]
    return write(take, tmp_path / "solo.mid")


def retaken(path: Path, bars: tuple[int, int], out: Path) -> Path:
    retake = Retake(bars, candidates=2)
    return write(make_retake(SOLOIST, read_score(path), retake, seed=1, source=read_source(path)), out)


def test_a_retake_of_a_retake_is_made_again(solo: Path, tmp_path: Path) -> None:
    first = retaken(solo, (3, 4), tmp_path / "first.mid")
    second = retaken(first, (5, 5), tmp_path / "second.mid")
    assert remade(second) == second.read_bytes()
    assert remade(first) == first.read_bytes()


def test_a_retake_of_what_was_changed_by_hand_says_so(solo: Path, tmp_path: Path) -> None:
    score = read_score(solo)
    write_midi(score.with_parts(score.parts[0], *score.parts[2:]), solo, read_recipe(solo))
    with pytest.raises(OptionError, match="was changed by hand"):
        remade(retaken(solo, (3, 4), tmp_path / "a.mid"))


def test_a_retake_of_a_solo_from_elsewhere_says_so(solo: Path, tmp_path: Path) -> None:
    score = read_score(solo)
    write_midi(score, solo)
    with pytest.raises(OptionError, match="a solo that is not by jazzgen"):
        remade(retaken(solo, (3, 4), tmp_path / "a.mid"))


@pytest.mark.parametrize(
    "spoil",
    [{"options": {}}, {"arrangement": 3}, {"seed": "x"}, {"file": {"kind": 7, "x": 1}}, {"changes": None}, {"rank": 9}],
    ids=str,
)
def test_a_recipe_that_makes_no_sense_is_one_line(spoil: dict[str, Any], solo: Path) -> None:
    recipe = json.loads(json.dumps(read_recipe(solo))) | spoil
    with pytest.raises(OptionError, match="its recipe is damaged") as raised:
        remake(recipe, found)
    assert "\n" not in str(raised.value)


def test_another_model_is_refused(solo: Path) -> None:
    recipe = {**(read_recipe(solo) or {}), "weights": "0"}
    with pytest.raises(BundleError, match="another model"):
        remake(recipe, found)


def test_a_part_that_nobody_plays_is_named(solo: Path) -> None:
    recipe = {**(read_recipe(solo) or {}), "stem": "Tuba"}
    with pytest.raises(OptionError, match="for the part 'Tuba', which no player has"):
        remake(recipe, found)


def test_music_is_the_same_whatever_the_recipe_says_and_however_it_is_laid_out(solo: Path, tmp_path: Path) -> None:
    score, recipe = read_score(solo), read_recipe(solo)
    data = solo.read_bytes()
    assert is_same_music(data, midi_bytes(score, {"another": 1}))
    assert is_same_music(data, midi_bytes(score))
    mido.MidiFile(solo, charset="utf-8").save(tmp_path / "again.mid")
    assert is_same_music(data, (tmp_path / "again.mid").read_bytes())
    first, *rest = score.melody.notes
    for other in (
        score.with_parts(replace(score.melody, notes=tuple(rest)), *score.parts[1:]),
        score.with_parts(replace(score.melody, notes=(replace(first, velocity=1), *rest)), *score.parts[1:]),
        score.with_parts(replace(score.melody, program=3), *score.parts[1:]),
        score.with_parts(*score.parts[:-1]),
        replace(score, title="Other"),
        replace(score, tempos=((0, 90.0),)),
        replace(score, changes=score.changes[:-1]),
    ):
        assert not is_same_music(data, midi_bytes(other, recipe))

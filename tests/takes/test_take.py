"""Takes are the same for one seed, and their recipe holds all that made them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.small_model import save_small_model
from helpers.small_soloist import small_soloist

from jazzgen.band.arrange import Arrangement
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.harmony.changes import Chart, ChordSpan, parse_chart
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.improvise.primer import Primer
from jazzgen.learning.grammar.bundle import Bundle
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.timing import Meter
from jazzgen.music.written import as_told
from jazzgen.takes.recipe import Recipe
from jazzgen.takes.steps import Improvised
from jazzgen.takes.take import Take, make_take, make_takes

TUNE = Tune("A walk", parse_chart("[A] Dm7 . . G7 | Cmaj7 | 3/4 Cmaj7"), Key("C"))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return save_small_model(tmp_path_factory.mktemp("models") / "small")


def test_one_seed_gives_one_take(bundle: Bundle) -> None:
    first, again, other = (make_take(bundle, TUNE, Options(), Arrangement(), seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.written != other.written
    assert midi_bytes(first.played, first.recipe.to_json()) == midi_bytes(again.played, again.recipe.to_json())


def test_what_is_played_is_what_is_written_and_the_band(bundle: Bundle) -> None:
    take = make_take(bundle, TUNE, Options(choruses=4), Arrangement(swing=1.0, laid_back=0), seed=1)
    assert [part.name for part in take.written.parts] == ["Solo"]
    assert [part.name for part in take.played.parts] == ["Solo", "Piano", "Bass", "Drums"]
    pairs = zip(take.written.melody.notes, take.played.melody.notes, strict=True)
    assert all(replace(a, velocity=80) == replace(as_told(b), velocity=80) for a, b in pairs)


def test_a_recipe_names_model_changes_and_seed_and_goes_into_json(bundle: Bundle) -> None:
    take = make_take(bundle, TUNE, Options(bpm=99), Arrangement(swing=1.5), seed=42)
    recipe = json.loads(json.dumps(take.recipe.to_json()))
    assert (recipe["model"], recipe["weights"], recipe["seed"]) == ("small", bundle.checksum, 42)
    assert recipe["options"]["bpm"] == 99
    assert recipe["arrangement"]["swing"] == 1.5
    assert parse_chart(recipe["changes"], Meter.parse(recipe["meter"])) == TUNE.chart


def test_a_recipe_is_enough_to_make_the_take_again(bundle: Bundle, tmp_path: Path) -> None:
    cool = Controls(pitch_temperature=Curve.of(0.8), rhythm_temperature=Curve.of(0.8), top_k=9)
    take = make_take(bundle, TUNE, Options(controls=cool, choruses=2), Arrangement(band=()), seed=9)
    assert made_again(bundle, take) == take


def test_a_recipe_names_the_players_whom_the_style_brought() -> None:
    take = make_takes(small_soloist(), TUNE, Options(), Arrangement(style="shuffle"), seed=3).best[0]
    assert isinstance(take.recipe.step, Improvised)
    assert take.recipe.step.arrangement.band == ("organ", "bass", "drums")


def made_again(model: Model, take: Take) -> Take:
    """The take that its recipe makes."""
    step = Recipe.from_json(json.loads(json.dumps(take.recipe.to_json()))).step
    assert isinstance(step, Improvised)
    takes = make_takes(model, step.tune, step.options, step.arrangement, seed=step.seed, keep=step.rank)
    return takes.best[-1]


FULL = Options(
    choruses=3,
    bpm=99,
    controls=Controls(
        pitch_temperature=Curve.parse("1:0.8 3:1.2"),
        top_p=0.9,
        low=Curve.of(52),
        high=Curve.of(82),
        density=Curve.of(1.5),
        performer="Ann",
        groove="SWING",
        targets=(Target(2, 1, 64), Target(3, 2.5, 7, any_octave=True)),
        max_quote=6,
    ),
    feel="straight",
    primer=Primer.parse("C4:1/2 E4:1/3"),
    primer_before=True,
    takes=3,
)


@pytest.mark.parametrize("keep", [1, 2])
def test_a_soloist_s_recipe_is_enough_too(keep: int) -> None:
    soloist = judging_soloist()
    take = make_takes(soloist, TUNE, FULL, Arrangement(), seed=3, keep=keep).best[-1]
    assert take.recipe.to_json()["rank"] == keep
    assert made_again(soloist, take) == take


def judging_soloist() -> Soloist:
    soloist = small_soloist()
    return replace(soloist, config=replace(soloist.config, human={"density": (2.0, 0.5), "rest_share": (0.2, 0.1)}))


def test_takes_are_ranked_and_the_best_are_kept() -> None:
    takes = make_takes(judging_soloist(), TUNE, Options(takes=5), Arrangement(), seed=1, keep=2)
    distances = [verdict.distance for verdict in takes.verdicts]
    assert len(distances) == 5
    assert distances == sorted(distances)
    assert len(set(distances)) > 1
    assert [take.recipe.to_json()["rank"] for take in takes.best] == [1, 2]
    assert takes.best[0].written != takes.best[1].written
    assert takes.human == judging_soloist().config.human


def test_a_recipe_holds_a_chord_over_several_bars_as_one_in_each(bundle: Bundle) -> None:
    held = Chart((ChordSpan(0, 3 * 1440, parse_chord("Dm7")),), ((0, Meter(3, 4)),))
    take = make_take(bundle, Tune("Held", held, Key("C")), Options(), Arrangement(), seed=1)
    assert take.recipe.to_json()["changes"] == "3/4 Dm7 | Dm7 | Dm7"

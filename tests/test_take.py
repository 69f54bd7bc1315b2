"""Takes are the same for one seed, and their recipe holds all that made them."""

import json
from pathlib import Path

import pytest
from small_model import save_small_model

from jazzgen.arrange import Arrangement
from jazzgen.harmony.changes import Chart, ChordSpan, parse_chart
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise import Options
from jazzgen.midifile import midi_bytes
from jazzgen.network.bundle import Bundle
from jazzgen.take import make_take
from jazzgen.timing import Meter

TUNE = Tune("A walk", parse_chart("[A] Dm7 . . G7 | Cmaj7 | 3/4 Cmaj7"), Key("C"))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return save_small_model(tmp_path_factory.mktemp("models") / "small")


def test_one_seed_gives_one_take(bundle: Bundle) -> None:
    first, again, other = (make_take(bundle, TUNE, Options(), Arrangement(), seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.written != other.written
    assert midi_bytes(first.played, first.recipe) == midi_bytes(again.played, again.recipe)


def test_what_is_played_is_what_is_written_and_the_band(bundle: Bundle) -> None:
    take = make_take(bundle, TUNE, Options(choruses=4), Arrangement(swing=1.0), seed=1)
    assert [part.name for part in take.written.parts] == ["Solo"]
    assert [part.name for part in take.played.parts] == ["Solo", "Chords"]
    pairs = zip(take.written.melody.notes, take.played.melody.notes, strict=True)
    assert all((a.onset, a.pitch) == (b.onset, b.pitch) for a, b in pairs)


def test_a_recipe_names_model_changes_and_seed_and_goes_into_json(bundle: Bundle) -> None:
    take = make_take(bundle, TUNE, Options(bpm=99), Arrangement(swing=1.5), seed=42)
    recipe = json.loads(json.dumps(take.recipe))
    assert (recipe["model"], recipe["weights"], recipe["seed"]) == ("small", bundle.checksum, 42)
    assert recipe["options"]["bpm"] == 99
    assert recipe["arrangement"]["swing"] == 1.5
    assert parse_chart(recipe["changes"], Meter.parse(recipe["meter"])) == TUNE.chart


def test_a_recipe_is_enough_to_make_the_take_again(bundle: Bundle, tmp_path: Path) -> None:
    take = make_take(bundle, TUNE, Options(temperature=0.8, choruses=2), Arrangement(comping=False), seed=9)
    kept = json.loads(json.dumps(take.recipe))
    chart = parse_chart(kept["changes"])
    tune = Tune(kept["title"], chart, Key.parse(kept["key"]), straight=kept["straight"])
    again = make_take(bundle, tune, Options(**kept["options"]), Arrangement(**kept["arrangement"]), seed=kept["seed"])
    assert again == take


def test_a_recipe_holds_a_chord_over_several_bars_as_one_in_each(bundle: Bundle) -> None:
    held = Chart((ChordSpan(0, 3 * 1440, parse_chord("Dm7")),), ((0, Meter(3, 4)),))
    take = make_take(bundle, Tune("Held", held, Key("C")), Options(), Arrangement(), seed=1)
    assert take.recipe["changes"] == "3/4 Dm7 | Dm7 | Dm7"

"""A recipe holds all that made a file."""

import json
from pathlib import Path

from small_model import save_small_model

from jazzgen.arrange import Arrangement
from jazzgen.harmony.changes import parse_changes
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise import Options
from jazzgen.recipe import make_recipe
from jazzgen.timing import Meter


def test_a_recipe_can_be_written_as_json_and_names_model_changes_and_seed(tmp_path: Path) -> None:
    bundle = save_small_model(tmp_path / "small")
    tune = Tune("A walk", parse_changes("Dm7 . . G7 | Cmaj7 | %"), Key("C"), Meter())
    recipe = json.loads(json.dumps(make_recipe(bundle, tune, Options(bpm=99), Arrangement(swing=1.5), 42)))
    assert recipe["model"] == "small"
    assert recipe["weights"] == bundle.checksum
    assert recipe["seed"] == 42
    assert recipe["options"]["bpm"] == 99
    assert recipe["arrangement"]["swing"] == 1.5
    assert parse_changes(recipe["changes"], Meter.parse(recipe["meter"])) == tune.changes

"""What the studio does with files whose recipe is old or damaged: it works on them, or says why not in one line."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from helpers.small_soloist import small_soloist

from jazzgen.errors import OptionError
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.learning.soloist.bundle import save_soloist
from jazzgen.studio import work
from jazzgen.studio.opening import open_solo
from jazzgen.studio.requests import BarsAsked, LikeAsked, LongerAsked
from jazzgen.takes.recipe import recipe_in
from jazzgen.takes.remake import read_midi
from jazzgen.takes.transform import Timing

FILES = Path(__file__).parents[1] / "takes" / "recipes"
OLD = (FILES / "old-recipe.mid").read_bytes()


@pytest.fixture(scope="module")
def soloist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small one that knows some figures of people's solos."""
    folder, small = tmp_path_factory.mktemp("models") / "small", small_soloist()
    config = replace(small.config, human={"density": (2.0, 0.5), "rest_share": (0.2, 0.1)})
    save_soloist(folder, config, small.net, small.memory, {}, "")
    return folder


def field_places(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in found.items() if isinstance(found, dict) else ():
        yield (*path, name)
        yield from field_places(value, (*path, name))


def lacking(data: bytes, path: tuple[str, ...]) -> bytes:
    """The file without one field of its recipe."""
    recipe = deepcopy(recipe_in(data))
    where: Any = recipe
    for name in path[:-1]:
        where = where[name]
    del where[path[-1]]
    return midi_bytes(read_midi(data), recipe)


@pytest.mark.parametrize("path", list(field_places(recipe_in(OLD))), ids=".".join)
def test_whatever_field_is_absent_a_take_is_worked_on(path: tuple[str, ...]) -> None:
    opened = open_solo(lacking(OLD, path), ".mid").take
    assert work.retimed(opened.midi, Timing(bpm=90)) != opened.midi


@pytest.mark.parametrize("path", list(field_places(recipe_in(OLD))), ids=".".join)
def test_whatever_field_is_absent_there_is_more_like_it_or_one_line(soloist: Path, path: tuple[str, ...]) -> None:
    message = ""
    try:
        assert len(work.play_alike(soloist, lacking(OLD, path), LikeAsked(count=1), 1)) == 1
    except OptionError as error:
        message = str(error)
    assert message in ("", f"its recipe is damaged ({'.'.join(path)} is missing): take the file as jazzgen wrote it")


def test_all_else_is_done_with_a_damaged_recipe_too(soloist: Path) -> None:
    spoilt = lacking(OLD, ("seed",))
    assert work.play_bars_anew(soloist, spoilt, BarsAsked(first=2, last=2), 1)
    assert work.play_on(soloist, spoilt, LongerAsked(choruses=1), 1)
    assert work.transpose(spoilt, 2)
    assert work.draw(spoilt).parts
    assert work.stems(spoilt)
    assert work.musicxml(spoilt)


@pytest.mark.parametrize("path", [("options", "controls", "density"), ("options", "tag"), ("arrangement", "laid_back")])
def test_more_like_it_needs_no_field_that_was_not_always_there(soloist: Path, path: tuple[str, ...]) -> None:
    assert len(work.play_alike(soloist, lacking(OLD, path), LikeAsked(count=2), 1)) == 2


@pytest.mark.parametrize("recipe", [{"options": 3}, {"recipe": 99}, {"source": {"op": []}}, {"arrangement": [1]}])
def test_a_recipe_that_makes_no_sense_is_kept_and_does_no_harm(recipe: dict[str, Any]) -> None:
    data = midi_bytes(read_midi(OLD), recipe)
    opened = open_solo(data, ".mid").take
    assert opened.midi == data
    assert (opened.about.model, opened.about.style, opened.about.seed) == ("", "", None)


def test_a_file_with_a_strange_recipe_and_without_our_solo_is_opened() -> None:
    score = read_midi(OLD)
    strange = midi_bytes(score.with_parts(*score.parts[1:]), json.loads('{"seed": 1}'))
    opened = open_solo(strange, ".mid").take
    assert read_midi(opened.midi).melody.notes


def test_the_api_never_fails_on_an_old_recipe(client: httpx.Client, session: int) -> None:
    url = f"/api/uploads/solo?session={session}&suffix=.mid"
    take = client.post(url, content=OLD).raise_for_status().json()["made"][0]
    made = client.post(f"/api/takes/{take}/like", json={"count": 1, "seed": 1})
    assert made.status_code == 201
    spoilt = client.post(url, content=lacking(OLD, ("changes",))).raise_for_status().json()["made"][0]
    refused = client.post(f"/api/takes/{spoilt}/like", json={"count": 1})
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("its recipe is damaged (changes is missing)")

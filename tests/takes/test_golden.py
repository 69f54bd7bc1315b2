"""Files of each form of the recipe, kept for good: they are made again, or it is said why not.

Named after the form: 1 had no number. All were made by the soloist that shipped with the version of the day.
"""

from hashlib import sha256
from pathlib import Path

import pytest
from helpers.cli_runner import Run

from jazzgen.takes.recipe import chain, read_recipe

FILES = Path(__file__).parent / "recipes"
SHA256 = {
    "1-solo.mid": "418e9e1e7acc0ff0b446ed795215df2c2995bfe8a4dbccf61cfdc45b36ff6874",
    "1-worked.mid": "fca6d2506fe2be9323db12b468fe29377fe920d8f95ea23cd95969b1c0ff084c",
    "2-bass.mid": "6e72ef26e8dbd4dd2b62ee90ecf0de17732f59ddef8482b9a065d2ee9fcdd8b7",
    "2-solo.mid": "3c3d9d2edeb09d5ec0fccac574c53bcb965e561716f9bdb6327fba1987b478b5",
    "2-touch.mid": "cc4b245a8eb9fa7ddbfbbcfe253a2b97a6e016271ab36c4a2bc08fdacb41f24b",
    "2-worked.mid": "7658395f3265f36580516a548f4a4a0ab2c1a2320a39d1bd82367ad9baf76d25",
    "old-recipe.mid": "f4397a1fdc3f346910d64697eab72272499836c58f2bbeaa4240ecff7fc5cea5",
}


# "2-bass.mid" is the first whose bass was learnt, "2-touch.mid" the first whose touch was; in those before they go by
# rules, as they do not say.
# What becomes of each: the soloist that ships is steered anew since the first, and has other weights than its first.
SAME_BYTES = ("2-bass.mid", "2-solo.mid", "2-touch.mid", "2-worked.mid")
OTHERWISE = {
    "1-solo.mid": "not the same music: a version that plays otherwise made it",
    "1-worked.mid": "was changed by hand, or played otherwise by an older version, and cannot be made again",
    "old-recipe.mid": "model 'soloist' has other weights than 'soloist', which made it; give that one's folder",
}


@pytest.mark.parametrize("name", SHA256)
def test_the_files_are_as_they_were(name: str) -> None:
    assert sha256((FILES / name).read_bytes()).hexdigest() == SHA256[name]


@pytest.mark.parametrize("name", SAME_BYTES)
def test_a_file_of_today_is_made_again_to_the_byte(name: str, run: Run, tmp_path: Path) -> None:
    code, out, err = run("regen", FILES / name, "-o", "again.mid")
    assert (code, err) == (0, "")
    assert out.endswith("the same bytes.\n")
    assert (tmp_path / "again.mid").read_bytes() == (FILES / name).read_bytes()


@pytest.mark.parametrize(("name", "reason"), OTHERWISE.items())
def test_of_an_older_file_it_is_said_in_one_line_what_becomes_of_it(name: str, reason: str, run: Run) -> None:
    _, out, err = run("regen", FILES / name, "-o", "again.mid")
    assert reason in out + err
    assert (out + err).count("\n") == 1


@pytest.mark.parametrize("name", ["solo.mid", "worked.mid"])
def test_both_forms_of_the_recipe_say_the_same(name: str) -> None:
    first, second = ([step.step for step in chain(read_recipe(FILES / f"{form}-{name}"))] for form in (1, 2))
    assert first == second

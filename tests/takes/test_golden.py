"""Files of each form of the recipe, kept for good: they are made again, or it is said why not.

Named after the form: 1 had no number. All were made by the soloist that shipped with the version of the day.
"""

from hashlib import sha256
from pathlib import Path

import pytest
from helpers.cli_runner import Run

from jazzgen.improvise.models import load_model
from jazzgen.system.places import shipped_soloist
from jazzgen.takes.recipe import chain, read_recipe
from jazzgen.takes.remake import is_same_music
from jazzgen.takes.steps import Improvised

FILES = Path(__file__).parent / "recipes"
SHA256 = {
    "1-solo.mid": "418e9e1e7acc0ff0b446ed795215df2c2995bfe8a4dbccf61cfdc45b36ff6874",
    "1-worked.mid": "fca6d2506fe2be9323db12b468fe29377fe920d8f95ea23cd95969b1c0ff084c",
    "2-solo.mid": "1e20826cd2f59d235aaaf73cf796cc5f68004022a87e753cda06f19ef8c13b62",
    "2-worked.mid": "876f096facccade384dab98bcea4a63139056c7521ae3d769a3477f850a25dcb",
    "old-recipe.mid": "f4397a1fdc3f346910d64697eab72272499836c58f2bbeaa4240ecff7fc5cea5",
}


@pytest.mark.parametrize("name", SHA256)
def test_a_file_is_made_again_or_it_is_said_that_its_model_is_not_here(name: str, run: Run, tmp_path: Path) -> None:
    before = (FILES / name).read_bytes()
    assert sha256(before).hexdigest() == SHA256[name]
    *_, first = chain(read_recipe(FILES / name))
    assert isinstance(first.step, Improvised)
    code, out, err = run("regen", FILES / name, "-o", "again.mid")
    if first.step.weights == load_model(shipped_soloist()).checksum:
        assert (code, err) == (0, "")
        assert out.endswith("the same bytes.\n")
        assert (tmp_path / "again.mid").read_bytes() == before
    else:
        assert code == 1
        assert "model 'soloist' has other weights than 'soloist', which made it; give that one's folder" in err
        assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["solo.mid", "worked.mid"])
def test_another_form_of_the_recipe_is_the_same_music(name: str) -> None:
    first, second = ((FILES / f"{form}-{name}").read_bytes() for form in (1, 2))
    assert first != second
    assert is_same_music(first, second)

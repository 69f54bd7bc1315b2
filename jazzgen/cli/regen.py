"""Run `jazzgen regen`."""

from pathlib import Path

import click

from jazzgen.errors import BundleError, JazzgenError, OptionError
from jazzgen.improvise.models import Model, load_model
from jazzgen.system.files import require_writable, write_bytes
from jazzgen.system.places import models_here, shipped_soloist
from jazzgen.takes.recipe import read_recipe
from jazzgen.takes.remake import is_same_music, remake


def regen(file: Path, model: Path | None, out: Path) -> None:
    require_writable(out)
    recipe = read_recipe(file)
    before = file.read_bytes()
    if recipe is None:
        raise OptionError(f"{file}: holds no recipe; only what 'jazzgen generate' wrote can be made again")
    try:
        data = remake(recipe, lambda name, weights: _find_model(model, name, weights))
    except JazzgenError as error:
        raise OptionError(f"{file}: {error}") from None
    write_bytes(out, data)
    click.echo(f"{out}: made again from the recipe in {file}, {_compared(data, before)}.")


def _compared(data: bytes, before: bytes) -> str:
    """Describe how a regenerated file compares with the original."""
    if data == before:
        return "the same bytes"
    if is_same_music(data, before):
        return "the same music, its bytes laid out otherwise by another program"
    return "not the same music: a version that plays otherwise made it, or it was changed since"


def _find_model(folder: Path | None, name: str, weights: str) -> Model:
    """Load the model of a name and check the checksum of its weights.

    Raises:
        BundleError: when the weights are others.
    """
    own = next((model for model in models_here() if model.name == name), shipped_soloist())
    found = load_model(folder or own)
    if found.checksum != weights:
        raise BundleError(
            f"model '{found.name}' has other weights than '{name}', which made it; give that one's folder with --model"
        )
    return found

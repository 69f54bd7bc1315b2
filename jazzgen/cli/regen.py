"""`jazzgen regen`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.errors import BundleError, JazzgenError, OptionError
from jazzgen.system.quiet import compute_in_one_thread

if TYPE_CHECKING:
    from jazzgen.improvise.models import Model


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of the model that made it.  [default: models/NAME, or the one that comes with jazzgen]",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="MIDI file to write.")
def regen(file: Path, model: Path | None, out: Path) -> None:
    """Make a MIDI file again from the recipe in it: the same bytes, by the same model and version.

    Where the bytes differ, it compares all that the files hold but the recipe (notes, tracks, programs, tempos, meters,
    key, texts), and says whether the music is the same.
    """
    compute_in_one_thread()
    from jazzgen.system.files import require_writable, write_bytes  # noqa: PLC0415 - help stays quick
    from jazzgen.takes.recipe import read_recipe  # noqa: PLC0415
    from jazzgen.takes.remake import remake  # noqa: PLC0415

    require_writable(out)
    recipe, before = read_recipe(file), file.read_bytes()
    if recipe is None:
        raise OptionError(f"{file}: holds no recipe; only what 'jazzgen generate' wrote can be made again")
    try:
        data = remake(recipe, lambda name, weights: _find_model(model, name, weights))
    except JazzgenError as error:
        raise OptionError(f"{file}: {error}") from None
    write_bytes(out, data)
    click.echo(f"{out}: made again from the recipe in {file}, {_compared(data, before)}.")


def _compared(data: bytes, before: bytes) -> str:
    """How a file that was made again is like the one before."""
    from jazzgen.takes.remake import is_same_music  # noqa: PLC0415 - help stays quick

    if data == before:
        return "the same bytes"
    if is_same_music(data, before):
        return "the same music, its bytes laid out otherwise by another program"
    return "not the same music: a version that plays otherwise made it, or it was changed since"


def _find_model(folder: Path | None, name: str, weights: str) -> "Model":
    """The model of that name and those weights.

    Raises:
        BundleError: when the folder holds another one.
    """
    from jazzgen.improvise.models import load_model  # noqa: PLC0415 - help stays quick
    from jazzgen.system.places import models_here, shipped_soloist  # noqa: PLC0415

    own = next((model for model in models_here() if model.name == name), shipped_soloist())
    found = load_model(folder or own)
    if found.checksum != weights:
        raise BundleError(
            f"model '{found.name}' has other weights than '{name}', which made it; give that one's folder with --model"
        )
    return found

"""`jazzgen regen`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.errors import BundleError, OptionError
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
    """Make a MIDI file again from the recipe in it: the same bytes, by the same model and version."""
    compute_in_one_thread()
    from jazzgen.system.files import require_writable, write_bytes  # noqa: PLC0415 - help stays quick
    from jazzgen.takes.new_bars import read_recipe  # noqa: PLC0415
    from jazzgen.takes.remake import remake  # noqa: PLC0415

    require_writable(out)
    recipe = read_recipe(file)
    if recipe is None:
        raise OptionError(f"{file}: holds no recipe; only what 'jazzgen generate' wrote can be made again")
    try:
        data = remake(recipe, lambda name, weights: _find_model(model, name, weights))
    except OptionError as error:
        raise OptionError(f"{file}: {error}") from None
    write_bytes(out, data)
    same = "the same bytes" if data == file.read_bytes() else "not the same bytes: another version made it, or a DAW"
    click.echo(f"{out}: made again from the recipe in {file}, {same}.")


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

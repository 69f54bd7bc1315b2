"""Run `jazzgen check`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.options import choose_seed
from jazzgen.errors import CheckError
from jazzgen.improvise.models import load_model
from jazzgen.learning.names.model import is_names_model, load_names_model
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.startup import load_tensorflow
from jazzgen.learning.touch.bundle import is_touch, load_touch

if TYPE_CHECKING:  # it brings TensorFlow
    from jazzgen.learning.grammar.check import Comparison

_ROW = "{:9} {:12} {:48} {:>18} {:>8} {}"


def check(model: Path, seed: int) -> None:
    comparisons = _comparisons(model, choose_seed(seed))
    click.echo(_ROW.format("precision", "layer", "what", "largest difference", "limit", "").rstrip())
    rows = 0
    off = []
    for row in comparisons:
        verdict = "ok" if row.ok else "OFF"
        click.echo(_ROW.format(row.dtype, row.layer, row.what, f"{row.difference:.1e}", f"{row.limit:g}", verdict))
        rows += 1
        off += [] if row.ok else [f"{row.what} of {row.layer} in {row.dtype}"]
    if off:
        raise CheckError(
            f"{model}: {len(off)} of {rows} figures are off, the first {off[0]}; "
            "its solos are not to be trusted on this machine: report it with the table above"
        )
    click.echo(f"All {rows} figures agree.")


def _comparisons(model: Path, seed: int) -> "Iterator[Comparison]":
    """Load a model of any kind, print what it is, and start comparing."""
    if is_names_model(model):
        names = load_names_model(model)
        config = names.config
        click.echo(f"{model}: {len(config.characters)} characters, {config.n_a} units ({config.cell})")
        load_tensorflow()
        from jazzgen.learning.names.check import check_names  # noqa: PLC0415 - brings TensorFlow

        return check_names(names, seed=seed)
    if is_touch(model):
        touch = load_touch(model)
        click.echo(
            f"{model}: touch, {touch.config.n_a} units over the notes each way, {touch.config.n_d} over the draws"
        )
        load_tensorflow()
        from jazzgen.learning.touch.check import check_touch  # noqa: PLC0415 - brings TensorFlow

        return check_touch(touch, seed=seed)
    player = load_model(model)
    if isinstance(player, Soloist):
        click.echo(f"{model}: a soloist, {player.config.n_a} units for each part of a note")
        load_tensorflow()
        from jazzgen.learning.soloist.check import check_soloist  # noqa: PLC0415 - brings TensorFlow

        return check_soloist(player, seed=seed)
    bundle = player
    click.echo(f"{model}: {bundle.config.n_values} tokens, {bundle.config.n_a} units")
    load_tensorflow()
    from jazzgen.learning.grammar.check import check_weights  # noqa: PLC0415 - brings TensorFlow

    return check_weights(bundle.config, bundle.weights, seed=seed)

"""`jazzgen check`."""

from pathlib import Path

import click

from jazzgen.errors import CheckError, OptionError

_ROW = "{:9} {:12} {:38} {:>18} {:>8} {}"


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=0, show_default=True, help="Of the windows it is tried on.")
def check(model: Path, seed: int) -> None:
    """Compare a model's graphs and the NumPy engine with the NumPy reference, step by step.

    Prints the largest difference of each and exits with 1 if one is off.
    """
    from jazzgen.network.bundle import load_bundle  # noqa: PLC0415 - help stays quick
    from jazzgen.network.quiet import load_tensorflow  # noqa: PLC0415

    if seed < 0:
        raise OptionError(f"--seed {seed}: a seed is 0 or more")
    bundle = load_bundle(model)
    click.echo(f"{model}: {bundle.config.n_values} tokens, {bundle.config.n_a} units")
    load_tensorflow()
    from jazzgen.network.check import check_weights  # noqa: PLC0415 - brings TensorFlow

    click.echo(_ROW.format("precision", "layer", "what", "largest difference", "limit", "").rstrip())
    rows = 0
    off = []
    for row in check_weights(bundle.config, bundle.weights, seed=seed):
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

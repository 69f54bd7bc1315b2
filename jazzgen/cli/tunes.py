"""`jazzgen tunes`."""

import click


@click.command()
def tunes() -> None:
    """List the changes that --tune knows."""
    from jazzgen.harmony.tunes import find_tune, tune_names  # noqa: PLC0415 - help stays quick

    for name in tune_names():
        tune = find_tune(name)
        bars = tune.changes[-1].end // tune.meter.bar_ticks
        click.echo(f"{name:18} {tune.title:24} {tune.key!s:3} {tune.meter}  {bars:2} bars  {tune.bpm:g} bpm")

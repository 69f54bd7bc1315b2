"""`jazzgen styles`."""

from typing import Any

import click

from jazzgen.cli.lazy import act


@click.command()
def styles(**asked: Any) -> None:
    """List what the band can play: name, feel, tempos at which it is chosen unasked, meters."""
    act("styles", "styles", asked)

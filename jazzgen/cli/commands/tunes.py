"""`jazzgen tunes`."""

from typing import Any

import click

from jazzgen.cli.lazy import act


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON: a list, or one object if NAME is given.")
def tunes(**asked: Any) -> None:
    """List the forms that --tune knows, or show the changes of one."""
    act("tunes", "tunes", asked)

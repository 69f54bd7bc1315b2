"""Run `jazzgen soundfont`."""

from pathlib import Path

import click

from jazzgen.audio.soundfont import find_soundfont, install_soundfont
from jazzgen.cli.progress import download_bar


def soundfont(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        click.echo(find_soundfont())


def install(source: str | None, quiet: bool) -> None:
    place = Path(source) if source and not source.startswith("https://") else source
    path = install_soundfont(place, progress=download_bar(quiet))
    click.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB, used from now on.")

"""Run `jazzgen studio`."""

from pathlib import Path

import click

from jazzgen.audio.soundfont import data_folder
from jazzgen.studio.server import serve
from jazzgen.studio.session import FILE_NAME


def studio(port: int, no_browser: bool, soundfont: Path | None, session: Path | None) -> None:
    serve(
        port,
        session or data_folder() / FILE_NAME,
        soundfont=soundfont,
        open_browser=not no_browser,
        say=click.echo,
    )

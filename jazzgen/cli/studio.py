"""`jazzgen studio`."""

from pathlib import Path

import click

_PORT = 8765


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=_PORT, show_default=True, help="0 for any that is free.")
@click.option("--no-browser", is_flag=True, help="Do not open the page; its address is printed.")
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
@click.option(
    "--session",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where takes are kept.  [default: studio.sqlite3 in the user's data folder]",
)
def studio(port: int, no_browser: bool, soundfont: Path | None, session: Path | None) -> None:
    """Open the studio: a page on this machine to write changes, hear solos and keep what you like."""
    from jazzgen.audio.soundfont import data_folder  # noqa: PLC0415 - help stays quick
    from jazzgen.studio.server import serve  # noqa: PLC0415
    from jazzgen.studio.session import FILE_NAME  # noqa: PLC0415

    serve(
        port,
        session or data_folder() / FILE_NAME,
        soundfont=soundfont,
        open_browser=not no_browser,
        say=click.echo,
    )

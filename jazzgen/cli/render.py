"""`jazzgen render`."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from jazzgen.errors import OptionError

if TYPE_CHECKING:
    from jazzgen.engraving.engrave import Sheet

_SOUNDS = (".wav", ".ogg", ".mp3")
_SHEETS = (".musicxml", ".svg", ".png", ".pdf")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="File to write; its suffix decides.")
@click.option(
    "--sheet",
    type=click.Choice(("lead", "full")),
    default="lead",
    show_default=True,
    help="Of sheets: the melody with chord symbols, or all parts.",
)
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
def render(file: Path, out: Path, sheet: str, soundfont: Path | None) -> None:
    """Make a sheet (.musicxml, .svg, .png, .pdf) or sound (.wav, .ogg, .mp3) of any music that jazzgen reads."""
    from jazzgen.corpus import read_score  # noqa: PLC0415 - help stays quick
    from jazzgen.system.files import require_writable  # noqa: PLC0415

    suffix = out.suffix.lower()
    if suffix not in (*_SOUNDS, *_SHEETS):
        raise OptionError(f"-o {out}: what is made goes by the suffix: {', '.join((*_SHEETS, *_SOUNDS))}")
    require_writable(out)
    score = read_score(file)
    if suffix in _SOUNDS:
        from jazzgen.audio.sound_file import write_audio  # noqa: PLC0415

        write_audio(score, out, soundfont=soundfont)
        click.echo(f"{out}: '{score.title}' as sound.")
        return
    from jazzgen.engraving.engrave import write_sheet  # noqa: PLC0415

    for path in write_sheet(score, out, sheet=cast("Sheet", sheet)):
        click.echo(f"{path}: '{score.title}', {'lead sheet' if sheet == 'lead' else 'full score'}.")

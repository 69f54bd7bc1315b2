"""Run `jazzgen render`."""

from pathlib import Path
from typing import cast

import click

from jazzgen.audio.sound_file import write_audio
from jazzgen.cli.options import read_options
from jazzgen.cli.warned import read_warned
from jazzgen.engraving.engrave import Sheet, write_sheet
from jazzgen.errors import OptionError
from jazzgen.system.files import require_writable

_SOUNDS = (".wav", ".ogg", ".mp3")
_SHEETS = (".musicxml", ".svg", ".png", ".pdf")


def render(file: Path, out: Path, sheet: str, melody: str | None, soundfont: Path | None) -> None:
    suffix = out.suffix.lower()
    if suffix not in (*_SOUNDS, *_SHEETS):
        raise OptionError(f"-o {out}: what is made goes by the suffix: {', '.join((*_SHEETS, *_SOUNDS))}")
    require_writable(out)
    score = read_warned(file, read_options(melody, None, None))
    if suffix in _SOUNDS:
        write_audio(score, out, soundfont=soundfont)
        click.echo(f"{out}: '{score.title}' as sound.")
        return

    for path in write_sheet(score, out, sheet=cast("Sheet", sheet)):
        click.echo(f"{path}: '{score.title}', {'lead sheet' if sheet == 'lead' else 'full score'}.")

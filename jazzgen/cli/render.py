"""Run `jazzgen render`."""

from pathlib import Path
from typing import cast

import click

from jazzgen.audio.sound_file import write_audio
from jazzgen.corpus import read_score
from jazzgen.engraving.engrave import Sheet, write_sheet
from jazzgen.engraving.rhythm import asks_for_double_time
from jazzgen.errors import OptionError
from jazzgen.formats.reading import ReadOptions
from jazzgen.formats.registry import is_notation
from jazzgen.system.files import require_writable

_SOUNDS = (".wav", ".ogg", ".mp3")
_SHEETS = (".musicxml", ".svg", ".png", ".pdf")


def render(
    file: Path, out: Path, sheet: str, exact: bool, double_time: bool, melody: str | None, soundfont: Path | None
) -> None:
    suffix = out.suffix.lower()
    if suffix not in (*_SOUNDS, *_SHEETS):
        raise OptionError(f"-o {out}: what is made goes by the suffix: {', '.join((*_SHEETS, *_SOUNDS))}")
    require_writable(out)
    score = read_score(file, ReadOptions(melody))
    if suffix in _SOUNDS:
        write_audio(score, out, soundfont=soundfont)
        click.echo(f"{out}: '{score.title}' as sound.")
        return

    how = {"exact": exact or is_notation(file), "double_time": double_time}
    for path in write_sheet(score, out, sheet=cast("Sheet", sheet), **how):
        click.echo(f"{path}: '{score.title}', {'lead sheet' if sheet == 'lead' else 'full score'}.")
    if not double_time and asks_for_double_time(score):
        click.echo(f"Many notes are faster than sixteenths at {score.bpm:g} bpm: --double-time may be easier to read.")

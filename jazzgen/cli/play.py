"""Run `jazzgen play`."""

from pathlib import Path

import click

from jazzgen.audio.loudspeaker import play_aloud
from jazzgen.cli.options import read_options
from jazzgen.cli.warned import read_warned
from jazzgen.music.timing import tempo_seconds


def play(file: Path, melody: str | None, soundfont: Path | None) -> None:
    score = read_warned(file, read_options(melody, None, None))
    seconds = round(tempo_seconds(score.tempos, score.end))
    click.echo(f"'{score.title}', {seconds // 60}:{seconds % 60:02}. Ctrl-C stops.")
    play_aloud(score, soundfont=soundfont)

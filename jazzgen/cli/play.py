"""Run `jazzgen play`."""

from pathlib import Path

import click

from jazzgen.audio.loudspeaker import play_aloud
from jazzgen.corpus import read_score
from jazzgen.music.timing import tempo_seconds


def play(file: Path, soundfont: Path | None) -> None:
    score = read_score(file)
    seconds = round(tempo_seconds(score.tempos, score.end))
    click.echo(f"'{score.title}', {seconds // 60}:{seconds % 60:02}. Ctrl-C stops.")
    play_aloud(score, soundfont=soundfont)

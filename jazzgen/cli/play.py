"""`jazzgen play`."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--soundfont", type=click.Path(path_type=Path), metavar="FILE", help="An .sf2 or .sf3 to play with.")
def play(file: Path, soundfont: Path | None) -> None:
    """Play any music that jazzgen reads on the loudspeaker; Ctrl-C stops it."""
    from jazzgen.audio.loudspeaker import play_aloud  # noqa: PLC0415 - help stays quick
    from jazzgen.corpus import read_score  # noqa: PLC0415
    from jazzgen.music.timing import tempo_seconds  # noqa: PLC0415

    score = read_score(file)
    seconds = round(tempo_seconds(score.tempos, score.end))
    click.echo(f"'{score.title}', {seconds // 60}:{seconds % 60:02}. Ctrl-C stops.")
    play_aloud(score, soundfont=soundfont)

"""Run `jazzgen styles`."""

import click

from jazzgen.band.styles import load_style, style_names
from jazzgen.cli.columns import aligned


def styles() -> None:
    rows = [("name", "what it is", "feel", "at home", "meters")]
    for style in map(load_style, style_names()):
        tempos = f"{style.home}, {style.tempos[0]:g} to {style.tempos[1]:g} bpm" if style.tempos else "-"
        rows.append((style.name, style.title, style.feel, tempos, " ".join(map(str, style.meters))))
    click.echo("\n".join(aligned(rows)))

"""`jazzgen styles`."""

import click

from jazzgen.cli.columns import aligned


@click.command()
def styles() -> None:
    """List what the band can play: name, feel, tempos at which it is chosen unasked, meters."""
    from jazzgen.band.styles import load_style, style_names  # noqa: PLC0415 - help stays quick

    rows = [("name", "what it is", "feel", "at home", "meters")]
    for style in map(load_style, style_names()):
        tempos = f"{style.home}, {style.tempos[0]:g} to {style.tempos[1]:g} bpm" if style.tempos else "-"
        rows.append((style.name, style.title, style.feel, tempos, " ".join(map(str, style.meters))))
    click.echo("\n".join(aligned(rows)))

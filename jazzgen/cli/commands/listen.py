"""`jazzgen listen`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.control_options import EAR_OPTION, control_options
from jazzgen.cli.lazy import act
from jazzgen.cli.options import cache_option, live_options, reading_options
from jazzgen.cli.overwriting import force_option
from jazzgen.system.quiet import compute_in_one_thread

_KINDS = ("recurrent", "convolutional", "figures")


@click.command()
@click.argument("solos", metavar="MODEL|FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--against", metavar="CORPUS", required=True, type=click.Path(path_type=Path), help="Solos that people played."
)
@click.option(
    "--split", "split_path", type=click.Path(path_type=Path), help="Judge by the tunes that 'corpus split' held out."
)
@click.option(
    "--folds",
    type=int,
    metavar="N",
    help="Cross-validate: leave out what --split holds out, and judge the rest in N parts by listeners to the others.",
)
@click.option("--beside", metavar="MODEL|people", help="Compare with another model, or halve the human players.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Kind of listener.  [default: all three]"
)
@click.option("--features", multiple=True, metavar="NAME", help="all, pitches, steps, degrees, rhythm or lengths.")
@click.option("--epochs", type=int, metavar="N", help="Training epochs of the networks.  [default: 10]")
@control_options
@EAR_OPTION
@click.option("--manner", is_flag=True, help="Play each solo in the manner of the performer of the original.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of solos and listeners.")
@click.option("--picture", metavar="FILE.png", type=click.Path(path_type=Path), help="Draw the most telling moments.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@reading_options
@live_options
@cache_option
@force_option
@click.option("--quiet", is_flag=True, help="No progress bar.")
def listen(**asked: Any) -> None:
    """Train listeners to tell a model's solos from people's over the same changes, and say how well they can.

    MODEL plays over the changes of every solo of the corpus; FILES are solos over its tunes, by their titles. What is
    printed is the area under the ROC curve on tunes that a listener was not trained on: 0.5 if it cannot tell.
    docs/listen.md says how to read it.
    """
    compute_in_one_thread()
    act("listen", "listen", asked)

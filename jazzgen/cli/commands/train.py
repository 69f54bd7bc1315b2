"""`jazzgen train`."""

from pathlib import Path
from typing import Any

import click

from jazzgen.cli.lazy import act
from jazzgen.cli.options import cache_option, cluster_option, live_options, reading_options


@click.command()
@click.argument("corpus_paths", metavar="[CORPUS]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the model.  [default: models/mine]",
)
@reading_options
@live_options
@click.option(
    "--kind",
    type=click.Choice(["grammar", "soloist", "touch"]),
    help="The deepjazz grammar, a soloist, which hears the chords, or touch: how notes are played.  "
    "[default: grammar; soloist with --from]",
)
@click.option("--from", "base", type=click.Path(path_type=Path), help="Continue from this soloist, on your own files.")
@click.option("--epochs", type=int, help="The most passes over the corpus.  [default: 200; soloist 30, touch 14]")
@click.option("--patience", type=int, help="Grammar: stop after this many epochs without gain.  [default: 20]")
@click.option("--units", type=int, help="Size of the LSTM.  [default: 64; soloist 256, touch 96]")
@click.option(
    "--tx", type=int, help="Length of a training window in tokens; soloist: notes.  [default: 30; soloist 64, touch 96]"
)
@click.option("--grid", type=int, help="Grammar: steps in a beat; 4 is sixteenths, no triplets.  [default: 12]")
@click.option("--batch-size", type=int, help="Windows in a batch.  [default: 64; soloist and touch 32]")
@click.option("--learning-rate", type=float, help="Step size of Adam.  [default: 0.005; soloist and touch 0.004]")
@click.option("--validation", type=float, default=0.1, show_default=True, help="Share of the tunes to hold out.")
@click.option(
    "--split", "split_path", type=click.Path(path_type=Path), help="Hold out what this 'corpus split' file says."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same corpus, same model.")
@click.option("--resume", is_flag=True, help="Continue a training that was interrupted.")
@click.option("--force", is_flag=True, help="Replace a model that is there already.")
@click.option("--strict", is_flag=True, help="Stop at the first file that cannot be read.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes on this machine that share each batch; docs/training.md covers several machines.",
)
@cache_option
@cluster_option
@click.option("--quiet", is_flag=True, help="No progress bar.")
def train(**asked: Any) -> None:
    """Train a model on files of music and folders of them (without any: on midi/starter)."""
    act("train", "train", asked)

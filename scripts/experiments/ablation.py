"""Ablate the soloist: measure what it loses on held-out tunes without one of its parts.

Each variation is trained once, from scratch, on the same solos and with the same options. Compared is what the trainer
itself measures: bits a note on the solos held out, in windows of tx notes, with the best epoch's averaged weights.
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from jazzgen.corpus import Corpus, read_corpus
from jazzgen.corpus.split import Split, load_split
from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.learning.grammar.training import CHECKPOINT
from jazzgen.learning.options import SoloistFitOptions
from jazzgen.learning.soloist.bundle import Config
from jazzgen.learning.soloist.examples import Examples
from jazzgen.learning.soloist.licks import EXPERTS, Advice
from jazzgen.learning.soloist.memory import MOTIFS
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.training import SoloistData, build_soloist_data
from jazzgen.learning.startup import load_tensorflow


def without_chords(corpus: Corpus) -> Corpus:
    """Remove all chord changes; melodies, bars, sections and tempo stay."""
    bare = [(path, replace(reading, score=replace(reading.score, changes=()))) for path, reading in corpus.readings]
    return replace(corpus, readings=tuple(bare))


def without_advice(data: SoloistData, *, licks: bool = False, motifs: bool = False) -> SoloistData:
    """Silence one memory or both: its advisers favour no class, and claim to know nothing."""

    def quiet(examples: Examples) -> Examples:
        silent = {part: np.repeat([licks, motifs], [len(EXPERTS[part]), len(MOTIFS[part])]) for part in PARTS}
        advice = {part: _silenced(said, silent[part]) for part, said in examples.advice.items()}
        return replace(examples, advice=advice)

    return replace(data, train=quiet(data.train), validation=data.validation and quiet(data.validation))


def without_transposition(data: SoloistData) -> SoloistData:
    """Train every solo in its own key alone."""
    return replace(data, train=replace(data.train, room=np.zeros_like(data.train.room)))


def resized(data: SoloistData, factor: float) -> SoloistData:
    """Scale the LSTM's units by a factor."""
    return replace(data, config=replace(data.config, n_a=int(data.config.n_a * factor)))


def _silenced(advice: Advice, silent: np.ndarray) -> Advice:
    """Silence the advisers where `silent` (advisers,) is true."""
    log_probabilities = advice.log_probabilities.copy()
    orders = advice.orders.copy()
    log_probabilities[:, silent] = 0
    orders[:, silent] = 0
    return Advice(log_probabilities, orders)


@dataclass(frozen=True, slots=True)
class Variation:
    """One variation of the training.

    Attributes:
        change: applied to the data and sizes.
        has_chords: whether the scores keep their changes.
    """

    change: Callable[[SoloistData], SoloistData] = lambda data: data
    has_chords: bool = True


VARIATIONS = {
    "whole": Variation(),
    "no chords": Variation(has_chords=False),
    "no licks": Variation(partial(without_advice, licks=True)),
    "no motifs": Variation(partial(without_advice, motifs=True)),
    "no memory": Variation(partial(without_advice, licks=True, motifs=True)),
    "no transposition": Variation(without_transposition),
    "half size": Variation(partial(resized, factor=0.5)),
    "double size": Variation(partial(resized, factor=2)),
}
HEADING = f"| | {' | '.join(PARTS)} | total | best epoch | seconds |\n|---|" + "---|" * (len(PARTS) + 3)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a variation: held-out bits a note by part at the best epoch, and seconds of training."""

    name: str
    bits: tuple[float, ...]
    best_epoch: int
    seconds: float

    def __str__(self) -> str:
        """Format as a row under `HEADING`."""
        bits = " | ".join(f"{number:.3f}" for number in (*self.bits, sum(self.bits)))
        return f"| {self.name} | {bits} | {self.best_epoch} | {self.seconds:.0f} |"


def ablate(
    corpus: Corpus, split: Split, options: SoloistFitOptions, names: Sequence[str], sizes: Config
) -> Iterator[Outcome]:
    """Train the variations of these names, one after the other.

    Raises:
        CorpusError: there is too little music to learn from, or nothing is held out.
    """

    @cache
    def built(has_chords: bool) -> SoloistData:
        return build_soloist_data(corpus if has_chords else without_chords(corpus), sizes, split=split)

    for name in names:
        variation = VARIATIONS[name]
        yield _train(name, variation.change(built(variation.has_chords)), options)


def _train(name: str, data: SoloistData, options: SoloistFitOptions) -> Outcome:
    if data.validation is None:
        raise CorpusError("the split holds out no tune of the corpus, so there is nothing to compare on; give another")
    load_tensorflow()
    from jazzgen.learning.soloist.fit import fit_soloist  # noqa: PLC0415 - brings TensorFlow

    started = time.perf_counter()
    with TemporaryDirectory() as folder:
        state, _ = fit_soloist(data.config, options, data.train, data.validation, Path(folder) / CHECKPOINT)
    best = state.best_epoch
    return Outcome(name, best.validation or (), best.number, time.perf_counter() - started)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, each row as soon as it is ready."""
    parser = ArgumentParser(prog="ablate.py", description="Train the soloist without one of its parts at a time.")
    parser.add_argument("corpus", type=Path, help="file or folder of solos over changes")
    parser.add_argument("--split", type=Path, required=True, help="tunes to hold out, as 'jazzgen corpus split' writes")
    parser.add_argument("--epochs", type=int, default=6, help="of each training (default: 6)")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=VARIATIONS, default=[*VARIATIONS])
    asked = parser.parse_args(arguments)
    try:
        options = SoloistFitOptions(epochs=asked.epochs)
        split = load_split(asked.split)
        corpus = read_corpus([asked.corpus])
        for failure in corpus.failures:
            print(f"skipped: {failure}", file=sys.stderr)
        print(HEADING, flush=True)
        for outcome in ablate(corpus, split, options, asked.only, Config()):
            print(outcome, flush=True)
    except JazzgenError as error:
        sys.exit(f"ablate.py: {error}")

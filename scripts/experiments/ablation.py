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
from jazzgen.learning.soloist.bundle import Config, save_soloist
from jazzgen.learning.soloist.examples import Examples
from jazzgen.learning.soloist.licks import EXPERTS, Advice
from jazzgen.learning.soloist.memory import MOTIFS, N_ADVISERS
from jazzgen.learning.soloist.moments import CLASSES, PARTS
from jazzgen.learning.soloist.net import Net, Voice
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


def without_advisers(net: Net, *, licks: bool = False, motifs: bool = False) -> Net:
    """Silence the memories in a network trained on `without_advice`, so that they stay silent when it plays."""

    def deaf(voice: Voice) -> Voice:
        part = voice.part
        silent = np.flatnonzero(np.repeat([licks, motifs], [len(EXPERTS[part]), len(MOTIFS[part])]))
        joint, out, out_bias = voice.joint.copy(), voice.out.copy(), voice.out_bias.copy()
        joint[len(joint) - N_ADVISERS[part] + silent] = 0
        out[:, CLASSES[part] + silent] = 0
        out_bias[CLASSES[part] + silent] = 0
        return replace(voice, joint=joint, out=out, out_bias=out_bias)

    return replace(net, voices={part: deaf(voice) for part, voice in net.voices.items()})


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
        played: applied to the network that plays.
    """

    change: Callable[[SoloistData], SoloistData] = lambda data: data
    has_chords: bool = True
    played: Callable[[Net], Net] = lambda net: net


def _without(*, licks: bool = False, motifs: bool = False) -> Variation:
    return Variation(
        partial(without_advice, licks=licks, motifs=motifs),
        played=partial(without_advisers, licks=licks, motifs=motifs),
    )


VARIATIONS = {
    "whole": Variation(),
    "no chords": Variation(has_chords=False),
    "no licks": _without(licks=True),
    "no motifs": _without(motifs=True),
    "no memory": _without(licks=True, motifs=True),
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
    corpus: Corpus,
    split: Split,
    options: SoloistFitOptions,
    names: Sequence[str],
    sizes: Config,
    keep: Path | None = None,
) -> Iterator[Outcome]:
    """Train the variations of these names, one after the other.

    Args:
        corpus, split: what to learn from and what to measure on.
        options: of each training.
        names: keys of `VARIATIONS`.
        sizes: of the network.
        keep: where each is saved, in a folder of its name, as a soloist without runs, plans and ear; None for nowhere.

    Raises:
        CorpusError: there is too little music to learn from, or nothing is held out.
    """

    @cache
    def built(has_chords: bool) -> SoloistData:
        return build_soloist_data(corpus if has_chords else without_chords(corpus), sizes, split=split)

    for name in names:
        variation = VARIATIONS[name]
        outcome, data, net = _train(name, variation.change(built(variation.has_chords)), options)
        if keep:
            _save(keep / name.replace(" ", "-"), outcome, data, variation.played(net))
        yield outcome


def _save(folder: Path, outcome: Outcome, data: SoloistData, net: Net) -> None:
    report = data.about | {"held_out_bits": outcome.bits, "best_epoch": outcome.best_epoch}
    card = f"# {folder.name}\n\nA soloist for comparison ({outcome.name}), as `scripts/ablate.py` trains it.\n"
    save_soloist(folder, data.config, net, data.memory, report, card)


def _train(name: str, data: SoloistData, options: SoloistFitOptions) -> tuple[Outcome, SoloistData, Net]:
    if data.validation is None:
        raise CorpusError("the split holds out no tune of the corpus, so there is nothing to compare on; give another")
    load_tensorflow()
    from jazzgen.learning.soloist.fit import fit_soloist  # noqa: PLC0415 - brings TensorFlow

    started = time.perf_counter()
    with TemporaryDirectory() as folder:
        state, net = fit_soloist(data.config, options, data.train, data.validation, Path(folder) / CHECKPOINT)
    best = state.best_epoch
    return Outcome(name, best.validation or (), best.number, time.perf_counter() - started), data, net


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, each row as soon as it is ready."""
    parser = ArgumentParser(prog="ablate.py", description="Train the soloist without one of its parts at a time.")
    parser.add_argument("corpus", type=Path, help="file or folder of solos over changes")
    parser.add_argument("--split", type=Path, required=True, help="tunes to hold out, as 'jazzgen corpus split' writes")
    parser.add_argument("--epochs", type=int, default=6, help="of each training (default: 6)")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=VARIATIONS, default=[*VARIATIONS])
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="save each there, to play and to listen to")
    asked = parser.parse_args(arguments)
    try:
        options = SoloistFitOptions(epochs=asked.epochs)
        split = load_split(asked.split)
        corpus = read_corpus([asked.corpus])
        for failure in corpus.failures:
            print(f"skipped: {failure}", file=sys.stderr)
        print(HEADING, flush=True)
        for outcome in ablate(corpus, split, options, asked.only, Config(), asked.keep):
            print(outcome, flush=True)
    except JazzgenError as error:
        sys.exit(f"ablate.py: {error}")

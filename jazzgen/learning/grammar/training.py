"""Train a grammar model on a corpus: prepare, encode, split by tune, fit, save.

TensorFlow is imported when `train` is called, not before.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jazzgen import __version__
from jazzgen.codec import grammar
from jazzgen.corpus import Corpus, name_of
from jazzgen.corpus.split import Split
from jazzgen.errors import BundleError, CorpusError, GrammarError, OptionError, ScoreError
from jazzgen.formats.reading import Reading
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.grammar.bundle import FORMAT, Config, Weights, load_bundle, save_bundle
from jazzgen.learning.grammar.calibration import fit_tilt
from jazzgen.learning.grammar.usage import Usage
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.learning.grammar.windows import Windows, make_windows, prepare, rhythm_table
from jazzgen.learning.options import FitOptions
from jazzgen.learning.report import without_folders
from jazzgen.learning.startup import load_tensorflow
from jazzgen.music.score import Score
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_BEAT
from jazzgen.system.files import remove_leftovers, write_bytes

if TYPE_CHECKING:
    from jazzgen.learning.grammar.fit import State

CHECKPOINT = "checkpoint.npz"
STATE = "training.npz"  # the last checkpoint of a training that is done, for more epochs
# All set by hand.
_MIN_TOKENS = 16
_MAX_UNITS = 4096
_RANGE_QUANTILES = (0.01, 0.99)  # of the corpus's pitches, as the range to play in


@dataclass(frozen=True, slots=True)
class DataOptions:
    """How a corpus becomes windows.

    Attributes:
        units: n_a of the LSTM.
        tx: steps of a window.
        grid: steps of the beat that notes are quantized to: 12 holds sixteenths, triplets and swing, 4 sixteenths
            alone.
        validation: share of the tunes to hold out.
        seed: of the choice of those tunes.
    """

    units: int = 64
    tx: int = 30
    grid: int = TATUMS_PER_BEAT
    validation: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.units <= _MAX_UNITS or self.tx < 2:
            raise OptionError(f"units {self.units} must be 1 to {_MAX_UNITS}, window steps {self.tx} 2 or more")
        if self.grid < 1 or TATUMS_PER_BEAT % self.grid:
            raise OptionError(f"grid {self.grid}: must be 12, 6, 4, 3, 2 or 1 steps of a beat")
        if not 0 <= self.validation < 1:
            raise OptionError(f"validation {self.validation:g}: the share of tunes to hold out must be 0 to below 1")


@dataclass(frozen=True)
class TrainingData:
    """A corpus prepared for the network.

    Attributes:
        train_titles, validation_titles: of the tunes on either side of the split.
        tokens, notes: how many in all.
        files: number of pieces read.
        skipped: which pieces were not, and why.
        sources: where the music comes from and how to credit it, if a file says so.
        usage: what is played where in the bar; the model is fitted to it.
    """

    options: DataOptions
    config: Config
    vocabulary: Vocabulary
    usage: Usage
    train: Windows
    validation: Windows | None
    train_titles: tuple[str, ...]
    validation_titles: tuple[str, ...]
    tokens: int
    notes: int
    files: int
    skipped: tuple[str, ...]
    sources: tuple[str, ...]


def build_data(corpus: Corpus, options: DataOptions, split: Split | None = None) -> TrainingData:
    """Prepare and encode every solo, split by tune, and cut windows.

    Args:
        corpus: what was read; a piece that cannot be learnt from is skipped, and listed in the result.
        options: how to prepare it.
        split: which tunes to hold out; None chooses by `options`.

    Raises:
        CorpusError: there is too little music to learn from.
    """
    encoded, skipped = _encode_all(corpus.readings, TICKS_PER_BEAT // options.grid)
    scores = [score for score, _ in encoded]
    sequences = [tokens for _, tokens in encoded]
    total = sum(map(len, sequences))
    if total < _MIN_TOKENS:
        reason = f" ({skipped[0]})" if skipped else ""
        raise CorpusError(
            f"the corpus has {total} tokens in all{reason}; training needs {_MIN_TOKENS} or more, add files"
        )
    vocabulary = Vocabulary.of(sequences)
    titles = [score.title for score in scores]
    split = split or Split.by_share(titles, options.validation, options.seed)
    train, held_out = _sides(titles, split)
    indices = [vocabulary.encode(sequence) for sequence in sequences]
    stride = max(options.tx // 3, 1)
    return TrainingData(
        options=options,
        config=_config(scores, sequences, vocabulary, options),
        vocabulary=vocabulary,
        usage=Usage.of(encoded),
        train=make_windows([indices[i] for i in train], options.tx, stride),
        validation=make_windows([indices[i] for i in held_out], options.tx) if held_out else None,
        train_titles=tuple(sorted({titles[i] for i in train})),
        validation_titles=tuple(sorted({titles[i] for i in held_out})),
        tokens=total,
        notes=sum(len(score.melody.notes) for score in scores),
        files=len(scores),
        skipped=corpus.failures + skipped,
        sources=tuple(dict.fromkeys(str(r.provenance) for _, r in corpus.readings if str(r.provenance))),
    )


def train(
    data: TrainingData,
    folder: Path,
    fit_options: FitOptions,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[["State"], None] = lambda _: None,
) -> dict[str, Any]:
    """Train and write the bundle; the checkpoint in its folder becomes its `STATE` once all is written.

    Resuming a training that is done goes on from there, if the options have more epochs. In a cluster all workers call
    this with the same data, and the chief alone writes.

    Returns:
        The report, as in the bundle's report.json.
    """
    load_tensorflow(cluster)
    from jazzgen.learning.grammar.fit import fit  # noqa: PLC0415 - brings TensorFlow

    started = time.perf_counter()
    if resume and cluster.is_chief and not (folder / CHECKPOINT).exists() and (folder / STATE).exists():
        write_bytes(folder / CHECKPOINT, (folder / STATE).read_bytes())
    state = fit(
        data.config,
        fit_options,
        data.train,
        data.validation,
        folder / CHECKPOINT,
        resume=resume,
        cluster=cluster,
        on_epoch=on_epoch,
    )
    report = _report(data, fit_options, state, time.perf_counter() - started)
    if cluster.is_chief:
        tilt = fit_tilt(Weights(*state.best), data.vocabulary, data.config, data.usage, fit_options.seed)
        data = replace(data, config=replace(data.config, tilt=tilt))
        _write(folder, data, state, report)
    return report


def _write(folder: Path, data: TrainingData, state: "State", report: dict[str, Any]) -> None:
    save_bundle(folder, data.config, data.vocabulary, Weights(*state.best), report, _card(folder.name, report))
    if (folder / CHECKPOINT).exists():
        (folder / CHECKPOINT).replace(folder / STATE)
    remove_leftovers(folder)


def is_trained(folder: Path, options: FitOptions | None = None) -> bool:
    """Return True if the folder holds a complete bundle and no interrupted training.

    With options, only if these do not ask for more epochs of a training that can go on.
    """
    try:
        load_bundle(folder)
    except BundleError:
        return False
    return not (folder / CHECKPOINT).exists() and not (options and _goes_on(folder, options))


def _goes_on(folder: Path, options: FitOptions) -> bool:
    """Return True if a finished training has epochs and patience left under `options`, and its state was kept."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        done, best = int(report["epochs"]), int(report["best_epoch"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return (folder / STATE).exists() and done < options.epochs and done - best < options.patience


_Encoded = tuple[Score, tuple[str, ...]]


def _encode_all(readings: Sequence[tuple[Path, Reading]], grid_ticks: int) -> tuple[list[_Encoded], tuple[str, ...]]:
    """Return the solos with their tokens, and why the others have none."""
    encoded: list[_Encoded] = []
    skipped: list[str] = []
    for path, reading in readings:
        try:
            score = prepare(reading.score, grid_ticks)
            encoded.append((score, grammar.encode(score)))
        except (ScoreError, GrammarError) as error:
            skipped.append(f"{name_of(path, reading.piece)}: {error}")
    return encoded, tuple(skipped)


def _sides(titles: Sequence[str], split: Split) -> tuple[list[int], list[int]]:
    """Return the indices to train on and to validate on.

    Raises:
        CorpusError: nothing is left to train on.
    """
    held_out = [index for index, title in enumerate(titles) if split.holds_out(title)]
    train = sorted(set(range(len(titles))) - set(held_out))
    if not train:
        raise CorpusError("the split holds out every tune of the corpus; give other files, or another split")
    return train, held_out


def _config(
    scores: Sequence[Score], sequences: Sequence[Sequence[str]], vocabulary: Vocabulary, options: DataOptions
) -> Config:
    pitches = np.array([note.pitch for score in scores for note in score.melody.notes])
    low, high = (round(float(q)) for q in np.quantile(pitches, _RANGE_QUANTILES))
    feels = Counter(score.feel for score in scores)
    return Config(
        n_values=len(vocabulary),
        n_a=options.units,
        tx=options.tx,
        low=min(low, high - 12),  # at least an octave, so that every kind of note is within reach
        high=high,
        feel=feels.most_common(1)[0][0],
        rhythm=rhythm_table(sequences, [score.pickup for score in scores]),
    )


def _report(data: TrainingData, fit_options: FitOptions, state: "State", seconds: float) -> dict[str, Any]:
    best = state.best_epoch
    return {
        "jazzgen": __version__,
        "files": data.files,
        "skipped": without_folders(data.skipped),
        "sources": list(data.sources),
        "notes": data.notes,
        "tokens": data.tokens,
        "n_values": data.config.n_values,
        "train_tunes": list(data.train_titles),
        "validation_tunes": list(data.validation_titles),
        "options": asdict(data.options) | asdict(fit_options),
        "epochs": len(state.history),
        "best_epoch": best.number,
        "loss": best.loss,
        "accuracy": best.accuracy,
        "validation_loss": best.validation,
        "seconds": round(seconds, 1),
        "history": [asdict(epoch) for epoch in state.history],
    }


def _card(name: str, report: dict[str, Any]) -> str:
    held_out = report["validation_loss"]
    figure = (
        f"{held_out:.3f} nats a token on {len(report['validation_tunes'])} tunes that it was not trained on"
        if held_out is not None
        else "no tunes were held out, so nothing is known of how it does on others"
    )
    sources = "".join(f"- Source: {source}\n" for source in report["sources"])
    units = report["options"]["units"]
    tunes = "\n".join(f"- {title}" for title in report["train_tunes"])
    return f"""# {name}

A jazzgen grammar model (format {FORMAT}), made by jazzgen {report["jazzgen"]}: one LSTM of {units} units over
{report["n_values"]} tokens of note kind, duration and interval window. It improvises a solo over chord changes:

    jazzgen generate --model {name} --changes "Dm7 | G7 | Cmaj7 | %" -o solo.mid

- Trained on {report["files"]} pieces: {report["notes"]} notes, {report["tokens"]} tokens.
- Loss: {report["loss"]:.3f} nats a token in training; {figure}.
- Weights of epoch {report["best_epoch"]} of {report["epochs"]}; see `training.png` and `report.json`.
- The network knows chords only by the kind of each note, and hears neither the bar nor the form; what its corpus plays
  where in the bar is added as it plays. Whoever shares it sees to the rights in the music that it was trained on.
{sources}
Tunes:

{tunes}

Options: `{json.dumps(report["options"])}`
"""

"""Train a soloist on a corpus: put solos on the grid, split by tune, count licks, train the network, save.

A soloist may be trained from scratch, or from another one on files of one's own; then it is measured before and after,
on tunes held out. TensorFlow is imported when `train_soloist` is called, not before.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jazzgen import __version__
from jazzgen.codec.context import SoloArrays, solo_arrays
from jazzgen.corpus import Corpus, name_of
from jazzgen.corpus.split import Split, tune_of
from jazzgen.errors import BundleError, CorpusError, ScoreError
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.grammar.training import CHECKPOINT
from jazzgen.learning.options import SoloistFitOptions
from jazzgen.learning.report import about_corpus, common_names, without_folders
from jazzgen.learning.soloist.bundle import (
    FORMAT,
    HABITS_FILE,
    RUNS_FILE,
    Config,
    Soloist,
    added_files,
    load_soloist,
    save_soloist,
)
from jazzgen.learning.soloist.examples import Examples, build_examples
from jazzgen.learning.soloist.habits import Habits, habits_to_bytes
from jazzgen.learning.soloist.memory import Memory, learn
from jazzgen.learning.soloist.moments import COLUMNS, choices_of, moments_of
from jazzgen.learning.soloist.net import Net
from jazzgen.learning.soloist.runs import Runs, runs_to_bytes
from jazzgen.learning.soloist.scoring import Scored, score_solos
from jazzgen.learning.startup import load_tensorflow
from jazzgen.metrics.figures import Figures, measure
from jazzgen.metrics.line import Line
from jazzgen.music.melody import monophonic
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT
from jazzgen.music.written import even
from jazzgen.system.files import remove_leftovers

if TYPE_CHECKING:
    from jazzgen.learning.soloist.fit import SoloistState

# All set by hand.
LEAST_NOTES, LEAST_TUNES = 200, 2
_RANGE_QUANTILES = (0.01, 0.99)  # of the corpus's pitches, as the range to play in
_FEWEST_SOLOS = 2  # that make a performer or style known by name


@dataclass(frozen=True)
class SoloistData:
    """A corpus prepared for a soloist.

    Attributes:
        config: of the new soloist.
        memory: all licks, `base`'s included.
        runs: the solos as steps, `base`'s included.
        habits: profiles and ideas of the solos, `base`'s included.
        train, validation: the solos on either side of the split, as examples.
        held_out: the solos to validate on, to be scored whole; empty if nothing is held out.
        base: the soloist to start from, if any.
        about: what the report says of the corpus.
        skipped: which pieces were not learnt from, and why.
    """

    config: Config
    memory: Memory
    runs: Runs
    habits: Habits
    train: Examples
    validation: Examples | None
    held_out: tuple[SoloArrays, ...]
    base: Soloist | None
    about: dict[str, Any]
    skipped: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the music comes from, if a file says so."""
        return tuple(self.about["sources"])


def build_soloist_data(
    corpus: Corpus,
    sizes: Config,
    *,
    validation: float = 0.1,
    seed: int = 0,
    split: Split | None = None,
    base: Soloist | None = None,
) -> SoloistData:
    """Put every solo on the grid, split by tune, count licks, and ask both memories about every note.

    Args:
        corpus: what was read; a piece without a solo is skipped, and listed in the result.
        sizes: of the network; `base`'s are used if there is one.
        validation: share of the tunes to hold out.
        seed: of the choice of those tunes.
        split: which tunes to hold out; None chooses.
        base: the soloist to start from.

    Raises:
        CorpusError: there is too little music to learn from.
    """
    scores, skipped = _usable(corpus)
    _require_enough(scores, skipped)
    split = split or Split.by_share([score.title for score in scores], validation, seed)
    heard = [score for score in scores if not split.holds_out(score.title)]
    others = [score for score in scores if split.holds_out(score.title)]
    if not heard:
        raise CorpusError("the split holds out every tune of the corpus; give other files, or another split")
    config = base.config if base else _config(heard, sizes)
    solos, held_out = ([solo_arrays(score) for score in some] for some in (heard, others))
    memory = _learn(solos, config, base)
    return SoloistData(
        config=config,
        memory=memory,
        runs=_runs(heard, solos, base),
        habits=_habits(heard, solos, config, base),
        train=build_examples(solos, config.who, memory, [tune_of(score.title) for score in heard], planned=True),
        validation=build_examples(held_out, config.who, memory) if held_out else None,
        held_out=tuple(held_out),
        base=base,
        about={
            "files": len(scores),
            "notes": sum(len(score.melody.notes) for score in heard),
            **about_corpus(corpus, (score.title for score in heard), (score.title for score in others)),
        },
        skipped=corpus.failures + skipped,
    )


def straightened(score: Score) -> Score:
    """Make eighths even where the melody was played swung; marks of ideas move with their first notes."""
    if not score.parts:
        return score
    played = score.melody.notes
    written, swings = even(played, score)
    if not swings and written == played:
        return score
    moved = {old.onset: new.onset for old, new in zip(played, written, strict=True)}
    marks = [
        replace(mark, onset=moved.get(mark.onset, mark.onset)) if mark.kind == "idea" else mark for mark in score.marks
    ]
    melody = replace(score.melody, notes=tuple(sorted(written)))
    return replace(
        score,
        parts=(melody, *score.parts[1:]),
        feel="swing" if swings else score.feel,
        marks=tuple(sorted(marks, key=lambda mark: mark.onset)),
    )


def train_soloist(
    data: SoloistData,
    folder: Path,
    options: SoloistFitOptions,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[["SoloistState"], None] = lambda _: None,
) -> dict[str, Any]:
    """Train and write the folder; the checkpoint in it is deleted once all is written.

    Returns:
        The report, as in the folder's report.json.
    """
    load_tensorflow(cluster)
    from jazzgen.learning.soloist.fit import fit_soloist  # noqa: PLC0415 - brings TensorFlow

    started = time.perf_counter()
    state, net = fit_soloist(
        data.config,
        options,
        data.train,
        data.validation,
        folder / CHECKPOINT,
        start=data.base.net if data.base else None,
        resume=resume,
        cluster=cluster,
        on_epoch=on_epoch,
    )
    report = _report(data, options, state, net) | {"seconds": round(time.perf_counter() - started, 1)}
    if cluster.is_chief:
        _write(folder, data, net, report)
    return report


def add_runs(folder: Path, corpus: Corpus, split: Split) -> Runs:
    """Add the runs of its corpus to a soloist that was trained without them, and save it.

    Raises:
        CorpusError: the corpus is not the one it was trained on.
        BundleError: the folder holds no complete soloist.
    """
    soloist = load_soloist(folder)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    heard = [score for score in _usable(corpus)[0] if not split.holds_out(score.title)]
    notes = sum(len(score.melody.notes) for score in heard)
    if notes != report["notes"]:
        raise CorpusError(f"{folder}: was trained on {report['notes']} notes, this corpus and split have {notes}")
    runs = _runs(heard, [solo_arrays(score) for score in heard], None)
    card = (folder / "README.md").read_text(encoding="utf-8")
    added = added_files(folder) | {RUNS_FILE: runs_to_bytes(runs)}
    save_soloist(folder, soloist.config, soloist.net, soloist.memory, report, card, added=added)
    return runs


def is_trained(folder: Path) -> bool:
    """Return True if the folder holds a complete soloist and no interrupted training."""
    try:
        load_soloist(folder)
    except BundleError:
        return False
    return not (folder / CHECKPOINT).exists()


def _usable(corpus: Corpus) -> tuple[list[Score], tuple[str, ...]]:
    """Return the scores that have a solo, and why the others were skipped."""
    usable = []
    skipped = []
    for path, reading in corpus.readings:
        score = reading.score
        if score.parts and len(score.melody.notes) > 1:
            usable.append(straightened(score))
        else:
            skipped.append(f"{name_of(path, reading.piece)}: its melody has no two notes")
    return usable, tuple(skipped)


def _require_enough(scores: Sequence[Score], skipped: Sequence[str]) -> None:
    notes = sum(len(score.melody.notes) for score in scores)
    tunes = {tune_of(score.title) for score in scores}
    if notes < LEAST_NOTES or len(tunes) < LEAST_TUNES:
        reason = f" ({skipped[0]})" if skipped else ""
        raise CorpusError(
            f"the corpus has {notes} notes over {len(tunes)} tunes{reason}; a soloist learns from {LEAST_NOTES} notes "
            f"over {LEAST_TUNES} tunes or more, add files"
        )


def _config(scores: Sequence[Score], sizes: Config) -> Config:
    pitches = np.array([note.pitch for score in scores for note in score.melody.notes])
    low, high = (round(float(q)) for q in np.quantile(pitches, _RANGE_QUANTILES))
    meters = Counter(meter.bar_ticks / TICKS_PER_BEAT for score in scores for _, meter in score.meters)
    return replace(
        sizes,
        performers=common_names([score.credits.performer for score in scores], COLUMNS["performer"], _FEWEST_SOLOS),
        styles=common_names([score.credits.style for score in scores], COLUMNS["style"], _FEWEST_SOLOS),
        low=min(low, high - 12),
        high=high,
        feel=Counter(score.feel for score in scores).most_common(1)[0][0],
        meters=tuple(sorted(meters)),
        human=_human(scores),
    )


def _human(scores: Sequence[Score]) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each figure over the solos."""
    figures = []
    for score in scores:
        try:
            line = score.with_parts(replace(score.melody, notes=monophonic(score.melody.notes)))
            figures.append(measure(Line.of(line)))
        except ScoreError:
            continue  # too short to measure, but still worth learning from
    found = {}
    for field in fields(Figures):
        values = np.array([getattr(figure, field.name) for figure in figures])
        known = values[~np.isnan(values)]
        if len(known) > 1:
            found[field.name] = (float(known.mean()), float(known.std(ddof=1)))
    return found


def _learn(solos: Sequence[SoloArrays], config: Config, base: Soloist | None) -> Memory:
    moments = np.concatenate([moments_of(solo, config.who) for solo in solos])
    own = learn(moments, np.concatenate([choices_of(solo.notes) for solo in solos]))
    return {part: base.memory[part] + licks for part, licks in own.items()} if base else own


def _runs(scores: Sequence[Score], solos: Sequence[SoloArrays], base: Soloist | None) -> Runs:
    titles = [score.title for score in scores]
    performers = [score.credits.performer for score in scores]
    own = Runs.of([solo.notes.pitch for solo in solos], titles, performers, list(map(tune_of, titles)))
    return base.runs + own if base and base.runs else own


def _habits(scores: Sequence[Score], solos: Sequence[SoloArrays], config: Config, base: Soloist | None) -> Habits:
    own = Habits.of(scores, solos, config.who)
    return base.habits + own if base and base.habits else own


def _report(data: SoloistData, options: SoloistFitOptions, state: "SoloistState", net: Net) -> dict[str, Any]:
    best = state.best_epoch
    who = data.config.who
    before = _bits(data, data.base.net, data.base.memory) if data.base else None
    return {
        "jazzgen": __version__,
        **data.about,
        "skipped": without_folders(data.skipped),
        "from": {"name": data.base.name, "weights": data.base.checksum} if data.base else None,
        "options": asdict(options) | {"n_x": data.config.n_x, "n_a": data.config.n_a, "n_joint": data.config.n_joint},
        "performers": len(who.performers),
        "best_epoch": best.number,
        "before": before,
        "held_out": _bits(data, net, data.memory),
        "history": [asdict(epoch) for epoch in state.history],
    }


def _bits(data: SoloistData, net: Net, memory: Memory) -> dict[str, Any] | None:
    """Return bits a note on the solos held out, scored whole; None if there are none."""
    if not data.held_out:
        return None
    scored = [result["soloist"] for _, result in score_solos(data.held_out, net, memory, data.config.who)]
    return {"notes": sum(map(len, scored))} | Scored.joined(scored).figures()


def _write(folder: Path, data: SoloistData, net: Net, report: dict[str, Any]) -> None:
    save_soloist(
        folder,
        data.config,
        net,
        data.memory,
        report,
        _card(folder.name, report),
        added={RUNS_FILE: runs_to_bytes(data.runs), HABITS_FILE: habits_to_bytes(data.habits)},
    )
    (folder / CHECKPOINT).unlink(missing_ok=True)
    remove_leftovers(folder)


def _card(name: str, report: dict[str, Any]) -> str:
    options = report["options"]
    held_out = report["held_out"]
    figures = (
        f"{held_out['total_bits']:.3f} bits a note on {held_out['notes']} notes over "
        f"{len(report['validation_tunes'])} tunes that it was not trained on: onset {held_out['ioi_bits']:.3f}, "
        f"pitch {held_out['pitch_bits']:.3f}, duration {held_out['duration_bits']:.3f}"
        if held_out
        else "no tunes were held out, so nothing is known of how it does on others"
    )
    sources = "".join(f"- Source: {source}\n" for source in report["sources"])
    base = report["from"]
    start = f"- It went on from '{base['name']}' (weights {base['weights'][:12]}).\n" if base else ""
    tunes = "\n".join(f"- {title}" for title in report["train_tunes"])
    return f"""# {name}

A jazzgen soloist (format {FORMAT}), made by jazzgen {report["jazzgen"]}: for each part of a note (onset, pitch,
duration) an LSTM of {options["n_a"]} units that hears the chord now and next, the bar, the tempo and the last notes,
beside n-grams of the corpus (licks) and of the solo so far (motifs). NumPy plays it:

    jazzgen generate --model {name} --changes "Dm7 | G7 | Cmaj7 | %" -o solo.mid

- Trained on {report["files"]} pieces: {report["notes"]} notes to learn from.
{start}- {figures}.
- Averaged weights of epoch {report["best_epoch"]} of {len(report["history"])}; see `training.png` and `report.json`.
- Use: solos over chord changes, to play with, practise with and study. It knows phrases of its corpus;
  `--max-quote` keeps it from quoting at length. It cannot name its sources, and what it plays is no player's own.
- `runs.npz` holds the steps of the solos that it learnt from, to tell what it quotes; `habits.npz` what they are like
  as wholes, to draw a plan from.
- Its licks, runs, habits and weights are derived from the corpus below; whoever shares it keeps to the licence of that.
{sources}
Tunes that it was trained on:

{tunes}

Options: `{json.dumps(options)}`
"""

"""Train a model of touch on a corpus: measure the notes, split by tune, train the network, save.

TensorFlow is imported when `train_touch` is called, not before.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jazzgen import __version__
from jazzgen.corpus import Corpus, name_of
from jazzgen.corpus.split import Split, tune_of
from jazzgen.errors import BundleError, CorpusError
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.grammar.training import CHECKPOINT
from jazzgen.learning.options import TouchFitOptions
from jazzgen.learning.report import about_corpus, common_names, without_folders
from jazzgen.learning.startup import load_tensorflow
from jazzgen.learning.touch.bundle import FORMAT, Config, load_touch, save_touch
from jazzgen.learning.touch.columns import MOST_PERFORMERS, MOST_STYLES, facts_of
from jazzgen.learning.touch.examples import Example, example_of, touch_of
from jazzgen.learning.touch.net import Net
from jazzgen.learning.touch.scale import QUANTITIES, Quantity, Scale
from jazzgen.learning.touch.scoring import correlation, net_bits
from jazzgen.music.played import measured
from jazzgen.music.score import Score
from jazzgen.system.files import remove_leftovers

if TYPE_CHECKING:
    from jazzgen.learning.touch.fit import TouchState

# Set by hand.
LEAST_NOTES, LEAST_TUNES = 200, 2
_FEWEST_SOLOS = 2  # that make a performer or style known by name
_LEAST_MEASURED = 0.2  # share of notes measured for a quantity, below which it is not learnt


@dataclass(frozen=True)
class TouchData:
    """A corpus prepared for touch.

    Attributes:
        config: of the new model.
        scale: of the quantities.
        train, validation: the solos on either side of the split.
        about: what the report says of the corpus.
        skipped: which pieces were not learnt from, and why, and which quantities are not measured.
    """

    config: Config
    scale: Scale
    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    about: dict[str, Any]
    skipped: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the music comes from, if a file says so."""
        return tuple(self.about["sources"])


def build_touch_data(
    corpus: Corpus,
    sizes: Config,
    *,
    validation: float = 0.1,
    seed: int = 0,
    split: Split | None = None,
) -> TouchData:
    """Measure every solo and split by tune.

    Args:
        corpus: what was read; a piece whose notes were not played is skipped, and listed in the result.
        sizes: of the network.
        validation: share of the tunes to hold out.
        seed: of the choice of those tunes.
        split: which tunes to hold out; None chooses.

    Raises:
        CorpusError: there is too little music to learn from.
    """
    scores, skipped = played_solos(corpus)
    _require_enough(scores, skipped)
    split = split or Split.by_share([score.title for score in scores], validation, seed)
    heard = [score for score in scores if not split.holds_out(score.title)]
    others = [score for score in scores if split.holds_out(score.title)]
    if not heard:
        raise CorpusError("the split holds out every tune of the corpus; give other files, or another split")
    config = _config(heard, sizes)
    facts = [facts_of(score, config.names) for score in heard]
    touches = [touch_of(score, known) for score, known in zip(heard, facts, strict=True)]
    scale = Scale.of(np.concatenate(touches))
    config = replace(config, measured=_measured(touches))
    return TouchData(
        config=config,
        scale=scale,
        train=tuple(example_of(known, touch, scale) for known, touch in zip(facts, touches, strict=True)),
        validation=tuple(examples_of(others, config, scale)),
        about={
            "files": len(scores),
            "notes": sum(map(len, touches)),
            **about_corpus(corpus, (score.title for score in heard), (score.title for score in others)),
        },
        skipped=(*corpus.failures, *skipped, *_unmeasured(config)),
    )


def examples_of(scores: Sequence[Score], config: Config, scale: Scale) -> list[Example]:
    """Return measured solos as examples."""
    facts = [facts_of(score, config.names) for score in scores]
    return [example_of(known, touch_of(score, known), scale) for score, known in zip(scores, facts, strict=True)]


def played_solos(corpus: Corpus) -> tuple[list[Score], tuple[str, ...]]:
    """Return the solos whose notes were played, measured, and why the others were skipped."""
    found = []
    skipped = []
    for path, reading in corpus.readings:
        score = measured(reading.score)
        if not score.parts or len(score.melody.notes) < 2:
            skipped.append(f"{name_of(path, reading.piece)}: its melody has no two notes")
        elif not any(note.played for note in score.melody.notes):
            skipped.append(f"{name_of(path, reading.piece)}: its notes are on a grid at one level, nobody played them")
        else:
            found.append(score)
    return found, tuple(skipped)


def train_touch(
    data: TouchData,
    folder: Path,
    options: TouchFitOptions,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[["TouchState"], None] = lambda _: None,
) -> dict[str, Any]:
    """Train and write the folder; the checkpoint in it is deleted once all is written.

    Returns:
        The report, as in the folder's report.json.
    """
    load_tensorflow(cluster)
    from jazzgen.learning.touch.fit import fit_touch  # noqa: PLC0415 - brings TensorFlow

    started = time.perf_counter()
    state, net = fit_touch(
        data.config.sizes,
        data.scale,
        options,
        data.train,
        data.validation or None,
        folder / CHECKPOINT,
        resume=resume,
        cluster=cluster,
        on_epoch=on_epoch,
    )
    report = _report(data, options, state, net) | {"seconds": round(time.perf_counter() - started, 1)}
    if cluster.is_chief:
        save_touch(folder, data.config, net, data.scale, report, _card(folder.name, report))
        (folder / CHECKPOINT).unlink(missing_ok=True)
        remove_leftovers(folder)
    return report


def is_trained(folder: Path) -> bool:
    """Return True if the folder holds a complete model of touch and no interrupted training."""
    try:
        load_touch(folder)
    except BundleError:
        return False
    return not (folder / CHECKPOINT).exists()


def _require_enough(scores: Sequence[Score], skipped: Sequence[str]) -> None:
    notes = sum(len(score.melody.notes) for score in scores)
    tunes = {tune_of(score.title) for score in scores}
    if notes < LEAST_NOTES or len(tunes) < LEAST_TUNES:
        reason = f" ({skipped[0]})" if skipped else ""
        raise CorpusError(
            f"the corpus has {notes} played notes over {len(tunes)} tunes{reason}; touch is learnt from {LEAST_NOTES} "
            f"notes over {LEAST_TUNES} tunes or more, add files that people played"
        )


def _config(scores: Sequence[Score], sizes: Config) -> Config:
    tempos = [score.bpm for score in scores]
    return replace(
        sizes,
        performers=common_names([score.credits.performer for score in scores], MOST_PERFORMERS, _FEWEST_SOLOS),
        styles=common_names([score.credits.style for score in scores], MOST_STYLES, _FEWEST_SOLOS),
        programs=tuple(sorted({score.melody.program for score in scores})),
        slowest_bpm=float(min(tempos)),
        fastest_bpm=float(max(tempos)),
    )


def _measured(touches: Sequence[np.ndarray]) -> tuple[Quantity, ...]:
    shares = np.isfinite(np.concatenate(touches)).mean(axis=0)
    return tuple(name for name, share in zip(QUANTITIES, shares, strict=True) if share >= _LEAST_MEASURED)


def _unmeasured(config: Config) -> tuple[str, ...]:
    missing = [name for name in QUANTITIES if name not in config.measured]
    return tuple(f"{name}: it is not measured in this corpus, and not learnt" for name in missing)


def _report(data: TouchData, options: TouchFitOptions, state: "TouchState", net: Net) -> dict[str, Any]:
    return {
        "jazzgen": __version__,
        **data.about,
        "skipped": without_folders(data.skipped),
        "measured": list(data.config.measured),
        "options": asdict(options) | asdict(data.config.sizes),
        "performers": len(data.config.performers),
        "best_epoch": state.best_epoch.number,
        "held_out": held_out_figures(net, data.scale, data.validation),
        "history": [asdict(epoch) for epoch in state.history],
    }


def held_out_figures(net: Net, scale: Scale, examples: Sequence[Example]) -> dict[str, Any] | None:
    """Return bits a note and the mean's correlation with the players by quantity; None without solos."""
    if not examples:
        return None
    bits = np.nanmean(np.concatenate([net_bits(net, example) for example in examples]), axis=0)
    means = np.concatenate([scale.restored(net.means(net.encode(example.facts))) for example in examples])
    played = np.concatenate([example.touch for example in examples])
    played = np.clip(played, scale.knots[:, 0], scale.knots[:, -1])
    return {
        "notes": len(played),
        "bits": {name: round(float(value), 4) for name, value in zip(QUANTITIES, bits, strict=True)},
        "correlation": {name: round(correlation(means[:, q], played[:, q]), 4) for q, name in enumerate(QUANTITIES)},
    }


def _card(name: str, report: dict[str, Any]) -> str:
    held_out = report["held_out"]
    figures = "no tunes were held out, so nothing is known of how it does on others"
    if held_out:
        pairs = ", ".join(
            f"{what.replace('late_ms', 'lateness')} {held_out['bits'][what]:.3f} "
            f"(correlation of the mean {held_out['correlation'][what]:.2f})"
            for what in report["measured"]
        )
        figures = (
            f"bits a note on {held_out['notes']} notes over {len(report['validation_tunes'])} tunes that it was not "
            f"trained on: {pairs}"
        )
    sources = "".join(f"- Source: {source}\n" for source in report["sources"])
    tunes = "\n".join(f"- {title}" for title in report["train_tunes"])
    return f"""# {name}

A jazzgen model of touch (format {FORMAT}), made by jazzgen {report["jazzgen"]}: for each written note of a solo it
draws how loud, how late and how long people play it. An LSTM in each direction reads the notes, their chords and
places; another goes through them and hears what it has drawn so far. NumPy plays it; docs/touch.md tells how.

- Trained on {report["files"]} pieces: {report["notes"]} notes to learn from.
- {figures[0].upper()}{figures[1:]}.
- Averaged weights of epoch {report["best_epoch"]} of {len(report["history"])}; see `training.png` and `report.json`.
- Use: to play written solos as people might. It knows {report["performers"]} players by name; what it plays is no
  player's own.
- Its weights are derived from the corpus below; whoever shares it keeps to the licence of that.
{sources}
Tunes that it was trained on:

{tunes}

Options: `{json.dumps(report["options"])}`
"""

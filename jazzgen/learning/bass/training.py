"""Train a bassist on a corpus with bass notes: take its lines, split by tune, train the network, save.

TensorFlow is imported when `train_bass` is called, not before.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jazzgen import __version__
from jazzgen.corpus import Corpus, name_of
from jazzgen.corpus.split import Split, tune_of
from jazzgen.errors import BundleError, CorpusError
from jazzgen.learning.bass.bundle import FORMAT, load_bassist, save_bassist
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.examples import BASS, Line, groove_of, line_of
from jazzgen.learning.bass.net import Net
from jazzgen.learning.bass.scoring import forecasters
from jazzgen.learning.bass.walk import Bassist
from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.learning.grammar.training import CHECKPOINT
from jazzgen.learning.options import BassFitOptions
from jazzgen.learning.report import about_corpus, without_folders
from jazzgen.learning.startup import load_tensorflow
from jazzgen.music.score import Score
from jazzgen.system.files import remove_leftovers

if TYPE_CHECKING:
    from jazzgen.learning.bass.fit import BassState

# All set by hand.
LEAST_BEATS, LEAST_TUNES = 200, 2
_ENOUGH = 0.015  # share of the beats that makes a groove or meter known
_Heard = tuple[Score, Line]


@dataclass(frozen=True)
class BassData:
    """A corpus prepared for a bassist.

    Attributes:
        config: of the new bassist.
        train, validation: the lines on either side of the split.
        judged: those of `validation` in a groove that the bassist plays, to be scored.
        about: what the report says of the corpus.
        skipped: which pieces were not learnt from, and why.
    """

    config: BassConfig
    train: tuple[Line, ...]
    validation: tuple[Line, ...]
    judged: tuple[Line, ...]
    about: dict[str, Any]
    skipped: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the music comes from, if a file says so."""
        return tuple(self.about["sources"])


def build_bass_data(
    corpus: Corpus,
    sizes: BassConfig,
    *,
    validation: float = 0.1,
    seed: int = 0,
    split: Split | None = None,
) -> BassData:
    """Take the bass line of every piece, and split by tune.

    Args:
        corpus: what was read; a piece without a part called Bass is skipped, and listed in the result.
        sizes: of the network.
        validation: share of the tunes to hold out.
        seed: of the choice of those tunes.
        split: which tunes to hold out; None chooses.

    Raises:
        CorpusError: there is too little music to learn from.
    """
    heard, skipped = bass_lines(corpus)
    _require_enough(heard, skipped)
    split = split or Split.by_share([score.title for score, _ in heard], validation, seed)
    train = [(score, line) for score, line in heard if not split.holds_out(score.title)]
    others = [(score, line) for score, line in heard if split.holds_out(score.title)]
    if not train:
        raise CorpusError("the split holds out every tune of the corpus; give other files, or another split")
    config = replace(sizes, grooves=_grooves(train), meters=_meters(train))
    return BassData(
        config=config,
        train=tuple(line for _, line in train),
        validation=tuple(line for _, line in others),
        judged=tuple(line for score, line in others if groove_of(score) in config.grooves),
        about={
            "files": len(heard),
            "beats": _count(train),
            **about_corpus(corpus, (score.title for score, _ in train), (score.title for score, _ in others)),
        },
        skipped=corpus.failures + skipped,
    )


def bass_lines(corpus: Corpus) -> tuple[list[_Heard], tuple[str, ...]]:
    """Return the pieces that have a bass line over chords, with it, and why the others were skipped."""
    heard, skipped = [], []
    for path, reading in corpus.readings:
        line = line_of(reading.score)
        if line is not None and line.counted.any():
            heard.append((reading.score, line))
        else:
            reason = f"it has no part called {BASS}" if line is None else "its bass has no note on a beat with a chord"
            skipped.append(f"{name_of(path, reading.piece)}: {reason}")
    return heard, tuple(skipped)


def train_bass(
    data: BassData,
    folder: Path,
    options: BassFitOptions,
    *,
    resume: bool = False,
    cluster: Cluster = ALONE,
    on_epoch: Callable[["BassState"], None] = lambda _: None,
) -> dict[str, Any]:
    """Train and write the folder; the checkpoint in it is deleted once all is written.

    Returns:
        The report, as in the folder's report.json.
    """
    load_tensorflow(cluster)
    from jazzgen.learning.bass.fit import fit_bass  # noqa: PLC0415 - brings TensorFlow

    started = time.perf_counter()
    state, net = fit_bass(
        data.config,
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
        save_bassist(folder, data.config, net, report, _card(folder.name, report, data.config))
        (folder / CHECKPOINT).unlink(missing_ok=True)
        remove_leftovers(folder)
    return report


def is_trained(folder: Path) -> bool:
    """Return True if the folder holds a complete bassist and no interrupted training."""
    try:
        load_bassist(folder)
    except BundleError:
        return False
    return not (folder / CHECKPOINT).exists()


def _require_enough(heard: Sequence[_Heard], skipped: Sequence[str]) -> None:
    beats = _count(heard)
    tunes = {tune_of(score.title) for score, _ in heard}
    if beats < LEAST_BEATS or len(tunes) < LEAST_TUNES:
        reason = f" ({skipped[0]})" if skipped else ""
        raise CorpusError(
            f"the corpus has {beats} bass notes on beats over {len(tunes)} tunes{reason}; a bassist learns from "
            f"{LEAST_BEATS} over {LEAST_TUNES} tunes or more: give the Weimar Jazz Database, or files with a part "
            f"called {BASS}"
        )


def _count(heard: Sequence[_Heard]) -> int:
    return sum(int(line.counted.sum()) for _, line in heard)


def _grooves(heard: Sequence[_Heard]) -> tuple[str, ...]:
    """Return the swinging grooves of which there is enough; straight ones have rhythms that beats do not tell."""
    beats = Counter[str]()
    for score, line in heard:
        beats[groove_of(score)] += int(line.counted.sum()) if score.feel == "swing" else 0
    return tuple(sorted(groove for groove, count in beats.items() if groove and count >= _ENOUGH * beats.total()))


def _meters(heard: Sequence[_Heard]) -> tuple[int, ...]:
    beats = Counter[int]()
    for _, line in heard:
        beats.update(line.places.beats[line.counted].tolist())
    enough = _ENOUGH * beats.total()
    return tuple(sorted(quarters for quarters, count in beats.items() if quarters > 1 and count >= enough))


def _report(data: BassData, options: BassFitOptions, state: "BassState", net: Net) -> dict[str, Any]:
    best = state.best_epoch
    found = forecasters(Bassist("", data.config, net), data.train, data.judged)
    counted = len(found["uniform"].bits)
    return {
        "jazzgen": __version__,
        **data.about,
        "skipped": without_folders(data.skipped),
        "options": asdict(options) | {"n_x": data.config.n_x, "n_a": data.config.n_a, "n_joint": data.config.n_joint},
        "best_epoch": best.number,
        "held_out": {"beats": counted} | {name: round(float(s.bits.mean()), 4) for name, s in found.items() if counted},
        "history": [asdict(epoch) for epoch in state.history],
    }


def _card(name: str, report: dict[str, Any], config: BassConfig) -> str:
    options, held_out = report["options"], report["held_out"]
    figures = (
        f"{held_out['bassist']:.3f} bits a beat on {held_out['beats']} beats of {' and '.join(config.grooves)} over "
        f"tunes that it was not trained on ({len(report['validation_tunes'])} held out); n-grams "
        f"{held_out['n-grams']:.3f}, steps alone {held_out['steps']:.3f}, uniform {held_out['uniform']:.3f}"
        if held_out["beats"]
        else "no beats were held out, so nothing is known of how it does on others"
    )
    sources = "".join(f"- Source: {source}\n" for source in report["sources"])
    tunes = "\n".join(f"- {title}" for title in report["train_tunes"])
    return f"""# {name}

A jazzgen bassist (format {FORMAT}), made by jazzgen {report["jazzgen"]}: an LSTM of {options["n_a"]} units that draws
the bass's pitch at each beat. It hears the chord now and next, the beats to the change, bar, section, tempo and groove,
and the line so far. NumPy plays it; the band's bass asks it at every beat (docs/band.md):

    jazzgen generate --changes "Dm7 | G7 | Cmaj7 | %" --bass learned -o solo.mid

- Trained on {report["files"]} pieces: {report["beats"]} beats with a bass note to learn from.
- {figures}.
- Averaged weights of epoch {report["best_epoch"]} of {len(report["history"])}; see `training.png` and `report.json`.
- It plays in {", ".join(config.grooves)}, in bars of {", ".join(map(str, config.meters))} quarters; elsewhere rules do.
- The bass notes of its corpus were transcribed by a machine: some are wrong, most often by an octave, and notes
  below G1 are rare. It has learnt that too, so the band holds it to a chord tone at each change.
- Its weights are derived from the corpus below; whoever shares them keeps to the licence of that.
{sources}
Tunes that it was trained on:

{tunes}

Options: `{json.dumps(options)}`
"""

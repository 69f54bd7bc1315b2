"""Run `jazzgen listen`."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click
from tqdm import tqdm

from jazzgen.cli.columns import aligned
from jazzgen.cli.control_options import read_ear
from jazzgen.cli.options import open_cache, read_options
from jazzgen.cli.progress import reading_bar
from jazzgen.corpus import Corpus, name_of, read_corpus
from jazzgen.corpus.split import Split, load_split
from jazzgen.errors import CorpusError, OptionError
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.models import load_model
from jazzgen.listener.area import Area
from jazzgen.listener.config import FEATURES, KINDS, ListenerOptions
from jazzgen.listener.evaluation import Judgement, Trial, folded, judge, trial_of
from jazzgen.listener.playing import has_changes, play_over_all
from jazzgen.listener.sharing import RUNS, Vocabulary, sharing_table
from jazzgen.listener.solos import LEAST_NOTES, Heard, hear
from jazzgen.music.score import Score
from jazzgen.system.extras import require
from jazzgen.system.files import require_writable

_HEADINGS = ("listener", "goes by", "by 32 notes", "", "by solo", "")
_SHARING_HEADINGS = ("runs of", "heard: people", "model", "said again: people", "model")


class _How(NamedTuple):
    """How a model plays: its controls as text, the ear's number of candidates, and whether in each player's manner."""

    asked: Mapping[str, Any]
    ear: int
    manner: bool


def listen(
    solos: tuple[Path, ...],
    against: Path,
    split_path: Path | None,
    folds: int | None,
    beside: str | None,
    kinds: tuple[str, ...],
    features: tuple[str, ...],
    epochs: int | None,
    ear: str | None,
    manner: bool,
    seed: int,
    picture: Path | None,
    as_json: bool,
    melody: str | None,
    chords: str | None,
    bars: str | None,
    no_cache: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    unknown = [name for name in features if name not in FEATURES]
    if unknown:
        raise OptionError(f"features '{unknown[0]}': they are {', '.join(FEATURES)}")
    require("train")
    if picture:
        require("plots")
        require_writable(picture)
    options = ListenerOptions(seed=seed) if epochs is None else ListenerOptions(epochs=epochs, seed=seed)
    how = _How(asked, read_ear(ear), manner)
    read = partial(
        read_corpus,
        options=read_options(melody, chords, bars),
        cache=open_cache(no_cache),
        progress=reading_bar(quiet),
    )
    heard = list(_both_sides(solos, against, beside, how, read, seed=seed, quiet=quiet))
    trials = _trials(heard, split_path, folds)
    wanted = [(kind, name) for kind in KINDS if kind in (kinds or KINDS) for name in features or FEATURES]
    judgements = [judge(kind, name, trials, options) for kind, name in _shown(wanted, quiet)]
    sharing = _sharing(trials)
    click.echo(_json(judgements, sharing) if as_json else "\n".join(_text_lines(judgements, sharing)))
    if picture:
        from jazzgen.pictures.listener import write_moments  # noqa: PLC0415 - brings matplotlib

        first = judgements[0]
        write_moments(picture, first.moments, f"A {first.kind} listener, {first.features}")
        click.echo(f"Wrote {picture}", err=True)


def _shown(wanted: Sequence[Any], quiet: bool) -> Iterable[Any]:
    return tqdm(wanted, desc="listening", unit="listener", disable=quiet or None, leave=False)


def _both_sides(
    solos: Sequence[Path],
    against: Path,
    beside: str | None,
    how: _How,
    read: Callable[[Sequence[Path]], Corpus],
    *,
    seed: int,
    quiet: bool,
) -> Iterator[Heard]:
    """Yield the solos of both sides, marked as human or not."""
    named = [(name_of(path, reading.piece), reading.score) for path, reading in read((against,)).readings]
    pieces = [(name, score) for name, score in named if score.parts and has_changes(score)]
    if not pieces:
        raise CorpusError(f"{against}: no solo of it has chords to play over; give another corpus")
    if beside == "people":
        yield from _halves(pieces)
        return
    if _is_model(solos):
        ours = _played(solos[0], pieces, how, seed, quiet)
    else:
        ours = [(name_of(path, reading.piece), reading.score) for path, reading in read(solos).readings]
    theirs = pieces if beside is None else _played(Path(beside), pieces, how, seed + 1, quiet)
    yield from _heard(theirs, person=True)
    yield from _heard(ours, person=False)


def _is_model(solos: Sequence[Path]) -> bool:
    return len(solos) == 1 and (solos[0] / "config.json").is_file()


def _halves(pieces: Sequence[tuple[str, Score]]) -> Iterator[Heard]:
    """Yield human solos only, half of the players on each side."""
    players = sorted({score.credits.performer for _, score in pieces})
    side = {player: number % 2 == 0 for number, player in enumerate(players)}
    for is_first in (True, False):
        some = [(name, score) for name, score in pieces if side[score.credits.performer] == is_first]
        yield from _heard(some, person=is_first)


def _played(
    folder: Path,
    pieces: Sequence[tuple[str, Score]],
    how: _How,
    seed: int,
    quiet: bool,
) -> list[tuple[str, Score]]:
    model = load_model(folder)
    played = play_over_all(
        model, [score for _, score in pieces], controls_from(how.asked, model), seed, manner=how.manner, ear=how.ear
    )
    bar = tqdm(played, desc="playing", unit="solo", total=len(pieces), disable=quiet or None, leave=False)
    return [(f"{model.name} over {name}", solo) for (name, _), solo in zip(pieces, bar, strict=True)]


def _heard(solos: Iterable[tuple[str, Score]], *, person: bool) -> Iterator[Heard]:
    for name, score in solos:
        solo = hear(name, score, person=person)
        if solo is None:
            click.echo(f"skipped: {name}: it has fewer than {LEAST_NOTES} notes", err=True)
        else:
            yield solo


def _trials(solos: Sequence[Heard], split_path: Path | None, folds: int | None) -> list[Trial]:
    split = load_split(split_path) if split_path else None
    if folds is None:
        chosen = split or Split.by_share([solo.score.title for solo in solos], 0.25, 0)
        return [trial_of(solos, chosen.holds_out)]
    return folded([solo for solo in solos if split is None or not split.holds_out(solo.score.title)], folds)


def _sharing(trials: Sequence[Trial]) -> dict[int, dict[str, tuple[float, float]]]:
    """Return, by length of run and side, the shares of runs played by people over other tunes, and of repeated runs."""
    judged = [solo for trial in trials for solo in trial.judged]
    steps = [(solo.tune, solo.line.intervals) for trial in trials for solo in trial.training if solo.person]
    vocabulary = Vocabulary(steps)
    tables = {
        side: sharing_table([(s.tune, s.line.intervals) for s in judged if s.person == person], vocabulary)
        for side, person in (("people", True), ("model", False))
    }
    return {n: {side: table[n] for side, table in tables.items()} for n in RUNS}


def _text_lines(
    judgements: Sequence[Judgement], sharing: Mapping[int, Mapping[str, tuple[float, float]]]
) -> Iterator[str]:
    (people, ours) = judgements[0].trained
    asked = judgements[0].asked
    yield f"trained on {people} and {ours} solos, asked about {asked[0]} and {asked[1]} over other tunes:"
    yield ""
    rows = [(row.kind, row.features, *_cells(row.windows), *_cells(row.solos)) for row in judgements]
    yield from aligned([_HEADINGS, *rows], right=(2, 4))
    yield ""
    lines = [
        (f"{n} steps", *(f"{sharing[n][side][what]:.3f}" for what in (0, 1) for side in ("people", "model")))
        for n in sharing
    ]
    yield from aligned([_SHARING_HEADINGS, *lines], right=range(1, 5))


def _cells(area: Area | None) -> tuple[str, str]:
    if area is None:
        return "-", ""
    return f"{area.area:.3f}", f"{area.low:.3f} to {area.high:.3f}"


def _json(judgements: Sequence[Judgement], sharing: Mapping[int, Mapping[str, tuple[float, float]]]) -> str:
    rows = [
        {
            "kind": row.kind,
            "features": row.features,
            "windows": row.windows and _plain(asdict(row.windows)),
            "solos": _plain(asdict(row.solos)),
            "trained": list(row.trained),
        }
        for row in judgements
    ]
    runs = {n: {side: {"heard": h, "again": a} for side, (h, a) in sides.items()} for n, sides in sharing.items()}
    return json.dumps({"listeners": rows, "runs": runs}, allow_nan=False)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Replace NaN by null, since JSON has no NaN."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values.items()}

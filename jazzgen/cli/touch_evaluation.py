"""Run `jazzgen evaluate` on a model of touch."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from tqdm import tqdm

from jazzgen.cli.columns import aligned, counted
from jazzgen.corpus import Corpus
from jazzgen.corpus.split import Split
from jazzgen.errors import CorpusError
from jazzgen.learning.touch.bundle import TouchModel, load_touch
from jazzgen.learning.touch.examples import Example
from jazzgen.learning.touch.perform import mean_touch, perform_touch
from jazzgen.learning.touch.scale import QUANTITIES
from jazzgen.learning.touch.scoring import (
    Unigrams,
    correlation,
    hanging_together,
    net_bits,
    spread,
    spread_bits,
)
from jazzgen.learning.touch.training import examples_of, played_solos
from jazzgen.listener.rules import rules_touch
from jazzgen.music.score import Score

_SEED = 0  # of what is drawn and of the rules
_LABELS = {"loudness": "loudness", "late_ms": "lateness", "length": "length"}
_WAYS = {"as_written": True, "by_itself": False}
_HEADINGS = ("", *_LABELS.values())


@dataclass(frozen=True)
class Figures:
    """What is measured on solos that people played: by row, one figure for each quantity."""

    solos: int
    notes: int
    bits: dict[str, list[float]]
    correlations: dict[str, list[float]]
    spreads: dict[str, list[float]]
    together: dict[str, list[float]]


def evaluate_touch(
    model: Path, corpus: Corpus, split: Split | None, split_path: Path | None, *, as_json: bool, quiet: bool
) -> None:
    """Print how well a model of touch foretells how people played.

    Raises:
        CorpusError: there is no solo that somebody played.
    """
    touch = load_touch(model)
    scores, skipped = played_solos(corpus)
    if not scores:
        raise CorpusError(f"there is no played solo to score: {skipped[0]}; give files that people played")
    for reason in skipped:
        click.echo(f"skipped: {reason}", err=True)
    chosen = [score for score in scores if split is None or split.holds_out(score.title)]
    if not chosen:
        have = counted(len(scores), "solo")
        raise CorpusError(
            f"{split_path}: holds out none of the tunes of the {have} read; leave out --split to score them all"
        )
    rest = [score for score in scores if split is not None and not split.holds_out(score.title)]
    found = _figures(touch, chosen, rest or chosen, quiet)
    click.echo(json.dumps(_json(touch, found), allow_nan=False) if as_json else "\n".join(_lines(touch, found)))


def _figures(model: TouchModel, scores: Sequence[Score], others: Sequence[Score], quiet: bool) -> Figures:
    examples = examples_of(scores, model.config, model.scale)
    limits = model.scale.knots[:, 0], model.scale.knots[:, -1]
    played = [np.clip(example.touch, *limits) for example in examples]
    swing = np.concatenate([(e.facts.swung - e.facts.onset) * e.facts.tick_ms for e in examples])
    rules = [
        np.clip(rules_touch(score, example.facts, rng=np.random.default_rng([_SEED, number])), *limits)
        for number, (score, example) in enumerate(zip(scores, examples, strict=True))
    ]
    bits = {
        way: [net_bits(model.net, e) for e in _bar([_shown(e, written) for e in examples], quiet)]
        for way, written in _WAYS.items()
    }
    unigrams = Unigrams.of(examples_of(others, model.config, model.scale))
    bits |= {"unigrams": [unigrams.bits(e) for e in examples]}
    bits |= {"rules": spread_bits(model.scale, list(zip(rules, examples, strict=True)))}
    means = {
        way: [np.array(mean_touch(model, s, as_written=written)) for s in scores] for way, written in _WAYS.items()
    }
    drawn = {
        way: [
            np.array(perform_touch(model, score, rng=np.random.default_rng([_SEED, number]), as_written=written))
            for number, score in enumerate(scores)
        ]
        for way, written in _WAYS.items()
    }
    theirs = np.concatenate(played)
    correlations = {way: _correlations(np.concatenate(mean), theirs) for way, mean in means.items()}
    correlations["even_grid"] = [
        float("nan"),
        correlation(np.concatenate(means["as_written"])[:, 1] + swing, theirs[:, 1] + swing),
        float("nan"),
    ]
    correlations["rules"] = _correlations(np.concatenate(rules), theirs)
    performed = {"people": played, **drawn, "rules": rules}
    return Figures(
        len(scores),
        len(theirs),
        {way: np.nanmean(np.concatenate(each), axis=0).tolist() for way, each in bits.items()},
        correlations,
        {who: spread(each).tolist() for who, each in performed.items()},
        {who: hanging_together(each).tolist() for who, each in performed.items()},
    )


def _shown(example: Example, written: bool) -> Example:
    if written:
        return example
    return Example(example.facts.without_lengths(), example.touch, example.bins, example.drift)


def _bar(examples: Sequence[Example], quiet: bool) -> "tqdm[Example]":
    return tqdm(examples, desc="scoring", unit="solo", disable=quiet or None, leave=False)


def _correlations(ours: np.ndarray, theirs: np.ndarray) -> list[float]:
    return [correlation(ours[:, place], theirs[:, place]) for place in range(len(QUANTITIES))]


def _json(model: TouchModel, found: Figures) -> dict[str, Any]:
    tables = {
        "bits": found.bits,
        "correlation": found.correlations,
        "deviation": found.spreads,
        "autocorrelation": found.together,
    }
    return {"model": model.name, "solos": found.solos, "notes": found.notes} | {
        name: {
            row: {q: None if np.isnan(value) else value for q, value in zip(QUANTITIES, values, strict=True)}
            for row, values in table.items()
        }
        for name, table in tables.items()
    }


def _lines(model: TouchModel, found: Figures) -> Iterator[str]:
    yield f"{counted(found.solos, 'solo')}, {counted(found.notes, 'note')}."
    names = {
        "as_written": model.name,
        "by_itself": f"{model.name}, written lengths hidden",
        "even_grid": "on the even grid",
    }
    tables = (
        ("Bits a note; fewer are better:", found.bits, 3),
        ("Correlation of the mean with the player:", found.correlations, 3),
        ("Standard deviation (loudness in the solo's own, lateness in ms):", found.spreads, 3),
        ("Correlation of a note with the next:", found.together, 3),
    )
    for title, table, digits in tables:
        yield ""
        yield title
        rows = [
            (names.get(row, row), *("" if np.isnan(value) else f"{value:.{digits}f}" for value in values))
            for row, values in table.items()
        ]
        yield from aligned([_HEADINGS, *rows], right=range(1, len(_HEADINGS)))

"""Run `jazzgen evaluate`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from jazzgen.cli.bass_evaluation import evaluate_bass
from jazzgen.cli.columns import aligned, counted, shortened
from jazzgen.cli.options import open_cache, read_options
from jazzgen.cli.progress import reading_bar
from jazzgen.cli.touch_evaluation import evaluate_touch
from jazzgen.codec.context import SoloArrays, solo_arrays
from jazzgen.corpus import Corpus, name_of, read_corpus
from jazzgen.corpus.split import Split, load_split, tune_of
from jazzgen.errors import CorpusError, OptionError
from jazzgen.learning.bass.bundle import is_bassist, load_bassist
from jazzgen.learning.soloist.bundle import Soloist, load_soloist
from jazzgen.learning.soloist.scoring import FORECASTERS, Scored, score_solos
from jazzgen.learning.touch.bundle import is_touch

_LABELS = {"soloist": "", "ngram": "n-grams and motifs", "ngram_no_motifs": "n-grams", "unigram": "unigrams"}
_HEADINGS = ("bits a note", "ioi", "pitch", "duration", "total", "right: ioi", "pitch", "duration")
_EACH_HEADINGS = ("solo", "notes", "ioi", "pitch", "duration", "total")
_Solo = tuple[str, str, "SoloArrays"]
_Scores = Sequence[Mapping[str, "Scored"]]


def evaluate(
    model: Path,
    corpus_paths: tuple[Path, ...],
    split_path: Path | None,
    each: bool,
    as_json: bool,
    melody: str | None,
    chords: str | None,
    bars: str | None,
    no_cache: bool,
    scheduler: str | None,
    quiet: bool,
) -> None:
    if each and is_touch(model):
        raise OptionError("--each: a model of touch is scored over all solos; leave it out")
    bassist = load_bassist(model) if is_bassist(model) else None
    soloist = None if bassist or is_touch(model) else load_soloist(model)
    split = load_split(split_path) if split_path else None
    corpus = read_corpus(
        corpus_paths,
        read_options(melody, chords, bars),
        cache=open_cache(no_cache),
        scheduler=scheduler,
        progress=reading_bar(quiet),
    )
    if bassist:
        _warn_of_tunes_heard(model, evaluate_bass(bassist, corpus, split, split_path, each=each, as_json=as_json))
    elif soloist:
        solos = _held_out(_solos(corpus), split, split_path)
        _warn_of_tunes_heard(model, [title for _, title, _ in solos])
        scores = _scores(soloist, [arrays for _, _, arrays in solos], quiet)
        _print(soloist.name, [name for name, _, _ in solos], scores, each=each, as_json=as_json)
    else:
        evaluate_touch(model, corpus, split, split_path, as_json=as_json, quiet=quiet)


def _print(model: str, names: Sequence[str], scores: _Scores, *, each: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_json(model, names, scores, each), ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(_text_lines(model, names, scores, each)))


def _solos(corpus: Corpus) -> list[_Solo]:
    """Return name, title and notes of each solo that can be scored; say on stderr why others cannot.

    Raises:
        CorpusError: when none can be scored.
    """
    solos: list[_Solo] = []
    skipped = list(corpus.failures)
    for path, reading in corpus.readings:
        name = name_of(path, reading.piece)
        score = reading.score
        if score.parts and score.melody.notes:
            solos.append((name, score.title, solo_arrays(score)))
        else:
            skipped.append(f"{name}: it has no melody to score, only changes")
    if not solos:
        others = f" (and {len(skipped) - 1} more like it)" if len(skipped) > 1 else ""
        raise CorpusError(f"there is no solo to score: {skipped[0]}{others}; give files with a melody")
    for reason in skipped:
        click.echo(f"skipped: {reason}", err=True)
    return solos


def _held_out(solos: Sequence[_Solo], split: Split | None, path: Path | None) -> Sequence[_Solo]:
    if split is None:
        return solos
    held_out = [solo for solo in solos if split.holds_out(solo[1])]
    if not held_out:
        have = counted(len(solos), "solo")
        raise CorpusError(
            f"{path}: holds out none of the tunes of the {have} read; leave out --split to score them all"
        )
    return held_out


def _warn_of_tunes_heard(model: Path, titles: Sequence[str]) -> None:
    """Warn if the model was trained on tunes that are scored: its figures on those say little."""
    try:
        trained = json.loads((model / "report.json").read_text(encoding="utf-8"))["train_tunes"]
        tunes = {tune_of(title) for title in trained}
    except (OSError, ValueError, KeyError, TypeError):
        return  # a model without its report still plays, and is still scored
    heard = sum(tune_of(title) in tunes for title in titles)
    if heard:
        click.echo(
            f"warning: {model} was trained on the tunes of {heard} of these {counted(len(titles), 'solo')}, "
            "so the figures are not of unseen music; --split scores only what was held out",
            err=True,
        )


def _scores(soloist: Soloist, solos: Sequence[SoloArrays], quiet: bool) -> _Scores:
    total = sum(len(solo.notes) for solo in solos)
    found: dict[int, Mapping[str, Scored]] = {}
    with tqdm(total=total, desc="scoring", unit="note", disable=quiet or None, leave=False) as bar:
        for index, scores in score_solos(solos, soloist.net, soloist.memory, soloist.config.who):
            found[index] = scores
            bar.update(len(scores["soloist"]))
    return [found[index] for index in range(len(solos))]


def _joined(scores: _Scores) -> dict[str, Scored]:
    return {name: Scored.joined([solo[name] for solo in scores]) for name in FORECASTERS}


def _json(model: str, names: Sequence[str], scores: _Scores, each: bool) -> dict[str, Any]:
    whole = _joined(scores)
    about = {"model": model, "solos": len(scores), "notes": len(whole["soloist"])}
    baselines = {name: scored.figures() for name, scored in whole.items() if name != "soloist"}
    found = about | whole["soloist"].figures() | {"baselines": baselines}
    if each:
        found["each"] = [
            {"name": name, "notes": len(solo["soloist"])} | solo["soloist"].figures()
            for name, solo in zip(names, scores, strict=True)
        ]
    return found


def _text_lines(model: str, names: Sequence[str], scores: _Scores, each: bool) -> Iterator[str]:
    whole = _joined(scores)
    solos = counted(len(scores), "solo")
    notes = counted(len(whole["soloist"]), "note")
    yield f"{solos}, {notes}; fewer bits are better:"
    yield ""
    rows = [(_LABELS[name] or model, *_cells(scored), *_shares(scored)) for name, scored in whole.items()]
    yield from aligned([_HEADINGS, *rows], right=range(1, len(_HEADINGS)))
    if each:
        yield ""
        lines = [
            (shortened(name, 60, keep_end=True), str(len(solo["soloist"])), *_cells(solo["soloist"]))
            for name, solo in zip(names, scores, strict=True)
        ]
        yield from aligned([_EACH_HEADINGS, *lines], right=range(1, len(_EACH_HEADINGS)))


def _cells(scored: Scored) -> list[str]:
    figures = scored.figures()
    return [f"{figures[name]:.3f}" for name in ("ioi_bits", "pitch_bits", "duration_bits", "total_bits")]


def _shares(scored: Scored) -> list[str]:
    accuracy = scored.figures()["accuracy"]
    return [f"{accuracy[part]:.1%}" for part in ("ioi", "pitch", "duration")]

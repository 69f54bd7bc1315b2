"""Run `jazzgen corpus`."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from jazzgen.cli.columns import aligned, counted, shortened
from jazzgen.cli.options import open_cache, read_options
from jazzgen.cli.progress import download_bar, reading_bar
from jazzgen.corpus import fetch as fetching
from jazzgen.corpus import look_over, name_of
from jazzgen.corpus.convert import convert_all, convert_piece
from jazzgen.corpus.split import Split, few_titles, save_split
from jazzgen.corpus.table import SOLO, Row
from jazzgen.formats.registry import find_files
from jazzgen.system.files import make_folder

_HEADINGS = ("file", "format", "title", "meter", "bpm", "key", "bars", "notes", "chords", "verdict", "why")
_NUMBERS = (4, 6, 7, 8)
_Table = Sequence[tuple[str, "Row"]]


def inspect(
    paths: tuple[Path, ...],
    melody: str | None,
    chords: str | None,
    bars: str | None,
    no_cache: bool,
    scheduler: str | None,
    as_json: bool,
) -> None:
    found = find_files(paths)
    options = read_options(melody, chords, bars)
    cache = open_cache(no_cache)
    results = look_over(found.files, options, cache=cache, scheduler=scheduler)
    shown = reading_bar()(results, len(found.files))
    table = [(str(path), row) for path, rows in shown for row in rows]
    lines = _json_lines(table) if as_json else _text_lines(table)
    click.echo("\n".join(lines))
    click.echo(_summary(table, len(found.files), found.kinds_passed_over), err=True)


def convert(
    source: Path,
    target: Path,
    piece: str | None,
    suffix: str,
    melody: str | None,
    chords: str | None,
    bars: str | None,
    no_cache: bool,
) -> None:
    options = read_options(melody, chords, bars)
    cache = open_cache(no_cache)
    if target.is_dir() or not target.suffix:
        suffix = suffix if suffix.startswith(".") else f".{suffix}"
        make_folder(target)
        conversions = list(convert_all(source, target, suffix, options=options, cache=cache))
    else:
        conversions = [convert_piece(source, target, piece, options=options, cache=cache)]
    for conversion in conversions:
        line = f"Wrote {conversion.path}" if conversion.path else f"not written: {conversion.piece}"
        click.echo(f"{line} ({conversion.note})" if conversion.note else line, err=conversion.path is None)
    if not any(conversion.path for conversion in conversions):
        raise click.exceptions.Exit(1)


def split(paths: tuple[Path, ...], out: Path, share: float, seed: int, no_cache: bool) -> None:
    files = find_files(paths).files
    shown = reading_bar()(look_over(files, cache=open_cache(no_cache)), len(files))
    titles = {name_of(path, row.piece): row.title for path, rows in shown for row in rows if row.verdict == SOLO}
    if warning := few_titles(titles.values()):
        click.echo(f"warning: {warning}", err=True)
    chosen = Split.by_share(titles.values(), share, seed)
    save_split(out, chosen, titles)
    held_out = sum(chosen.holds_out(title) for title in titles.values())
    tunes = len(chosen.held_out)
    click.echo(f"Wrote {out}: {len(titles) - held_out} solos to train on, {held_out} of {tunes} tunes held out.")


def fetch(name: str, out: Path, sha256: str | None, quiet: bool) -> None:
    dataset = fetching.DATASETS[name]
    got = fetching.fetch(dataset, out, sha256=sha256, progress=download_bar(quiet))
    click.echo(f"Wrote {got.path}: {got.size_bytes / 1e6:.1f} MB, SHA-256 {got.sha256}.")
    if not got.is_known:
        click.echo("It is another edition than the one that jazzgen was tried with; all that is read was found in it.")
    click.echo(f"Credit it where you use it: {dataset.provenance}")


def _text_lines(table: _Table) -> Iterable[str]:
    lines = [_cells(file, row) for file, row in table]
    return aligned([_HEADINGS, *lines], right=_NUMBERS)


def _cells(file: str, row: Row) -> tuple[str, ...]:
    why = "; ".join((row.why, *(f"left out: {what}" for what in row.left_out)))
    return (
        shortened(f"{file} ({row.piece})" if row.piece else file, 44, keep_end=True),
        row.format,
        shortened(row.title, 30),
        shortened(row.meter, 11),
        f"{row.tempo:.0f}" if row.tempo else "",
        row.key,
        *(str(number) for number in (row.bars, row.notes, row.chords)),
        row.verdict,
        shortened(why, 400),
    )


def _json_lines(table: _Table) -> Iterable[str]:
    return (json.dumps({"file": file} | asdict(row), ensure_ascii=False) for file, row in table)


def _summary(table: _Table, files: int, passed_over: str) -> str:
    counts = Counter(row.verdict for _, row in table)
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    others = f"; passed over in the folders: {passed_over}" if passed_over else ""
    return f"{counted(files, 'file')}, {counted(len(table), 'piece')}: {verdicts}{others}."

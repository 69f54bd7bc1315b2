"""`jazzgen corpus`."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.columns import aligned, counted, shortened
from jazzgen.cli.options import cache_option, cluster_option, open_cache, read_options, reading_options
from jazzgen.cli.progress import download_bar, reading_bar

if TYPE_CHECKING:
    from jazzgen.corpus.table import Row

_HEADINGS = ("file", "format", "title", "meter", "bpm", "key", "bars", "notes", "chords", "verdict", "why")
_NUMBERS = (4, 6, 7, 8)
_Table = Sequence[tuple[str, "Row"]]


@click.group()
def corpus() -> None:
    """Look at files of music, convert them, split them, get more."""


@corpus.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@reading_options
@cache_option
@cluster_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
def inspect(
    paths: tuple[Path, ...],
    melody: str | None,
    chords: str | None,
    bars: str | None,
    no_cache: bool,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Say what is in each file: files, folders and patterns of every format that can be read.

    The verdict is what a piece is good for: "solo" to learn from, "changes only" to play over.
    """
    from jazzgen.corpus import look_over  # noqa: PLC0415 - help stays quick
    from jazzgen.formats.registry import find_files  # noqa: PLC0415

    found = find_files(paths)
    options, cache = read_options(melody, chords, bars), open_cache(no_cache)
    results = look_over(found.files, options, cache=cache, scheduler=scheduler)
    shown = reading_bar()(results, len(found.files))
    table = [(str(path), row) for path, rows in shown for row in rows]
    lines = _json_lines(table) if as_json else _text_lines(table)
    click.echo("\n".join(lines))
    click.echo(_summary(table, len(found.files), found.kinds_passed_over), err=True)


@corpus.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--piece", metavar="NAME", help="Which piece of the file: its name, or its number.")
@click.option("--to", "suffix", default=".mid", show_default=True, help="What to write where TARGET is a folder.")
@reading_options
@cache_option
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
    """Write what is in SOURCE as MIDI, MusicXML or a text of changes: the ending of TARGET says which.

    Where TARGET is a folder, each piece of SOURCE becomes a file in it.
    """
    from jazzgen.corpus.convert import convert_all, convert_piece  # noqa: PLC0415 - help stays quick
    from jazzgen.system.files import make_folder  # noqa: PLC0415

    options, cache = read_options(melody, chords, bars), open_cache(no_cache)
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


@corpus.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("split.json"), show_default=True)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.1,
    show_default=True,
    help="Of the tunes to hold out.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed holds out other tunes.")
@cache_option
def split(paths: tuple[Path, ...], out: Path, share: float, seed: int, no_cache: bool) -> None:
    """Choose the tunes to hold out and save the choice, for 'jazzgen train --split'.

    Every take of a tune, by whichever player, is on one side.
    """
    from jazzgen.corpus import look_over, name_of  # noqa: PLC0415 - help stays quick
    from jazzgen.corpus.split import Split, few_titles, save_split  # noqa: PLC0415
    from jazzgen.corpus.table import SOLO  # noqa: PLC0415
    from jazzgen.formats.registry import find_files  # noqa: PLC0415

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


@corpus.command()
@click.argument("name", type=click.Choice(["wjazzd"]))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path(), help="File or folder to write to.")
@click.option("--sha256", metavar="HASH", help="Take it only if this is its SHA-256.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def fetch(name: str, out: Path, sha256: str | None, quiet: bool) -> None:
    """Download a corpus from its home page: wjazzd, the Weimar Jazz Database (about 40 MB, licence ODbL 1.0)."""
    from jazzgen.corpus import fetch as fetching  # noqa: PLC0415 - help stays quick

    dataset = fetching.DATASETS[name]
    got = fetching.fetch(dataset, out, sha256=sha256, progress=download_bar(quiet))
    click.echo(f"Wrote {got.path}: {got.size_bytes / 1e6:.1f} MB, SHA-256 {got.sha256}.")
    if not got.is_known:
        click.echo("It is another edition than the one that jazzgen was tried with; all that is read was found in it.")
    click.echo(f"Credit it where you use it: {dataset.provenance}")


def _text_lines(table: _Table) -> Iterable[str]:
    lines = [_cells(file, row) for file, row in table]
    return aligned([_HEADINGS, *lines], right=_NUMBERS)


def _cells(file: str, row: "Row") -> tuple[str, ...]:
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

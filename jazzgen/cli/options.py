"""Options shared by several commands."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jazzgen.cli.overwriting import force_option
from jazzgen.errors import OptionError

if TYPE_CHECKING:
    from jazzgen.corpus.cache import Cache
    from jazzgen.formats.reading import ReadOptions

_Command = TypeVar("_Command", bound=Callable[..., Any])
MELODY_OPTION = click.option(
    "--melody",
    metavar="TRACK",
    help="Track that holds the solo: a name, part of one, a number, or as in 'channel 4'.",
)


def reading_options(command: _Command) -> _Command:
    """Add --melody, --chords and --bars."""
    for option in (
        click.option("--bars", metavar="A-B", help="Take only these bars, both included; bar 0 is the pickup."),
        click.option("--chords", metavar="TRACK", help="Track to infer chords from: a name, part of one, or a number."),
        MELODY_OPTION,
    ):
        command = option(command)
    return command


def live_options(command: _Command) -> _Command:
    """Add --tempo and --downbeat, which `read_options` picks up from the context."""
    for option in (
        click.option(
            "--downbeat",
            type=click.FloatRange(min=0),
            metavar="SECONDS",
            expose_value=False,
            callback=_keep,
            help="When bar 1 begins, in MIDI that was played without a click.",
        ),
        click.option(
            "--tempo",
            type=click.FloatRange(min=20, max=1000),
            metavar="BPM",
            expose_value=False,
            callback=_keep,
            help="Beats a minute of MIDI that was played without a click, or says no tempo.",
        ),
    ):
        command = option(command)
    return command


def _keep(context: click.Context, option: click.Parameter, value: float | None) -> None:
    context.meta[f"jazzgen.{option.name}"] = value


def output_options(default: str) -> Callable[[_Command], _Command]:
    """Add --seed, --picture, --force and --out, the MIDI file to write, `default` unless it is given."""

    def add(command: _Command) -> _Command:
        for option in (
            click.option(
                "-o",
                "--out",
                type=click.Path(path_type=Path),
                default=Path(default),
                show_default=True,
                help="MIDI file to write.",
            ),
            click.option("--picture", is_flag=True, help="Also draw a piano roll beside the MIDI file."),
            click.option("--seed", type=int, help="Same seed, same bytes.  [default: a new one, printed]"),
        ):
            command = option(command)
        return force_option(command)

    return add


def cache_option(command: _Command) -> _Command:
    """Add --no-cache."""
    return click.option("--no-cache", is_flag=True, help="Read every file again, and keep nothing.")(command)


def cluster_option(command: _Command) -> _Command:
    """Add --cluster, a scheduler's address."""
    return click.option(
        "--cluster",
        "scheduler",
        metavar="ADDRESS",
        help="Read on the machines of a Dask cluster; its scheduler's address, as in tcp://host:8786.",
    )(command)


def open_cache(no_cache: bool) -> "Cache":
    """Open the cache of readings and prune it; return the empty cache for `no_cache`."""
    from jazzgen.corpus.cache import NO_CACHE, Cache, default_folder  # noqa: PLC0415 - help stays quick

    cache = NO_CACHE if no_cache else Cache(default_folder())
    cache.prune()
    return cache


def read_options(melody: str | None, chords: str | None, bars: str | None) -> "ReadOptions":
    """Return the reading options; OptionError if the bars are not A-B."""
    from jazzgen.formats.reading import ReadOptions  # noqa: PLC0415 - help stays quick

    match = re.fullmatch(r"\s*(\d+)\s*-\s*(\d+)\s*", bars) if bars else None
    if bars and not (match and int(match[1]) <= int(match[2])):
        raise OptionError(f"--bars {bars}: write the first and the last bar, as in 120-137")
    said = click.get_current_context().meta
    chosen = (int(match[1]), int(match[2])) if match else None
    return ReadOptions(melody, chords, chosen, said.get("jazzgen.tempo"), said.get("jazzgen.downbeat"))


def choose_seed(seed: int | None) -> int:
    """Return the seed given, or a random one; OptionError if it is negative."""
    import secrets  # noqa: PLC0415 - help stays quick

    if seed is None:
        return secrets.randbelow(2**31)
    if seed < 0:
        raise OptionError(f"--seed {seed}: a seed is 0 or more")
    return seed

"""Options of `jazzgen generate` that say who plays with the solo and how, and how a file is laid out."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jazzgen.band.players import PLAYERS

if TYPE_CHECKING:
    from jazzgen.band.arrange import Arrangement
    from jazzgen.formats.midi.write import Layout

_Command = TypeVar("_Command", bound=Callable[..., Any])
_DENSITIES = ("sparse", "medium", "busy")
SWING_OPTION = click.option(
    "--swing",
    type=float,
    metavar="RATIO",
    help="First eighth over second: 1 even, 2 triplets.  [default: by tempo]",
)
_LAYOUT_OPTIONS = (
    click.option(
        "--chord-text", is_flag=True, help="Chord symbols as texts, not markers: markers show the form alone."
    ),
    click.option(
        "--midi-type", type=click.Choice(("0", "1")), default="1", show_default=True, help="0: all on a single track."
    ),
    click.option("--stems", is_flag=True, help="Also write a file for each part."),
)
_OPTIONS = (
    click.option(
        "--style",
        metavar="NAME",
        help="What the band plays, as in swing, ballad, bossa, waltz, funk; 'jazzgen styles' lists them.  "
        "[default: by feel, meter and tempo]",
    ),
    click.option(
        "--band",
        metavar="A,B,...",
        help=f"Who plays behind the solo: {', '.join(PLAYERS)}.  [default: by style, mostly piano,bass,drums]",
    ),
    click.option("--solo-only", is_flag=True, help="Nobody plays behind the solo."),
    click.option("--mute", metavar="A,B,...", default="", help="Leave these out, solo too; the others play as before."),
    click.option(
        "--comping", type=click.Choice(_DENSITIES), default="medium", show_default=True, help="How much chords do."
    ),
    click.option("--intro", is_flag=True, help="The band plays the last four bars first."),
    click.option("--ending", is_flag=True, help="The last four bars once more, and a last chord that all hold."),
    click.option("--any-meter", is_flag=True, help="Play bars plainly whose meter the style has no pattern for."),
    SWING_OPTION,
    click.option(
        "--laid-back", type=float, default=1.0, show_default=True, help="How far the solo is behind the beat, 0 to 2."
    ),
    click.option("--straight", is_flag=True, help="The notes as written: even eighths on the grid, nothing performed."),
    *_LAYOUT_OPTIONS,
)


def band_options(command: _Command) -> _Command:
    """Adds them all; the command takes them as keyword arguments for `arrangement_from` and `layout_from`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def layout_options(command: _Command) -> _Command:
    """Adds --chord-text, --midi-type and --stems, for `layout_from`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_LAYOUT_OPTIONS), command)


def arrangement_from(asked: Mapping[str, Any], *, articulate: bool) -> "Arrangement":
    """What the options say; `articulate` whether the solo's notes are as long as written.

    Raises:
        OptionError: naming the option, when a name is not known or a value is out of range.
    """
    from jazzgen.band.arrange import Arrangement  # noqa: PLC0415 - help stays quick

    return Arrangement(
        style=asked["style"],
        band=() if asked["solo_only"] else None if asked["band"] is None else _names(asked["band"]),
        mute=_names(asked["mute"]),
        articulate=articulate,
        perform=not asked["straight"],
        **{name: asked[name] for name in ("comping", "intro", "ending", "any_meter", "swing", "laid_back")},
    )


def layout_from(asked: Mapping[str, Any]) -> "Layout":
    """How the file is laid out."""
    from jazzgen.formats.midi.write import Layout  # noqa: PLC0415 - help stays quick

    return Layout(kind=0 if asked["midi_type"] == "0" else 1, chord_text=asked["chord_text"])


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())

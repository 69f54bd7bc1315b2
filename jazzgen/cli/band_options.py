"""Options of `jazzgen generate` for the band, the performance and the layout of the file."""

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
_BASSES = ("learned", "rules")
SWING_OPTION = click.option(
    "--swing",
    type=float,
    metavar="RATIO",
    help="First eighth over second: 1 is even, 2 triplet swing.  [default: by tempo]",
)
_LAYOUT_OPTIONS = (
    click.option(
        "--chord-text", is_flag=True, help="Write chord symbols as texts, so that markers show only the form."
    ),
    click.option(
        "--midi-type",
        type=click.Choice(("0", "1")),
        default="1",
        show_default=True,
        help="0 puts all on a single track.",
    ),
    click.option("--stems", is_flag=True, help="Also write a file for each part."),
)
_OPTIONS = (
    click.option(
        "--style",
        metavar="NAME",
        help="Style of the band, such as swing, ballad, bossa, waltz, funk; 'jazzgen styles' lists them.  "
        "[default: by feel, meter and tempo]",
    ),
    click.option(
        "--band",
        metavar="A,B,...",
        help=f"Players behind the solo: {', '.join(PLAYERS)}.  [default: by style, mostly piano,bass,drums]",
    ),
    click.option("--solo-only", is_flag=True, help="Write the solo without a band."),
    click.option("--mute", metavar="A,B,...", default="", help="Leave these out, solo too; the others play as before."),
    click.option(
        "--comping",
        type=click.Choice(_DENSITIES),
        default="medium",
        show_default=True,
        help="How dense the chords are.",
    ),
    click.option(
        "--bass",
        type=click.Choice(_BASSES),
        default="learned",
        show_default=True,
        help="Bass lines as learnt from players, in swing, or by rules alone.",
    ),
    click.option("--intro", is_flag=True, help="The band plays the last four bars first."),
    click.option("--ending", is_flag=True, help="Repeat the last four bars, then hold a last chord."),
    click.option("--any-meter", is_flag=True, help="Play plainly in meters that the style has no pattern for."),
    SWING_OPTION,
    click.option(
        "--laid-back",
        type=float,
        default=1.0,
        show_default=True,
        help="How late the solo plays: 0 on the beat, 2 at most.",
    ),
    click.option("--gestures", is_flag=True, help="The solo scoops, bends, falls off and has vibrato, as pitch bends."),
    click.option(
        "--touch",
        type=float,
        default=1.0,
        show_default=True,
        help="How much dynamics and timing are a player's: 0 goes by rules, 1 as players do, 1.5 at most.",
    ),
    click.option(
        "--dynamics",
        type=float,
        default=1.0,
        show_default=True,
        help="How far loudness varies: 0 all alike, 1 as players do, 2 at most.",
    ),
    click.option("--player", default="", metavar="NAME", help="Whose touch the solo has.  [default: --performer's]"),
    click.option("--straight", is_flag=True, help="Write notes unperformed: even eighths, on the grid."),
    *_LAYOUT_OPTIONS,
)


def band_options(command: _Command) -> _Command:
    """Add all options; the command takes them as keyword arguments for `arrangement_from` and `layout_from`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def layout_options(command: _Command) -> _Command:
    """Add --chord-text, --midi-type and --stems, for `layout_from`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_LAYOUT_OPTIONS), command)


def arrangement_from(asked: Mapping[str, Any], *, articulate: bool) -> "Arrangement":
    """Return the arrangement that the options describe; `articulate` says whether to shorten the solo's notes.

    Raises:
        OptionError: naming the option, when a name is unknown or a value is out of range.
    """
    from jazzgen.band.arrange import Arrangement  # noqa: PLC0415 - help stays quick

    return Arrangement(
        style=asked["style"],
        band=() if asked["solo_only"] else None if asked["band"] is None else _names(asked["band"]),
        mute=_names(asked["mute"]),
        articulate=articulate,
        perform=not asked["straight"],
        **{
            name: asked[name]
            for name in (
                "comping",
                "bass",
                "intro",
                "ending",
                "any_meter",
                "swing",
                "laid_back",
                "touch",
                "dynamics",
                "player",
                "gestures",
            )
        },
    )


def layout_from(asked: Mapping[str, Any]) -> "Layout":
    """Return the layout that the options describe."""
    from jazzgen.formats.midi.write import Layout  # noqa: PLC0415 - help stays quick

    return Layout(kind=0 if asked["midi_type"] == "0" else 1, chord_text=asked["chord_text"])


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())

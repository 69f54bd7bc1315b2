"""Options of `jazzgen generate` and `jazzgen retake` that hold the notes to something."""

from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

import click

from jazzgen.errors import OptionError

_Command = TypeVar("_Command", bound=Callable[..., Any])
_CURVE, _PITCH = "NUMBER|CURVE", "PITCH|CURVE"
# Name, what it takes, what it does.
_CURVES: tuple[tuple[str, str, str], ...] = (
    ("temperature", _CURVE, "1 as learnt, lower safer, higher bolder; of pitch and rhythm both."),
    ("pitch-temperature", _CURVE, "That of pitch alone.  [default: 1]"),
    ("rhythm-temperature", _CURVE, "That of rhythm alone.  [default: 1]"),
    ("low", _PITCH, "No note is lower, as in E3 or 52.  [default: what the model learnt]"),
    ("high", _PITCH, "No note is higher."),
    ("register", _PITCH, "The pitch that the line moves about."),
    ("density", _CURVE, "Times as many notes: 0.5 for half, 2 for twice."),
    ("rests", _CURVE, "Times the odds of silence between notes."),
    ("outside", _CURVE, "-1 for chord tones, 1 for notes outside the chord's scale.  [default: 0]"),
    ("motifs", _CURVE, "How much the solo takes up its own motifs; 0 for not at all.  [default: 1]"),
)
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("school", "NAME", "Play like this school, such as BEBOP, if the model knows it."),
    ("performer", "NAME", "Play like this performer, if the model knows one so called."),
    ("groove", "NAME", "SWING, TWOBEAT, LATIN, FUNK or BALLAD."),
    ("ideas", "BAR:IDEA ...|off", "What is played from bars on, as in '1:lick 3:line 7:#melody'.  [default: drawn]"),
    ("profile", "off", "No register, pace and space like those of a player's solo.  [default: one's, drawn]"),
)
_OPTIONS = (
    *(click.option(f"--{name}", metavar=metavar, help=text) for name, metavar, text in _CURVES),
    click.option("--top-k", type=int, help="Choose among so many likeliest values."),
    click.option("--top-p", type=float, help="Choose among the likeliest values that hold this much probability."),
    *(click.option(f"--{name}", default="", metavar=metavar, help=text) for name, metavar, text in _NAMES),
    click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="BAR.BEAT=PITCH",
        help="A note to arrive at, as in 5.1=E4 or 8.3.5=Bb for any B flat; may be given again.",
    ),
    click.option(
        "--max-quote",
        metavar="N|off",
        help="At most N notes in a row that one tune learnt alone has, in any key.  [default: 12, of a soloist]",
    ),
)
EAR_OPTION = click.option(
    "--ear",
    metavar="N|off",
    help="Every few notes draw one of N ways on, by how human it sounds.  [default: 8, of a soloist with an ear]",
)


def read_ear(text: str | None) -> int:
    """How many ways on there are to choose from; OptionError if it does not parse."""
    from jazzgen.improvise.options import EAR_CANDIDATES  # noqa: PLC0415 - help stays quick

    if text is None:
        return EAR_CANDIDATES
    if text != "off" and not text.isdecimal():
        raise OptionError(f"ear {text}: write a number of ways on, or off")
    return 1 if text == "off" else int(text)


def control_options(command: _Command) -> _Command:
    """Adds them all; the command takes them as keyword arguments for `improvise.asking.controls_from`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)

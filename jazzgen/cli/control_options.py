"""Options of `jazzgen generate` that hold the notes to something, and how they become `Controls`."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jazzgen.errors import OptionError

if TYPE_CHECKING:
    from jazzgen.improvise.controls import Controls, Curve

_Command = TypeVar("_Command", bound=Callable[..., Any])
DEFAULT_MAX_QUOTE = 8
_CURVE, _PITCH = "NUMBER|CURVE", "PITCH|CURVE"
# Name, what it takes, what it does.
_CURVES: tuple[tuple[str, str, str], ...] = (
    ("temperature", _CURVE, "1 as learnt, lower safer, higher bolder; of pitch and rhythm both."),
    ("pitch-temperature", _CURVE, "That of pitch alone.  [default: 0.95 of a soloist, else 1]"),
    ("rhythm-temperature", _CURVE, "That of rhythm alone.  [default: 1]"),
    ("low", _PITCH, "No note is lower, as in E3 or 52.  [default: what the model learnt]"),
    ("high", _PITCH, "No note is higher."),
    ("register", _PITCH, "The pitch that the line moves about."),
    ("density", _CURVE, "Times as many notes: 0.5 for half, 2 for twice."),
    ("rests", _CURVE, "Times the odds of silence between notes."),
    ("outside", _CURVE, "-1 for chord tones, 1 for notes outside the chord's scale.  [default: 0]"),
    ("motifs", _CURVE, "How much the solo takes up its own motifs; 0 for not at all.  [default: 0.85]"),
)
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("school", "NAME", "Play like this school, such as BEBOP, if the model knows it."),
    ("performer", "NAME", "Play like this performer, if the model knows one so called."),
    ("groove", "NAME", "SWING, TWOBEAT, LATIN, FUNK or BALLAD."),
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
        help=f"At most N notes in a row of any solo learnt, in any key.  [default: {DEFAULT_MAX_QUOTE}, of a soloist]",
    ),
)


def control_options(command: _Command) -> _Command:
    """Adds them all; the command takes them as keyword arguments for `controls_from`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def controls_from(asked: Mapping[str, Any]) -> "Controls":
    """What the options say; --max-quote is left to `max_quote_from`.

    Raises:
        OptionError: naming the option, when a value does not parse or is out of range.
    """
    from jazzgen.improvise.controls import Controls, Target  # noqa: PLC0415 - help stays quick

    curves = {name.replace("-", "_"): metavar == _PITCH for name, metavar, _ in _CURVES}
    found: dict[str, Any] = {
        name: _curve(name, asked[name], pitches) for name, pitches in curves.items() if asked[name] is not None
    }
    if "temperature" in found:
        both = found.pop("temperature")
        found = {"pitch_temperature": both, "rhythm_temperature": both} | found
    found |= {name: asked[name] for name, _, _ in _NAMES} | {name: asked[name] for name in ("top_k", "top_p")}
    return Controls(**found, targets=tuple(map(Target.parse, asked["targets"])))


def given_controls(asked: Mapping[str, Any]) -> set[str]:
    """Names of the fields of `Controls` that options were given for."""
    given = {name.replace("-", "_") for name, value in asked.items() if value is not None}
    return given | ({"pitch_temperature", "rhythm_temperature"} if "temperature" in given else set())


def max_quote_from(text: str | None) -> int | None:
    """How many notes a soloist may quote; None for any number.

    Raises:
        OptionError: when it is neither a number nor off.
    """
    if text is None:
        return DEFAULT_MAX_QUOTE
    if text == "off":
        return None
    if not text.isdecimal():
        raise OptionError(f"--max-quote {text}: write a number of notes, or off")
    return int(text)


def _curve(name: str, text: str, pitches: bool) -> "Curve":
    from jazzgen.improvise.controls import Curve, read_pitch  # noqa: PLC0415 - help stays quick

    try:
        return Curve.parse(text, read_pitch if pitches else float)
    except OptionError as error:
        raise OptionError(f"--{name.replace('_', '-')}: {error}") from None

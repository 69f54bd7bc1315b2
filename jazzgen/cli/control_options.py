"""Options for the controls, made from `improvise.control_table`."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, TypeVar

import click

from jazzgen.errors import OptionError
from jazzgen.improvise.control_table import CONTROLS, OFF, Control, Kind

_Command = TypeVar("_Command", bound=Callable[..., Any])
# The metavar of an option, by the control's kind.
_TAKES: Mapping[Kind, str] = {
    Kind.CURVE: "NUMBER|CURVE",
    Kind.PITCHES: "PITCH|CURVE",
    Kind.COUNT: "N",
    Kind.SHARE: "NUMBER",
    Kind.NAME: "NAME",
    Kind.CHOICE: "",
    Kind.IDEAS: "BAR:IDEA ...",
    Kind.TARGETS: "BAR.BEAT=PITCH",
}
EAR_OPTION = click.option(
    "--ear",
    metavar="N|off",
    help="Every few notes, draw one of N continuations by how human it sounds.  [default: 8, of a soloist with an ear]",
)


def read_ear(text: str | None) -> int:
    """Read the number of continuations for the ear, 1 for `off`; OptionError if it does not parse."""
    from jazzgen.improvise.options import EAR_CANDIDATES  # noqa: PLC0415 - help stays quick

    if text is None:
        return EAR_CANDIDATES
    if text != "off" and not text.isdecimal():
        raise OptionError(f"ear {text}: write a number of continuations, or off")
    return 1 if text == "off" else int(text)


def control_options(command: _Command) -> _Command:
    """Add all options; the command takes them as keyword arguments for `improvise.asking.controls_from`."""
    return reduce(lambda decorated, row: _option(row)(decorated), reversed(CONTROLS), command)


def _option(row: Control) -> Callable[[_Command], _Command]:
    usual = f"  [default: {row.usual}]" if row.usual else ""
    multiple = row.kind is Kind.TARGETS
    return click.option(
        f"--{row.option}", row.name, multiple=multiple, metavar=option_takes(row), help=f"{row.help}{usual}"
    )


def option_takes(row: Control) -> str:
    """Return the metavar of a control's option, such as `N|off`."""
    if row.kind is Kind.CHOICE:
        return "|".join(row.choices)
    return "|".join([_TAKES[row.kind], *(choice for choice in row.choices if choice == OFF)])


def options_table() -> str:
    """Return the options as a Markdown table, for docs/controls.md."""
    rows = [("option", "takes", "if not given", "what it does", "played by"), ("---",) * 5]
    rows += [
        (f"`--{row.option}`", _takes_in_words(row), row.usual, row.help, ", ".join(row.models)) for row in CONTROLS
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def _takes_in_words(row: Control) -> str:
    what = {
        Kind.CURVE: "curve",
        Kind.PITCHES: "pitch (E3, 52) or curve",
        Kind.COUNT: "number",
        Kind.SHARE: "number",
        Kind.NAME: "a name",
        Kind.CHOICE: "",
        Kind.IDEAS: "`BAR:IDEA ...`",
        Kind.TARGETS: "`BAR.BEAT=PITCH`",
    }[row.kind]
    limits = "" if row.kind is Kind.PITCHES else row.limits
    return ", ".join(filter(None, [what, limits, *(f"`{choice}`" for choice in row.choices)]))

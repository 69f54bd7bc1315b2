"""Read the values of controls from what a user types."""

from collections.abc import Callable, Mapping
from typing import Any

from jazzgen.errors import OptionError
from jazzgen.improvise.control_table import OFF, Control, Kind
from jazzgen.improvise.controls import Curve, Target, read_pitch


def read_value(row: Control, asked: Any) -> Any:
    """Read a control's value.

    Args:
        row: the control.
        asked: a text; for targets a sequence of texts.

    Raises:
        OptionError: naming the control, when it does not parse.
    """
    return _READERS[row.kind](row, asked)


def _read_curve(row: Control, text: str) -> Curve:
    try:
        return Curve.parse(text, read_pitch if row.kind is Kind.PITCHES else float)
    except OptionError as error:
        raise OptionError(f"{row.said}: {error}") from None


def _read_count(row: Control, text: str) -> int | None:
    """Read a whole number; None for `off`, if the row allows it."""
    if OFF in row.choices and text == OFF:
        return None
    if not text.isdecimal():
        raise OptionError(f"{row.said} {text}: write a number of {row.unit}{', or off' if OFF in row.choices else ''}")
    return int(text)


def _read_share(row: Control, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise OptionError(f"{row.said} {text}: write a number, {row.limits}") from None


def _read_targets(_: Control, texts: Any) -> tuple[Target, ...]:
    return tuple(map(Target.parse, texts))


def _read_text(_: Control, text: str) -> str:
    return text


_READERS: Mapping[Kind, Callable[[Control, Any], Any]] = {
    Kind.CURVE: _read_curve,
    Kind.PITCHES: _read_curve,
    Kind.COUNT: _read_count,
    Kind.SHARE: _read_share,
    Kind.NAME: _read_text,
    Kind.CHOICE: _read_text,
    Kind.IDEAS: _read_text,
    Kind.TARGETS: _read_targets,
}

"""Controls as a user asks for them: texts by name, from options of the command line or fields of a page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Controls, Curve, Target, read_pitch
from jazzgen.improvise.models import Model
from jazzgen.improvise.quotes import usual_max_quote
from jazzgen.improvise.usual import usual_controls
from jazzgen.learning.soloist.bundle import Soloist

# How the values of each curve are read; `temperature` stands for both of its kind.
_READERS: Mapping[str, Callable[[str], float]] = {
    "temperature": float,
    "pitch_temperature": float,
    "rhythm_temperature": float,
    "low": read_pitch,
    "high": read_pitch,
    "register": read_pitch,
    "density": float,
    "rests": float,
    "outside": float,
    "motifs": float,
}
_BOTH = ("pitch_temperature", "rhythm_temperature")
_PLAIN = ("school", "performer", "groove", "ideas", "profile", "top_k", "top_p")


def controls_from(asked: Mapping[str, Any], model: Model) -> Controls:
    """What is asked for, and what a soloist has unless something else is: a limit on quotes, the usual settings.

    Args:
        asked: by the name of a control; None or absent for what is not asked for. Curves, targets and `max_quote` are
            texts.
        model: who plays.

    Raises:
        OptionError: naming the control, when a value does not parse or is out of range.
    """
    found: dict[str, Any] = {
        name: _curve(name, asked[name], read) for name, read in _READERS.items() if asked.get(name) is not None
    }
    if "temperature" in found:
        both = found.pop("temperature")
        found = dict.fromkeys(_BOTH, both) | found
    plain = {name: asked[name] for name in _PLAIN if asked.get(name) is not None}
    targets = tuple(map(Target.parse, asked.get("targets") or ()))
    controls, max_quote = Controls(**found, **plain, targets=targets), asked.get("max_quote")
    if isinstance(model, Soloist):
        controls = usual_controls(controls, found.keys(), model)
        if max_quote is None:
            return replace(controls, max_quote=usual_max_quote(model))
    elif max_quote is None:
        return controls
    return replace(controls, max_quote=_max_quote(max_quote))


def _max_quote(text: str) -> int | None:
    """How many notes a soloist may quote; None for any number."""
    if text == "off":
        return None
    if not text.isdecimal():
        raise OptionError(f"max quote {text}: write a number of notes, or off")
    return int(text)


def _curve(name: str, text: str, read: Callable[[str], float]) -> Curve:
    try:
        return Curve.parse(text, read)
    except OptionError as error:
        raise OptionError(f"{name.replace('_', ' ')}: {error}") from None

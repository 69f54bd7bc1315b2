"""Frozen dataclasses as JSON and back, by the types of their fields.

Numbers, texts and truth stay as they are, tuples are lists, dataclasses are objects. What has a language of its own
(curves, targets, primers, keys, meters) is written in it. `from_plain` is the inverse of `to_plain`. JSON in a
file may be anything: where it is wrong is said in one line.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from jazzgen.errors import JazzgenError, OptionError
from jazzgen.harmony.pitch import Key
from jazzgen.improvise.controls import ONLY_IF_ASKED, Curve, Target
from jazzgen.improvise.primer import Primer
from jazzgen.music.timing import Meter

Json = Mapping[str, Any]
_LANGUAGES = (Curve, Target, Primer, Key, Meter)
_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
_LARGEST = 2**53  # whole numbers that a float holds exactly
_HALF = re.compile("[\ud800-\udfff]")  # half a character, which JSON can hold and a file cannot
_MOST_SHOWN = 40
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the fields of a dataclass that JSON of an older version does not have.

    Attributes:
        always: fields that every version wrote, so that without them the JSON is damaged.
        before: what held before a field came, where that is not its default; as JSON has it.
    """

    always: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None


_NO_PAST = Past()
Pasts = Mapping[type, Past]


def to_plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, _LANGUAGES):
        return str(value)
    if is_dataclass(value):
        values = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: to_plain(found) for field, found in values if _is_written(field, found)}
    return [to_plain(item) for item in value] if isinstance(value, tuple) else value


def _is_written(field: Field[Any], value: Any) -> bool:
    """Whether JSON has it: a field that says so is left out where it has its default."""
    return not field.metadata.get(ONLY_IF_ASKED, False) or value != field.default


def from_plain(kind: type[_Value], found: Any, pasts: Pasts, where: str = "") -> _Value:
    """A value of a dataclass.

    Args:
        kind: the dataclass.
        found: what JSON holds for it.
        pasts: of those dataclasses that older versions wrote with fewer fields.
        where: the place of it in the whole, with a dot at its end; for errors.

    Raises:
        OptionError: when a field is missing, strange, of the wrong type or out of range.
    """
    if not isinstance(found, Mapping):
        raise OptionError(f"{where.rstrip('.') or 'it'} is {shown(found)}, not an object")
    past, types = pasts.get(kind, _NO_PAST), get_type_hints(kind)
    whole = {**(past.before or {}), **found}
    _check_names(kind, past, found, whole, where)
    values = {name: _read(types[name], value, pasts, where + name) for name, value in whole.items()}
    try:
        return kind(**values)
    except JazzgenError as error:
        raise OptionError(f"{where.rstrip('.')}{': ' if where else ''}{error}") from None


def _check_names(kind: Any, past: Past, found: Json, whole: Json, where: str) -> None:
    known = {field.name: field for field in fields(kind)}
    for name in found:
        if name not in known:
            raise OptionError(f"{where}{shown(name)} is nothing that this version knows")
    for name, field in known.items():
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        if (name in past.always and name not in found) or (not has_default and name not in whole):
            raise OptionError(f"{where}{name} is missing")


def _read(kind: Any, value: Any, pasts: Pasts, where: str) -> Any:
    """A field's value, of the type that it is declared to have."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        choices = [choice for choice in inside if choice is not NoneType]
        return None if value is None else _read(choices[0], value, pasts, where)
    if origin is Literal:
        return _read_choice(inside, value, where)
    if origin is tuple:
        return _read_tuple(inside, value, pasts, where)
    if kind in _LANGUAGES:
        return _read_language(kind, value, where)
    read: Any = _read_plain(kind, value, where) if kind in _NAMES else from_plain(kind, value, pasts, f"{where}.")
    return read


def _read_choice(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    for choice in choices:
        if type(choice) is type(value) and choice == value:
            return choice
    raise OptionError(f"{where} is {shown(value)}: it is {', '.join(map(str, choices))}")


def _read_tuple(kinds: tuple[Any, ...], value: Any, pasts: Pasts, where: str) -> tuple[Any, ...]:
    """A list of any length of one type, `(int, ...)`, or of as many items as there are types."""
    if not isinstance(value, list):
        raise OptionError(f"{where} is {shown(value)}, not a list")
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise OptionError(f"{where} has {len(value)} items; it has {len(kinds)}")
    return tuple(_read(kind, item, pasts, where) for kind, item in zip(kinds, value, strict=True))


def _read_language(kind: Any, value: Any, where: str) -> Any:
    try:
        return kind.parse(_read_plain(str, value, where))
    except JazzgenError as error:
        raise OptionError(f"{where}: {error}") from None
    except (ValueError, ArithmeticError):  # a number of hundreds of digits
        raise OptionError(f"{where} is {shown(value)}, which cannot be read") from None


def _read_plain(kind: Any, value: Any, where: str) -> Any:
    """A number, a text, true or false; a whole number is a number too."""
    if kind is float and type(value) is int and abs(value) <= _LARGEST:
        return float(value)
    is_right = type(value) is kind
    if kind is float and is_right:
        is_right = isfinite(value)
    elif kind is str and is_right:
        is_right = not _HALF.search(value)
    if not is_right:
        raise OptionError(f"{where} is {shown(value)}, not {_NAMES[kind]}")
    return value


def shown(value: Any) -> str:
    """What there is, for an error: short, and in one line."""
    if isinstance(value, Mapping | list):
        return "a list" if isinstance(value, list) else "an object"
    text = "null" if value is None else ascii(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."

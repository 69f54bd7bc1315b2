"""Convert frozen dataclasses to JSON and back, by the types of their fields.

Numbers, strings and booleans stay as they are, tuples become lists, dataclasses become objects. Values with a text
syntax of their own (curves, targets, primers, keys, meters) become that text. `from_plain` is the inverse of
`to_plain`. JSON in a file may hold anything: an error says in one line what is wrong and where.
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
_HALF = re.compile("[\ud800-\udfff]")  # lone surrogates, which JSON can escape and UTF-8 cannot hold
_MOST_SHOWN = 40  # characters of a wrong value in an error; set by hand
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Past:
    """How to read JSON of older versions, which lacks some fields of a dataclass.

    Attributes:
        always: fields that every version wrote; JSON without them is damaged.
        before: values, as in JSON, for missing fields where the default would be wrong.
    """

    always: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None


_NO_PAST = Past()
Pasts = Mapping[type, Past]


def to_plain(value: Any) -> Any:
    """Convert a value to what JSON can hold; the inverse of `from_plain`.

    Example:
        >>> to_plain((Key.parse("Bb"), Curve.of(0.5), 3))
        ['Bb', '0.5', 3]
    """
    if isinstance(value, _LANGUAGES):
        return str(value)
    if is_dataclass(value):
        values = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: to_plain(found) for field, found in values if _is_written(field, found)}
    return [to_plain(item) for item in value] if isinstance(value, tuple) else value


def _is_written(field: Field[Any], value: Any) -> bool:
    """Return whether to write a field: those marked `ONLY_IF_ASKED` are left out at their default."""
    return not field.metadata.get(ONLY_IF_ASKED, False) or value != field.default


def from_plain(kind: type[_Value], found: Any, pasts: Pasts, where: str = "") -> _Value:
    """Build a dataclass from JSON; the inverse of `to_plain`.

    Args:
        kind: the dataclass.
        found: the JSON object.
        pasts: how to read older versions, by dataclass.
        where: the path to the object in the whole, ending in a dot; for errors.

    Raises:
        OptionError: when a field is missing, unknown, of the wrong type or out of range.
    """
    if not isinstance(found, Mapping):
        raise OptionError(f"{where.rstrip('.') or 'it'} is {shown(found)}, not an object")
    past = pasts.get(kind, _NO_PAST)
    types = get_type_hints(kind)
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
            raise OptionError(f"{where}{shown(name)} is unknown to this version")
    for name, field in known.items():
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        if (name in past.always and name not in found) or (not has_default and name not in whole):
            raise OptionError(f"{where}{name} is missing")


def _read(kind: Any, value: Any, pasts: Pasts, where: str) -> Any:
    """Read a field's value as the type that it is declared with."""
    origin = get_origin(kind)
    inside = get_args(kind)
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
    raise OptionError(f"{where} is {shown(value)}, not one of {', '.join(map(str, choices))}")


def _read_tuple(kinds: tuple[Any, ...], value: Any, pasts: Pasts, where: str) -> tuple[Any, ...]:
    """Read a list: any length of one type for `(int, ...)`, else one item for each type."""
    if not isinstance(value, list):
        raise OptionError(f"{where} is {shown(value)}, not a list")
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise OptionError(f"{where} has {len(value)} items, not {len(kinds)}")
    return tuple(_read(kind, item, pasts, where) for kind, item in zip(kinds, value, strict=True))


def _read_language(kind: Any, value: Any, where: str) -> Any:
    try:
        return kind.parse(_read_plain(str, value, where))
    except JazzgenError as error:
        raise OptionError(f"{where}: {error}") from None
    except (ValueError, ArithmeticError):  # such as a number of hundreds of digits
        raise OptionError(f"{where} is {shown(value)}, which cannot be read") from None


def _read_plain(kind: Any, value: Any, where: str) -> Any:
    """Read a number, string or boolean; an integer is accepted as a float."""
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
    """Describe a value for an error: short, and in one line."""
    if isinstance(value, Mapping | list):
        return "a list" if isinstance(value, list) else "an object"
    text = "null" if value is None else ascii(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."

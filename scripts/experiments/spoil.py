"""Spoil bytes and JSON at random: cut, double, splice, flip, and put in what trips readers."""

import io
import random
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

_NUMBERS = ("0", "-1", "1e308", "999999999", "0.0001", "-0", "1/0", "NaN", "9" * 50, "٣", "0x10")
_TRIPPING = (
    *("[", "]", "(", ")", "{", "}", "<", ">", "|:", ":|", '"', "'", "\\", "%", "\0", "\n", "\r", "\t", " ", "=", "/"),
    *(
        "é".encode("latin-1").decode("latin-1"),
        "\u2028",
        "♭",
        "&amp;",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "<?xml",
        "MTrk",
    ),
    *_NUMBERS,
)
_PUMPED = (2, 10, 100, 1_000)  # times that a piece is repeated
_LARGEST = 32 * 1024  # bytes of what is made
_PLAIN: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**30, 1e308, "", "x", "\ud800", [], {}, [[]], {"a": {"b": []}})


def spoilt(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Return the bytes with one to six changes; in an archive, often one of its members spoilt and packed again."""
    if data.startswith(b"PK") and rng.random() < 0.7:
        with suppress(zipfile.BadZipFile):
            return _packed_again(data, rng)
    for _ in range(rng.randint(1, 6)):
        data = rng.choice(_CHANGES)(data, others, rng)[:_LARGEST]
    return data


def spoilt_json(value: Any, rng: random.Random) -> Any:
    """Return a JSON value with one to three of the values in it replaced, removed or nested."""
    for _ in range(rng.randint(1, 3)):
        value = _spoilt_once(value, rng)
    return value


def _spoilt_once(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        rest = {name: each for name, each in value.items() if name != key}
        if rng.random() < 0.1:
            return rest
        name = key + "x" if rng.random() < 0.05 else key
        return rest | {name: _spoilt_once(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        return [*value[:place], _spoilt_once(value[place], rng), *value[place + rng.randint(0, 1) :]]
    if isinstance(value, int | float) and not isinstance(value, bool) and rng.random() < 0.3:
        return rng.choice((-value, value + 1, value * 1000, float(value)))
    if rng.random() < 0.02:
        deep: Any = value
        for _ in range(rng.choice((10, 500))):
            deep = [deep]
        return deep
    return rng.choice(_PLAIN)


def _packed_again(data: bytes, rng: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        names = archive.namelist()
        chosen = rng.choice(names)
        for name in names:
            member = archive.read(name)
            packed.writestr(name, spoilt(member, [member], rng) if name == chosen else member)
    return made.getvalue()


def _span(data: bytes, rng: random.Random, longest: int = 200) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.randint(0, rng.choice((3, 20, longest))))


def _cut(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _end(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))] if rng.random() < 0.3 else data


def _repeat(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng, 60)
    return data[:end] + data[start:end] * rng.choice(_PUMPED) + data[end:]


def _splice(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others)
    start, end = _span(other, rng)
    place, after = _span(data, rng, 20)
    return data[:place] + other[start:end] + data[after:]


def _flip(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    if not data:
        return data
    flipped = bytearray(data)
    for _bit in range(rng.choice((1, 1, 4, 16))):
        flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def _trip(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    place, after = _span(data, rng, 4)
    return data[:place] + rng.choice(_TRIPPING).encode() + data[after:]


def _number(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    """Put another number in the place of one in a text."""
    places = [place for place in range(len(data)) if 48 <= data[place] <= 57]
    if not places:
        return data
    place = rng.choice(places)
    return data[:place] + rng.choice(_NUMBERS).encode() + data[place + 1 :]


_CHANGES = (_cut, _end, _repeat, _splice, _flip, _trip, _trip, _number, _number)

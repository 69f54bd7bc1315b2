"""JSON is the inverse of values, and whatever else it is given is one line."""

import json
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Curve, Target
from jazzgen.takes.plain import Past, from_plain, shown, to_plain


@dataclass(frozen=True)
class Inner:
    curve: Curve | None = None
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Outer:
    number: int
    share: float = 0.5
    name: str = ""
    loud: bool = False
    kind: Literal[0, "a"] = "a"
    pair: tuple[int, int] = (1, 2)
    inner: Inner = Inner()


FULL = Outer(3, 1.5, "é", True, 0, (4, 5), Inner(Curve.parse("1:2 3:4"), (Target(2, 1.5, 60),)))


NO_PAST = Past()


def read(found: Any, past: Past = NO_PAST) -> Outer:
    return from_plain(Outer, found, {Outer: past})


@pytest.mark.parametrize("value", [Outer(1), FULL])
def test_from_plain_is_the_inverse_of_to_plain(value: Outer) -> None:
    assert read(json.loads(json.dumps(to_plain(value)))) == value


def test_what_is_absent_is_the_default_or_what_held_before() -> None:
    assert read({"number": 1}) == Outer(1)
    assert read({"number": 1}, Past(before={"share": 2, "inner": {"curve": "3"}})) == Outer(
        1, 2.0, inner=Inner(Curve.of(3))
    )
    assert read({"number": 1, "share": 3}, Past(before={"share": 2})).share == 3


WRONG: list[tuple[Any, str]] = [
    (3, "it is 3, not an object"),
    ({}, "number is missing"),
    ({"number": 1, "x": 2}, "'x' is unknown to this version"),
    ({"number": True}, "number is True, not a whole number"),
    ({"number": 1.0}, "number is 1.0, not a whole number"),
    ({"number": None}, "number is null, not a whole number"),
    ({"number": 1, "share": "1"}, "share is '1', not a number"),
    ({"number": 1, "share": float("nan")}, "share is nan, not a number"),
    ({"number": 1, "share": float("inf")}, "share is inf, not a number"),
    ({"number": 1, "share": 10**400}, "share is 1000"),
    ({"number": 1, "name": "\ud800"}, "name is '\\ud800', not a text"),
    ({"number": 1, "loud": 1}, "loud is 1, not true or false"),
    ({"number": 1, "kind": False}, "kind is False, not one of 0, a"),
    ({"number": 1, "kind": []}, "kind is a list, not one of 0, a"),
    ({"number": 1, "pair": [1]}, "pair has 1 items, not 2"),
    ({"number": 1, "pair": [1, "2"]}, "pair is '2', not a whole number"),
    ({"number": 1, "pair": {}}, "pair is an object, not a list"),
    ({"number": 1, "inner": []}, "inner is a list, not an object"),
    ({"number": 1, "inner": {"curve": 3}}, "inner.curve is 3, not a text"),
    ({"number": 1, "inner": {"curve": "x"}}, "inner.curve: 'x': write a number"),
    ({"number": 1, "inner": {"targets": ["9"]}}, "inner.targets: target '9': write bar.beat=pitch"),
    ({"number": 1, "inner": {"targets": [f"{'9' * 400}.1=C4"]}}, "bars to 999999"),
    ({"number": 1, "inner": {"targets": [f"1.{'9' * 400}=C4"]}}, "write bar.beat=pitch"),
]


@pytest.mark.parametrize(("found", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_is_wrong_is_named_by_its_place(found: Any, message: str) -> None:
    with pytest.raises(OptionError) as raised:
        read(found)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_field_that_was_always_there_is_missed() -> None:
    with pytest.raises(OptionError, match="share is missing"):
        read({"number": 1}, Past(always=("share",)))


@given(st.text() | st.integers() | st.floats() | st.none())
def test_what_is_shown_is_short_and_one_line(value: Any) -> None:
    assert len(shown(value)) <= 43
    assert shown(value).isprintable()

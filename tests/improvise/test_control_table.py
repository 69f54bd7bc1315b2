"""The table of controls: what is made of its rows is what they say."""

import json
from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError
from jazzgen.improvise.control_kinds import read_value
from jazzgen.improvise.control_table import CONTROLS, FIELDS, Control, Kind
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.quotes import FEWEST_NOTES, USUAL_NOTES
from jazzgen.takes.plain import from_plain, to_plain

NUMBERED = [row for row in FIELDS.values() if row.is_curve or row.kind is Kind.COUNT]


def with_value(row: Control, value: Any) -> Controls:
    changed: dict[str, Any] = {row.name: value}
    return replace(Controls(), **changed)


def curves(least: float, most: float) -> st.SearchStrategy[Curve]:
    numbers = st.integers(round(100 * least), round(100 * most)).map(lambda number: number / 100)
    return st.lists(numbers, min_size=1, max_size=3).map(
        lambda values: Curve(tuple((1.0 + 4 * place, value) for place, value in enumerate(values)))
    )


def values(row: Control) -> st.SearchStrategy[Any]:
    """What a control may be."""
    least, most = row.least or 0, 40 if row.most is None else row.most
    pitches = {"low": (21, 50), "high": (70, 108)}.get(row.name, (21, 108))
    targets = [(), (Target.parse("5.1=E4"),), (Target.parse("8.3.5=Bb"), Target.parse("9.1=60"))]
    found: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.CURVE: curves(least, most),
        Kind.PITCHES: st.none() | st.integers(*pitches).map(Curve.of),
        Kind.COUNT: st.none() | st.integers(int(least), 40),
        Kind.SHARE: st.none() | st.floats(0.01, 1),
        Kind.NAME: st.text(max_size=8),
        Kind.CHOICE: st.sampled_from(["", *row.choices]),
        Kind.IDEAS: st.sampled_from(["", "off", "1:lick 3:line 7:#melody"]),
        Kind.TARGETS: st.sampled_from(targets),
    }
    return found[row.kind]


def test_a_row_is_a_field_or_stands_for_some() -> None:
    assert [field.name for field in fields(Controls)] == list(FIELDS)
    assert {name for row in CONTROLS for name in row.sets} <= FIELDS.keys()
    assert len({row.option for row in CONTROLS}) == len({row.label for row in CONTROLS}) == len(CONTROLS)


@pytest.mark.parametrize("row", FIELDS.values(), ids=lambda row: row.name)
def test_a_field_is_of_the_kind_that_its_row_says(row: Control) -> None:
    types = {
        Kind.CURVE: Curve,
        Kind.PITCHES: Curve,
        Kind.COUNT: int,
        Kind.SHARE: float,
        Kind.TARGETS: tuple[Target, ...],
    }
    field = next(field for field in fields(Controls) if field.name == row.name)
    assert types.get(row.kind, str) in (field.type, *get_args(field.type))


@pytest.mark.parametrize("row", NUMBERED, ids=lambda row: row.name)
def test_limits_are_those_of_the_row(row: Control) -> None:
    def of(number: float) -> Controls:
        return with_value(row, Curve.of(number) if row.is_curve else int(number))

    for limit, beyond in ((row.least, -1), (row.most, 1)):
        if limit is not None:
            if row.name not in ("low", "high"):  # which leave room for each other
                of(limit)
            with pytest.raises(OptionError, match=rf"^{row.said} \S+: it is {row.limits}$"):
                of(limit + beyond)


@pytest.mark.parametrize("row", [row for row in CONTROLS if row.slider], ids=lambda row: row.name)
def test_a_slider_is_within_the_limits_and_can_stand_where_it_starts(row: Control) -> None:
    slider = row.slider
    assert slider is not None
    assert row.least is not None
    assert row.most is not None
    assert row.least <= slider.least <= slider.start <= slider.most <= row.most
    for end in (slider.start, slider.most):
        steps = (end - slider.least) / slider.step
        assert steps == pytest.approx(round(steps))


def test_what_is_usual_is_said_as_it_is() -> None:
    for row in CONTROLS:
        if row.is_curve and row.default is not None:
            assert row.usual == row.default
            assert row.slider is None or row.slider.start == float(row.default)
    assert (FIELDS["max_quote"].usual, FIELDS["max_quote"].least) == (str(USUAL_NOTES), FEWEST_NOTES)


@given(st.fixed_dictionaries({name: values(row) for name, row in FIELDS.items()}))
def test_what_a_recipe_says_is_what_was_asked_for(found: dict[str, Any]) -> None:
    controls = Controls(**found | {"targets": found["targets"] if found["low"] is None else ()})
    assert from_plain(Controls, json.loads(json.dumps(to_plain(controls))), {}) == controls


def test_a_recipe_names_the_controls_that_it_always_named() -> None:
    assert set(to_plain(Controls())) == {
        *("pitch_temperature", "rhythm_temperature", "top_k", "top_p", "low", "high", "density", "rests", "register"),
        *("outside", "motifs", "school", "performer", "groove", "ideas", "profile", "targets", "max_quote"),
    }
    assert to_plain(with_value(FIELDS["syncopation"], Curve.of(2)))["syncopation"] == "2"  # a younger one, asked for


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("density", "lots", "density: 'lots': write a number"),
        ("top_k", "many", "top-k many: write a number of values$"),
        ("max_quote", "many", "max-quote many: write a number of notes, or off"),
        ("top_p", "half", "top-p half: write a number, above 0, at most 1"),
    ],
)
def test_a_text_that_is_none_of_its_kind_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        read_value(FIELDS[name], text)

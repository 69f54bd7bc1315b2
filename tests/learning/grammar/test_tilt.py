"""Names of places and steps, the offsets that they stand for, and their way through JSON."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from jazzgen.codec.grammar import parse_token
from jazzgen.learning.grammar.tilt import Balance, Steps, Tilt, place_name, step_name, strength_name
from jazzgen.music.timing import Meter

TOKENS = ("A,1.000,<m3,m-3>", "C,0.500", "C,0.500,<m3,m-3>", "R,0.500", "R,2.000")
FOUR = Meter(4, 4)


def test_a_place_is_named_by_meter_and_tatum_and_in_any_meter_by_the_beat() -> None:
    assert place_name(FOUR, 960 + 240, after_rest=False) == "4/4 30"
    assert place_name(None, 960 + 240, after_rest=True) == "any 6 R"


@pytest.mark.parametrize(
    ("token", "left", "name"),
    [
        ("C,0.500,<m3,m-3>", 240, "0.500"),
        ("R,0.500", 480, "R,0.500"),
        ("R,0.500", 240, "R|"),
        ("R,2.000", 480, "R|"),
    ],
)
def test_a_step_is_a_length_and_a_rest_that_reaches_the_bar_line_is_one_whatever_its_length(
    token: str, left: int, name: str
) -> None:
    assert step_name(parse_token(token), left) == name


@pytest.mark.parametrize(
    ("meter", "strong", "weak"),
    [("4/4", {0, 960}, {480, 1440}), ("3/4", {0}, {480, 960}), ("6/8", {0, 720}, {240, 480}), ("5/4", {0}, {960})],
)
def test_strong_beats_are_those_of_the_metrics(meter: str, strong: set[int], weak: set[int]) -> None:
    found = {tick: strength_name(Meter.parse(meter), tick) for tick in (*strong, *weak, 120)}
    assert found == dict.fromkeys(strong, "strong") | dict.fromkeys(weak, "weak") | {120: "off"}


def test_offsets_go_by_step_and_kind_and_what_has_no_name_gets_that_of_the_others() -> None:
    steps = Steps(TOKENS)
    found = steps.offsets({"0.500": 1, "*": -2, "R*": -4, "R|": 3}, {"C": 0.25}, left=960)
    assert found.tolist() == [-2, 1.25, 1.25, -4, 3]
    assert steps.offsets({}, {}, left=960).tolist() == [0] * 5


def test_rests_are_found_by_length() -> None:
    assert Steps(TOKENS).rest_of(np.array([240, 960, 480, 0, 5000])).tolist() == [3, 4, -1, -1, -1]


def test_a_place_of_the_meter_comes_before_that_of_any() -> None:
    tilt = Tilt({"4/4 6": {"0.500": 1.0}, "any 6": {}})
    assert tilt.place_of(FOUR, 240, after_rest=False) == "4/4 6"
    assert tilt.place_of(FOUR, 720, after_rest=False) == tilt.place_of(None, 240, after_rest=False) == "any 6"


@pytest.mark.parametrize("balance", [None, Balance(0.2, 0.6, 0.8), Balance(0, 1, None)])
def test_json_gives_a_tilt_back(balance: Balance | None) -> None:
    tilt = Tilt({"4/4 0": {"0.500": -0.25, "R|": 1.0}}, {"strong": {"C": 0.5}}, balance)
    assert Tilt.of(json.loads(json.dumps(asdict(tilt)))) == tilt
    assert Tilt.of({}) == Tilt()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rhythm": {"4/4 0": {"0.500": float("nan")}}},
        {"kinds": {"strong": {"C": float("inf")}}},
        {"balance": {"rests": 1.5, "note_beats": 1, "chord_tones": None}},
        {"balance": {"rests": 0.5, "note_beats": 0, "chord_tones": None}},
    ],
)
def test_offsets_that_are_no_numbers_are_refused(wrong: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=r"not a finite number|shares must be 0 to 1"):
        Tilt.of(wrong)

"""Controls as texts: what each becomes, what is usual, and what is said of what does not parse."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.small_model import save_small_model
from helpers.small_soloist import small_soloist

from jazzgen.errors import OptionError
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.controls import Curve, Target
from jazzgen.learning.soloist.runs import Runs

SOLOIST = small_soloist()


def test_a_soloist_has_its_usual_settings_and_quotes_nobody() -> None:
    usual = controls_from({}, replace(SOLOIST, runs=Runs.of([np.array([60])], ["a"], [""], ["a"])))
    assert (usual.pitch_temperature, usual.motifs) == (Curve.of(1), Curve.of(1))
    assert (usual.low, usual.high) == (Curve.of(SOLOIST.config.low), Curve.of(SOLOIST.config.high))
    assert usual.max_quote == 12


def test_a_soloist_from_before_there_were_runs_plays_as_it_did() -> None:
    usual = controls_from({}, SOLOIST)
    assert (usual.pitch_temperature, usual.motifs, usual.max_quote) == (Curve.of(0.95), Curve.of(0.85), 8)


def test_a_grammar_model_has_none(tmp_path: Path) -> None:
    plain = controls_from({"density": None}, save_small_model(tmp_path / "small"))
    assert (plain.pitch_temperature, plain.max_quote) == (Curve.of(1), None)


def test_what_is_asked_for_is_what_there_is() -> None:
    asked = {
        "temperature": "0.8",
        "rhythm_temperature": "1:1 9:1.2",
        "low": "E3",
        "high": "88",
        "motifs": "0",
        "school": "BEBOP",
        "top_k": "5",
        "targets": ["5.1=E4"],
        "max_quote": "off",
    }
    found = controls_from(asked, SOLOIST)
    assert (str(found.pitch_temperature), str(found.rhythm_temperature)) == ("0.8", "1:1 9:1.2")
    assert (found.low, found.high, found.motifs) == (Curve.of(52), Curve.of(88), Curve.of(0))
    assert (found.school, found.top_k, found.targets) == ("BEBOP", 5, (Target.parse("5.1=E4"),))
    assert found.max_quote is None


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"density": "lots"}, "density: 'lots': write a number"),
        ({"rhythm_temperature": "1:x"}, "rhythm temperature: '1:x'"),
        ({"low": "H3"}, "low: 'H3'"),
        ({"density": "9"}, "density 9: it is 0.25 to 4"),
        ({"targets": ["soon"]}, "target 'soon'"),
        ({"max_quote": "some"}, "max-quote some: write a number of notes, or off"),
        ({"max_quote": "0"}, "it is 4 or more"),
    ],
)
def test_what_does_not_parse_is_named(asked: dict[str, object], error: str) -> None:
    with pytest.raises(OptionError, match=error):
        controls_from(asked, SOLOIST)

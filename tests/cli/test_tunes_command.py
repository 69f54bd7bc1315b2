"""`jazzgen tunes`: the list, one form, and both as JSON."""

import json

import pytest
from helpers.cli_runner import Run

from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.tunes import find_tune, parse_tune, tune_names


def test_the_list_has_a_line_in_columns_for_each_form(run: Run) -> None:
    code, out, err = run("tunes")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in lines] == list(tune_names())
    assert len({line.index(" bpm") for line in lines}) == 1
    rhythm = next(line for line in lines if line.startswith("rhythm-bb "))
    assert " ".join(rhythm.split()) == "rhythm-bb Rhythm changes in Bb Bb 4/4 32 bars AABA 200 bpm swing"
    assert any(" 4/4* " in line for line in lines if line.startswith("mixed-c "))


def test_one_form_is_a_sheet_that_can_be_read_again(run: Run) -> None:
    _, out, _ = run("tunes", "rhythm-bb")
    assert parse_tune(out) == find_tune("rhythm-bb")
    sheet = [line.strip() for line in out.splitlines()]
    assert sheet[:5] == ["title: Rhythm changes in Bb", "key: Bb", "tempo: 200", "feel: swing", "changes:"]
    assert [line.split()[0] for line in sheet[5:]] == ["[A]", "|", "[A]", "|", "[B]", "|", "[A]", "|"]
    assert all(line.count("|") == 5 for line in sheet[5:])


def test_json_holds_what_the_list_and_the_sheet_say(run: Run) -> None:
    forms = json.loads(run("tunes", "--json")[1])
    assert [form["name"] for form in forms] == list(tune_names())
    one = json.loads(run("tunes", "mixed-c", "--json")[1])
    assert one == next(form for form in forms if form["name"] == "mixed-c")
    assert (one["bars"], one["sections"], one["key"], one["tempo"]) == (28, ["A", "A", "B", "A"], "C", 160)
    assert parse_chart(one["changes"]) == find_tune("mixed-c").chart


@pytest.mark.parametrize("arguments", [["blues-q"], ["blues-q", "--json"]])
def test_an_unknown_form_is_one_line(run: Run, arguments: list[str]) -> None:
    code, out, err = run("tunes", *arguments)
    assert (code, out) == (1, "")
    assert err == "jazzgen: no tune is called 'blues-q'; did you mean blues-f?\n"

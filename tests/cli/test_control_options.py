"""The options of controls, and the table in docs/controls.md: both are the rows."""

from pathlib import Path

import click
import pytest

from jazzgen.cli.control_options import control_options, option_takes, options_table
from jazzgen.improvise.control_table import CONTROLS, FIELDS


def test_there_is_an_option_for_each_row() -> None:
    command = click.command()(control_options(lambda **_: None))
    assert [option.name for option in command.params] == [row.name for row in CONTROLS]
    assert [option.opts for option in command.params] == [[f"--{row.option}"] for row in CONTROLS]


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("syncopation", "NUMBER|CURVE"),
        ("max_quote", "N|off"),
        ("profile", "off"),
        ("ideas", "BAR:IDEA ...|off"),
        ("targets", "BAR.BEAT=PITCH"),
    ],
)
def test_what_an_option_takes_is_said(name: str, takes: str) -> None:
    assert option_takes(FIELDS[name]) == takes


def test_the_table_in_the_docs_is_made_of_the_rows(repository: Path) -> None:
    text = (repository / "docs" / "controls.md").read_text(encoding="utf-8")
    assert options_table() in text, "run 'make controls'"

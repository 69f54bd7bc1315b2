"""docs/words.md is true: what it names is there, in the commands, the code and the studio's page."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from jazzgen.cli import cli
from jazzgen.improvise.control_table import CONTROLS

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.split("|")[1:-1])
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| word")
]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "jazzgen").rglob("*.py")))
PAGE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "jazzgen" / "studio" / "page" / "src").iterdir())
    if path.is_file()
)
LABELS = "\n".join(["", *(control.label for control in CONTROLS)])  # the page has them from the server


def quoted(column: int) -> list[str]:
    return sorted({word for row in ROWS for word in re.findall(r"`([^`]+)`", row[column])})


def option_names() -> Iterator[str]:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        yield f"jazzgen {name}"
        yield from (option for parameter in command.params for option in parameter.opts)


def test_every_row_has_a_word_a_sentence_and_where_it_is_used() -> None:
    assert len(ROWS) > 40
    assert {len(row) for row in ROWS} == {5}
    assert len({row[0] for row in ROWS}) == len(ROWS)
    assert all(row[1] and any(row[2:]) for row in ROWS)


@pytest.mark.parametrize("option", [word for word in quoted(2) if word.startswith(("--", "jazzgen"))])
def test_an_option_is_there(option: str) -> None:
    assert option in set(option_names())


@pytest.mark.parametrize("name", quoted(3))
def test_a_name_of_the_code_is_there(name: str) -> None:
    for part in name.split("."):
        is_module = any((ROOT / "jazzgen").rglob(part)) or any((ROOT / "jazzgen").rglob(f"{part}.py"))
        assert is_module or re.search(rf"\b{part}\b", CODE), part


@pytest.mark.parametrize("label", sorted({row[4] for row in ROWS if row[4][:1].isupper()}))
def test_a_word_of_the_page_is_there(label: str) -> None:
    for word in label.split(", "):
        assert re.search(rf"\b{word}\b", PAGE + LABELS), word

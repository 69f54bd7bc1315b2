"""Commands in messages as they can be typed where jazzgen was started."""

import sys
from pathlib import Path

import pytest

from jazzgen.cli.typed import Program, quoted

TEXT = "See it: jazzgen train x, 'jazzgen corpus inspect'; this jazzgen reads 1, jazzgen: no, jazzgen trains."
COMMANDS = ("train", "corpus")


@pytest.mark.parametrize(
    ("program", "train", "corpus"),
    [
        (Program(COMMANDS), "jazzgen train", "jazzgen corpus"),
        (Program(COMMANDS, as_module=True), "PYTHON -m jazzgen train", "PYTHON -m jazzgen corpus"),
        (
            Program(COMMANDS, Path("/a b/scripts")),
            'PYTHON "/a b/scripts"/train.py',
            'PYTHON "/a b/scripts"/run.py corpus',
        ),
        (
            Program(COMMANDS, Path("/clone/scripts")),
            "PYTHON /clone/scripts/train.py",
            "PYTHON /clone/scripts/run.py corpus",
        ),
    ],
)
def test_only_commands_are_put_as_they_can_be_typed(
    program: Program, train: str, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "PYTHON")
    expected = TEXT.replace("jazzgen train x", f"{train} x").replace("jazzgen corpus", corpus)
    assert program.typed(TEXT) == expected


def test_paths_from_the_working_folder_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    program = Program(COMMANDS, tmp_path / "scripts")
    assert program.start("train") == str(Path(".venv/bin/python")) + " scripts/train.py"


def test_a_path_with_blanks_is_quoted() -> None:
    assert (quoted(Path("a")), quoted(Path("a b"))) == ("a", '"a b"')

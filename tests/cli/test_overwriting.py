"""What jazzgen wrote is replaced; other files are asked about, or need --force."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from helpers.cli_runner import Run

from jazzgen.formats.leadsheet import parse_leadsheet
from jazzgen.formats.midi.write import write_midi

GENERATE = ("generate", "--changes", "F7 | Bb7", "--ear", "off", "--seed", 1)
FOREIGN = b"MThd, four years of work"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    path = tmp_path / "work.mid"
    path.write_bytes(FOREIGN)
    return path


def test_a_foreign_file_is_kept_without_force(run: Run, foreign: Path) -> None:
    code, out, err = run(*GENERATE, "-o", foreign)
    assert (code, out) == (1, "")
    assert err == (
        f"jazzgen: {foreign}: is there already, and jazzgen did not write it; "
        "give another name, or --force to replace it\n"
    )
    assert foreign.read_bytes() == FOREIGN


def test_force_replaces_it_and_then_it_is_ours(run: Run, foreign: Path) -> None:
    assert run(*GENERATE, "-o", foreign, "--force")[0] == 0
    assert foreign.read_bytes() != FOREIGN
    assert run(*GENERATE, "-o", foreign)[0] == 0


def test_so_are_the_files_beside_it(run: Run, foreign: Path) -> None:
    picture = foreign.with_name("solo.png")
    picture.write_bytes(FOREIGN)
    code, _, err = run(*GENERATE, "-o", foreign.with_name("solo.mid"), "--picture")
    assert code == 1
    assert f"{picture}: is there already" in err
    assert picture.read_bytes() == FOREIGN


def _score_file(folder: Path) -> Path:
    path = folder / "riff.mid"
    write_midi(parse_leadsheet("title: Riff\nchanges:\n| F7 |\nmelody:\n| 4 F4 A4 C5 A4 |"), path)
    return path


@pytest.mark.parametrize(
    ("command", "out"),
    [
        (lambda path, out: ("render", path, "-o", out), "sheet.musicxml"),
        (lambda path, out: ("doctor", path, "--fix", out), "mended.mid"),
        (lambda path, out: ("corpus", "convert", path, out, "--no-cache"), "riff.musicxml"),
    ],
)
def test_every_command_that_writes_a_file_asks(
    command: Callable[[Path, Path], tuple[object, ...]], out: str, run: Run, tmp_path: Path
) -> None:
    path, target = _score_file(tmp_path), tmp_path / out
    target.write_bytes(FOREIGN)
    code, _, err = run(*command(path, target))
    assert code == 1
    assert f"{target}: is there already" in err
    assert target.read_bytes() == FOREIGN
    assert run(*command(path, target), "--force")[0] == 0
    assert target.read_bytes() != FOREIGN


@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_it_asks_once(answer: bool, run: Run, foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr(click, "confirm", confirm)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert run(*GENERATE, "-o", foreign)[0] == (0 if answer else 1)
    assert asked == [f"{foreign} is there already, and jazzgen did not write it. Replace it?"]
    assert (foreign.read_bytes() == FOREIGN) is not answer


def test_a_link_to_a_foreign_file_is_asked_about_too(run: Run, foreign: Path) -> None:
    link = foreign.with_name("link.mid")
    link.symlink_to(foreign)
    assert run(*GENERATE, "-o", link)[0] == 1
    assert run(*GENERATE, "-o", link, "--force")[0] == 0
    assert link.is_symlink()
    assert foreign.read_bytes() != FOREIGN

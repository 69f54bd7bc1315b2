"""Files from elsewhere are rendered in a process of their own; what dies or grows there is one line here."""

import os
import shutil
import sys
from pathlib import Path

import pytest
import soundfile
from helpers.apart_tasks import die, grow, whose
from helpers.cli_runner import Run, make_runner
from helpers.soundfonts import write_soundfont

from jazzgen.cli import render as command
from jazzgen.engraving import engrave
from jazzgen.errors import OptionError
from jazzgen.formats.midi.texts import bears_recipe
from jazzgen.system.processes import LostError, apart

STARTER = Path(__file__).parents[2] / "midi" / "starter"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JAZZGEN_DATA", str(tmp_path / "data"))
    return make_runner(capsys)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    path = tmp_path / "foreign.musicxml"
    path.write_text(
        """<score-partwise version="4.0">
        <part-list><score-part id="P1"><part-name>Sax</part-name></score-part></part-list>
        <part id="P1"><measure number="1"><attributes><divisions>1</divisions><time><beats>4</beats>
        <beat-type>4</beat-type></time></attributes><note><pitch><step>C</step><octave>5</octave></pitch>
        <duration>4</duration><type>whole</type></note></measure></part></score-partwise>"""
    )
    return path


def break_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets engraving fail in this process alone."""

    def fail(*_: object, **__: object) -> list[Path]:
        raise OptionError("engraved in this process")

    monkeypatch.setattr(engrave, "write_sheet", fail)


def test_a_file_from_elsewhere_is_engraved_in_another_process(
    run: Run, foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_here(monkeypatch)
    assert run("render", foreign, "-o", "a.svg") == (0, "a.svg: 'foreign', lead sheet.\n", "")
    assert Path("a.svg").read_bytes().startswith(b"<svg")


def test_a_file_of_ours_is_engraved_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("generate", "--tune", "blues-f", "-o", "own.mid", "--seed", 1)[0] == 0
    break_here(monkeypatch)
    assert run("render", "own.mid", "-o", "a.svg")[2] == "jazzgen: engraved in this process\n"


def test_sound_is_made_in_another_process_too(run: Run, foreign: Path, tmp_path: Path) -> None:
    font = write_soundfont(tmp_path / "sine.sf2")
    assert run("render", foreign, "-o", "a.wav", "--soundfont", font)[0] == 0
    assert soundfile.info("a.wav").duration > 1


def test_errors_of_the_other_process_are_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.musicxml").write_text("<nothing/>")
    code, out, err = run("render", "bad.musicxml", "-o", "a.svg")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("jazzgen: bad.musicxml: ")


@pytest.mark.parametrize(("work", "said"), [(die, "its process died"), (grow, "it takes too much memory")])
@pytest.mark.skipif(sys.platform != "linux", reason="no other system limits the memory of a process")
def test_what_dies_or_grows_there_is_one_line(
    run: Run, foreign: Path, monkeypatch: pytest.MonkeyPatch, work: object, said: str
) -> None:
    monkeypatch.setattr(command, "write_pages", work)
    code, out, err = run("render", foreign, "-o", "a.svg")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"jazzgen: {foreign}: {said}")
    assert not Path("a.svg").exists()


def test_work_apart_is_done_elsewhere_and_its_losses_are_told() -> None:
    assert apart(whose, 7) != os.getpid()
    with pytest.raises(LostError, match="died"):
        apart(die)


def test_only_small_files_with_a_recipe_are_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    assert not bears_recipe(path)
    shutil.copy(next(STARTER.glob("*.mid")), path)
    path.write_bytes(path.read_bytes().replace(b"jazzgen recipe: ", b""))
    assert not bears_recipe(path)
    path.write_bytes(b"jazzgen recipe: {}")
    assert bears_recipe(path)
    path.write_bytes(b"jazzgen recipe: {}" + bytes(5 * 1024**2))
    assert not bears_recipe(path)
    assert not bears_recipe(Path(os.devnull))

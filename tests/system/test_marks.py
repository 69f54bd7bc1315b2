"""Files say that jazzgen wrote them."""

import io
from pathlib import Path

import pytest

from jazzgen.audio.sound_file import write_audio
from jazzgen.engraving.engrave import write_sheet
from jazzgen.formats.leadsheet import parse_leadsheet
from jazzgen.formats.midi.write import write_midi
from jazzgen.pictures.plots import write_piano_roll
from jazzgen.system.marks import is_ours, marked_png
from jazzgen.system.places import starter_corpus

SCORE = parse_leadsheet("title: Riff\nchanges:\n| F7 |\nmelody:\n| 4 F4 A4 2 C5 |")


@pytest.mark.parametrize("suffix", ["musicxml", "svg", "png", "pdf"])
def test_sheets_are_marked(suffix: str, tmp_path: Path) -> None:
    (path,) = write_sheet(SCORE, tmp_path / f"riff.{suffix}").paths
    assert is_ours(path)


@pytest.mark.parametrize("suffix", ["wav", "ogg", "mp3"])
def test_sounds_are_marked(suffix: str, tmp_path: Path) -> None:
    from helpers.soundfonts import write_soundfont  # noqa: PLC0415

    write_audio(SCORE, tmp_path / f"riff.{suffix}", soundfont=write_soundfont(tmp_path / "sine.sf2"))
    assert is_ours(tmp_path / f"riff.{suffix}")


def test_pictures_are_marked_and_still_pictures(tmp_path: Path) -> None:
    from matplotlib.image import imread  # noqa: PLC0415

    write_piano_roll(SCORE, tmp_path / "riff.png")
    assert is_ours(tmp_path / "riff.png")
    twice = marked_png((tmp_path / "riff.png").read_bytes())
    assert imread(io.BytesIO(twice)).shape == imread(tmp_path / "riff.png").shape


def test_recipes_are_marks(tmp_path: Path) -> None:
    write_midi(SCORE, tmp_path / "riff.mid", {"jazzgen": "0.1.0"})
    assert is_ours(tmp_path / "riff.mid")


def test_files_of_others_are_not_ours(tmp_path: Path) -> None:
    write_midi(SCORE, tmp_path / "riff.mid")
    assert not is_ours(tmp_path / "riff.mid")
    (tmp_path / "notes.txt").write_text("played with jazzgen")
    assert not is_ours(tmp_path / "notes.txt")
    (tmp_path / "empty.mid").touch()
    assert not is_ours(tmp_path / "empty.mid")
    assert not is_ours(next(path for path in sorted(starter_corpus().iterdir()) if path.suffix == ".mid"))

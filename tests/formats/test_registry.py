"""Which files are read, and what is said of the others."""

from pathlib import Path

import pytest

from jazzgen.errors import CorpusError
from jazzgen.formats.reading import Unread
from jazzgen.formats.registry import find_files, read_file


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.gp5", ".gp5 is Guitar Pro, which is not read: export it there as MusicXML or MIDI"),
        ("a.SGU", ".SGU is Band-in-a-Box, which is not read: save it there"),
        ("a.mg3", ".mg3 is Band-in-a-Box, which is not read"),
        ("a.ly", r".ly is LilyPond, which is not read: add \midi { }"),
        ("a.band", ".band is GarageBand, which is not read: open it in Logic"),
        ("a.sib", ".sib is Sibelius, which is not read: export it there as MusicXML"),
        ("a.pdf", ".pdf is printed music, which is not read: read it into MusicXML"),
        ("a.mp3", ".mp3 is recorded sound, which is not read: transcribe it"),
        ("a.xyz", "no known kind of file: those that can be read end in"),
    ],
)
def test_a_file_of_another_program_is_named_with_what_to_do(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (piece,) = read_file(tmp_path / name)
    assert isinstance(piece, Unread)
    assert piece.reason.startswith(message)


def test_a_folder_names_the_kinds_that_it_passes_over(tmp_path: Path) -> None:
    for name in ("a.abc", "b.gp5", "c.gp5", "d.jpg"):
        (tmp_path / name).write_text("X:1\nK:C\nC4|\n")
    found = find_files([tmp_path])
    assert [path.name for path in found.files] == ["a.abc"]
    assert (found.passed_over, found.kinds_passed_over) == (3, "2 .gp5 (Guitar Pro), 1 .jpg")


def test_a_folder_of_other_kinds_alone_names_them_and_the_cure(tmp_path: Path) -> None:
    (tmp_path / "a.gp5").write_bytes(b"x")
    with pytest.raises(CorpusError, match=r"it holds 1 \.gp5 \(Guitar Pro\): export it there as MusicXML or MIDI"):
        find_files([tmp_path])

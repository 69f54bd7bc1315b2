"""Files without a title: named by their folder where their own name is a key, a part or a number."""

from pathlib import Path

import pytest

from jazzgen.corpus import read_corpus
from jazzgen.corpus.split import Split, few_titles
from jazzgen.corpus.titles import Titles

FILES = [Path(f"tunes/{tune}/{name}.musicxml") for tune in ("Green Street", "Blue Line") for name in ("1", "Solo 2")]
SHEET = "changes:\n | C7 | F7 |\nmelody:\n | 8 C5 D5 E5 F5 4 G5 A5 | 1 C5 |\n"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("tunes/Green Street/Bb.musicxml", "Green Street"),
        ("tunes/Green Street/F-sharp minor.musicxml", "Green Street"),
        ("tunes/Green Street/alto sax.musicxml", "Green Street"),
        ("tunes/Green Street/Eb/melody.musicxml", "Green Street"),
        ("tunes/Green Street/1.musicxml", "Green Street"),
        ("tunes/Green Street/Solo 2.musicxml", "Green Street"),
        ("tunes/Green Street/7.musicxml", "7"),
        ("tunes/Green Street/Green Street - Trumpet in Bb.musicxml", "Green Street"),
        ("tunes/Green Street/green_street_Eb.musicxml", "green_street"),
        ("tunes/Green Street/Green Street (concert).musicxml", "Green Street"),
        ("tunes/Green Street/A Night.musicxml", "A Night"),
        ("tunes/Green Street/Bass Blues.musicxml", "Bass Blues"),
        ("player/Blue Line.musicxml", "Blue Line"),
        ("player/Etude-12.musicxml", "Etude-12"),
        ("player/Blues (2).musicxml", "Blues (2)"),
        ("player/bwv248.35-3c.mxl", "bwv248.35-3c"),
        ("player/blues_a.mid", "blues_a"),
        ("player/Blues - Trumpet 2.mid", "Blues"),
    ],
)
def test_a_file_without_a_title_is_called_by_its_name_or_its_folder(path: str, title: str) -> None:
    assert Titles.among(FILES).title(Path(path), Path(path).stem) == title


def test_a_title_in_the_file_stays_and_a_placeholder_does_not() -> None:
    path = Path("tunes/Green Street/Bb.musicxml")
    assert Titles().title(path, "Blue Line") == "Blue Line"
    assert Titles().title(path, "Untitled") == Titles().title(path, "Lead Sheet") == "Green Street"


def test_files_of_one_tune_are_on_one_side(tmp_path: Path) -> None:
    for tune in range(8):
        for key in ("C", "Eb", "Bb instrument"):
            path = tmp_path / f"Tune no{tune}x" / f"{key}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(SHEET)
    readings = read_corpus([tmp_path]).readings
    titles = {path: reading.score.title for path, reading in readings}
    assert len(titles) == 24
    split = Split.by_share(titles.values(), 0.25, 0)
    assert len(split.held_out) == 2
    sides = {path.parent: {split.holds_out(titles[path.parent / f"{k}.txt"]) for k in ("C", "Eb")} for path in titles}
    assert all(len(side) == 1 for side in sides.values())


def test_many_pieces_with_few_titles_are_warned_of() -> None:
    titles = [f"key {n % 14}" for n in range(5200)]
    assert few_titles(titles).startswith("5200 pieces have 14 titles between them")
    assert few_titles([f"tune {n}" for n in range(5200)]) == few_titles(["a"] * 40) == ""

"""ChordPro songs: chords over a text, and grids."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from helpers.mutations import mutated

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.chordpro import parse_song
from jazzgen.formats.registry import read_file
from jazzgen.harmony.pitch import Key
from jazzgen.music.timing import Meter

SONG = """{title: Own Song}
{st: medium swing}
{key: Am}
{tempo: 92}
{time: 3/4}
{capo: 2}
# a comment
{sov: Verse 1}
[Am]Words [Dm7]and [E7/G#]more
{eov}
{soc}
[F]la [*softly]la [N.C.]la
{eoc}
{sot}
e|--[3]--|
{eot}
{chorus}
"""
GRID = """{t: Grid}
{start_of_grid: 4x4}
A  |: C . . . | % . . . :| twice
   | Dm7 . G7 . | C . . . |.
{eog}
[Am]not in the grid
"""
BAR = 3 * 480


def test_a_song_without_a_grid_has_a_bar_for_each_chord_and_says_so() -> None:
    reading = parse_song(SONG, "file")
    score = reading.score
    assert [(span.onset, span.symbol) for span in score.changes] == [
        *((0, "Am"), (BAR, "Dm7"), (2 * BAR, "E7/G#")),
        *((3 * BAR, "F"), (4 * BAR, "N.C."), (5 * BAR, "F"), (6 * BAR, "N.C.")),
    ]
    assert (score.title, score.key, score.bpm, score.feel) == ("Own Song", Key("A", minor=True), 92, "swing")
    assert score.meter == Meter(3, 4)
    assert [(mark.onset // BAR, mark.label) for mark in score.marked("section")] == [
        *((0, "Verse 1"), (3, "Chorus"), (5, "Chorus")),
    ]
    assert "a bar for each, which is a guess" in reading.chords_reason
    assert reading.left_out == ("a capo: all is as written", "its text")


def test_a_grid_says_how_long_chords_are() -> None:
    reading = parse_song(GRID, "file")
    assert [span.symbol for span in reading.score.changes] == ["C", "C", "C", "C", "Dm7", "G7", "C"]
    assert reading.score.end == 6 * 1920
    assert reading.chords_reason == "chords: as written in its grids"


def test_a_chord_that_cannot_be_read_costs_itself() -> None:
    reading = parse_song("[C]a [H7]b [G7]c", "file")
    assert [span.symbol for span in reading.score.changes] == ["C", "N.C.", "G7"]
    assert any("chord 'H7'" in what and "did you mean B7?" in what for what in reading.left_out)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{title: x}\nwords", "holds no chords; ChordPro writes them in brackets"),
        ("[H7] [xyz]", "chord 'H7'"),
        ("{sog}\n| C . F |\n{eog}", "bar 1: 3 chords|bar 1: 3"),
    ],
)
def test_what_is_wrong_is_told(text: str, message: str) -> None:
    with pytest.raises(JazzgenError, match=message):
        parse_song(text, "file")


def test_it_is_found_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "a.cho").write_text(SONG)
    (reading,) = read_file(tmp_path / "a.cho")
    assert reading.score.title == "Own Song"  # type: ignore[union-attr] # else the test fails


def test_songs_spoilt_at_random_are_read_or_refused() -> None:
    rng = random.Random(1)
    for _ in range(300):
        with suppress(JazzgenError):
            parse_song(mutated(rng.choice((SONG, GRID)), ["{", "}", "[", "|:", "{sog}", "{chorus}", "\0"], rng), "file")


def test_too_many_chords_are_refused() -> None:
    with pytest.raises(CorpusError, match="has more than 50000 chords"):
        parse_song("{soc}\n" + "[C]" * 1000 + "\n{eoc}\n" + "{chorus}\n" * 60, "file")

"""One format to another; the command is tested in tests/cli."""

from pathlib import Path

import mido
import pytest
from helpers.small_model import STARTER

from jazzgen.corpus import read_score
from jazzgen.corpus.convert import TARGETS, convert_all, convert_piece, target_of
from jazzgen.errors import CorpusError, OptionError
from jazzgen.music.channels import on_own_channels
from jazzgen.music.score import DRUM_CHANNEL, PITCHED_CHANNELS, Note, Part, Score

SOURCE = sorted(STARTER.glob("*.mid"))[0]


def parts(*channels: int) -> Score:
    return Score(parts=tuple(Part(f"P{n}", (Note(0, 480, 60),), channel=c) for n, c in enumerate(channels)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((0, 1, 2), (0, 1, 2)),
        ((5, 3), (5, 3)),
        ((0, 0, 0), (0, 1, 2)),
        ((4, DRUM_CHANNEL, 4), (0, DRUM_CHANNEL, 1)),
        ((0,) * 15, (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15)),
    ],
)
def test_parts_that_share_a_channel_get_their_own(before: tuple[int, ...], after: tuple[int, ...]) -> None:
    assert tuple(part.channel for part in on_own_channels(parts(*before)).parts) == after


def test_twenty_parts_share_channels_by_their_instruments(tmp_path: Path) -> None:
    score = parts(*[0] * 20)
    written = tmp_path / "score.mid"
    written.write_bytes(TARGETS[".mid"].to_bytes(score))
    assert len(mido.MidiFile(written).tracks) == 21
    assert {part.channel for part in on_own_channels(score).parts} <= {*PITCHED_CHANNELS}


@pytest.mark.parametrize("suffix", TARGETS)
def test_what_is_written_can_be_read_and_has_the_same_chords(suffix: str, tmp_path: Path) -> None:
    conversion = convert_piece(SOURCE, tmp_path / f"out{suffix}")
    assert conversion.path is not None
    before, after = read_score(SOURCE), read_score(conversion.path)
    assert [span.chord for span in after.changes][:5] == [span.chord for span in before.changes][:5]
    assert bool(after.parts) == (not target_of(suffix).lacks)


def test_every_piece_gets_a_name_that_no_other_has(tmp_path: Path) -> None:
    songs = "=".join(f"{title}=Doe Jane=Swing=C=n=*A[T44C^7 |G7 |Z" for title in ("A/B", "A:B", "a-b", "?"))
    source = tmp_path / "songs.txt"
    source.write_text(f"irealbook://{songs.replace(' ', '%20')}", encoding="utf-8")
    found = list(convert_all(source, tmp_path, ".mid"))
    assert [c.path.name for c in found if c.path] == ["A-B.mid", "A-B-2.mid", "a-b-3.mid", "-.mid"]


def test_a_piece_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    source = tmp_path / "songs.abc"
    source.write_text("X:1\nT:Good\nK:C\nCDEF|GABc|\n\nX:2\nT:Empty\nK:C\nz4|\n", encoding="utf-8")
    found = list(convert_all(source, tmp_path, ".txt"))
    assert [bool(conversion.path) for conversion in found] == [True, False]
    assert "\n" not in found[1].note


def test_a_format_that_cannot_be_written_is_named_with_those_that_can() -> None:
    with pytest.raises(OptionError, match=r"'.pdf' cannot be written; name a file that ends in .mid .midi .musicxml"):
        target_of(".pdf")


def test_a_damaged_source_is_an_error_and_no_target(tmp_path: Path) -> None:
    (tmp_path / "cut.mid").write_bytes(b"MThd")
    with pytest.raises(CorpusError, match=r"cut\.mid: "):
        convert_piece(tmp_path / "cut.mid", tmp_path / "out.mid")
    assert not (tmp_path / "out.mid").exists()


def test_a_long_title_makes_a_short_name(tmp_path: Path) -> None:
    source = tmp_path / "long.changes"
    source.write_text("title: " + "x" * 300 + "\nchanges:\nC | F\n", encoding="utf-8")
    (conversion,) = convert_all(source, tmp_path, ".mid")
    assert conversion.path == tmp_path / "long.mid"


def test_a_chart_comes_back_from_midi_as_a_chart(tmp_path: Path) -> None:
    source, target = tmp_path / "tune.changes", tmp_path / "tune.mid"
    source.write_text("Dm7 G7 | Cmaj7 | N.C.\n", encoding="utf-8")
    convert_piece(source, target)
    assert read_score(target).changes == read_score(source).changes
    assert not read_score(target).parts

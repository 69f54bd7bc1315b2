"""`jazzgen render`: for whom a sheet is written, what is printed of it, and what sounds."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from helpers.cli_runner import Run, make_runner
from helpers.soundfonts import write_soundfont

from jazzgen.corpus import read_score
from jazzgen.formats.midi.write import write_midi
from jazzgen.music.score import Note, Part, Score

SHEET = "title: Riff\nkey: F\nchanges:\n| F7 | Bb7 |\nmelody:\n| 4 F4 A4 2 C5 | 1 Bb4 |"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JAZZGEN_DATA", str(tmp_path / "data"))
    Path("riff.txt").write_text(SHEET)
    return make_runner(capsys)


def test_a_part_is_written_for_its_reader_and_sounds_as_it_did(run: Run) -> None:
    assert run("render", "riff.txt", "-o", "part.musicxml", "--for", "Tenor-Sax")[0] == 0
    root = fromstring(Path("part.musicxml").read_bytes())
    assert root.findtext("credit/credit-words") == "Tenor saxophone in B♭"
    assert root.findtext(".//key/fifths") == "1"
    assert root.findtext(".//transpose/chromatic") == "-2"
    assert root.findtext(".//transpose/octave-change") == "-1"
    sounding = [note.pitch for note in read_score(Path("part.musicxml")).melody.notes]
    assert sounding == [note.pitch for note in read_score(Path("riff.txt")).melody.notes]


def test_what_was_moved_into_range_is_said(run: Run) -> None:
    _, out, _ = run("render", "riff.txt", "-o", "part.musicxml", "--for", "bass")
    assert "The part sounds an octave lower, in the range of the instrument." in out


def test_an_unknown_reader_is_one_line_with_the_choices(run: Run) -> None:
    code, _, error = run("render", "riff.txt", "-o", "part.musicxml", "--for", "kazoo")
    assert code == 1
    assert error.startswith("jazzgen: a part for 'kazoo': choose from Bb, Eb, F, bass-clef, flute")
    assert not Path("part.musicxml").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-o", "a.wav", "--for", "Bb"), "--sheet, --for, --exact and --double-time are for sheets; leave them out"),
        (("-o", "a.musicxml", "--mute", "solo"), "--mute, --count-in and --click are for sound; leave them out"),
        (("-o", "a.svg", "--for", "Bb", "--sheet", "full"), "--for is for a lead sheet"),
    ],
)
def test_what_does_not_go_together_is_said(run: Run, options: tuple[str, ...], message: str) -> None:
    code, _, error = run("render", "riff.txt", *options)
    assert code == 1
    assert message in error


def test_repeats_of_a_chart_are_printed(run: Run) -> None:
    Path("chart.txt").write_text("changes:\n|: F7 | Bb7 :|\n")
    assert run("render", "chart.txt", "-o", "chart.musicxml")[0] == 0
    root = fromstring(Path("chart.musicxml").read_bytes())
    assert [repeat.get("direction") for repeat in root.iter("repeat")] == ["forward", "backward"]
    assert len(list(root.iter("measure"))) == 2


def test_parts_that_a_lead_sheet_leaves_out_are_named(run: Run) -> None:
    high, low = (tuple(Note(480 * beat, 480, start + beat) for beat in range(8)) for start in (72, 48))
    parts = (Part("Sax", high, 66), Part("Piano", low, 0, 1))
    write_midi(Score(parts=parts), Path("duo.mid"))
    code, out, error = run("render", "duo.mid", "-o", "duo.musicxml")
    assert (code, error) == (0, "")
    assert "The lead sheet has 'Sax' alone, and not 'Piano': --sheet full prints them all." in out
    _, out, _ = run("render", "duo.mid", "-o", "full.musicxml", "--sheet", "full")
    assert "alone" not in out


def test_sound_is_muted_counted_in_and_clicked(run: Run, tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    font = write_soundfont(tmp_path / "small.sf2")
    lengths = {}
    for name, options in {"plain": (), "counted": ("--count-in",), "clicked": ("--mute", "solo", "--click")}.items():
        out = f"{name}.wav"
        code, _, error = run("render", "riff.txt", "-o", out, "--soundfont", font, *options)
        assert (code, error) == (0, "")
        lengths[name] = soundfile.info(out).duration
    assert lengths["counted"] - lengths["plain"] == pytest.approx(4 * 60 / 140, abs=0.05)
    code, _, error = run("render", "riff.txt", "-o", "none.wav", "--soundfont", font, "--mute", "solo")
    assert code == 1
    assert "everybody is mute" in error


def write_line(path: str, bpm: float, *rows: tuple[int, int]) -> None:
    notes = tuple(Note(onset, length, 60 + number % 12) for number, (onset, length) in enumerate(rows))
    write_midi(Score("Line", tempos=((0, bpm),), parts=(Part("Solo", notes, 66),), feel="straight"), Path(path))


def tuplets(path: str) -> list[str]:
    return [
        note.findtext("time-modification/actual-notes", "") for note in fromstring(Path(path).read_bytes()).iter("note")
    ]


def test_played_notes_are_made_readable_or_stay_on_their_grid(run: Run) -> None:
    write_line("line.mid", 200, (0, 200), (280, 200), (480, 480), (960, 960))  # a note 12 ms late
    assert run("render", "line.mid", "-o", "readable.musicxml")[0] == 0
    assert tuplets("readable.musicxml") == [""] * 4
    assert run("render", "line.mid", "-o", "grid.musicxml", "--exact")[0] == 0
    assert "6" in tuplets("grid.musicxml")


def test_grace_notes_are_counted(run: Run) -> None:
    write_line("line.mid", 120, (0, 445), (450, 29), (480, 480), (960, 960))
    _, out, _ = run("render", "line.mid", "-o", "line.musicxml")
    assert "1 short note is a grace note." in out
    assert len(list(fromstring(Path("line.musicxml").read_bytes()).iter("grace"))) == 1
    assert "grace" not in run("render", "line.mid", "-o", "exact.musicxml", "--exact")[1]


def test_a_slow_solo_with_fast_notes_is_offered_in_double_time(run: Run) -> None:
    write_line("ballad.mid", 60, *((60 * place, 60) for place in range(32)))
    _, out, _ = run("render", "ballad.mid", "-o", "slow.musicxml")
    assert "Many notes are fast for 60 bpm: --double-time may be easier to read." in out
    _, out, _ = run("render", "ballad.mid", "-o", "double.musicxml", "--double-time")
    assert "--double-time" not in out
    root = fromstring(Path("double.musicxml").read_bytes())
    assert (root.findtext(".//words"), root.findtext(".//per-minute")) == ("Double-time feel", "120")
    assert {note.findtext("type") for note in root.iter("note")} == {"16th"}


def test_what_a_notation_file_holds_is_printed_as_it_is(run: Run) -> None:
    Path("short.abc").write_text("X:1\nT:Short\nM:4/4\nL:1/8\nQ:1/4=300\nK:C\nC/ z/ z (3DzE F4|\n")
    assert run("render", "short.abc", "-o", "short.musicxml")[0] == 0
    types = [note.findtext("type") for note in fromstring(Path("short.musicxml").read_bytes()).iter("note")]
    assert types == ["16th", "16th", "eighth", "eighth", "eighth", "eighth", "half"]

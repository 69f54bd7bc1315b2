"""`--melody` in every command that reads music: a track by its number or name, or a channel."""

from pathlib import Path

import mido
import pytest
from helpers.cli_runner import Run, make_runner
from helpers.small_model import save_small_model

from jazzgen.cli import play as play_command
from jazzgen.formats.reading import Reading
from jazzgen.formats.registry import read_file
from jazzgen.music.score import Score
from jazzgen.system.places import shipped_soloist

LOW, HIGH = [(onset * 240, 240, 60 + onset % 5) for onset in range(16)], [(onset * 480, 480, 72) for onset in range(8)]
CHORDS = [(bar * 1920, 1900, root + step) for bar, root in enumerate((48, 53)) for step in (0, 4, 7, 10)]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return make_runner(capsys)


@pytest.fixture
def song() -> Path:
    """A file with two lines, `Solo` and `Reed`, over C7 and F7 on a piano, and no chord symbol."""
    file = mido.MidiFile(ticks_per_beat=480)
    for channel, (name, notes) in enumerate((("Solo", HIGH), ("Reed", LOW), ("Piano", CHORDS))):
        events = [(onset, "note_on", pitch) for onset, _, pitch in notes]
        events += [(onset + length, "note_off", pitch) for onset, length, pitch in notes]
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        now = 0
        for tick, kind, pitch in sorted(events, key=lambda event: (event[0], event[1] == "note_on")):
            track.append(mido.Message(kind, channel=channel, note=pitch, velocity=80, time=tick - now))
            now = tick
        file.tracks.append(track)
    file.save("song.mid")
    return Path("song.mid")


@pytest.mark.parametrize(
    "command",
    [
        ("corpus", "inspect", "FILE"),
        ("corpus", "convert", "FILE", "a.txt"),
        ("metrics", "FILE", "--against", "FILE"),
        ("train", "FILE", "-o", "out"),
        ("evaluate", "MODEL", "--corpus", "FILE"),
        ("listen", "FILE", "--against", "FILE"),
        ("render", "FILE", "-o", "a.musicxml"),
        ("play", "FILE"),
        ("retake", "FILE", "--bars", "1-1", "--changes", "C7 | F7"),
        ("generate", "--changes", "FILE"),
        ("generate", "--changes", "C7", "--primer", "FILE"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_command_that_reads_music_has_it(run: Run, song: Path, command: tuple[str, ...]) -> None:
    places = {"FILE": song, "MODEL": shipped_soloist()}
    code, out, err = run(*(places.get(word, word) for word in command), "--melody", "nobody")
    assert code == (0 if "inspect" in command else 1)
    assert "no track is 'nobody' (melody); tracks with notes: 0 'Solo' (channel 1), 1 'Reed' (channel 2)" in out + err


@pytest.mark.parametrize("wanted", ["1", "reed", "channel 2"])
def test_what_is_played_and_rendered_is_that_track(
    run: Run, song: Path, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[Score] = []
    monkeypatch.setattr(play_command, "play_aloud", lambda score, **_: played.append(score))
    assert run("play", song, "--melody", wanted)[0] == 0
    assert played[0].melody.name == "Reed"
    assert run("render", song, "-o", "a.musicxml", "--melody", wanted)[0] == 0
    (piece,) = read_file(Path("a.musicxml"))
    assert isinstance(piece, Reading)
    assert [note.pitch for note in piece.score.melody.notes] == [pitch for _, _, pitch in LOW]


def test_chords_are_not_inferred_from_the_melody_and_it_is_said_that_they_are(run: Run, song: Path) -> None:
    save_small_model(Path("model"))
    given = ("--changes", song, "--melody", "reed", "--model", "model", "--seed", 1, "-o", "out.mid")
    code, _, err = run("generate", *given)
    assert (code, err.splitlines()[0]) == (
        0,
        "warning: song.mid: no chords are written in it; inferred from track 2 'Piano'; no chord symbols in the file",
    )

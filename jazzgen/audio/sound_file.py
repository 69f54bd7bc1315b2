"""Scores as sound files, about as loud as records are."""

from itertools import islice
from pathlib import Path

import numpy as np

from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import BLOCK_FRAMES, SAMPLE_RATE, render
from jazzgen.errors import OptionError
from jazzgen.files import replaced
from jazzgen.score import Score

# Format and subtype by suffix, as libsndfile names them.
FORMATS = {".wav": ("WAV", "PCM_16"), ".ogg": ("OGG", "VORBIS"), ".mp3": ("MP3", "MPEG_LAYER_III")}
TARGET_LUFS, CEILING = -16.0, 10 ** (-1 / 20)  # integrated loudness (ITU-R BS.1770), and the highest sample: -1 dBFS
_MEASURED_SECONDS = 120
_KNEE = 0.7  # from here on peaks are pressed together
_MAX_GAIN = 16.0


def write_audio(score: Score, path: Path, *, soundfont: Path | None = None) -> None:
    """Writes the score as sound, whole or not at all, 44.1 kHz stereo, .wav, .ogg or .mp3.

    The loudness of the first two minutes is measured, and all of it played so that this is `TARGET_LUFS`; peaks over
    that are rounded off below `CEILING`, so that nothing clips.

    Raises:
        OptionError: when the suffix is none of those.
        SoundError: when there is no synthesizer or no soundfont.
        OutputError: when the file cannot be written.
    """
    import soundfile  # noqa: PLC0415 - 0.1 s

    if path.suffix.lower() not in FORMATS:
        raise OptionError(f"{path}: sound is written as {', '.join(FORMATS)}")
    font, (format_name, subtype) = find_soundfont(soundfont), FORMATS[path.suffix.lower()]
    gain = _gain(score, font)
    with (
        replaced(path) as temporary,
        soundfile.SoundFile(temporary, "w", SAMPLE_RATE, 2, subtype, format=format_name) as file,
    ):
        for block in render(score, font):
            file.write(limited(gain * block))


def _gain(score: Score, font: Path) -> float:
    """What makes the beginning as loud as the target; 1 for silence."""
    import pyloudnorm  # noqa: PLC0415 - brings SciPy

    blocks = list(islice(render(score, font), _MEASURED_SECONDS * SAMPLE_RATE // BLOCK_FRAMES))
    samples = np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32)
    if not samples.any():
        return 1.0
    loudness = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(samples)
    return min(10 ** ((TARGET_LUFS - loudness) / 20), _MAX_GAIN)


def limited(samples: np.ndarray) -> np.ndarray:
    """The samples with what lies over the knee rounded off, so that none reaches the ceiling."""
    size = np.abs(samples)
    room = CEILING - _KNEE
    pressed = _KNEE + room * np.tanh((size - _KNEE) / room)
    return np.where(size > _KNEE, np.sign(samples) * pressed, samples).astype(np.float32)

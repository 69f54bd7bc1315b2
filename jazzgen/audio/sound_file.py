"""Write scores as sound files, at about the loudness of records."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import length_frames, render
from jazzgen.audio.voice import SAMPLE_RATE
from jazzgen.errors import OptionError, OutputError
from jazzgen.music.score import Score
from jazzgen.system.extras import require
from jazzgen.system.files import replaced
from jazzgen.system.marks import MAKER

# Format and subtype for each suffix, in libsndfile's names.
FORMATS = {".wav": ("WAV", "PCM_16"), ".ogg": ("OGG", "VORBIS"), ".mp3": ("MP3", "MPEG_LAYER_III")}
# Integrated loudness (ITU-R BS.1770), set by hand, and the highest sample: -3.5 dBFS. Between samples, and after
# Vorbis or MP3, drums peak up to 2.2 dB higher, so that the true peak stays under -1 dBFS.
TARGET_LUFS = -16.0
CEILING = 10 ** (-3.5 / 20)
# Passages that are measured at once, set by hand.
_PASSAGE_SECONDS, _SHORTEST_SECONDS = 10, 0.5
_KNEE = 0.5  # amplitude where compression of peaks starts, set by hand
# 40 dB: a solo piano needs 27, and there is no noise to amplify.
_MAX_GAIN = 100.0
# A WAV file counts its bytes, header included, in 32 bits; a frame is two 16-bit samples.
_WAV_FRAMES = (2**32 - 4_096) // 4


def write_audio(score: Score, path: Path, *, soundfont: Path | None = None) -> None:
    """Render the score to a .wav, .ogg or .mp3 file, 44.1 kHz stereo; on failure no file is left.

    It is rendered twice, block by block: once to measure its loudness, once to write it at `TARGET_LUFS`. Peaks are
    compressed below `CEILING`, so that nothing clips.

    Raises:
        OptionError: when the suffix is none of those.
        ExtraError: a library for sound is missing.
        SoundError: there is no soundfont.
        OutputError: the file cannot be written, or a WAV file cannot hold so much.
    """
    require("sound")
    import soundfile  # noqa: PLC0415 - 0.1 s

    if path.suffix.lower() not in FORMATS:
        raise OptionError(f"{path}: sound is written as {', '.join(FORMATS)}")
    font = find_soundfont(soundfont)
    format_name, subtype = FORMATS[path.suffix.lower()]
    if format_name == "WAV":
        _require_room(score, path)
    gain = _gain(score, font)
    try:
        with (
            replaced(path) as temporary,
            soundfile.SoundFile(temporary, "w", SAMPLE_RATE, 2, subtype, format=format_name) as file,
        ):
            file.software = file.comment = MAKER  # an MP3 keeps the comment alone
            for block in render(score, font):
                file.write(limited(gain * block))
    except soundfile.LibsndfileError as error:
        raise OutputError(f"{path}: cannot be written ({error.error_string}); is the disk full?") from None


def _require_room(score: Score, path: Path) -> None:
    if (frames := length_frames(score)) > _WAV_FRAMES:
        hours, most = (count / SAMPLE_RATE / 3_600 for count in (frames, _WAV_FRAMES))
        raise OutputError(f"{path}: {hours:.1f} hours; a WAV file holds {most:.1f} at most; write .ogg or .mp3")


def _gain(score: Score, font: Path) -> float:
    """Return the gain that brings the whole to the target loudness; 1 for silence."""
    import pyloudnorm  # noqa: PLC0415 - brings SciPy

    meter = pyloudnorm.Meter(SAMPLE_RATE)
    loudness = [meter.integrated_loudness(passage) for passage in _passages(render(score, font)) if passage.any()]
    powers = 10 ** (np.array(loudness) / 10)
    if not powers.any():
        return 1.0
    # As BS.1770 does with its shorter blocks, ignore passages 10 LU or more below the mean.
    whole = powers[powers >= powers[powers > 0].mean() / 10].mean()
    return float(min(np.sqrt(10 ** (TARGET_LUFS / 10) / whole), _MAX_GAIN))


def _passages(blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Join blocks into passages long enough to measure; a last one that is too short is dropped."""
    held: list[np.ndarray] = []
    for block in blocks:
        held.append(block)
        if sum(map(len, held)) >= _PASSAGE_SECONDS * SAMPLE_RATE:
            yield np.concatenate(held)
            held = []
    if sum(map(len, held)) >= _SHORTEST_SECONDS * SAMPLE_RATE:
        yield np.concatenate(held)


def limited(samples: np.ndarray) -> np.ndarray:
    """Compress samples above the knee smoothly, so that none reaches the ceiling."""
    size = np.abs(samples)
    room = CEILING - _KNEE
    pressed = _KNEE + room * np.tanh((size - _KNEE) / room)
    return np.where(size > _KNEE, np.sign(samples) * pressed, samples).astype(np.float32)

"""Scores as sound files, about as loud as records are."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import SAMPLE_RATE, length_frames, render
from jazzgen.errors import OptionError, OutputError
from jazzgen.music.score import Score
from jazzgen.system.files import replaced

# Format and subtype by suffix, as libsndfile names them.
FORMATS = {".wav": ("WAV", "PCM_16"), ".ogg": ("OGG", "VORBIS"), ".mp3": ("MP3", "MPEG_LAYER_III")}
# Integrated loudness (ITU-R BS.1770), and the highest sample: -3 dBFS. The waves between the samples, and what Vorbis
# and MP3 make of them, go up to 2 dB higher on drums: their true peak stays under -1 dBFS.
TARGET_LUFS, CEILING = -16.0, 10 ** (-3 / 20)
_PASSAGE_SECONDS, _SHORTEST_SECONDS = 10, 0.5
_KNEE = 0.5  # from here on peaks are pressed together
# 40 dB: a piano alone needs 27, and there is no noise to bring up.
_MAX_GAIN = 100.0
# A WAV file counts its bytes in 32 bits, header and all; a frame is two samples of 16 bits.
_WAV_FRAMES = (2**32 - 4_096) // 4


def write_audio(score: Score, path: Path, *, soundfont: Path | None = None) -> None:
    """Writes the score as sound, whole or not at all, 44.1 kHz stereo, .wav, .ogg or .mp3.

    It is rendered twice, block by block: to measure how loud it is, and to write it so that this is `TARGET_LUFS`.
    Peaks are rounded off below `CEILING`, so that nothing clips.

    Raises:
        OptionError: when the suffix is none of those.
        SoundError: when there is no synthesizer or no soundfont.
        OutputError: when the file cannot be written, or a WAV file cannot hold so much.
    """
    import soundfile  # noqa: PLC0415 - 0.1 s

    if path.suffix.lower() not in FORMATS:
        raise OptionError(f"{path}: sound is written as {', '.join(FORMATS)}")
    font, (format_name, subtype) = find_soundfont(soundfont), FORMATS[path.suffix.lower()]
    if format_name == "WAV":
        _require_room(score, path)
    gain = _gain(score, font)
    try:
        with (
            replaced(path) as temporary,
            soundfile.SoundFile(temporary, "w", SAMPLE_RATE, 2, subtype, format=format_name) as file,
        ):
            for block in render(score, font):
                file.write(limited(gain * block))
    except soundfile.LibsndfileError as error:
        raise OutputError(f"{path}: cannot be written ({error.error_string}); is the disk full?") from None


def _require_room(score: Score, path: Path) -> None:
    if (frames := length_frames(score)) > _WAV_FRAMES:
        hours, most = (count / SAMPLE_RATE / 3_600 for count in (frames, _WAV_FRAMES))
        raise OutputError(f"{path}: {hours:.1f} hours; a WAV file holds {most:.1f} at most; write .ogg or .mp3")


def _gain(score: Score, font: Path) -> float:
    """What makes the whole as loud as the target; 1 for silence."""
    import pyloudnorm  # noqa: PLC0415 - brings SciPy

    meter = pyloudnorm.Meter(SAMPLE_RATE)
    loudness = [meter.integrated_loudness(passage) for passage in _passages(render(score, font)) if passage.any()]
    powers = 10 ** (np.array(loudness) / 10)
    if not powers.any():
        return 1.0
    # As BS.1770 does with its own, shorter blocks: what lies 10 LU below the mean does not count.
    whole = powers[powers >= powers[powers > 0].mean() / 10].mean()
    return float(min(np.sqrt(10 ** (TARGET_LUFS / 10) / whole), _MAX_GAIN))


def _passages(blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The blocks put together to what can be measured at once; a last one that is too short for that is left out."""
    held: list[np.ndarray] = []
    for block in blocks:
        held.append(block)
        if sum(map(len, held)) >= _PASSAGE_SECONDS * SAMPLE_RATE:
            yield np.concatenate(held)
            held = []
    if sum(map(len, held)) >= _SHORTEST_SECONDS * SAMPLE_RATE:
        yield np.concatenate(held)


def limited(samples: np.ndarray) -> np.ndarray:
    """The samples with what lies over the knee rounded off, so that none reaches the ceiling."""
    size = np.abs(samples)
    room = CEILING - _KNEE
    pressed = _KNEE + room * np.tanh((size - _KNEE) / room)
    return np.where(size > _KNEE, np.sign(samples) * pressed, samples).astype(np.float32)

"""Play scores on the loudspeaker while they are rendered."""

from collections.abc import Generator, Iterable
from itertools import chain
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from jazzgen.audio.sound_file import limited
from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import render
from jazzgen.audio.voice import SAMPLE_RATE
from jazzgen.errors import SoundError
from jazzgen.music.score import Score
from jazzgen.system.extras import require
from jazzgen.system.quiet import stderr_closed

_GAIN = 2.0  # set by hand
_POLL_SECONDS = 0.1
# miniaudio's fallback where there is no sound system: it plays silence.
_SILENT_BACKEND = "Null"
_NO_DEVICE = "no sound device; 'jazzgen render FILE -o out.wav' writes a file instead"


def play_aloud(score: Score, *, soundfont: Path | None = None) -> None:
    """Play the score to its end.

    Raises:
        ExtraError: a library for sound is missing.
        SoundError: there is no soundfont or no sound device.
    """
    require("sound")
    finished = Event()
    blocks = render(score, find_soundfont(soundfont))
    # Rendering the first block reads the soundfont, so that an error shows here, before the device waits for sound.
    stream = paced((limited(_GAIN * block) for block in chain([next(blocks)], blocks)), finished)
    next(stream)
    with _open_device() as device:
        device.start(stream)
        while not finished.wait(_POLL_SECONDS):
            pass  # wakes up often enough for Ctrl-C to work


def _open_device() -> Any:
    import miniaudio  # noqa: PLC0415 - opens the sound system

    form = miniaudio.SampleFormat.FLOAT32
    try:
        with stderr_closed():  # the audio libraries complain about missing devices
            device = miniaudio.PlaybackDevice(sample_rate=SAMPLE_RATE, nchannels=2, output_format=form)
    except miniaudio.MiniaudioError:
        raise SoundError(_NO_DEVICE) from None
    if device.backend == _SILENT_BACKEND:
        device.close()
        raise SoundError(_NO_DEVICE)
    return device


def paced(blocks: Iterable[np.ndarray], finished: Event) -> Generator[np.ndarray, int, None]:
    """Re-block samples: each `send(n)` returns the next n frames; the first yield is empty and starts the generator."""
    rest = np.zeros((0, 2), np.float32)
    try:
        wanted = yield rest
        for block in blocks:
            rest = np.concatenate([rest, block])
            while len(rest) >= wanted:
                given = rest[:wanted]
                rest = rest[wanted:]
                wanted = yield given
        yield rest
    finally:  # after an error too, or the caller would wait forever
        finished.set()

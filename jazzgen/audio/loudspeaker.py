"""Scores on the loudspeaker, while they are rendered."""

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import numpy as np

from jazzgen.audio.sound_file import limited
from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import SAMPLE_RATE, render
from jazzgen.errors import SoundError
from jazzgen.score import Score

_GAIN = 2.0
_POLL_SECONDS = 0.1


def play_aloud(score: Score, *, soundfont: Path | None = None) -> None:
    """Plays the score to its end.

    Raises:
        SoundError: when there is no synthesizer, no soundfont or no sound device.
    """
    import miniaudio  # noqa: PLC0415 - opens the sound system

    finished = Event()
    stream = paced((limited(_GAIN * block) for block in render(score, find_soundfont(soundfont))), finished)
    next(stream)
    form = miniaudio.SampleFormat.FLOAT32
    try:
        with _without_chatter():
            device = miniaudio.PlaybackDevice(sample_rate=SAMPLE_RATE, nchannels=2, output_format=form)
    except miniaudio.MiniaudioError:
        raise SoundError("no sound device; 'jazzgen render FILE -o out.wav' writes a file instead") from None
    with device:
        device.start(stream)
        while not finished.wait(_POLL_SECONDS):
            pass  # so that Ctrl-C is heard


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Keeps off stderr what the system's sound library says of devices that are not there."""
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def paced(blocks: Iterable[np.ndarray], finished: Event) -> Generator[np.ndarray, int, None]:
    """Gives blocks on: what is sent says how many frames are wanted next. The first it gives is empty, to start it."""
    rest = np.zeros((0, 2), np.float32)
    wanted = yield rest
    for block in blocks:
        rest = np.concatenate([rest, block])
        while len(rest) >= wanted:
            given, rest = rest[:wanted], rest[wanted:]
            wanted = yield given
    yield rest
    finished.set()

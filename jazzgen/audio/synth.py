"""Render a score to samples, block by block, so that an hour takes no more memory than a minute."""

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from jazzgen.errors import SoundError
from jazzgen.music.score import Part, Score
from jazzgen.music.timing import tempo_seconds

SAMPLE_RATE = 44_100
BLOCK_FRAMES = 4_096  # set by hand
TAIL_SECONDS = 2.5  # for notes to ring on after the last; set by hand
_FADE_SECONDS = 0.5  # set by hand
_VOLUME, _PAN = 7, 10  # MIDI controllers
_DRUM_BANK = 128  # the SoundFont standard's bank of drum kits
# Sort keys: at one time, note-offs come before note-ons.
_OFF, _ON = 0, 1
_Event = tuple[int, int, int, int, int]  # frame, kind, channel, pitch, velocity


def length_frames(score: Score) -> int:
    """Return the length in frames, including the tail after the last note."""
    return round(tempo_seconds(score.tempos, score.end) * SAMPLE_RATE) + round(TAIL_SECONDS * SAMPLE_RATE)


def render(score: Score, soundfont: Path, start_seconds: float = 0.0) -> Iterator[np.ndarray]:
    """Yield blocks of samples, (frames, 2), float32, which may exceed 1.

    Args:
        score: what to play.
        soundfont: .sf2 or .sf3.
        start_seconds: where to start; notes that began earlier are silent.

    Raises:
        SoundError: there is no synthesizer, or the soundfont is damaged.
    """
    synth = _seated(score, soundfont)
    shift = round(start_seconds * SAMPLE_RATE)
    events = [event for event in _events(score) if event[0] >= shift]
    total = max(length_frames(score) - shift, round(TAIL_SECONDS * SAMPLE_RATE))
    frame = 0
    for when, kind, channel, pitch, velocity in chain(events, [(total + shift, _OFF, 0, 0, 0)]):
        while frame < min(when - shift, total):
            count = min(BLOCK_FRAMES, when - shift - frame, total - frame)
            block = np.frombuffer(synth.generate(count), np.float32).reshape(-1, 2)
            yield _faded(block, frame, total)
            frame += count
        if kind == _ON:
            synth.noteon(channel, pitch, velocity)
        else:
            synth.noteoff(channel, pitch)


def _faded(block: np.ndarray, frame: int, total: int) -> np.ndarray:
    """Fade a block out towards the end of the whole."""
    fade = round(_FADE_SECONDS * SAMPLE_RATE)
    if frame + len(block) < total - fade:
        return block
    left = total - np.arange(frame, frame + len(block))
    return block * np.clip(left / fade, 0, 1).astype(np.float32)[:, None]


def _events(score: Score) -> list[_Event]:
    found: list[_Event] = []
    for part in score.parts:
        for note in part.notes:
            onset, end = (round(tempo_seconds(score.tempos, tick) * SAMPLE_RATE) for tick in (note.onset, note.end))
            found.append((onset, _ON, part.channel, note.pitch, note.velocity))
            found.append((max(end, onset + 1), _OFF, part.channel, note.pitch, 0))
    return sorted(found)


def _seated(score: Score, soundfont: Path) -> Any:
    """Create a synthesizer with each part's instrument on the part's channel."""
    if find_spec("tinysoundfont") is None:
        raise SoundError("sound needs a synthesizer: 'pip install tinysoundfont' (make does it)")
    import tinysoundfont  # noqa: PLC0415 - only if it is there

    synth = tinysoundfont.Synth(gain=-6, samplerate=SAMPLE_RATE)  # dB, set by hand
    try:
        font = synth.sfload(str(soundfont))
    except Exception:  # the library raises bare Exception
        raise SoundError(f"{soundfont}: cannot be read as a soundfont; give another, or install it again") from None
    for part in score.parts:
        _seat(synth, font, part)
    return synth


def _seat(synth: Any, font: int, part: Part) -> None:
    bank = _DRUM_BANK if part.is_drums else 0
    program = part.program if _has_preset(synth, font, bank, part.program) else 0
    synth.program_select(part.channel, font, bank, program, part.is_drums)
    synth.control_change(part.channel, _VOLUME, part.volume)
    synth.control_change(part.channel, _PAN, part.pan)


def _has_preset(synth: Any, font: int, bank: int, program: int) -> bool:
    try:
        return bool(synth.sfpreset_name(font, bank, program))
    except UnicodeDecodeError:  # the library assumes UTF-8 names, but fonts may hold Latin-1
        return True

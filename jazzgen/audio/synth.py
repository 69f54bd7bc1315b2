"""A score as samples, by a soundfont: block by block, so that an hour takes no more memory than a minute."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from jazzgen.audio.font import Font
from jazzgen.audio.moves import STILL, Moves, moves_of
from jazzgen.audio.voice import SAMPLE_RATE, Voice, voice
from jazzgen.music.gesture import Gesture, Steps, fitting
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import tempo_seconds
from jazzgen.system.extras import require

BLOCK_FRAMES = 4_096
TAIL_SECONDS = 2.5  # for what rings on after the last note
_FADE_SECONDS = 0.5
_DRUM_BANK = 128
_GAIN = 0.5  # leaves room for a band
# Frames at which the key is struck and let go, and what its gesture does.
_Struck = tuple[int, int, Part, Note, Moves]


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
        ExtraError: a library for sound is missing.
        SoundError: when the soundfont is damaged.
    """
    require("sound")
    font = Font.open(soundfont)
    shift = round(start_seconds * SAMPLE_RATE)
    coming = deque(_struck(score, shift))
    total = max(length_frames(score) - shift, round(TAIL_SECONDS * SAMPLE_RATE))
    sounding: list[Voice] = []
    for start in range(0, total, BLOCK_FRAMES):
        block = np.zeros((min(BLOCK_FRAMES, total - start), 2), np.float32)
        while coming and coming[0][0] < start + len(block):
            sounding = _joined(sounding, list(_voices(font, *coming.popleft())))
        for one in sounding:
            one.add_to(block, start)
        sounding = [one for one in sounding if one.end > start + len(block)]
        yield _faded(block, start, total)


def _struck(score: Score, shift: int) -> list[_Struck]:
    """Return the notes in order of onset, times in frames from frame `shift` of the score on."""

    def frame(tick: int) -> int:
        return round(tempo_seconds(score.tempos, tick) * SAMPLE_RATE) - shift

    found = [
        (frame(note.onset), frame(note.end), part, note, made.get(note.onset, STILL))
        for part in score.parts
        for made in [_moves_by_onset(score, part)]
        for note in part.notes
    ]
    return sorted((one for one in found if one[0] >= 0), key=lambda one: one[0])


def _moves_by_onset(score: Score, part: Part) -> Mapping[int, Moves]:
    return {gesture.onset: _moves(score, gesture) for gesture in fitting(part.gestures, part.notes)}


def _moves(score: Score, gesture: Gesture) -> Moves:
    def timed(steps: Steps) -> tuple[tuple[float, int], ...]:
        start = tempo_seconds(score.tempos, gesture.onset)
        return tuple((tempo_seconds(score.tempos, gesture.onset + tick) - start, value) for tick, value in steps)

    return moves_of(timed(gesture.bends), timed(gesture.levels))


def _voices(font: Font, onset: int, off: int, part: Part, note: Note, moved: Moves) -> Iterator[Voice]:
    """Yield the voices of a note, one for each zone that it sounds in; volume and pan as by controllers 7 and 10."""
    gain, pan = _GAIN * (part.volume / 127) ** 2, (part.pan - 64) / 63
    for zone in font.zones(_DRUM_BANK if part.is_drums else 0, part.program):
        if zone.sounds_at(note.pitch, note.velocity):
            recording = font.recording(zone.sample)
            when = (onset, max(off, onset + 1))
            place = (part.channel, gain, pan)
            if made := voice(zone, recording, note.pitch, note.velocity, when, place):
                yield replace(made, moves=moved)


def _joined(sounding: Sequence[Voice], new: Sequence[Voice]) -> list[Voice]:
    """Join new voices to those sounding; a new one cuts off those of its class, as a closed hi-hat does an open one."""
    cut = {(one.channel, one.exclusive): one.onset for one in new if one.exclusive}
    kept = [one.choked(cut[key]) if (key := (one.channel, one.exclusive)) in cut else one for one in sounding]
    return [*kept, *new]


def _faded(block: np.ndarray, frame: int, total: int) -> np.ndarray:
    """Fade a block out towards the end of the whole."""
    fade = round(_FADE_SECONDS * SAMPLE_RATE)
    if frame + len(block) < total - fade:
        return block
    left = total - np.arange(frame, frame + len(block))
    return block * np.clip(left / fade, 0, 1).astype(np.float32)[:, None]

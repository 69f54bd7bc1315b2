"""Render one recording for one note: pitch, loop, envelope, filter and pan.

Every sample depends on time alone, so that any stretch of a note can be rendered by itself. Formulas are those of
SoundFont 2.04 (Creative, 2006): envelopes 8.1.2, attenuation and velocity 8.4.1. While a note sounds, only its
volume changes, and what its gesture moves; a soundfont's own vibrato and moving filters are left out.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from jazzgen.audio import font as sf
from jazzgen.audio.font import Recording, Zone
from jazzgen.audio.moves import STILL, Moves

SAMPLE_RATE = 44_100
_ENVELOPE_DB = 100.0  # fall over the whole of a decay or release time (8.1.2)
_SILENT_DB = -100.0
# EMU's hardware, for which soundfonts are made, applies 0.4 of a zone's attenuation; FluidSynth does so too.
_ATTENUATION_SHARE = 0.4
_SHORTEST_RELEASE_SECONDS = 0.01  # shorter ones click; set by ear, as is the next
_CHOKE_SECONDS = 0.02
_CUTOFF_CENTS = (1_500, 13_500)  # 8.1.2; at 13,500, 20 kHz, it lets all through
_CENTS_ZERO_HZ = 8.176  # MIDI key 0
_MOST_TAPS = 512  # set by hand
_INAUDIBLE = 1e-4  # of the loudest tap, -80 dB; set by hand
_NEVER_LOOPS = (0, 2)
_Falls = tuple[tuple[float, ...], tuple[float, ...]]  # seconds, decibels


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A note played by one zone; times in frames from the start of the whole.

    Attributes:
        onset: when the key is struck.
        end: when it has died away.
        ratio: frames of the recording a frame played.
        gains: left and right, as factors.
        attack: seconds from the onset at which the linear attack starts and ends.
        falls: seconds from the onset and the levels in decibels then, joined by straight lines.
        samples: (frames,), of the recording.
        loop: first frame of the loop in `samples` and the frame after it; None if it does not loop.
        taps: (taps,), impulse response of the filter.
        exclusive: class whose next voice on the channel cuts this one off; 0 for none.
        moves: what its gesture does to it.
    """

    channel: int
    onset: int
    end: int
    ratio: float
    gains: tuple[float, float]
    attack: tuple[float, float]
    falls: _Falls
    samples: np.ndarray
    loop: tuple[int, int] | None
    taps: np.ndarray
    exclusive: int
    moves: Moves = STILL

    def choked(self, frame: int) -> "Voice":
        """Return the voice, cut off at a frame."""
        falls = _let_go(self.falls, (frame - self.onset) / SAMPLE_RATE, _CHOKE_SECONDS)
        return replace(self, end=min(self.end, frame + round(_CHOKE_SECONDS * SAMPLE_RATE)), falls=falls)

    def add_to(self, block: np.ndarray, start: int) -> None:
        """Add the voice to a block, (frames, 2), that begins at frame `start` of the whole."""
        first, last = max(self.onset, start), min(self.end, start + len(block))
        if first >= last:
            return
        first, last = first - self.onset, last - self.onset
        sound = self._filtered(first, last) * self._envelope(first, last)
        target = block[first + self.onset - start : last + self.onset - start]
        for side, gain in enumerate(self.gains):
            target[:, side] += gain * sound

    def _filtered(self, first: int, last: int) -> np.ndarray:
        """Return filtered frames `first` to `last`; the filter also reads the `taps` - 1 frames before them."""
        if len(self.taps) == 1:
            return self._waves(first, last)
        before = first - len(self.taps) + 1
        waves = self._waves(max(before, 0), last)
        return np.convolve(np.concatenate([np.zeros(max(-before, 0), np.float32), waves]), self.taps, "valid")

    def _waves(self, first: int, last: int) -> np.ndarray:
        """Return frames `first` to `last` of the recording at the note's pitch, interpolated linearly."""
        at = np.arange(first, last) * self.ratio
        if self.moves is not STILL:
            at = self.moves.bent(np.arange(first, last) / SAMPLE_RATE) * (SAMPLE_RATE * self.ratio)
        if self.loop is not None:
            low, high = self.loop
            at = np.where(at < high, at, low + (at - low) % (high - low))
        whole = at.astype(np.intp)
        here = self.samples.take(whole, mode="clip")
        steps = self.samples.take(whole + 1, mode="clip") - here
        steps *= (at - whole).astype(np.float32)
        return here + steps

    def _envelope(self, first: int, last: int) -> np.ndarray:
        seconds = np.arange(first, last) / SAMPLE_RATE
        gain = np.exp(np.interp(seconds, *self.falls).astype(np.float32) * np.float32(math.log(10) / 20))
        gain = self.moves.faded(gain, seconds)
        return gain * np.interp(seconds, self.attack, (0, 1)) if seconds[0] < self.attack[1] else gain


def voice(
    zone: Zone,
    recording: Recording,
    key: int,
    velocity: int,
    when: tuple[int, int],
    place: tuple[int, float, float],
) -> Voice | None:
    """Make the voice of a note in a zone; None if its recording is empty.

    Args:
        zone: how to play the recording.
        recording: the zone's.
        key: MIDI pitch.
        velocity: 1 to 127.
        when: frames at which the key is struck and let go.
        place: channel, gain, and pan from -1, left, to 1, right.
    """
    start, end = zone.offset(sf.START), len(recording.samples) + zone.offset(sf.END)
    if not 0 <= start < end <= len(recording.samples):
        return None
    channel, gain, pan = place
    key = key if zone[sf.KEY] < 0 else zone[sf.KEY]
    velocity = velocity if zone[sf.VELOCITY] < 0 else zone[sf.VELOCITY]
    ratio = _ratio(zone, recording, key)
    loop = _loop(zone, recording, start, end)
    onset, off = when
    release = max(_seconds(zone[sf.RELEASE]), _SHORTEST_RELEASE_SECONDS)
    falls = _let_go(_held(zone, key), (off - onset) / SAMPLE_RATE, release)
    lasts = next(seconds for seconds, level in zip(*falls, strict=True) if level <= _SILENT_DB)
    frames = round(lasts * SAMPLE_RATE)
    if loop is None:
        frames = min(frames, int((end - start - 1) / ratio))
    delay = _seconds(zone[sf.DELAY])
    gain *= (velocity / 127) ** 2  # 8.4.1
    gain *= 10 ** (-_ATTENUATION_SHARE * max(zone[sf.ATTENUATION], 0) / 200)
    return Voice(
        channel=channel,
        onset=onset,
        end=onset + frames,
        ratio=ratio,
        gains=_gains(gain, pan + zone[sf.PAN] / 500),
        attack=(delay, delay + _seconds(zone[sf.ATTACK])),
        falls=falls,
        samples=recording.samples[start:end],
        loop=loop,
        taps=low_pass(_cutoff_cents(zone), zone[sf.RESONANCE]),
        exclusive=zone[sf.CLASS],
    )


def _ratio(zone: Zone, recording: Recording, key: int) -> float:
    root = recording.root if zone[sf.ROOT] < 0 else zone[sf.ROOT]
    tuned = 100 * zone[sf.COARSE_TUNE] + zone[sf.FINE_TUNE] + recording.correction_cents
    cents = (key - root) * zone[sf.SCALE] + tuned
    return float(2 ** (np.clip(cents, -12_000, 12_000) / 1_200) * recording.rate / SAMPLE_RATE)


def _loop(zone: Zone, recording: Recording, start: int, end: int) -> tuple[int, int] | None:
    """Return the loop relative to frame `start` of the recording, None if there is none."""
    low = recording.loop[0] + zone.offset(sf.LOOP_START) - start
    high = recording.loop[1] + zone.offset(sf.LOOP_END) - start
    return None if zone[sf.LOOPS] in _NEVER_LOOPS or not 0 <= low < high < end - start else (low, high)


def _held(zone: Zone, key: int) -> _Falls:
    """Return the envelope of a held key without its attack: full level, then a fall to the sustain level."""
    attacked = _seconds(zone[sf.DELAY]) + _seconds(zone[sf.ATTACK])
    falls = attacked + _seconds(zone[sf.HOLD] + zone[sf.KEY_TO_HOLD] * (60 - key))
    sustain = float(np.clip(-zone[sf.SUSTAIN] / 10, _SILENT_DB, 0))
    decay = _seconds(zone[sf.DECAY] + zone[sf.KEY_TO_DECAY] * (60 - key))
    return (falls, falls - sustain / _ENVELOPE_DB * decay), (0.0, sustain)


def _let_go(falls: _Falls, off_seconds: float, release_seconds: float) -> _Falls:
    """Return an envelope released at `off_seconds`: it falls from its level then to silence."""
    kept = [(seconds, level) for seconds, level in zip(*falls, strict=True) if seconds < off_seconds]
    level = float(np.interp(off_seconds, *falls))
    seconds, levels = zip(
        *kept, (off_seconds, level), (off_seconds + release_seconds, level - _ENVELOPE_DB), strict=True
    )
    return seconds, levels


def _seconds(timecents: int) -> float:
    return float(2 ** (np.clip(timecents, -12_000, 8_000) / 1_200))


def _gains(gain: float, pan: float) -> tuple[float, float]:
    """Return left and right gain at constant power for a pan from -1 (left) to 1 (right)."""
    angle = (min(max(pan, -1.0), 1.0) + 1) * math.pi / 4
    return gain * math.cos(angle), gain * math.sin(angle)


def _cutoff_cents(zone: Zone) -> int:
    """Return the cutoff of the zone's filter, in cents, once its envelope has reached sustain."""
    opened = zone[sf.ENVELOPE_TO_CUTOFF] * np.clip(1 - zone[sf.ENVELOPE_SUSTAIN] / 1_000, 0, 1)
    return int(np.clip(zone[sf.CUTOFF] + opened, *_CUTOFF_CENTS))


@lru_cache(1_000)
def low_pass(cutoff_cents: int, resonance_centibels: int) -> np.ndarray:
    """Return the impulse response, (taps,), of a low-pass filter; a single 1 if it is fully open.

    Source: R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients", the low-pass.
    """
    if cutoff_cents >= _CUTOFF_CENTS[1]:
        return np.ones(1)
    turn = 2 * math.pi * _CENTS_ZERO_HZ * 2 ** (cutoff_cents / 1_200) / SAMPLE_RATE
    alpha = math.sin(turn) / math.sqrt(2) / 10 ** (np.clip(resonance_centibels, 0, 960) / 200)
    z = np.exp(-1j * np.linspace(0, math.pi, _MOST_TAPS + 1))
    response = (1 - math.cos(turn)) / 2 * (1 + z) ** 2 / (1 + alpha - 2 * math.cos(turn) * z + (1 - alpha) * z**2)
    taps = np.fft.irfft(response)[:_MOST_TAPS]
    heard = np.flatnonzero(np.abs(taps) > _INAUDIBLE * np.abs(taps).max())
    return taps[: heard[-1] + 1]

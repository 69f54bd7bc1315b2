"""What one note of a soundfont sounds like: pitch, loop, envelope, filter and place."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.audio import font as sf
from jazzgen.audio.font import Recording, Zone
from jazzgen.audio.voice import SAMPLE_RATE, Voice, low_pass, voice

SECOND = SAMPLE_RATE
SINE = np.sin(2 * np.pi * 441 * np.arange(4_400) / SAMPLE_RATE).astype(np.float32)
RECORDING = Recording(SINE, (1_000, 3_000), SAMPLE_RATE, 69, 0)
ZONE = Zone(0, (0, 127), (0, 127), {sf.LOOPS: 1, sf.RELEASE: -12_000})
# Timecents of a second and of a tenth.
ONE, TENTH = 0, round(1_200 * math.log2(0.1))


def struck(key: int = 69, velocity: int = 127, length: int = SECOND, pan: float = -1.0, **amounts: int) -> Voice:
    """A note from frame 0 on, at the left, of a zone with these amounts."""
    zone = replace(ZONE, amounts={**ZONE.amounts, **{getattr(sf, name): amount for name, amount in amounts.items()}})
    made = voice(zone, RECORDING, key, velocity, (0, length), (0, 1.0, pan))
    assert made is not None
    return made


def heard(made: Voice, frames: int = 2 * SECOND) -> np.ndarray:
    block = np.zeros((frames, 2), np.float32)
    made.add_to(block, 0)
    return block


def decibels(samples: np.ndarray, seconds: float) -> float:
    """How loud it is there, beside a full sine."""
    at = round(seconds * SAMPLE_RATE)
    return float(20 * np.log10(np.abs(samples[at : at + 300]).max()))


def frequency(samples: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(samples[:SAMPLE_RATE])).argmax())


@pytest.mark.parametrize(("key", "amounts", "hertz"), [
    (69, {}, 441),
    (81, {}, 882),
    (57, {}, 220.5),
    (69, {"COARSE_TUNE": 12}, 882),
    (69, {"FINE_TUNE": 100}, 441 * 2 ** (1 / 12)),
    (81, {"SCALE": 50}, 441 * 2**0.5),
    (81, {"SCALE": 0}, 441),
    (69, {"ROOT": 57}, 882),
    (30, {"KEY": 81}, 882),
])  # fmt: skip
def test_a_key_sounds_at_its_pitch(key: int, amounts: dict[str, int], hertz: float) -> None:
    assert frequency(heard(struck(key, **amounts))[:, 0]) == pytest.approx(hertz, abs=1)


def test_a_loop_lasts_as_long_as_the_key_is_held_and_without_one_the_recording_ends() -> None:
    assert decibels(heard(struck())[:, 0], 0.9) == pytest.approx(0, abs=0.1)
    assert not heard(struck(LOOPS=0))[4_400:].any()
    assert decibels(heard(struck(LOOPS=0))[:, 0], 0.08) == pytest.approx(0, abs=0.1)


@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=8), st.integers(40, 100))
def test_a_note_is_the_same_in_blocks_of_any_size(sizes: list[int], key: int) -> None:
    made = struck(key, length=20_000, ATTACK=TENTH, CUTOFF=9_000, DECAY=ONE, SUSTAIN=100, RELEASE=TENTH)
    whole = heard(made, sum(sizes))
    blocks: list[np.ndarray] = []
    for size in sizes:
        block = np.zeros((size, 2), np.float32)
        made.add_to(block, sum(len(before) for before in blocks))
        blocks.append(block)
    assert np.allclose(np.concatenate(blocks), whole, atol=1e-6)


def test_the_envelope_rises_holds_falls_stays_and_ends() -> None:
    loud = heard(struck(ATTACK=TENTH, HOLD=TENTH, DECAY=ONE, SUSTAIN=200, RELEASE=ONE))[:, 0]
    assert decibels(loud, 0.05) == pytest.approx(-6, abs=1)  # half of its way up
    assert decibels(loud, 0.15) == pytest.approx(0, abs=0.1)
    assert decibels(loud, 0.3) == pytest.approx(-10, abs=0.3)  # 100 dB a second
    assert decibels(loud, 0.8) == pytest.approx(-20, abs=0.1)  # 200 centibels
    assert decibels(loud, 1.1) == pytest.approx(-30, abs=0.3)
    assert not heard(struck(RELEASE=TENTH))[round(1.2 * SECOND) :].any()


def test_a_key_let_go_while_it_rises_falls_from_there() -> None:
    loud = heard(struck(length=SECOND // 2, ATTACK=ONE, RELEASE=ONE))[:, 0]
    assert np.abs(loud).max() < 0.6


def test_velocity_and_attenuation_are_decibels() -> None:
    assert decibels(heard(struck(velocity=64))[:, 0], 0.5) == pytest.approx(40 * math.log10(64 / 127), abs=0.1)
    assert decibels(heard(struck(ATTENUATION=100))[:, 0], 0.5) == pytest.approx(-4, abs=0.1)


@pytest.mark.parametrize(
    ("pan", "zone_pan", "left"), [(-1, 0, 1), (0, 0, 0.5**0.5), (1, 0, 0), (0, -500, 1), (1, 500, 0)]
)
def test_it_is_as_loud_wherever_it_is(pan: float, zone_pan: int, left: float) -> None:
    gains = struck(pan=pan, PAN=zone_pan).gains
    assert gains[0] == pytest.approx(left, abs=1e-9)
    assert math.hypot(*gains) == pytest.approx(1)


def test_the_filter_lets_low_sounds_through_and_takes_high_ones() -> None:
    response = np.abs(np.fft.rfft(low_pass(8_400, 0), SAMPLE_RATE))  # 8.176 Hz * 2^7 = 1,047 Hz
    assert response[50] == pytest.approx(1, abs=0.01)
    assert 20 * math.log10(response[1_047]) == pytest.approx(-3, abs=0.1)
    assert 20 * math.log10(response[4_188]) == pytest.approx(-24, abs=1.5)  # 12 dB an octave
    assert low_pass(13_500, 0).tolist() == [1]


def test_resonance_lifts_the_cutoff() -> None:
    response = np.abs(np.fft.rfft(low_pass(8_400, 120), SAMPLE_RATE))
    assert 20 * math.log10(response[1_047]) == pytest.approx(-3 + 12, abs=0.2)


def test_one_that_is_cut_off_is_silent_soon_after() -> None:
    cut = heard(struck().choked(10_000))[:, 0]
    assert decibels(cut, 0.2) == pytest.approx(0, abs=0.1)
    assert not cut[10_000 + round(0.02 * SECOND) :].any()


def test_an_empty_recording_is_silent() -> None:
    empty = replace(RECORDING, samples=SINE[:0])
    assert voice(ZONE, empty, 60, 60, (0, 100), (0, 1.0, 0.0)) is None

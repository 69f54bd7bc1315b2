"""A gesture is heard: the pitch of what is rendered, measured by autocorrelation."""

from pathlib import Path

import numpy as np
import pytest
from helpers.soundfonts import write_soundfont
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.audio.moves import STILL, moves_of
from jazzgen.audio.synth import render
from jazzgen.audio.voice import SAMPLE_RATE
from jazzgen.band.gestures import with_gestures
from jazzgen.music.gesture import Gesture
from jazzgen.music.score import TENOR_SAX, Note, Part, Score

_HERTZ = 441  # of the soundfont's A4
_WINDOW, _HOP = 882, 220  # frames: 20 ms, nearly nine waves, and 5 ms


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_soundfont(tmp_path_factory.mktemp("sound") / "sine.sf2", hertz=_HERTZ)


def heard(font: Path, note: Note, gesture: Gesture | None, bpm: float = 120.0) -> np.ndarray:
    part = Part("Solo", (note,), TENOR_SAX, pan=0, gestures=(gesture,) if gesture else ())
    return np.concatenate(list(render(Score(tempos=((0, bpm),), parts=(part,)), font)))[:, 0].astype(float)


def cents_at(samples: np.ndarray) -> np.ndarray:
    """Cents off A4 in each window, by the lag at which the sound is most like itself."""
    return np.array([_cents(samples[at : at + _WINDOW]) for at in range(0, len(samples) - _WINDOW, _HOP)])


def _cents(frame: np.ndarray) -> float:
    lags = np.arange(355, 490)  # four waves, up to 200 cents higher and 350 lower
    alike = [np.dot(frame[:-n], frame[n:]) / np.linalg.norm(frame[:-n]) / np.linalg.norm(frame[n:]) for n in lags]
    place = int(np.argmax(alike[1:-1])) + 1
    before, top, after = alike[place - 1 : place + 2]
    lag = lags[place] + (before - after) / (before - 2 * top + after) / 2
    return float(1_200 * np.log2(4 * SAMPLE_RATE / lag / _HERTZ))


def seconds_of(cents: np.ndarray) -> np.ndarray:
    """The middle of each window."""
    return np.asarray((np.arange(len(cents)) * _HOP + _WINDOW / 2) / SAMPLE_RATE)


def test_a_scoop_is_heard_to_rise_to_the_note(font: Path) -> None:
    steps = tuple((tick, round(-90 * (1 - tick / 100))) for tick in range(0, 101, 10))
    cents = cents_at(heard(font, Note(0, 480, 69), Gesture(0, steps))[: SAMPLE_RATE // 2])
    seconds = seconds_of(cents)
    expected = np.interp(seconds * 960, [0, 100], [-90, 0])
    assert np.abs(cents - expected).max() < 10
    assert np.abs(cents[seconds > 0.13]).max() < 1


def test_vibrato_is_heard_at_its_rate_and_width(font: Path) -> None:
    hertz, width = 5.5, 30
    steps = tuple(
        (tick, round(-width * np.sin(2 * np.pi * hertz * (tick - 240) / 960))) for tick in range(240, 1900, 10)
    )
    cents = cents_at(heard(font, Note(0, 1920, 69), Gesture(0, steps))[: 2 * SAMPLE_RATE])
    seconds = seconds_of(cents)
    assert np.abs(cents[seconds < 0.23]).max() < 2
    wave = cents[(seconds > 0.3) & (seconds < 1.9)]
    assert 27 < wave.max() < 32
    assert -32 < wave.min() < -27
    spectrum = np.abs(np.fft.rfft(wave - wave.mean(), 1 << 14))
    assert np.fft.rfftfreq(1 << 14, _HOP / SAMPLE_RATE)[spectrum.argmax()] == pytest.approx(hertz, abs=0.1)


def test_a_fall_drops_and_fades_and_what_rings_on_stays_there(font: Path) -> None:
    steps = tuple((tick, -tick + 240) for tick in range(240, 480, 10))
    levels = tuple((tick, round(127 - (tick - 240) / 2)) for tick in range(240, 480, 10))
    still, moved = (heard(font, Note(0, 480, 69), one) for one in (None, Gesture(0, steps, levels)))
    cents = cents_at(moved[: SAMPLE_RATE // 2])
    seconds = seconds_of(cents)
    assert cents[seconds > 0.47].min() == pytest.approx(-220, abs=12)
    at = slice(int(0.47 * SAMPLE_RATE), int(0.49 * SAMPLE_RATE))
    assert np.abs(moved[at]).max() / np.abs(still[at]).max() == pytest.approx((17 / 127) ** 2, abs=0.01)
    assert np.abs(moved[int(0.52 * SAMPLE_RATE) :]).max() < 0.05 * np.abs(still).max()


def test_what_the_soloist_does_is_heard_in_tune_at_its_end(font: Path) -> None:
    score = Score(parts=(Part("Solo", (Note(0, 1920, 69),), TENOR_SAX, pan=0),))
    found = next(
        moved.melody.gestures[0]
        for seed in range(99)
        if (moved := with_gestures(score, rng=np.random.default_rng(seed))).melody.gestures
        and moved.melody.gestures[0].kinds == ("scoop", "vibrato")
    )
    cents = cents_at(heard(font, Note(0, 1920, 69), found)[: 2 * SAMPLE_RATE])
    assert cents[0] < -10
    assert np.abs(cents[seconds_of(cents) > 1.985]).max() < 5
    assert np.ptp(cents[seconds_of(cents) > 0.5]) > 30


STEPS = st.lists(
    st.tuples(st.floats(0, 2), st.integers(-500, 500)), min_size=1, max_size=9, unique_by=lambda step: step[0]
)


@given(STEPS.map(sorted), st.floats(0.01, 3))
def test_the_place_in_the_recording_is_the_speed_summed_up(steps: list[tuple[float, int]], until: float) -> None:
    times = np.linspace(0, until, 20_001)
    held = np.array([[0.0, 0], *steps])
    speed = 2 ** (held[np.searchsorted(held[:, 0], times[:-1], side="right") - 1, 1] / 1_200)
    total = float(np.sum(speed * np.diff(times)))
    assert moves_of(steps, ()).bent(np.array([until]))[0] == pytest.approx(total, rel=1e-3, abs=1e-3)


def test_nothing_moves_without_steps() -> None:
    seconds = np.linspace(0, 1, 5)
    assert moves_of((), ()) == STILL
    assert STILL.bent(seconds) is seconds
    assert STILL.faded(seconds, seconds) is seconds

"""Beats found in what was played without a click."""

import numpy as np
import pytest

from jazzgen.music.pulse import FEWEST_ONSETS, find_beats, fits_grid

RNG_SEEDS = range(4)


def take(
    bpm: float, rng: np.random.Generator, *, drift: float = 0.0, beats: int = 160
) -> tuple[np.ndarray, np.ndarray]:
    """Onsets in seconds of a swung line over a walking bass, and the beats; the tempo drifts by a share of itself."""
    steps = 60 / bpm * (1 + drift * np.sin(np.arange(beats) / 20))
    times = 1.3 + np.concatenate([[0], np.cumsum(steps)])
    line = np.concatenate([times[:-1], times[:-1] + 0.62 * steps])
    kept = line[rng.random(len(line)) < 0.75]
    played = np.concatenate([kept, times[:-1]])
    return np.sort(played + rng.normal(0, 0.012, len(played))), times


@pytest.mark.parametrize("bpm", [100, 132, 173, 205])
@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_the_tempo_is_found_to_a_beat_in_two_hundred(bpm: float, seed: int) -> None:
    onsets, _ = take(bpm, np.random.default_rng(seed))
    found = find_beats(onsets, np.ones(len(onsets)))
    assert found is not None
    assert found.steady
    assert found.bpm == pytest.approx(bpm, rel=0.005)


def test_a_tempo_that_drifts_is_followed() -> None:
    onsets, beats = take(150, np.random.default_rng(1), drift=0.05)
    found = find_beats(onsets, np.ones(len(onsets)))
    assert found is not None
    assert not found.steady
    near = found.place(beats[8:-8]) % 1
    assert np.minimum(near, 1 - near).mean() < 0.08


@pytest.mark.parametrize("bpm", [60, 120, 240])
def test_a_tempo_that_is_told_is_kept_to(bpm: float) -> None:
    onsets, _ = take(120, np.random.default_rng(2))
    found = find_beats(onsets, np.ones(len(onsets)), bpm)
    assert found is not None
    assert found.bpm == pytest.approx(bpm, rel=0.02)


def test_before_the_first_beat_and_after_the_last_the_tempo_goes_on() -> None:
    onsets, _ = take(120, np.random.default_rng(3))
    found = find_beats(onsets, np.ones(len(onsets)))
    assert found is not None
    before, after = found.times[0] - 1.0, found.times[-1] + 1.0
    assert found.place(np.array([before]))[0] == pytest.approx(-2, abs=0.05)
    assert found.place(np.array([after]))[0] == pytest.approx(len(found.times) + 1, abs=0.05)


def test_too_few_notes_tell_nothing() -> None:
    few = np.arange(FEWEST_ONSETS - 1) * 0.5
    assert find_beats(few, np.ones(len(few))) is None
    assert fits_grid([7, 131, 333])


@pytest.mark.parametrize("places", [(0, 240), (0, 320), (0, 290), (0, 160, 320), (0, 120, 240, 360)])
def test_music_on_a_grid_fits_it_with_the_usual_freedom(places: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    assert fits_grid([480 * beat + place + round(rng.normal(8, 15)) for beat in range(32) for place in places])


def test_a_take_at_another_tempo_does_not() -> None:
    onsets, _ = take(173, np.random.default_rng(0))
    assert not fits_grid([round(time * 960) for time in onsets])


@pytest.mark.parametrize("seconds", [100.0, 10_000.0, 3e6])
def test_notes_far_apart_have_no_beat_and_take_no_time(seconds: float) -> None:
    times = np.linspace(0, seconds, 40) + np.random.default_rng(0).uniform(0, 0.2, 40)
    assert find_beats(times, np.ones(40)) is None

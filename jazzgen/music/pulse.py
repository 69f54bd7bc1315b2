"""Track the beat of music that was played without a click, and tell whether notes lie on a grid already.

Autocorrelation gives the length of a beat: the lag at which the onsets are most like themselves. Dynamic programming
then finds the beats: the best series of strong onsets about that far apart (D. Ellis, "Beat Tracking by Dynamic
Programming", Journal of New Music Research 36(1), 2007). Limits: tempos from 60 to 300 beats a minute, no faster change
than a tenth from beat to beat, a bar's beats alike; the tempo found may be half or twice the one meant, most of all
above 220.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.music.timing import TICKS_PER_BEAT

FEWEST_ONSETS = 32  # fewer tell too little; set by hand, as the next two
_SPARSEST_SECONDS = 2.0  # a note on average; notes farther apart mark no beat
_LONGEST_SECONDS = 15 * 60.0
# Notes a beat: whole beats, eighths, triplets, sixteenths, sextuplets and 32nds.
_DIVISIONS = (1, 2, 3, 4, 6, 8)
# Length of the mean vector of the onsets, with the beat as a circle. Notes without a grid reach about 0.1 at 100
# onsets; jazz on a grid, swung or straight and with the usual freedom, 0.3 and more.
_ON_GRID = 0.2
_RATE = 100  # frames a second
_SPREAD_SECONDS = 0.02  # standard deviation of the smoothing; set by hand
_SLOWEST_BPM, _FASTEST_BPM = 60.0, 300.0
# Prior of the tempo: log-normal around a usual tempo of jazz, with deviations in octaves. Set by hand.
_USUAL_BPM = 160.0
_OCTAVES = 0.7
_KNOWN_OCTAVES = 0.08  # if the tempo is given
_STIFFNESS = 100.0  # Ellis's alpha
_STEADY_BEATS = 0.12  # the tempo is steady if no beat is farther from a straight line; set by hand
_WINDOW = 16  # beats over which a tempo that changes is smoothed; set by hand


@dataclass(frozen=True, slots=True)
class Beats:
    """The times of beats.

    Attributes:
        times: (n,) in seconds, rising; n is 2 or more.
        steady: whether one tempo holds throughout.
    """

    times: np.ndarray
    steady: bool

    @property
    def bpm(self) -> float:
        """The mean tempo."""
        return 60.0 * (len(self.times) - 1) / float(self.times[-1] - self.times[0])

    def place(self, seconds: np.ndarray) -> np.ndarray:
        """Convert times to beats counted from 0; before the first beat and after the last the tempo there continues."""
        times = self.times
        count = np.arange(len(times), dtype=float)
        before = (seconds - times[0]) / (times[1] - times[0])
        after = count[-1] + (seconds - times[-1]) / (times[-1] - times[-2])
        inside = np.interp(seconds, times, count)
        return np.where(seconds < times[0], before, np.where(seconds > times[-1], after, inside))


def fits_grid(onsets: Sequence[int]) -> bool:
    """Return whether onsets lie on a grid of some division of the beat; True if they are too few to tell.

    Args:
        onsets: in ticks of 1/480 beat.
    """
    if len(onsets) < FEWEST_ONSETS:
        return True
    beats = np.array(onsets) / TICKS_PER_BEAT
    return any(_likeness(division * beats) >= _ON_GRID for division in _DIVISIONS)


def concentration(beats: np.ndarray) -> float:
    """Return how closely positions in beats fit a grid, of the best division: 0 not at all, 1 exactly."""
    return max(_likeness(division * beats) for division in _DIVISIONS)


def _likeness(turns: np.ndarray) -> float:
    """Return the length of the mean vector of positions on a circle, given in turns: 0 if spread out, 1 if equal."""
    angles = 2 * np.pi * turns
    return float(np.hypot(np.cos(angles).mean(), np.sin(angles).mean()))


def find_beats(times: np.ndarray, weights: np.ndarray, bpm: float | None = None) -> Beats | None:
    """Track the beats of notes; None if there are too few notes, or they last too short or too long to have a beat.

    Args:
        times: (n,) onsets in seconds.
        weights: (n,) weight of each.
        bpm: the tempo, if it is known.
    """
    if len(times) < FEWEST_ONSETS:
        return None
    seconds = times.max() - times.min()
    if seconds < 8 * 60 / _SLOWEST_BPM or seconds > min(_SPARSEST_SECONDS * len(times), _LONGEST_SECONDS):
        return None
    start = times.min()
    strength = _strength(times - start, weights)
    tracked = start + _track(strength, _period(strength, bpm)) / _RATE
    return _smoothed(tracked) if len(tracked) > _WINDOW // 2 else None


def _strength(times: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the onset strength of each frame: the weights that start there, smoothed, with deviation 1."""
    frames = np.zeros(int(times.max() * _RATE) + 2 * _RATE)
    np.add.at(frames, np.rint(times * _RATE).astype(int), weights)
    reach = np.arange(-_RATE // 10, _RATE // 10 + 1) / _RATE
    spread = np.convolve(frames, np.exp(-0.5 * (reach / _SPREAD_SECONDS) ** 2), "same")
    return spread / (spread.std() or 1.0)


def _period(strength: np.ndarray, bpm: float | None) -> float:
    """Return the length of a beat in frames."""
    centred = strength - strength.mean()
    spectrum = np.fft.rfft(centred, 2 * len(centred))
    alike = np.fft.irfft(np.abs(spectrum) ** 2)[: len(centred)]
    lags = np.arange(int(60 * _RATE / _FASTEST_BPM), int(60 * _RATE / _SLOWEST_BPM) + 1)
    lags = lags[lags < len(alike) // 4]
    # A beat also repeats after 2 and 4 beats, so these lags count with less weight (set by hand).
    score = alike[lags] + 0.5 * _best_near(alike, 2 * lags) + 0.25 * _best_near(alike, 4 * lags)
    octaves = np.log2(60 * _RATE / lags / (bpm or _USUAL_BPM)) / (_KNOWN_OCTAVES if bpm else _OCTAVES)
    best = int(np.argmax(np.maximum(score, 0) * np.exp(-0.5 * octaves**2)))
    return float(lags[best])


def _best_near(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    return np.max([values[places + step] for step in (-1, 0, 1)], axis=0)


def _track(strength: np.ndarray, period: float) -> np.ndarray:
    """Return the frames of the beats: Ellis's recurrence, then backtracking from the best last beat."""
    steps = np.arange(-int(2 * period), -int(period / 2) + 1)
    cost = -_STIFFNESS * np.log(-steps / period) ** 2
    padded = len(steps) + int(period / 2)
    total = np.concatenate([np.full(padded, -1e9), strength.copy()])
    before = np.full(len(strength), -1)
    for frame in range(len(strength)):
        ways = total[frame + padded + steps[0] : frame + padded + steps[-1] + 1] + cost
        best = int(np.argmax(ways))
        if ways[best] > 0:
            total[frame + padded] += ways[best]
            before[frame] = frame + steps[best]
    scores = total[padded:]
    tail = max(len(scores) - int(2 * period) - 2 * _RATE, 0)
    beats = [tail + int(np.argmax(scores[tail:]))]
    while before[beats[-1]] >= 0:
        beats.append(int(before[beats[-1]]))
    return np.array(beats[::-1], float)


def _smoothed(times: np.ndarray) -> Beats:
    """Smooth beats to a straight line if they are near one, else each to a line through its neighbours."""
    count = np.arange(len(times))
    line = np.polyval(np.polyfit(count, times, 1), count)
    step = (times[-1] - times[0]) / (len(times) - 1)
    if np.abs(times - line).max() < _STEADY_BEATS * step:
        return Beats(line, steady=True)
    smooth = [_on_local_line(times, place) for place in range(len(times))]
    return Beats(np.maximum.accumulate(np.array(smooth) + 1e-6 * count), steady=False)


def _on_local_line(times: np.ndarray, place: int) -> float:
    first = max(min(place - _WINDOW // 2, len(times) - _WINDOW), 0)
    count = np.arange(first, min(first + _WINDOW, len(times)))
    return float(np.polyval(np.polyfit(count, times[count], 1), place))

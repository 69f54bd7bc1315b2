"""A solo's profile: a few coarse figures of the whole, decided on before the first note.

A model that hears only the notes so far drifts to the middle of its corpus, and its solos are more alike than human
ones. Given a profile, it starts from it, and `improvise.steering` keeps it there. Each figure but the last is a column:
0 for nothing, else the value's bin plus 1.
"""

from collections.abc import Mapping

import numpy as np

from jazzgen.codec.context import SoloArrays
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.music.timing import TATUMS_PER_BEAT

REST_TATUMS = 4  # silences longer than an eighth-note triplet are rests; set by hand
UNITY_RUN, UNITY_BACK = 4, 128  # steps of a repeated figure, and notes within which it must recur; set by hand
# Bin edges of each figure but the first, which divide human solos about evenly.
_EDGES: Mapping[str, np.ndarray] = {
    "spread": np.array([4.3, 5.0, 5.6, 6.3, 7.2]),  # standard deviation of pitch, semitones
    "pace": np.array([1.0, 1.2, 1.4, 1.65, 2.0, 2.6, 3.5]),  # notes a beat
    "space": np.array([0.14, 0.19, 0.24, 0.29, 0.36]),  # share of the time in rests
    "inside": np.array([0.42, 0.48, 0.52, 0.56, 0.62]),  # share of notes that are in the chord
    "unity": np.array([0.02, 0.05, 0.09, 0.14, 0.22]),  # share of figures that recur
}
N_PITCHES = HIGHEST - LOWEST + 1
ECHO = "echo"  # share of notes that occurred, at the same pitch, this many bars before:
ECHO_BARS = (2, 4, 8)
# The figures that the network hears, and the number of values of each; `ECHO` is only steered by.
PROFILE: Mapping[str, int] = {"tessitura": N_PITCHES} | {name: len(edges) + 1 for name, edges in _EDGES.items()}
FIGURES = (*PROFILE, ECHO)


def figures_of(solo: SoloArrays, pitch: np.ndarray) -> np.ndarray:
    """Compute a solo's figures (7,), in the order of `FIGURES`; NaN where it does not define one.

    Args:
        solo: with a note or more.
        pitch: (n,) of its notes, counted from the lowest that is scored.
    """
    onset = solo.notes.onset
    length = solo.notes.length
    figures = pitch.mean(), pitch.std(), _pace(onset), _space(onset, length), _inside(solo), _unity(np.diff(pitch))
    return np.array([*figures, _echo(solo, pitch)], float)


def profile_columns(figures: np.ndarray) -> np.ndarray:
    """Return the columns (..., 6) of figures (..., 7)."""
    values = [np.floor(figures[..., 0] + 0.5)]
    values += [np.searchsorted(edges, figures[..., 1 + place]) for place, edges in enumerate(_EDGES.values())]
    known = ~np.isnan(figures[..., : len(PROFILE)])
    return np.where(known, np.stack(values, axis=-1), -1).astype(np.int64) + 1


def mean_pitch(total: np.ndarray | int, n: np.ndarray | int) -> np.ndarray:
    """Return a mean as a whole number, halves rounded up."""
    return np.asarray((2 * total + n) // (2 * n))


def _pace(onset: np.ndarray) -> float:
    return float(len(onset) / ((onset[-1] - onset[0]) / TATUMS_PER_BEAT + 1))


def _space(onset: np.ndarray, length: np.ndarray) -> float:
    since = np.diff(onset)
    silent = since - np.minimum(length[:-1], since)
    return float(silent[silent > REST_TATUMS].sum() / since.sum()) if since.sum() else np.nan


def _inside(solo: SoloArrays) -> float:
    chord = solo.here.chord
    of_chord = chord.pitch_classes[np.arange(len(solo.notes)), solo.notes.pitch % 12]
    return float(of_chord[chord.sounds].mean()) if chord.sounds.any() else np.nan


def _unity(steps: np.ndarray) -> float:
    # Sort runs by content, keeping order in time: neighbours that are equal recur, and their distance is known.
    if len(steps) < UNITY_RUN:
        return np.nan
    runs = np.lib.stride_tricks.sliding_window_view(steps, UNITY_RUN)
    _, which = np.unique(runs, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    same = np.diff(which.ravel()[order]) == 0
    return float((same & (np.diff(order) <= UNITY_BACK)).sum() / len(runs))


def _echo(solo: SoloArrays, pitch: np.ndarray) -> float:
    codes = solo.notes.onset * N_PITCHES + pitch
    bar = solo.here.bar_tatums * N_PITCHES
    there = [np.isin(codes - bars * bar, codes) for bars in ECHO_BARS]
    return float(np.logical_or.reduce(there).mean())

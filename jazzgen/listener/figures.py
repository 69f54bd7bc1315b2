"""A listener that goes by figures of whole solos: shares of runs, `metrics` figures and histograms, weighed by a
logistic regression. It hears no order of notes, and so is fooled by other things than the networks are.
"""

from collections.abc import Sequence

import numpy as np

from jazzgen.errors import ScoreError
from jazzgen.listener.config import ListenerOptions
from jazzgen.listener.sharing import RUNS, Vocabulary, said_again
from jazzgen.listener.solos import Heard
from jazzgen.metrics.figures import FIGURE_LABELS, HISTOGRAM_LABELS, histograms, measure

# The figures that a listener hears, by the name of what it goes by; runs are of steps. The changes are the same on
# both sides, and so is the feel as written: what they alone decide is left out.
_STEPS = ("runs", "pitch_range", "interval")
_DEGREES = (
    *("chord_tones_strong", "chord_tones_weak", "chord_tones_off", "degree"),
    *("scale_tones_strong", "scale_tones_weak", "scale_tones_off"),
    *("entropy_1", "entropy_4", "similarity_2", "similarity_4", "similarity_8"),
)
_RHYTHM = ("grooving", "phrase_notes", "phrase_beats", "density", "inter_onset")
_LENGTHS = ("rest_share", "duration")
_GROUPS = {
    "all": (*_STEPS, *_DEGREES, *_RHYTHM, *_LENGTHS, "phrase_range"),
    "pitches": (*_STEPS, *_DEGREES),
    "steps": _STEPS,
    "degrees": _DEGREES,
    "rhythm": _RHYTHM,
    "lengths": _LENGTHS,
}
_FURTHEST = 4.0  # standard deviations; beyond, one odd figure would drown the others
_ROUNDS = 30


class Weighing:
    """A trained logistic regression over figures."""

    def __init__(self, features: str, solos: Sequence[Heard], options: ListenerOptions) -> None:
        """Trains on solos of both sides."""
        self._features = features
        self._vocabulary = Vocabulary((solo.tune, solo.line.intervals) for solo in solos if solo.person)
        rows, people = self._rows(solos), np.array([solo.person for solo in solos])
        known = np.maximum((~np.isnan(rows)).sum(axis=0), 1)
        self._mean = np.nansum(rows, axis=0) / known
        self._sd = np.sqrt(np.nansum((rows - self._mean) ** 2, axis=0) / known)
        self._weights = logistic_weights(self._scaled(rows), people, options.penalty)

    def odds(self, solos: Sequence[Heard]) -> np.ndarray:
        """Log-odds (solos,) that a person played each."""
        return self._scaled(self._rows(solos)) @ self._weights

    def _rows(self, solos: Sequence[Heard]) -> np.ndarray:
        return np.stack([_figures(solo, self._features, self._vocabulary) for solo in solos])

    def _scaled(self, rows: np.ndarray) -> np.ndarray:
        """In standard deviations from the mean, what is not known at the mean, and a column of ones."""
        apart = np.divide(rows - self._mean, self._sd, out=np.zeros_like(rows), where=self._sd > 0)
        return np.append(np.clip(np.nan_to_num(apart), -_FURTHEST, _FURTHEST), np.ones((len(rows), 1)), axis=1)


def logistic_weights(rows: np.ndarray, labels: np.ndarray, penalty: float) -> np.ndarray:
    """Weights (d,) of the likeliest logistic regression with a penalty on their squares, by Newton's method.

    Args:
        rows: (n, d); the last column is of ones, and its weight is free.
        labels: (n,), true or false.
        penalty: for each row, of half the squared weights.

    Source: C. Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.3, with a Gaussian prior.
    """
    ridge = np.full(rows.shape[1], penalty * len(rows))
    ridge[-1] = 1e-6
    weights = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (labels - chance) - ridge * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _figures(solo: Heard, features: str, vocabulary: Vocabulary) -> np.ndarray:
    """All figures of a group, end to end."""
    line = solo.line
    try:
        measured = measure(line)
        known = {name: [getattr(measured, name)] for name in FIGURE_LABELS}
    except ScoreError:
        known = {name: [np.nan] for name in FIGURE_LABELS}
    counted = histograms(line)
    shapes = {name: np.sqrt(_shares(getattr(counted, name))) for name in HISTOGRAM_LABELS}
    steps = line.intervals
    runs = [share for n in RUNS for share in (said_again(steps, n), vocabulary.heard(steps, n, solo.tune))]
    found = known | shapes | {"runs": np.sqrt(runs)}
    return np.concatenate([found[name] for name in _GROUPS[features]])


def _shares(counts: np.ndarray) -> np.ndarray:
    return counts / max(counts.sum(), 1)

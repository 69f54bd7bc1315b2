"""Judge whole solos by figures: shares of runs, `metrics` figures and histograms, in a logistic regression.

It hears no order of notes, so what fools it differs from what fools the networks.
"""

from collections.abc import Sequence

import numpy as np

from jazzgen.errors import ScoreError
from jazzgen.listener.config import ListenerOptions
from jazzgen.listener.sharing import RUNS, Vocabulary, said_again
from jazzgen.listener.solos import Heard
from jazzgen.metrics.figures import FIGURE_LABELS, HISTOGRAM_LABELS, histograms, measure

# The figures in each group of features; runs are runs of steps. Figures that depend only on the changes or the written
# feel are left out, as both sides have the same.
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
_FURTHEST = 4.0  # standard deviations, set by hand; beyond, one odd figure would dominate the others
_ROUNDS = 30  # at most, of Newton's method; set by hand


class Weighing:
    """A logistic regression trained on figures."""

    def __init__(self, features: str, solos: Sequence[Heard], options: ListenerOptions) -> None:
        """Train on solos of both sides."""
        self._features = features
        self._vocabulary = Vocabulary((solo.tune, solo.line.intervals) for solo in solos if solo.person)
        rows = self._rows(solos)
        people = np.array([solo.person for solo in solos])
        known = np.maximum((~np.isnan(rows)).sum(axis=0), 1)
        self._mean = np.nansum(rows, axis=0) / known
        self._sd = np.sqrt(np.nansum((rows - self._mean) ** 2, axis=0) / known)
        self._weights = logistic_weights(self._scaled(rows), people, options.penalty)

    def odds(self, solos: Sequence[Heard]) -> np.ndarray:
        """Return the log-odds (solos,) that a person played each."""
        return self._scaled(self._rows(solos)) @ self._weights

    def _rows(self, solos: Sequence[Heard]) -> np.ndarray:
        return np.stack([_figures(solo, self._features, self._vocabulary) for solo in solos])

    def _scaled(self, rows: np.ndarray) -> np.ndarray:
        """Scale to standard deviations from the mean, unknown values at the mean, and append a column of ones."""
        apart = np.divide(rows - self._mean, self._sd, out=np.zeros_like(rows), where=self._sd > 0)
        return np.append(np.clip(np.nan_to_num(apart), -_FURTHEST, _FURTHEST), np.ones((len(rows), 1)), axis=1)


def logistic_weights(rows: np.ndarray, labels: np.ndarray, penalty: float) -> np.ndarray:
    """Fit a logistic regression with a penalty on squared weights, by Newton's method; return weights (d,).

    Args:
        rows: (n, d); the last column is all ones, and its weight is not penalised.
        labels: (n,), true or false.
        penalty: on half the squared weights, for each row.

    Source: C. Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.3, with a Gaussian prior.
    """
    ridge = np.full(rows.shape[1], penalty * len(rows))
    ridge[-1] = 1e-6  # keeps the system solvable
    weights = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        # Probabilities, then gradient and Hessian of the penalised log-likelihood.
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (labels - chance) - ridge * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _figures(solo: Heard, features: str, vocabulary: Vocabulary) -> np.ndarray:
    """Concatenate all figures of a group."""
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

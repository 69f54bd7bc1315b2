"""Train a listener on some tunes and test it on others, by window and by solo.

TensorFlow is imported when a network is trained, not before.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.errors import CorpusError
from jazzgen.learning.startup import load_tensorflow
from jazzgen.listener.area import Area, area_by_tune
from jazzgen.listener.config import Kind, ListenerOptions
from jazzgen.listener.figures import Weighing
from jazzgen.listener.solos import Heard
from jazzgen.listener.windows import judged_windows

# Fewest solos of each side to train a listener on and to test it on, set by hand.
LEAST_SOLOS = 10
LEAST_JUDGED = 2


@dataclass(frozen=True, slots=True)
class Moment:
    """A window of a solo: the solo, its first note, and the log-odds that a person played it."""

    solo: Heard
    start: int
    odds: float


@dataclass(frozen=True, eq=False)
class Judgement:
    """How one kind of listener judged the solos that it was tested on.

    Attributes:
        kind, features: of the listener.
        windows: how well it tells windows of 32 notes apart; None for a listener that hears whole solos.
        solos: how well it tells solos apart, by the mean of their windows.
        moments: every window.
        trained, asked: (human, generated) solos that the first trial trained on, and that all trials tested on.
    """

    kind: Kind
    features: str
    windows: Area | None
    solos: Area
    moments: tuple[Moment, ...]
    trained: tuple[int, int]
    asked: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Trial:
    """Solos to train a listener on, and solos over other tunes to test it on."""

    training: tuple[Heard, ...]
    judged: tuple[Heard, ...]


def trial_of(solos: Sequence[Heard], is_judged: Callable[[str], bool]) -> Trial:
    """Split solos into training and test by tune.

    Args:
        solos: of both sides.
        is_judged: whether a tune, given by the title of one of its solos, is kept for the test.

    Raises:
        CorpusError: either side has too few.
    """
    judged = {solo.tune for solo in solos if is_judged(solo.score.title)}
    return _checked(Trial(*(tuple(s for s in solos if (s.tune in judged) == asked) for asked in (False, True))))


def folded(solos: Sequence[Heard], folds: int, seed: int = 0) -> list[Trial]:
    """Make `folds` trials that between them test on every tune once.

    Raises:
        CorpusError: there are too few solos or tunes.
    """
    tunes = sorted({solo.tune for solo in solos})
    if not 2 <= folds <= len(tunes):
        raise CorpusError(f"folds {folds}: the solos are over {len(tunes)} tunes; take 2 to {max(len(tunes), 2)}")
    order = np.random.default_rng(seed).permutation(len(tunes))
    fold = {tunes[place]: number % folds for number, place in enumerate(order)}
    return [
        _checked(Trial(*(tuple(s for s in solos if (fold[s.tune] == k) == asked) for asked in (False, True))))
        for k in range(folds)
    ]


def _checked(trial: Trial) -> Trial:
    for solos, least, what in (
        (trial.training, LEAST_SOLOS, "train a listener on"),
        (trial.judged, LEAST_JUDGED, "ask it about"),
    ):
        people = sum(solo.person for solo in solos)
        if min(people, len(solos) - people) < least:
            raise CorpusError(
                f"{people} and {len(solos) - people} solos to {what}: each side needs {least} or more; "
                "give a larger corpus, or hold out fewer or more tunes"
            )
    return trial


def judge(kind: Kind, features: str, trials: Sequence[Trial], options: ListenerOptions) -> Judgement:
    """Train a listener for each trial and pool their judgements."""
    # The solos tested on, their windows, and the mean log-odds of each solo.
    asked, windows, means = [], [], []
    for trial in trials:
        odds = _odds(kind, features, trial, options)
        for moments in odds:
            asked.append(moments[0].solo)
            windows += moments
            means.append(float(np.mean([moment.odds for moment in moments])))
    names = {tune: number for number, tune in enumerate(sorted({solo.tune for solo in asked}))}
    rng = np.random.default_rng(options.seed)

    def area(scores: Sequence[float], solos: Sequence[Heard]) -> Area:
        people = np.array([solo.person for solo in solos])
        tunes = np.array([names[solo.tune] for solo in solos])
        return area_by_tune(np.array(scores), people, tunes, rng=rng)

    by_window = area([moment.odds for moment in windows], [moment.solo for moment in windows])
    return Judgement(
        kind,
        features,
        None if kind == "figures" else by_window,
        area(means, asked),
        tuple(windows),
        _counts(trials[0].training),
        _counts(asked),
    )


def _counts(solos: Sequence[Heard]) -> tuple[int, int]:
    people = sum(solo.person for solo in solos)
    return people, len(solos) - people


def _odds(kind: Kind, features: str, trial: Trial, options: ListenerOptions) -> Iterator[list[Moment]]:
    """Yield the windows of each solo tested on; for a listener that hears whole solos, one a solo."""
    if kind == "figures":
        for solo, odd in zip(trial.judged, Weighing(features, trial.training, options).odds(trial.judged), strict=True):
            yield [Moment(solo, 0, float(odd))]
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors are raised; the rest is noise
    load_tensorflow()
    from jazzgen.listener.fit import fit_network  # noqa: PLC0415 - brings TensorFlow

    windows = judged_windows(trial.judged)
    odds = fit_network(kind, features, trial.training, options).odds(windows)
    for number, solo in enumerate(trial.judged):
        own = np.flatnonzero(windows.solos == number)
        yield [Moment(solo, int(windows.starts[row]), float(odds[row])) for row in own]

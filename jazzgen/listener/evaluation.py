"""A listener trained on some tunes and asked about others: how often it is right, by window and by solo.

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

LEAST_SOLOS = 10  # of each side, to train a listener on
LEAST_JUDGED = 2  # of each side, to ask it about


@dataclass(frozen=True, slots=True)
class Moment:
    """A window of a solo: which solo, its first note, and the log-odds that a person played it."""

    solo: Heard
    start: int
    odds: float


@dataclass(frozen=True, eq=False)
class Judgement:
    """What one kind of listener made of the solos that it was asked about.

    Attributes:
        kind, features: of the listener.
        windows: how well it tells 32 notes; None of a listener that goes by whole solos.
        solos: how well it tells solos, by the mean of their windows.
        moments: every window.
        trained, asked: solos of people and of the model that it was trained on, in the first trial, and asked about.
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
    """Solos to train a listener on, and solos to ask it about, over other tunes."""

    training: tuple[Heard, ...]
    judged: tuple[Heard, ...]


def trial_of(solos: Sequence[Heard], is_judged: Callable[[str], bool]) -> Trial:
    """Args:
    solos: of both sides.
    is_judged: whether a tune, by the title of one of its solos, is kept from training.

    Raises:
        CorpusError: when either side has too few.
    """
    judged = {solo.tune for solo in solos if is_judged(solo.score.title)}
    return _checked(Trial(*(tuple(s for s in solos if (s.tune in judged) == asked) for asked in (False, True))))


def folded(solos: Sequence[Heard], folds: int, seed: int = 0) -> list[Trial]:
    """Trials that between them ask about every tune once, each a share of them.

    Raises:
        CorpusError: when there are too few solos, or tunes.
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
                f"{people} and {len(solos) - people} solos to {what}: {least} of each side are the least; "
                "give a larger corpus, or hold out fewer or more tunes"
            )
    return trial


def judge(kind: Kind, features: str, trials: Sequence[Trial], options: ListenerOptions) -> Judgement:
    """Trains a listener for each trial and puts what they say together."""
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
        people, tunes = np.array([solo.person for solo in solos]), np.array([names[solo.tune] for solo in solos])
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
    """The windows of each solo asked about; the solo itself if the listener goes by whole solos."""
    if kind == "figures":
        for solo, odd in zip(trial.judged, Weighing(features, trial.training, options).odds(trial.judged), strict=True):
            yield [Moment(solo, 0, float(odd))]
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what goes wrong is raised, and the rest is chatter
    load_tensorflow()
    from jazzgen.listener.fit import fit_network  # noqa: PLC0415 - brings TensorFlow

    windows = judged_windows(trial.judged)
    odds = fit_network(kind, features, trial.training, options).odds(windows)
    for number, solo in enumerate(trial.judged):
        own = np.flatnonzero(windows.solos == number)
        yield [Moment(solo, int(windows.starts[row]), float(odds[row])) for row in own]

"""Train a listener to tell how people play notes from how a model of touch, or the rules, play the same notes.

Both sides play the same written notes; the listener hears, for windows of 32 notes, what is known of each note and its
three measures of touch, clipped to the same quantiles. It trains on a split's training tunes and is tested on the
others.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jazzgen.corpus import read_corpus
from jazzgen.corpus.split import load_split, tune_of
from jazzgen.learning.startup import load_tensorflow
from jazzgen.learning.touch.bundle import TouchModel, load_touch
from jazzgen.learning.touch.columns import N_ROWS, NUMBERS, STARTS, Facts, facts_of
from jazzgen.learning.touch.examples import touch_of
from jazzgen.learning.touch.perform import perform_touch
from jazzgen.learning.touch.scale import QUANTITIES, Scale
from jazzgen.listener.area import Area, area_by_tune
from jazzgen.listener.rules import rules_touch
from jazzgen.music.score import Score

WINDOW = 32
_HOP = WINDOW // 2
_SET_ASIDE = 10  # one tune in ten chooses the epoch
_UNITS, _EMBEDDING, _DROPOUT, _RATE, _BATCH = 64, 48, 0.3, 2e-3, 64  # set by hand, as is `_SET_ASIDE`
_HEARD = {
    "all": (0, 1, 2),
    "loudness": (0,),
    "lateness": (1,),
    "length": (2,),
}


@dataclass(frozen=True, eq=False)
class Performance:
    """A solo as somebody played it: its tune, whether a person did, its facts, and its touch (n, 3)."""

    tune: str
    person: bool
    facts: Facts
    touch: np.ndarray


def performances(
    scores: Sequence[Score], model: TouchModel, ours: Callable[[int, Score, Facts], np.ndarray], *, as_written: bool
) -> list[Performance]:
    """Return people's performance of each solo and ours, hiding lengths from the facts unless `as_written`."""
    found = []
    for number, score in enumerate(scores):
        facts = facts_of(score, model.config.names)
        heard = facts if as_written else facts.without_lengths()
        for person, touch in ((True, touch_of(score, facts)), (False, ours(number, score, facts))):
            found.append(Performance(tune_of(score.title), person, heard, _clipped(touch, model.scale)))
    return found


def _clipped(touch: np.ndarray, scale: Scale) -> np.ndarray:
    """Clip to what the model can draw, and round as finely as the database is: to 0.01 sd, 1 ms and 0.002."""
    return np.round(np.clip(touch, scale.knots[:, 0], scale.knots[:, -1]) / [0.01, 1, 0.002]) * [0.01, 1, 0.002]


class Windows:
    """Windows of 32 notes, as a network hears them."""

    def __init__(self, solos: Sequence[Performance], cuts: Sequence[tuple[int, int]], scale: Scale, heard: str) -> None:
        self.solos = np.array([solo for solo, _ in cuts])
        self.people = np.array([solos[solo].person for solo, _ in cuts])
        self._cuts = [(solos[solo], start) for solo, start in cuts]
        self._scale = scale
        self._heard = list(_HEARD[heard])

    def __len__(self) -> int:
        return len(self.solos)

    def inputs(self, rows: np.ndarray) -> list[np.ndarray]:
        known = np.zeros((len(rows), WINDOW, len(STARTS)), np.int32)
        touch = np.zeros((len(rows), WINDOW, 3 * len(QUANTITIES)), np.float32)
        numbers = []
        for row, place in enumerate(rows):
            solo, start = self._cuts[place]
            part = slice(start, start + WINDOW)
            known[row] = solo.facts.columns[part] + STARTS
            numbers.append(solo.facts.numbers[part])
            values = np.full((WINDOW, len(QUANTITIES)), np.nan)
            values[:, self._heard] = solo.touch[part][:, self._heard]
            scores = self._scale.scores(values)
            touch[row] = np.concatenate([self._scale.standardised(values), scores, np.isfinite(values)], axis=1)
        return [known, np.stack(numbers).astype(np.float32), touch]


def _cuts(solos: Sequence[Performance], hop: int, rng: np.random.Generator | None = None) -> list[tuple[int, int]]:
    cuts = []
    for number, solo in enumerate(solos):
        first = int(rng.integers(hop)) if rng else 0
        cuts += [(number, start) for start in range(first, len(solo.touch) - WINDOW + 1, hop)]
    return [cuts[place] for place in rng.permutation(len(cuts))] if rng else cuts


def listen(
    training: Sequence[Performance],
    judged: Sequence[Performance],
    scale: Scale,
    heard: str = "all",
    epochs: int = 10,
    seed: int = 0,
) -> tuple[Area, Area]:
    """Train a listener; return how well it tells windows apart, and whole solos by the mean of theirs."""
    load_tensorflow()
    import keras  # noqa: PLC0415 - slow

    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    tunes = sorted({solo.tune for solo in training})
    aside = {tunes[place] for place in rng.permutation(len(tunes))[: max(1, len(tunes) // _SET_ASIDE)]}
    learnt = [solo for solo in training if solo.tune not in aside]
    choosing = [solo for solo in training if solo.tune in aside]
    model = _network()
    check = Windows(choosing, _cuts(choosing, _HOP), scale, heard)
    best, kept = np.inf, model.get_weights()
    for epoch in range(epochs):
        model.optimizer.learning_rate = _RATE * (1 + np.cos(np.pi * epoch / epochs)) / 2
        cut = Windows(learnt, _cuts(learnt, WINDOW, rng), scale, heard)
        for rows in _batches(len(cut), _BATCH):
            model.train_on_batch(cut.inputs(rows), cut.people[rows, None].astype(np.float32))
        odds = _odds(model, check)
        loss = float(np.logaddexp(0, np.where(check.people, -odds, odds)).mean())
        if loss < best:
            best, kept = loss, model.get_weights()
    model.set_weights(kept)
    test = Windows(judged, _cuts(judged, _HOP), scale, heard)
    return _areas(judged, test, _odds(model, test), rng)


def _network() -> "keras.Model":  # type: ignore[name-defined]  # noqa: F821 - imported when it is built
    import keras  # noqa: PLC0415 - slow
    from keras import ops  # noqa: PLC0415 - slow

    known = keras.Input((WINDOW, len(STARTS)), dtype="int32")
    numbers, touch = (keras.Input((WINDOW, n)) for n in (len(NUMBERS), 3 * len(QUANTITIES)))
    x = ops.sum(keras.layers.Embedding(N_ROWS, _EMBEDDING)(known), axis=2) + keras.layers.Dense(_EMBEDDING)(numbers)
    x = keras.layers.Dropout(_DROPOUT)(x)
    x = ops.concatenate([x, touch, keras.layers.Dense(_EMBEDDING, "tanh")(ops.concatenate([x, touch], -1))], -1)
    x = keras.layers.Bidirectional(keras.layers.GRU(_UNITS, return_sequences=True))(x)
    x = ops.concatenate([ops.mean(x, axis=1), ops.max(x, axis=1)], axis=-1)
    model = keras.Model([known, numbers, touch], keras.layers.Dense(1)(keras.layers.Dropout(_DROPOUT)(x)))
    model.compile(keras.optimizers.Adam(_RATE), keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def _batches(count: int, size: int) -> list[np.ndarray]:
    return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]


def _odds(model: "keras.Model", windows: Windows) -> np.ndarray:  # type: ignore[name-defined]  # noqa: F821
    return np.concatenate([np.asarray(model(windows.inputs(rows)))[:, 0] for rows in _batches(len(windows), 512)])


def _areas(
    solos: Sequence[Performance], windows: Windows, odds: np.ndarray, rng: np.random.Generator
) -> tuple[Area, Area]:
    names = sorted({solo.tune for solo in solos})
    tune = np.array([names.index(solo.tune) for solo in solos])
    heard = np.unique(windows.solos)
    means = np.array([odds[windows.solos == solo].mean() for solo in heard])
    people = np.array([solos[solo].person for solo in heard])
    return (
        area_by_tune(odds, windows.people, tune[windows.solos], rng=rng),
        area_by_tune(means, people, tune[heard], rng=rng),
    )


def main() -> None:
    parser = ArgumentParser(description="Tell how people play notes from how a model of touch plays the same notes.")
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", type=Path, required=True)
    parser.add_argument("--rules", action="store_true", help="judge the band's rules in place of the model")
    parser.add_argument(
        "--by-itself", action="store_true", help="hide written lengths: the model articulates by itself"
    )
    parser.add_argument("--by-sound", action="store_true", help="the listener does not know how long notes are written")
    parser.add_argument("--hears", choices=list(_HEARD), nargs="+", default=["all"], help="what the listener hears")
    parser.add_argument("--epochs", type=int, default=10, help="passes of the listener's training (default: 10)")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    model, split = load_touch(asked.model), load_split(asked.split)
    scores = [reading.score for _, reading in read_corpus([asked.corpus]).readings]

    def ours(number: int, score: Score, facts: Facts) -> np.ndarray:
        rng = np.random.default_rng([asked.seed, number])
        if asked.rules:
            return rules_touch(score, facts, rng=rng)
        return np.array(perform_touch(model, score, rng=rng, as_written=not asked.by_itself))

    training, judged = (
        performances(
            [s for s in scores if split.holds_out(s.title) is out],
            model,
            ours,
            as_written=not (asked.by_itself or asked.by_sound),
        )
        for out in (False, True)
    )
    for heard in asked.hears:
        for what, area in zip(
            ("windows", "solos"), listen(training, judged, model.scale, heard, asked.epochs, asked.seed), strict=True
        ):
            print(f"hears {heard}: {what} told apart {area.area:.3f} ({area.low:.3f} to {area.high:.3f}), {area.count}")

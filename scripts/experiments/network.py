"""Compare speed with the exercise's own unrolled graphs, of the same sizes, as ratios in one run.

The exercise trains on 60 windows of 30 steps over 78 values with 64 units, by `fit` on a graph with 30 outputs, and
generates from a second graph of unrolled steps; it reports loss and accuracy, as jazzgen's step does. The figures of
each pair are measured one after the other, each in a process of its own.
"""

import math
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import keras
import numpy as np

from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.engine import Engine
from jazzgen.learning.grammar.fit import Trainer
from jazzgen.learning.grammar.graphs import inference_graph, training_graph
from jazzgen.learning.grammar.layers import SharedLayers
from jazzgen.learning.grammar.windows import NOTHING, Windows, one_hot
from jazzgen.learning.options import FitOptions
from jazzgen.learning.startup import load_tensorflow

CONFIG = Config(n_values=78, n_a=64, tx=30)
WINDOWS, TY = 60, 50  # the exercise's
# Set by hand, as are the bars of the comparisons.
LARGER = (120, 240, 480)
_ENOUGH_SECONDS = 8.0
_COLD_STARTS = 5
_Figures = TypeVar("_Figures")


@dataclass(frozen=True)
class Comparison:
    """Two speeds or two times; `ratio` is how many times better jazzgen is, `bar` the ratio it should reach."""

    what: str
    unit: str
    exercise: float
    jazzgen: float
    ratio: float
    bar: float

    def __str__(self) -> str:
        verdict = "ok" if self.ratio >= self.bar else "below"
        return (
            f"{self.what:42} {self.exercise:10.4g} {self.jazzgen:10.4g} {self.unit:8} "
            f"{self.ratio:8.1f}x (bar {self.bar:g}x: {verdict})"
        )


def main() -> None:
    """Print the table."""
    print(f"{'':42} {'exercise':>10} {'jazzgen':>10}")
    for compare in (compare_training, compare_larger_batches, compare_generation, compare_cold_start):
        for comparison in compare():
            print(comparison, flush=True)


def compare_training() -> Iterator[Comparison]:
    """Measure the time from building the graph to the end of the first epoch, then steps a second."""
    theirs_first, theirs_rate = _in_new_process(_train_theirs, WINDOWS)
    ours_first, ours_rate = _in_new_process(_train_ours, WINDOWS)
    yield Comparison("first epoch", "s", theirs_first, ours_first, theirs_first / ours_first, 20)
    yield Comparison(f"training, batch {WINDOWS}", "steps/s", theirs_rate, ours_rate, ours_rate / theirs_rate, 5)


def compare_larger_batches() -> Iterator[Comparison]:
    """Measure steps a second with larger batches, where matrix products, equal in both, count more."""
    for m in LARGER:
        _, theirs = _in_new_process(_train_theirs, m)
        _, ours = _in_new_process(_train_ours, m)
        yield Comparison(f"training, batch {m}", "steps/s", theirs, ours, ours / theirs, 10)


def compare_generation() -> Iterator[Comparison]:
    """Measure tokens a second for one solo: the exercise's compiled `predict` against the NumPy engine."""
    theirs = _in_new_process(_generate_theirs)
    engine = Engine(SharedLayers.build(CONFIG).weights())
    ours = 1000 * _rate(lambda: engine.generate(1000))
    yield Comparison("generation", "steps/s", theirs, ours, ours / theirs, 50)


def compare_cold_start() -> Iterator[Comparison]:
    """Time `jazzgen generate` in a new process, against importing TensorFlow alone; the best of several."""
    theirs = _cold_start([sys.executable, "-c", "import tensorflow"])
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        _train_small_model(model)
        command = [
            sys.executable,
            "-m",
            "jazzgen",
            "generate",
            "--model",
            str(model),
            "--tune",
            "blues-f",
            "--seed",
            "1",
        ]
        ours = _cold_start([*command, "-o", str(Path(folder) / "solo.mid")])
    yield Comparison("cold start (import tensorflow, generate)", "s", theirs, ours, theirs / ours, 3)


def _in_new_process(measure: Callable[..., _Figures], *arguments: int) -> _Figures:
    """Run `measure` in a new process, since each sets up TensorFlow its own way, once a process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def _train_theirs(m: int) -> tuple[float, float]:
    return _time_training(partial(_unrolled_epoch, m))


def _train_ours(m: int) -> tuple[float, float]:
    load_tensorflow()
    return _time_training(partial(_jazzgen_epoch, m))


def _generate_theirs() -> float:
    model = inference_graph(SharedLayers.build(CONFIG), CONFIG, TY, unrolled=True)
    inputs = [np.zeros((1, size), np.float32) for size in (CONFIG.n_values, CONFIG.n_a, CONFIG.n_a)]
    return TY * _rate(lambda: model.predict(inputs, verbose=0))


def _time_training(make_epoch: Callable[[], Callable[[], object]]) -> tuple[float, float]:
    """Return the seconds to the end of the first epoch, then epochs (of one step) a second."""
    keras.ops.convert_to_numpy(keras.ops.ones(1))  # keeps TensorFlow's start-up out of both times
    start = time.perf_counter()
    epoch = make_epoch()
    epoch()
    first = time.perf_counter() - start
    return first, _rate(epoch)


def _unrolled_epoch(m: int) -> Callable[[], object]:
    windows = _windows(m)
    model = training_graph(SharedLayers.build(CONFIG), CONFIG, CONFIG.tx, unrolled=True)
    losses = ["categorical_crossentropy"] * CONFIG.tx
    metrics = [["accuracy"]] * CONFIG.tx
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=losses, metrics=metrics)
    states = np.zeros((m, CONFIG.n_a), np.float32)
    inputs = [one_hot(windows.inputs, CONFIG.n_values), states, states]
    targets = list(one_hot(windows.targets, CONFIG.n_values).transpose(1, 0, 2))
    return lambda: model.fit(inputs, targets, epochs=1, batch_size=m, verbose=0)


def _jazzgen_epoch(m: int) -> Callable[[], object]:
    windows = _windows(m)
    trainer = Trainer(CONFIG, FitOptions(batch_size=m))
    return lambda: trainer.run_epoch(1, windows, None)


def _windows(m: int) -> Windows:
    targets = np.random.default_rng(0).integers(0, CONFIG.n_values, (m, CONFIG.tx), dtype=np.int32)
    return Windows(np.concatenate([np.full((m, 1), NOTHING, np.int32), targets[:, :-1]], axis=1), targets)


def _rate(call: Callable[[], object]) -> float:
    """Return calls a second, from the fastest of many: other load on the machine only ever adds time."""
    call()
    quickest = math.inf
    end = time.perf_counter() + _ENOUGH_SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        quickest = min(quickest, time.perf_counter() - start)
    return 1 / quickest


def _cold_start(command: list[str]) -> float:
    def run() -> float:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - start

    return min(run() for _ in range(_COLD_STARTS))


def _train_small_model(folder: Path) -> None:
    command = [sys.executable, "-m", "jazzgen", "train", "midi/starter", "-o", str(folder), "--epochs", "3", "--quiet"]
    subprocess.run(command, check=True, capture_output=True)

"""Measure how fast the soloist plays in NumPy on one core, and the limit set by its arithmetic."""

import os
import time
from pathlib import Path

import numpy as np

from jazzgen.harmony.changes import parse_chart
from jazzgen.learning import sampling
from jazzgen.learning.soloist.bundle import Soloist, load_soloist
from jazzgen.learning.soloist.moments import PARTS
from jazzgen.learning.soloist.net import Net
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score

SHIPPED = Path(__file__).parents[2] / "models" / "soloist"
# Set by hand.
_BATCHES = {1: 200, 8: 60, 32: 40, 128: 20}  # solos: notes of each
_ROUNDS, _PRODUCTS = 3, 2000
_CHANGES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | Am7b5 D7b9 | Gm7 | C7 | F7 D7b9 | Gm7 C7"


def main() -> None:
    """Print notes a second by batch size, and the limit; for one core, set OPENBLAS_NUM_THREADS=1."""
    soloist = load_soloist(SHIPPED)
    stage = Stage.of(Score(changes=parse_chart(_CHANGES).repeated(40).changes))
    for m, notes in _BATCHES.items():
        best = min(_seconds(soloist, stage, m, notes) for _ in range(_ROUNDS))
        print(f"soloist, {m} solos side by side: {m * notes / best:,.0f} notes/s")
    products = _multiplications(soloist.net)
    limit = _products_a_second(soloist.net) / products
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    print(f"arithmetic: {products:,} products a note, alone {limit:,.0f} notes/s at batch 1 ({threads} threads)")


def _seconds(soloist: Soloist, stage: Stage, m: int, notes: int) -> float:
    session = Session(soloist.net, soloist.memory, stage, m)
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(notes * len(PARTS)):
        logits = session.logits()
        session.choose(sampling.choose(logits, sampling.gumbel(logits.shape, rng)))
    return time.perf_counter() - start


def _multiplications(net: Net) -> int:
    """Count the multiplications in a note's matrix products."""
    return sum(a.size for v in net.voices.values() for a in (v.kernel, v.recurrent, v.joint, v.out))


def _products_a_second(net: Net) -> float:
    """Measure multiplications a second in products of a row and a recurrent kernel."""
    matrix = net.voices["pitch"].recurrent
    row = np.ones((1, len(matrix)), np.float32)
    start = time.perf_counter()
    for _ in range(_PRODUCTS):
        row @ matrix
    return matrix.size * _PRODUCTS / (time.perf_counter() - start)

"""Check that a bassist plays what was trained: NumPy beat by beat against the Keras graph and the textbook LSTM."""

from collections.abc import Iterator

import numpy as np

from jazzgen.harmony.changes import parse_chart
from jazzgen.learning.bass.examples import Line, line_over, make_batch
from jazzgen.learning.bass.graphs import BassLayers, line_graph
from jazzgen.learning.bass.hearing import LOW
from jazzgen.learning.bass.net import Net
from jazzgen.learning.bass.places import places_of
from jazzgen.learning.bass.walk import Bassist, Walk
from jazzgen.learning.grammar.check import LIMITS, Comparison, largest_difference
from jazzgen.music.score import Score
from jazzgen.reference.lstm import lstm_cell_forward

_CHANGES = "F7 | Bb7 | F7 | Cm7/G F7 | Bb7 | Bdim7 | F7 | Am7b5 D7b9 | Gm7 | C7 | F7 N.C. | Gm7 C7"
_REST = 0.1  # share of beats without a note, set by hand


def check_bassist(bassist: Bassist, *, reference: Net | None = None, seed: int = 0) -> Iterator[Comparison]:
    """Compare the logits of a line, each note fed back, and the states of the LSTM cell.

    Args:
        bassist: to check.
        reference: weights that NumPy uses instead of the bassist's, to show that a difference is found.
        seed: of the line.
    """
    played = Bassist(bassist.name, bassist.config, reference or bassist.net)
    line, logits = _played(played, np.random.default_rng(seed))
    for dtype, layer, what in (
        ("float32", "densor", f"logits of {len(line)} beats, fed back"),
        ("float64", "lstm_cell", "states of the LSTM cell, the reference's"),
    ):
        shared = BassLayers.build(bassist.config, dtype=dtype)
        shared.load(bassist.net)
        found, hidden = _keras(shared, bassist, line, dtype)
        expected = logits if dtype == "float32" else _reference_states(shared, played.net, line)
        difference = largest_difference(found if dtype == "float32" else hidden, expected)
        yield Comparison(dtype, layer, what, difference, LIMITS[dtype])


def _played(bassist: Bassist, rng: np.random.Generator) -> tuple[Line, np.ndarray]:
    """Draw a line, and return it with the logits of every beat (n, N_PITCHES)."""
    places = places_of(Score(changes=parse_chart(_CHANGES).changes), "SWING")
    walk = Walk(bassist, places)
    pitches: list[int | None] = []
    logits = []
    for _ in range(len(places)):
        logits.append(walk.logits())
        chances = walk.probabilities()
        pitches.append(None if rng.random() < _REST else LOW + int(rng.choice(len(chances), p=chances / chances.sum())))
        walk.take(pitches[-1])
    return line_over(places, pitches), np.stack(logits)


def _keras(shared: BassLayers, bassist: Bassist, line: Line, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the graph's logits (n, N_PITCHES) and hidden states (n, n_a)."""
    batch = make_batch([line], np.array([[0, 0]]), len(line))
    zeros = np.zeros((1, bassist.config.n_a), dtype)
    inputs = [batch.heard.astype(dtype), batch.last, batch.root, batch.next_bass, zeros, zeros]
    logits, hidden = line_graph(shared, bassist.config, len(line))(inputs)
    return np.asarray(logits)[0], np.asarray(hidden)[0]


def _reference_states(shared: BassLayers, net: Net, line: Line) -> np.ndarray:
    """Return the hidden states (n, n_a) of the textbook's cell, gates in the order i, f, c, o."""
    batch = make_batch([line], np.array([[0, 0]]), len(line))
    x = np.asarray(shared.embedder(batch.heard.astype(np.float64)))[0]
    n = len(net.recurrent)
    stacked = np.concatenate([net.recurrent, net.kernel]).astype(np.float64)
    blocks = {gate: slice(place * n, (place + 1) * n) for place, gate in enumerate("ifco")}
    parameters = {f"W{gate}": stacked[:, block].T for gate, block in blocks.items()}
    parameters |= {f"b{gate}": net.bias[block, None].astype(np.float64) for gate, block in blocks.items()}
    parameters |= {"Wy": np.zeros((1, n)), "by": np.zeros((1, 1))}
    a = c = np.zeros((n, 1))
    states = []
    for step in x:
        a, c, _, _ = lstm_cell_forward(step[:, None], a, c, parameters)
        states.append(a[:, 0])
    return np.stack(states)

"""Check that touch is drawn from what was trained: NumPy against the Keras graph, and the LSTMs against the reference.

A solo is played in NumPy, note by note, each draw fed back. Then the training graph hears the same notes and draws,
and must give the same logits. The LSTM cells, in float64, are compared with the reference.
"""

from collections.abc import Iterator

import numpy as np

from jazzgen.harmony.changes import parse_chart
from jazzgen.learning.grammar.check import LIMITS, Comparison, largest_difference
from jazzgen.learning.lstm import State
from jazzgen.learning.touch.bundle import TouchModel
from jazzgen.learning.touch.columns import facts_of
from jazzgen.learning.touch.examples import Batch, Example, make_batch
from jazzgen.learning.touch.graphs import TouchLayers, training_graph
from jazzgen.learning.touch.net import Net, drifts
from jazzgen.learning.touch.scale import MISSING, QUANTITIES
from jazzgen.music.score import Note, Part, Score
from jazzgen.reference.lstm import lstm_cell_forward

_NOTES = 48  # set by hand
_CHANGES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | Am7b5 D7b9 | Gm7 | C7 | F7 D7b9 | Gm7 C7"


def check_touch(model: TouchModel, *, reference: Net | None = None, seed: int = 0) -> Iterator[Comparison]:
    """Compare means, logits and states.

    Args:
        model: to check.
        reference: weights that NumPy uses instead of the model's, to show that a difference is found.
        seed: of the notes and of what is drawn.
    """
    net = reference or model.net
    example, logits = _played(model, net, np.random.default_rng(seed))
    batch = make_batch([example], np.array([[0, 0]]), len(example), model.scale)
    shared = TouchLayers.build(model.config.sizes)
    shared.load(model.net)
    graph = training_graph(shared, len(example))
    means, *outputs = (np.asarray(output)[0] for output in graph(_inputs(batch)))
    ours = net.means(net.encode(example.facts))
    yield Comparison("float32", "mean", f"means of {_NOTES} notes", largest_difference(means, ours), LIMITS["float32"])
    for quantity, output, numbers in zip(QUANTITIES, outputs, logits, strict=True):
        difference = largest_difference(output, numbers)
        yield Comparison("float32", quantity, f"logits of {_NOTES} choices, fed back", difference, LIMITS["float32"])
    exact = TouchLayers.build(model.config.sizes, dtype="float64")
    exact.load(model.net)
    rng = np.random.default_rng(seed)
    for name in ("forward", "backward", "player"):
        difference = _cell_difference(exact, net, name, rng)
        yield Comparison("float64", name, "states of the LSTM, the reference's", difference, LIMITS["float64"])


def _inputs(batch: Batch) -> list[np.ndarray]:
    return [batch.heard, batch.numbers, batch.last, batch.drift, batch.own]


def _played(model: TouchModel, net: Net, rng: np.random.Generator) -> tuple[Example, list[np.ndarray]]:
    """Draw the touch of made-up notes; return it, and each quantity's logits."""
    steps = rng.integers(1, 5, _NOTES) * 120
    onsets = np.cumsum(steps) - steps
    notes = tuple(
        Note(onset, duration, pitch)
        for onset, duration, pitch in zip(
            onsets.tolist(), (steps - 40).tolist(), rng.integers(50, 80, _NOTES).tolist(), strict=True
        )
    )
    facts = facts_of(Score(changes=parse_chart(_CHANGES).changes, parts=(Part("Solo", notes),)), model.config.names)
    player = net.player
    gates, heads = player.given(net.encode(facts))
    state = State.zeros(1, player.recurrent)
    values = np.full((_NOTES, len(QUANTITIES)), np.nan)
    bins = np.full((_NOTES, len(QUANTITIES)), MISSING)
    said: list[list[np.ndarray]] = [[] for _ in QUANTITIES]
    for note in range(_NOTES):
        drift = drifts(model.scale.scores(values[: note + 1]))[note]
        before = bins[note - 1] if note else np.full(len(QUANTITIES), MISSING)
        state = player.step(gates[note], before, drift, state)
        above = player.above(heads[note], state)
        for head in range(len(QUANTITIES)):
            logits = player.logits(head, above[head], bins[note])
            said[head].append(logits)
            bins[note, head] = (logits + rng.gumbel(size=logits.shape)).argmax()
            values[note, head] = model.scale.value(head, bins[note, head], np.array(0.5))
    return Example(facts, values, bins, drifts(model.scale.scores(values))), [np.stack(rows) for rows in said]


def _cell_difference(shared: TouchLayers, net: Net, name: str, rng: np.random.Generator) -> float:
    layer = getattr(shared, name)
    kernel, recurrent, bias = (
        net.arrays[f"{name}_{part}"].astype(np.float64) for part in ("kernel", "recurrent", "bias")
    )
    x = rng.normal(size=(2, _NOTES, len(kernel)))
    n = len(recurrent)
    stacked = np.concatenate([recurrent, kernel])
    blocks = {gate: slice(place * n, (place + 1) * n) for place, gate in enumerate("ifco")}
    parameters = {f"W{gate}": stacked[:, block].T for gate, block in blocks.items()}
    parameters |= {f"b{gate}": bias[block, None] for gate, block in blocks.items()}
    parameters |= {"Wy": np.zeros((1, n)), "by": np.zeros((1, 1))}
    a = c = np.zeros((n, len(x)))
    states = []
    for step in (x[:, ::-1] if name == "backward" else x).transpose(1, 2, 0):
        a, c, _, _ = lstm_cell_forward(step, a, c, parameters)
        states.append(a.T)
    return largest_difference(np.asarray(layer(x)), np.stack(states, axis=1))

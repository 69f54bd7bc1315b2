"""Check that the soloist plays what was trained: a NumPy session against the Keras layers, fed the same one-hots.

The session plays some notes, each choice fed back to the next. Every choice also goes through the step graph: the input
as ones and zeros, through reshaper, embedder, LSTM cell, joint layer and densor, with states of its own from the first
note on. The LSTM cells, in float64, are compared with the reference.
"""

import copy
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from jazzgen.harmony.changes import parse_chart
from jazzgen.learning import sampling
from jazzgen.learning.grammar.check import LIMITS, Comparison, largest_difference
from jazzgen.learning.lstm import State
from jazzgen.learning.soloist.bundle import Soloist, arrays_of
from jazzgen.learning.soloist.examples import N_HEARD
from jazzgen.learning.soloist.graphs import SoloistLayers, step_graph
from jazzgen.learning.soloist.hearing import N_ROWS, heard_chords, heard_rows
from jazzgen.learning.soloist.moments import INDEX, PARTS, PartName
from jazzgen.learning.soloist.net import MASKED, ORDER_SCALE, Given, Net, Voice
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score
from jazzgen.reference.lstm import lstm_cell_forward

_NOTES, _SOLOS = 24, 2  # set by hand
_CHANGES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | Am7b5 D7b9 | Gm7 | C7 | F7 D7b9 | Gm7 C7"


class Choice(NamedTuple):
    """One choice made by a session, for m solos.

    Attributes:
        heard: (m, N_HEARD) ones and zeros.
        given: the rest of the input.
        logits: (m, classes), NumPy's.
    """

    heard: np.ndarray
    given: Given
    logits: np.ndarray


class _Taped(Voice):
    """A voice that records its inputs and its answers."""

    tape: list[tuple[Given, np.ndarray]]

    def logits(self, a: np.ndarray, given: Given) -> np.ndarray:
        answer = super().logits(a, given)
        self.tape.append((copy.deepcopy(given), answer.copy()))
        return answer


def check_soloist(soloist: Soloist, *, reference: Net | None = None, seed: int = 0) -> Iterator[Comparison]:
    """Compare logits and states.

    Args:
        soloist: to check.
        reference: weights that NumPy uses instead of the soloist's, to show that a difference is found.
        seed: of the notes played.
    """
    choices = _played(soloist, reference or soloist.net, np.random.default_rng(seed))
    shared = SoloistLayers.build(soloist.config)
    shared.load(arrays_of(soloist.net))
    for part in PARTS:
        difference = _graph_difference(shared, soloist, part, choices[part])
        yield Comparison("float32", part, f"logits of {_NOTES} choices, fed back", difference, LIMITS["float32"])
    exact = SoloistLayers.build(soloist.config, dtype="float64")
    exact.load(arrays_of(soloist.net))
    for part in PARTS:
        difference = _cell_difference(exact, (reference or soloist.net).voices[part], part, choices[part])
        yield Comparison("float64", part, "states of the LSTM cell, the reference's", difference, LIMITS["float64"])


def _played(soloist: Soloist, net: Net, rng: np.random.Generator) -> dict[PartName, list[Choice]]:
    """Play notes and return every choice."""
    stage = Stage.of(Score(changes=parse_chart(_CHANGES).changes))
    voices = {
        part: _Taped(**{name: getattr(v, name) for name in Voice.__match_args__}) for part, v in net.voices.items()
    }
    for voice in voices.values():
        object.__setattr__(voice, "tape", [])
    session = Session(Net(net.embedding, dict(voices)), soloist.memory, stage, _SOLOS)
    heard = []
    for _ in range(_NOTES * len(PARTS)):
        heard.append(_one_hots(session, stage))
        logits = session.logits()
        session.choose(sampling.choose(logits, sampling.gumbel(logits.shape, rng)))
    return {
        part: [Choice(ones, *said) for ones, said in zip(heard[number :: len(PARTS)], voices[part].tape, strict=True)]
        for number, part in enumerate(PARTS)
    }


def _one_hots(session: Session, stage: Stage) -> np.ndarray:
    """Return the session's input as ones and zeros (m, N_HEARD)."""
    ones = np.zeros((len(session), N_HEARD), np.float32)
    np.put_along_axis(ones, heard_rows(session.columns), 1, axis=1)
    tatum = np.minimum(session.onset, len(stage.place) - 1)
    ones[:, N_ROWS:] = heard_chords(stage.classes[stage.harmony[tatum]], session.columns)
    return ones


def _graph_difference(shared: SoloistLayers, soloist: Soloist, part: PartName, choices: list[Choice]) -> float:
    graph = step_graph(shared, soloist.config, part)
    state = soloist.net.voices[part].start(_SOLOS)
    worst = 0.0
    for choice in choices:
        given = choice.given
        advice = [given.advice.log_probabilities[:, None], given.advice.orders[:, None] * ORDER_SCALE]
        places = [given.columns[:, INDEX[name], None] for name in ("pitch", "degree", "next_degree")]
        inputs = [choice.heard, *state, *advice, *places, given.recency[:, None].astype(np.int32)]
        logits, *following = (np.asarray(output) for output in graph(inputs))
        possible = choice.logits > MASKED / 2
        worst = max(worst, largest_difference(logits[possible], choice.logits[possible]))
        state = State(*following)
    return worst


def _cell_difference(shared: SoloistLayers, voice: Voice, part: PartName, choices: list[Choice]) -> float:
    heard = np.stack([choice.heard for choice in choices], axis=1).astype(np.float64)
    x = np.asarray(shared.embedder(heard))
    hidden, _, _ = shared.voices[part].lstm_cell(x)
    n = len(voice.recurrent)
    stacked = np.concatenate([voice.recurrent, voice.kernel]).astype(np.float64)
    blocks = {gate: slice(place * n, (place + 1) * n) for place, gate in enumerate("ifco")}
    parameters = {f"W{gate}": stacked[:, block].T for gate, block in blocks.items()}
    parameters |= {f"b{gate}": voice.bias[block, None].astype(np.float64) for gate, block in blocks.items()}
    parameters |= {"Wy": np.zeros((1, n)), "by": np.zeros((1, 1))}
    a = c = np.zeros((n, _SOLOS))
    states = []
    for step in x.transpose(1, 2, 0):
        a, c, _, _ = lstm_cell_forward(step, a, c, parameters)
        states.append(a.T)
    return largest_difference(np.asarray(hidden), np.stack(states, axis=1))

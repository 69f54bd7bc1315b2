"""The network in NumPy against the reference LSTM, and its logits against the formula."""

import numpy as np
import pytest
from helpers.small_soloist import CONFIG, small_soloist

from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.licks import Advice
from jazzgen.learning.soloist.memory import N_ADVISERS
from jazzgen.learning.soloist.moments import CLASSES, COLUMNS, INDEX, PARTS, WIDEST, PartName
from jazzgen.learning.soloist.net import MASKED, Given, Net, n_outputs
from jazzgen.learning.soloist.recency import N_LEVELS
from jazzgen.reference.lstm import lstm_cell_forward

N_A = CONFIG.n_a
M = 3


def arrays(part: PartName, seed: int = 1) -> tuple[np.ndarray, Given]:
    rng = np.random.default_rng(seed)
    shape = (M, N_ADVISERS[part], CLASSES[part])
    advice = Advice(rng.normal(size=shape).astype(np.float32), rng.integers(0, 6, shape[:2]).astype(np.float32))
    columns = np.zeros((M, len(COLUMNS)), np.int64)
    columns[:, INDEX["pitch"]] = np.array([LOWEST, 60, HIGHEST]) - LOWEST + 1
    columns[:, INDEX["degree"]] = [0, 1, 12]
    columns[:, INDEX["next_degree"]] = [3, 0, 7]
    a, x = (rng.normal(size=(M, size)).astype(np.float32) for size in (N_A, CONFIG.n_x))
    return a, Given(x, advice, columns, rng.integers(0, N_LEVELS, (M, CLASSES["pitch"])))


def by_formula(net: Net, part: PartName, a: np.ndarray, given: Given) -> list[list[float]]:
    """Row by row and class by class, from the module's docstring."""
    (x, advice, columns, recency), head, found = given, net.voices[part], []
    for row in range(M):
        j = np.tanh(np.concatenate([a[row], x[row], advice.orders[row] / 8]) @ head.joint + head.joint_bias)
        out, sizes = j @ head.out + head.out_bias, n_outputs(part)
        layers = dict(zip(sizes, np.split(out, np.cumsum(list(sizes.values()))[:-1]), strict=True))
        logits = layers["classes"] + layers["gates"] @ advice.log_probabilities[row]
        if part == "pitch":
            last = columns[row, INDEX["pitch"]] + LOWEST - 1
            degree, coming = columns[row, INDEX["degree"]], columns[row, INDEX["next_degree"]]
            for step in range(-WIDEST, WIDEST + 1):
                pitch = last + step
                own = layers["pitches"][pitch - LOWEST] if LOWEST <= pitch <= HIGHEST else MASKED
                logits[step + WIDEST] += own + layers["recency"][recency[row, step + WIDEST]]
                logits[step + WIDEST] += layers["degrees"][(degree - 1 + step) % 12] if degree else 0
                logits[step + WIDEST] += layers["next_degrees"][(coming - 1 + step) % 12] if coming else 0
        found.append(logits.tolist())
    return found


def test_a_step_is_the_references_over_a_sequence() -> None:
    net = small_soloist().net.voices["pitch"]
    blocks = {gate: slice(n * N_A, (n + 1) * N_A) for n, gate in enumerate("ifco")}
    stacked = np.concatenate([net.recurrent, net.kernel]).astype(np.float64)
    parameters = {f"W{gate}": stacked[:, block].T for gate, block in blocks.items()}
    parameters |= {f"b{gate}": net.bias[block, None].astype(np.float64) for gate, block in blocks.items()}
    parameters |= {"Wy": np.zeros((1, N_A)), "by": np.zeros((1, 1))}
    state, a, c = net.start(M), np.zeros((N_A, M)), np.zeros((N_A, M))
    for x in np.random.default_rng(0).normal(size=(6, M, CONFIG.n_x)):
        state = net.step(x.astype(np.float32), state)
        a, c, _, _ = lstm_cell_forward(x.T, a, c, parameters)
        np.testing.assert_allclose(state.a, a.T, atol=1e-6)
        np.testing.assert_allclose(state.c, c.T, atol=1e-6)


@pytest.mark.parametrize("part", PARTS)
def test_logits_are_what_the_formula_says(part: PartName) -> None:
    net, given = small_soloist().net, arrays(part)
    np.testing.assert_allclose(net.voices[part].logits(*given), by_formula(net, part, *given), rtol=1e-4, atol=1e-4)


def test_no_pitch_is_out_of_range_and_every_one_in_it_is_possible() -> None:
    logits = small_soloist().net.voices["pitch"].logits(*arrays("pitch"))
    for row, last in enumerate((LOWEST, 60, HIGHEST)):
        pitches = last + np.arange(-WIDEST, WIDEST + 1)
        assert ((logits[row] > MASKED / 2) == ((pitches >= LOWEST) & (pitches <= HIGHEST))).all()


@pytest.mark.parametrize("part", PARTS)
def test_solos_side_by_side_do_not_mix(part: PartName) -> None:
    net = small_soloist().net
    a, given = arrays(part)
    whole = net.voices[part].logits(a, given)
    for row in range(M):
        one = slice(row, row + 1)
        x, advice, columns, recency = given
        of_one = Given(x[one], Advice(*(field[one] for field in advice)), columns[one], recency[one])
        alone = net.voices[part].logits(a[one], of_one)
        np.testing.assert_allclose(alone, whole[one], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("part", PARTS)
def test_outputs_are_as_many_as_the_head_has(part: PartName) -> None:
    assert small_soloist().net.voices[part].out.shape == (CONFIG.n_joint, sum(n_outputs(part).values()))

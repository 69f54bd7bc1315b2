"""The character model's two cells: their equations for one step, and fast versions for a sequence.

Both have the same dictionary of parameters, so that every function of `charlm` takes either; the rows of Waa tell which
cell it is.

Wax  (k n_a, n_x)   input weights
Waa  (k n_a, n_a)   recurrent weights
b    (k n_a, 1)
Wya  (n_y, n_a)     output weights
by   (n_y, 1)

An RNN has k = 1 and the state a (n_a, 1). An LSTM has k = 4, gates i, f, g, o stacked, and the state [a; c] (2 n_a, 1),
hidden above cell. Throughout, z = Wax x + b is the input's contribution to the gates.

The equations are those of J. Elman (1990), and of S. Hochreiter and J. Schmidhuber (1997) with the forget gate of
F. Gers et al. (2000). Over a sequence, time runs along the rows, and whatever does not depend on the previous step is
one product over all steps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.reference.output import sigmoid

Parameters = Mapping[str, np.ndarray]
CellCache = tuple[np.ndarray, ...]
NAMES = ("Wax", "Waa", "Wya", "b", "by")


@dataclass(frozen=True)
class Cell:
    """A cell as functions; `n_a` is the number of units.

    Attributes:
        name: rnn or lstm.
        gates: k, rows of Waa for each unit.
        states: s, rows of the state for each unit: 1, or 2 with a cell state.
        step: z (k n_a, 1), Waa and the previous state to the next state. 1-D vectors work too.
        step_backward: z, Waa, the previous state and the gradient of the next to dz and the previous state's gradient.
        forward: z (T, k n_a), Waa and the first state (s n_a,) to all states (T + 1, s n_a) and a cache.
        backward: gradient of the hidden states (T, n_a), Waa, states and cache to dz and the first state's gradient.
    """

    name: str
    gates: int
    states: int
    step: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    step_backward: Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    forward: Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, CellCache]]
    backward: Callable[[np.ndarray, np.ndarray, np.ndarray, CellCache], tuple[np.ndarray, np.ndarray]]


def find_cell(name: str) -> Cell:
    """Return the cell of that name; OptionError if there is none."""
    if name not in CELLS:
        raise OptionError(f"cell '{name}': must be {' or '.join(CELLS)}")
    return CELLS[name]


def cell_of(parameters: Parameters) -> Cell:
    """Return the cell whose parameters these are; OptionError if Waa fits none."""
    rows, n_a = parameters["Waa"].shape
    for cell in CELLS.values():
        if rows == cell.gates * n_a:
            return cell
    raise OptionError(f"Waa has shape {(rows, n_a)}; (n_a, n_a) is an RNN's and (4 n_a, n_a) an LSTM's")


def rnn_step(z: np.ndarray, Waa: np.ndarray, a_prev: np.ndarray) -> np.ndarray:
    """Return the next state a = tanh(z + Waa a_prev)."""
    return np.tanh(z + Waa @ a_prev)


def rnn_step_backward(
    z: np.ndarray, Waa: np.ndarray, a_prev: np.ndarray, da: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of z and a_prev: dz = (1 - a^2) da; da_prev = Waa^T dz."""
    dz = (1 - rnn_step(z, Waa, a_prev) ** 2) * da
    return dz, Waa.T @ dz


def rnn_forward(z: np.ndarray, Waa: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, CellCache]:
    a = np.empty((len(z) + 1, len(state)))
    a[0] = state
    for z_t, a_prev, a_next in zip(z, a, a[1:], strict=False):
        np.tanh(z_t + Waa.dot(a_prev), out=a_next)
    return a, ()


def rnn_backward(dA: np.ndarray, Waa: np.ndarray, states: np.ndarray, _: CellCache) -> tuple[np.ndarray, np.ndarray]:
    slopes = 1 - states[1:] ** 2
    dz, da = np.empty_like(dA), np.zeros(dA.shape[1])
    WaaT = Waa.T
    for slope, dA_t, dz_t in zip(slopes[::-1], dA[::-1], dz[::-1], strict=True):
        np.multiply(slope, dA_t + da, out=dz_t)
        da = WaaT.dot(dz_t)
    return dz, da


def lstm_step(z: np.ndarray, Waa: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Return the next [a; c].

    i, f, o = sigmoid(z + Waa a_prev), g = tanh(z + Waa a_prev), each with its own rows;
    c = f c_prev + i g; a = o tanh(c).
    """
    a_prev, c_prev = np.split(state, 2)
    i, f, g, o = np.split(z + Waa @ a_prev, 4)
    c = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    a = sigmoid(o) * np.tanh(c)
    return np.concatenate([a, c])


def lstm_step_backward(
    z: np.ndarray, Waa: np.ndarray, state: np.ndarray, dstate: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of z (each gate's before its sigmoid or tanh) and of [a_prev; c_prev].

    dc' = dc + da o (1 - tanh(c)^2); di = dc' g, df = dc' c_prev, dg = dc' i, do = da tanh(c);
    da_prev = Waa^T dz; dc_prev = dc' f.
    """
    a_prev, c_prev = np.split(state, 2)
    i, f, g, o = np.split(z + Waa @ a_prev, 4)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    tanh_c = np.tanh(f * c_prev + i * g)
    da, dc = np.split(dstate, 2)
    dc = dc + da * o * (1 - tanh_c**2)
    dz = np.concatenate(
        [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), da * tanh_c * o * (1 - o)]
    )
    return dz, np.concatenate([Waa.T @ dz, dc * f])


def lstm_forward(z: np.ndarray, Waa: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, CellCache]:
    """Run a sequence with one tanh for all four gates, as sigmoid(z) = tanh(z / 2) / 2 + 1/2.

    A gate is scale tanh(scale z) + shift: scale and shift are 1/2 for the sigmoids, 1 and 0 for g.
    """
    n_a = Waa.shape[1]
    steps = len(z)
    scale, shift = _gate_scale(n_a)
    z, Waa = scale * z, scale[:, None] * Waa
    states, tanhs, tanh_c = np.empty((steps + 1, 2 * n_a)), np.empty_like(z), np.empty((steps, n_a))
    gates = np.empty_like(z)
    states[0] = state
    a, c = states[:, :n_a], states[:, n_a:]
    for t in range(steps):
        np.tanh(z[t] + Waa.dot(a[t]), out=tanhs[t])
        gates[t] = scale * tanhs[t] + shift
        i, f, g, o = gates[t].reshape(4, n_a)
        c[t + 1] = f * c[t] + i * g
        np.tanh(c[t + 1], out=tanh_c[t])
        np.multiply(o, tanh_c[t], out=a[t + 1])
    return states, (tanhs, gates, tanh_c)


def lstm_backward(
    dA: np.ndarray, Waa: np.ndarray, states: np.ndarray, cache: CellCache
) -> tuple[np.ndarray, np.ndarray]:
    tanhs, gates, tanh_c = cache
    # Everything that does not depend on the gradients, for all steps at once: slopes of tanh(c) and of the gates.
    steps, n_a = dA.shape
    scale, _ = _gate_scale(n_a)
    i, f, g, o = gates.reshape(steps, 4, n_a).transpose(1, 0, 2)
    through_c = o * (1 - tanh_c**2)
    slopes = (scale**2 * (1 - tanhs**2)).reshape(steps, 4, n_a)
    # Factors from dc to the gates i, f, g, and from da to o.
    by_dc = slopes[:, :3] * np.stack([g, states[:-1, n_a:], i], axis=1)
    by_da = slopes[:, 3] * tanh_c
    dz = np.empty((steps, 4, n_a))
    WaaT = Waa.T
    da = dc = np.zeros(n_a)
    # From the last step to the first: gates' gradients, then those of the previous state.
    for t in reversed(range(steps)):
        da = dA[t] + da
        dc = dc + da * through_c[t]
        np.multiply(by_dc[t], dc, out=dz[t, :3])
        np.multiply(by_da[t], da, out=dz[t, 3])
        da = WaaT.dot(dz[t].reshape(-1))
        dc = dc * f[t]
    return dz.reshape(steps, 4 * n_a), np.concatenate([da, dc])


def _gate_scale(n_a: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.full(4 * n_a, 0.5)
    scale[2 * n_a : 3 * n_a] = 1
    return scale, 1 - scale


CELLS = {
    "rnn": Cell("rnn", 1, 1, rnn_step, rnn_step_backward, rnn_forward, rnn_backward),
    "lstm": Cell("lstm", 4, 2, lstm_step, lstm_step_backward, lstm_forward, lstm_backward),
}

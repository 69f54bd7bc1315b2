"""The character model's network: one step, a whole name, and the SGD update.

Parameters are an RNN's or an LSTM's, as `charlm_cells` lays them out; columns are (n, 1). `rnn_step_forward` and
`rnn_step_backward` are the equations of one step. `rnn_forward` and `rnn_backward`, which training uses, give the
same for a whole name with one product over all steps.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jazzgen.errors import ArrayError, OptionError
from jazzgen.reference.charlm_cells import NAMES, Cell, CellCache, Parameters, cell_of, find_cell
from jazzgen.reference.output import softmax
from jazzgen.reference.shapes import check_arrays

MAX_GRADIENT = 5.0  # as in the exercise
NOTHING = -1  # stands for None among indices in an array

Gradients = dict[str, np.ndarray]
Indices = Sequence[int | None] | np.ndarray


class Cache(NamedTuple):
    """What `rnn_forward` keeps: probabilities (T, n_y), states (T + 1, s n_a) and the cell's own cache."""

    p: np.ndarray
    states: np.ndarray
    cell: CellCache


def initialize_parameters(
    n_a: int, n_x: int, n_y: int, rng: np.random.Generator, cell: str = "rnn"
) -> dict[str, np.ndarray]:
    """Draw weights from a normal distribution of deviation 0.01; biases are zero.

    An LSTM's weights have a deviation of 1 / sqrt(n_a) instead, which its multiplied gates need to start learning, and
    its forget gate has a bias of 1 (R. Jozefowicz et al., 2015).
    """
    for name, size in (("n_a", n_a), ("n_x", n_x), ("n_y", n_y)):
        if size < 1:
            raise OptionError(f"{name} {size}: must be 1 or more")
    kind = find_cell(cell)
    deviation = 0.01 if cell == "rnn" else n_a**-0.5
    b = np.zeros((kind.gates * n_a, 1))
    if cell == "lstm":
        b[n_a : 2 * n_a] = 1
    return {
        "Wax": deviation * rng.standard_normal((kind.gates * n_a, n_x)),
        "Waa": deviation * rng.standard_normal((kind.gates * n_a, n_a)),
        "Wya": deviation * rng.standard_normal((n_y, n_a)),
        "b": b,
        "by": np.zeros((n_y, 1)),
    }


def check_parameters(parameters: Parameters, **arrays: np.ndarray) -> Cell:
    """Return the parameters' cell, after checking all shapes, and that all numbers are finite.

    Args:
        parameters: as `charlm_cells` lays them out.
        arrays: `x`, `dy`, `a`, `a_prev`, `a0` or `da_next`, checked too.

    Raises:
        ArrayError: an array is missing, not finite, or (as ShapeError) of another shape.
    """
    cell = cell_of(parameters)
    gates, state = " + ".join(["n_a"] * cell.gates), " + ".join(["n_a"] * cell.states)
    shapes = {
        "Waa": (gates, "n_a"),
        "Wax": (gates, "n_x"),
        "Wya": ("n_y", "n_a"),
        "b": (gates, "1"),
        "by": ("n_y", "1"),
    }
    columns = {"x": "n_x", "dy": "n_y", "a": state, "a_prev": state, "a0": state, "da_next": state}
    check_arrays({**parameters, **arrays}, shapes | {name: (columns[name], "1") for name in arrays})
    return cell


def rnn_step_forward(parameters: Parameters, a_prev: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute one step: the next state, and the probabilities p (n_y, 1), from x (n_x, 1) and the previous state.

    p = softmax(Wya a + by), a being the hidden part of the next state.
    """
    cell = check_parameters(parameters, x=x, a_prev=a_prev)
    Wax, Waa, Wya, b, by = (parameters[name] for name in NAMES)
    a_next = cell.step(Wax @ x + b, Waa, a_prev)
    return a_next, softmax(Wya @ a_next[: Waa.shape[1]] + by)


def rnn_step_backward(
    dy: np.ndarray, gradients: Gradients, parameters: Parameters, x: np.ndarray, a: np.ndarray, a_prev: np.ndarray
) -> Gradients:
    """Go one step back: add to dWax, dWaa, dWya, db and dby in place, and set da_next to the previous state's gradient.

    Args:
        dy: p minus the one-hot of the target character, (n_y, 1).
        gradients: of the later steps; `da_next` is the gradient of `a`.
        parameters: as `charlm_cells` lays them out.
        x, a, a_prev: the step's input, its state, and the previous state.
    """
    _check_gradients(gradients, *NAMES, "a_next")
    cell = check_parameters(parameters, x=x, dy=dy, a=a, a_prev=a_prev, da_next=gradients["da_next"])
    Wax, Waa, Wya, b, _ = (parameters[name] for name in NAMES)
    n_a = Waa.shape[1]
    dstate = gradients["da_next"].copy()
    dstate[:n_a] += Wya.T @ dy
    dz, gradients["da_next"] = cell.step_backward(Wax @ x + b, Waa, a_prev, dstate)
    for name, gradient in zip(NAMES, (dz @ x.T, dz @ a_prev[:n_a].T, dy @ a[:n_a].T, dz, dy), strict=True):
        gradients[f"d{name}"] += gradient
    return gradients


def rnn_forward(X: Indices, Y: Indices, a0: np.ndarray, parameters: Parameters) -> tuple[float, Cache]:
    """Run a whole name: return its loss, -sum of log p(Y[t]) in nats, and the cache for `rnn_backward`.

    Args:
        X: indices of the inputs; None is the zero vector.
        Y: indices of the target characters, as many.
        a0: first state.
        parameters: as `charlm_cells` lays them out.

    Raises:
        ArrayError: X and Y differ in length, are empty, or hold an index outside the vocabulary.
    """
    check_parameters(parameters, a0=a0)
    n_y, n_x = parameters["by"].shape[0], parameters["Wax"].shape[1]
    return forward(as_indices("X", X, n_x), as_indices("Y", Y, n_y, len(X)), a0, parameters)


def rnn_backward(X: Indices, Y: Indices, parameters: Parameters, cache: Cache) -> tuple[Gradients, np.ndarray]:
    """Return the gradients of `rnn_forward`'s loss (da_next is a0's) and the states (T + 1, s n_a), a0 first."""
    n_y, n_x = parameters["by"].shape[0], parameters["Wax"].shape[1]
    return backward(as_indices("X", X, n_x), as_indices("Y", Y, n_y, len(X)), parameters, cache), cache.states


def clip(gradients: Gradients, maxValue: float) -> Gradients:
    """Clip every entry of dWax, dWaa, dWya, db and dby to between -maxValue and maxValue, in place."""
    if not maxValue > 0:
        raise OptionError(f"maxValue {maxValue:g}: must be above 0 to clip gradients at")
    _check_gradients(gradients, *NAMES)
    for name in NAMES:
        gradients[f"d{name}"].clip(-maxValue, maxValue, out=gradients[f"d{name}"])
    return gradients


def _check_gradients(gradients: Gradients, *names: str) -> None:
    for name in names:
        if not isinstance(gradients.get(f"d{name}"), np.ndarray):
            known = ", ".join(gradients) or "nothing"
            raise ArrayError(f"gradients holds no array d{name} among {known}; give those of {', '.join(NAMES)}")


def update_parameters(parameters: Parameters, gradients: Gradients, lr: float) -> Parameters:
    """Take one step of gradient descent, in place."""
    for name in NAMES:
        array = parameters[name]
        array -= lr * gradients[f"d{name}"]
    return parameters


def optimize(
    X: Indices, Y: Indices, a_prev: np.ndarray, parameters: Parameters, learning_rate: float = 0.01
) -> tuple[float, Gradients, np.ndarray]:
    """Learn one name: forward, backward, clip at 5, one SGD step on `parameters` in place.

    Returns:
        The loss before the step, the clipped gradients, and the last state.
    """
    check_parameters(parameters, a0=a_prev)
    n_y, n_x = parameters["by"].shape[0], parameters["Wax"].shape[1]
    return learn(as_indices("X", X, n_x), as_indices("Y", Y, n_y, len(X)), a_prev, parameters, learning_rate)


def as_indices(name: str, indices: Indices, size: int, length: int | None = None) -> np.ndarray:
    """Return indices as an array, NOTHING for None; ArrayError unless there are any, `length` of them, below `size`."""
    array = np.array([NOTHING if index is None else index for index in indices], np.intp)
    if length not in (None, len(array)):
        raise ArrayError(f"{name} has {len(array)} steps, X has {length}; give one target for each input")
    if not len(array):
        raise ArrayError(f"{name} has 0 steps; give 1 or more")
    least = NOTHING if length is None else 0
    if array.min() < least or array.max() >= size:
        wrong = array[(array < least) | (array >= size)][0]
        raise ArrayError(f"{name} has index {wrong}; the vocabulary has {size}, 0 to {size - 1}")
    return array


def forward(x: np.ndarray, y: np.ndarray, a0: np.ndarray, parameters: Parameters) -> tuple[float, Cache]:
    """Run `rnn_forward` on index arrays (T,), unchecked."""
    Wax, Waa, Wya, b, by = (parameters[name] for name in NAMES)
    # Wax x + b for all steps: a one-hot input picks a column of Wax.
    z = Wax.T[x]
    z[x == NOTHING] = 0
    z += b[:, 0]
    states, cache = cell_of(parameters).forward(z, Waa, a0[:, 0])
    # Softmax and cross-entropy, with the largest logit subtracted so that exp does not overflow.
    logits = states[1:, : Waa.shape[1]] @ Wya.T + by[:, 0]
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    sums = p.sum(axis=1, keepdims=True)
    loss = np.log(sums).sum() - logits[np.arange(len(y)), y].sum()
    return float(loss), Cache(p / sums, states, cache)


def backward(x: np.ndarray, y: np.ndarray, parameters: Parameters, cache: Cache) -> Gradients:
    """Run `rnn_backward` on index arrays (T,), unchecked."""
    Wax, Waa, Wya, _, _ = (parameters[name] for name in NAMES)
    a = cache.states[:, : Waa.shape[1]]
    # p - target, back through the output layer and then through the cell.
    dy = cache.p.copy()
    dy[np.arange(len(y)), y] -= 1
    dz, da0 = cell_of(parameters).backward(dy @ Wya, Waa, cache.states, cache.cell)
    # Weight gradients, each one product over all steps.
    one_hots = np.arange(Wax.shape[1]) == x[:, None]
    return {
        "dWax": dz.T @ one_hots.astype(float),
        "dWaa": dz.T @ a[:-1],
        "dWya": dy.T @ a[1:],
        "db": dz.sum(axis=0)[:, None],
        "dby": dy.sum(axis=0)[:, None],
        "da_next": da0[:, None],
    }


def learn(
    x: np.ndarray, y: np.ndarray, a_prev: np.ndarray, parameters: Parameters, learning_rate: float
) -> tuple[float, Gradients, np.ndarray]:
    """Run `optimize` on index arrays (T,), unchecked."""
    loss, cache = forward(x, y, a_prev, parameters)
    gradients = clip(backward(x, y, parameters, cache), MAX_GRADIENT)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, cache.states[-1][:, None]

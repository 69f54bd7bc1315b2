"""The LSTM (S. Hochreiter and J. Schmidhuber, 1997; forget gate by F. Gers et al., 2000), forward and backward.

    f = sigmoid(Wf [a<t-1>, x<t>] + bf)        forget gate
    i = sigmoid(Wi [a<t-1>, x<t>] + bi)        input gate
    o = sigmoid(Wo [a<t-1>, x<t>] + bo)        output gate
    cc<t> = tanh(Wc [a<t-1>, x<t>] + bc)       candidate
    c<t> = f c<t-1> + i cc<t>
    a<t> = o tanh(c<t>)
    y<t> = softmax(Wy a<t> + by)

Columns are examples: xt is (n_x, m), a and c are (n_a, m), y is (n_y, m); a sequence has T_x steps along its last
axis. Parameters are `Wf`, `Wi`, `Wc`, `Wo` (n_a, n_a + n_x) over a_prev stacked on xt, `bf`, `bi`, `bc`, `bo`
(n_a, 1), `Wy` (n_y, n_a) and `by` (n_y, 1). A gradient has the name of its array with a d in front, and its shape.
Every function raises ShapeError for a shape that does not fit, and ArrayError for an array that is missing or not
finite.

Differences from well-known listings: the backward pass over a sequence carries both da and dc from step to step; it
returns dc0 beside da0, and accepts a gradient of the cell states from above; the forward pass starts from the a0 that
is given. docs/reference.md says more.
"""

from typing import NamedTuple

import numpy as np

from jazzgen.reference.caches import as_cache, as_caches
from jazzgen.reference.output import cross_entropy, output_backward, sigmoid, softmax
from jazzgen.reference.rnn import Gradients
from jazzgen.reference.shapes import Arrays, check_arrays

GATES = ("f", "i", "c", "o")
PARAMETERS = {
    **{f"W{gate}": ("n_a", "n_a + n_x") for gate in GATES},
    **{f"b{gate}": ("n_a", "1") for gate in GATES},
    "Wy": ("n_y", "n_a"),
    "by": ("n_y", "1"),
}


class LstmCache(NamedTuple):
    """What a step keeps for the backward pass: ft, it and ot are the gates, cct the candidate."""

    a_next: np.ndarray
    c_next: np.ndarray
    a_prev: np.ndarray
    c_prev: np.ndarray
    ft: np.ndarray
    it: np.ndarray
    cct: np.ndarray
    ot: np.ndarray
    xt: np.ndarray
    parameters: Arrays


LstmCaches = tuple[list[LstmCache], np.ndarray]


def lstm_cell_forward(
    xt: np.ndarray, a_prev: np.ndarray, c_prev: np.ndarray, parameters: Arrays
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LstmCache]:
    """Compute one step.

    Args:
        xt: input, (n_x, m).
        a_prev: previous hidden state, (n_a, m).
        c_prev: previous cell state, (n_a, m).
        parameters: see the module.

    Returns:
        a_next (n_a, m), c_next (n_a, m), yt_pred (n_y, m) and the cache for `lstm_cell_backward`.

    Example:
        >>> zeros = {name: np.zeros((1, 1)) for name in ("Wy", "bf", "bi", "bc", "bo", "by")}
        >>> weights = {name: np.array([[0.5, 1.0]]) for name in ("Wf", "Wi", "Wc", "Wo")}
        >>> a_next, c_next, _, _ = lstm_cell_forward(np.ones((1, 1)), *np.zeros((2, 1, 1)), zeros | weights)
        >>> print(a_next.round(4), c_next.round(4))
        [[0.3696]] [[0.5568]]
    """
    shapes = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m"), "c_prev": ("n_a", "m")} | PARAMETERS
    check_arrays({**parameters, "xt": xt, "a_prev": a_prev, "c_prev": c_prev}, shapes)
    stacked = np.concatenate([a_prev, xt])
    zf, zi, zc, zo = (parameters[f"W{gate}"] @ stacked + parameters[f"b{gate}"] for gate in GATES)
    ft, it, cct, ot = sigmoid(zf), sigmoid(zi), np.tanh(zc), sigmoid(zo)
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, LstmCache(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(
    x: np.ndarray, a0: np.ndarray, parameters: Arrays, c0: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LstmCaches]:
    """Run a sequence.

    Args:
        x: inputs, (n_x, m, T_x), T_x 1 or more.
        a0: first hidden state, (n_a, m).
        parameters: see the module.
        c0: first cell state, (n_a, m); None is zeros.

    Returns:
        a (n_a, m, T_x), y (n_y, m, T_x), c (n_a, m, T_x), and the caches: a list of one a step, and x.
    """
    c = np.zeros_like(a0, np.result_type(a0, np.float32)) if c0 is None else c0
    shapes = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), "c0": ("n_a", "m")}
    sizes = check_arrays({"x": x, "a0": a0, "c0": c}, shapes)
    a = a0
    hidden, predicted, cells, caches = [], [], [], []
    for t in range(sizes["T_x"]):
        a, c, yt_pred, cache = lstm_cell_forward(x[:, :, t], a, c, parameters)
        hidden.append(a)
        cells.append(c)
        predicted.append(yt_pred)
        caches.append(cache)
    return np.stack(hidden, axis=2), np.stack(predicted, axis=2), np.stack(cells, axis=2), (caches, x)


def lstm_cell_backward(da_next: np.ndarray, dc_next: np.ndarray, cache: LstmCache) -> Gradients:
    """Return the gradients of one step.

    Args:
        da_next: gradient of the loss by a_next, (n_a, m).
        dc_next: gradient of the loss by c_next along every path but the one through a_next, (n_a, m).
        cache: from `lstm_cell_forward`, or a plain tuple of the same entries.

    Returns:
        dxt, da_prev, dc_prev, dWf, dbf, dWi, dbi, dWc, dbc, dWo and dbo.
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = as_cache(LstmCache, cache)
    arrays = {"a_next": a_next, "da_next": da_next, "dc_next": dc_next}
    check_arrays(arrays, dict.fromkeys(arrays, ("n_a", "m")))
    stacked = np.concatenate([a_prev, xt])
    tanh_c = np.tanh(c_next)
    # c_next is reached directly and through a_next = o tanh(c_next).
    dc = dc_next + da_next * ot * (1 - tanh_c**2)
    # Gradients of the gates' inputs: dgate times the slope of its sigmoid or tanh.
    dz = {
        "f": dc * c_prev * ft * (1 - ft),
        "i": dc * cct * it * (1 - it),
        "c": dc * it * (1 - cct**2),
        "o": da_next * tanh_c * ot * (1 - ot),
    }
    # Back through the matrix products, to the state and the input.
    dstacked = np.sum([parameters[f"W{gate}"].T @ dz[gate] for gate in GATES], axis=0)
    n_a = len(a_next)
    gradients = {"dxt": dstacked[n_a:], "da_prev": dstacked[:n_a], "dc_prev": dc * ft}
    for gate in GATES:
        gradients[f"dW{gate}"] = dz[gate] @ stacked.T
        gradients[f"db{gate}"] = dz[gate].sum(axis=1, keepdims=True)
    return gradients


def lstm_backward(da: np.ndarray, caches: LstmCaches, dc: np.ndarray | None = None) -> Gradients:
    """Return the gradients of a sequence, adding at each step what comes from above and from the step after.

    Args:
        da: gradient of the loss by each hidden state from above, (n_a, m, T_x).
        caches: from `lstm_forward`.
        dc: the same for the cell states, (n_a, m, T_x); None is zeros.

    Returns:
        dx (n_x, m, T_x), da0 (n_a, m), dc0 (n_a, m), dWf, dbf, dWi, dbi, dWc, dbc, dWo and dbo.
    """
    steps, x = as_caches(LstmCache, caches)
    arrays = {"x": x, "a_next": steps[0].a_next, "da": da, "dc": np.zeros_like(da) if dc is None else dc}
    sequence = ("n_a", "m", "T_x")
    check_arrays(arrays, {"x": ("n_x", "m", "T_x"), "a_next": ("n_a", "m"), "da": sequence, "dc": sequence})
    totals: Gradients = {}
    dx = []
    da_prev, dc_prev = np.zeros_like(steps[0].a_next), np.zeros_like(steps[0].c_next)
    for t, cache in reversed(list(enumerate(steps))):
        step = lstm_cell_backward(arrays["da"][:, :, t] + da_prev, arrays["dc"][:, :, t] + dc_prev, cache)
        dx.append(step.pop("dxt"))
        da_prev, dc_prev = step.pop("da_prev"), step.pop("dc_prev")
        totals = {name: totals.get(name, 0) + gradient for name, gradient in step.items()}
    return {"dx": np.stack(dx[::-1], axis=2), "da0": da_prev, "dc0": dc_prev, **totals}


def lstm_loss(
    x: np.ndarray, a0: np.ndarray, parameters: Arrays, targets: np.ndarray, c0: np.ndarray | None = None
) -> tuple[float, Gradients]:
    """Return a batch's mean cross-entropy and its gradients, for the whole network.

    Args:
        targets: one-hot, (n_y, m, T_x); an all-zero column is ignored.

    Returns:
        The loss in nats a target, and dx, da0, dc0 and the gradient of every parameter.
    """
    a, y, _, caches = lstm_forward(x, a0, parameters, c0)
    loss = cross_entropy(y, targets)
    dWy, dby, da = output_backward(y, targets, a, parameters["Wy"])
    return loss, lstm_backward(da, caches) | {"dWy": dWy, "dby": dby}

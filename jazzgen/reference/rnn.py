"""The simple recurrent network (J. Elman, 1990), forward and backward, one step and a whole sequence.

    a<t> = tanh(Wax x<t> + Waa a<t-1> + ba)
    y<t> = softmax(Wya a<t> + by)

Columns are examples: xt is (n_x, m), a is (n_a, m), y is (n_y, m); a sequence has T_x steps along its last axis.
Parameters are `Wax` (n_a, n_x), `Waa` (n_a, n_a), `Wya` (n_y, n_a), `ba` (n_a, 1) and `by` (n_y, 1). A gradient has
the name of its array with a d in front, and its shape. Every function raises ShapeError for a shape that does not fit,
and ArrayError for an array that is missing or not finite.

Differences from well-known listings: y<t> is computed from a<t>, not from a<t-1>; a sequence starts from the a0 that is
given, not from zeros; there is one cache a step, in order. docs/reference.md says more.
"""

from typing import NamedTuple

import numpy as np

from jazzgen.reference.caches import as_cache, as_caches
from jazzgen.reference.output import cross_entropy, output_backward, softmax
from jazzgen.reference.shapes import Arrays, check_arrays

Gradients = dict[str, np.ndarray]
PARAMETERS = {
    "Wax": ("n_a", "n_x"),
    "Waa": ("n_a", "n_a"),
    "Wya": ("n_y", "n_a"),
    "ba": ("n_a", "1"),
    "by": ("n_y", "1"),
}


class RnnCache(NamedTuple):
    """What a step keeps for the backward pass."""

    a_next: np.ndarray
    a_prev: np.ndarray
    xt: np.ndarray
    parameters: Arrays


RnnCaches = tuple[list[RnnCache], np.ndarray]


def rnn_cell_forward(xt: np.ndarray, a_prev: np.ndarray, parameters: Arrays) -> tuple[np.ndarray, np.ndarray, RnnCache]:
    """Compute one step.

    Args:
        xt: input, (n_x, m).
        a_prev: previous hidden state, (n_a, m).
        parameters: see the module.

    Returns:
        a_next (n_a, m), yt_pred (n_y, m) and the cache for `rnn_cell_backward`.

    Example:
        >>> one = np.ones((1, 1))
        >>> parameters = {"Wax": one, "Waa": one, "Wya": one, "ba": 0 * one, "by": 0 * one}
        >>> a_next, yt_pred, _ = rnn_cell_forward(one, 0 * one, parameters)
        >>> a_next.round(4), yt_pred
        (array([[0.7616]]), array([[1.]]))
    """
    shapes = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m")} | PARAMETERS
    check_arrays({**parameters, "xt": xt, "a_prev": a_prev}, shapes)
    Wax, Waa, Wya, ba, by = (parameters[name] for name in PARAMETERS)
    a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)
    yt_pred = softmax(Wya @ a_next + by)
    return a_next, yt_pred, RnnCache(a_next, a_prev, xt, parameters)


def rnn_forward(x: np.ndarray, a0: np.ndarray, parameters: Arrays) -> tuple[np.ndarray, np.ndarray, RnnCaches]:
    """Run a sequence.

    Args:
        x: inputs, (n_x, m, T_x), T_x 1 or more.
        a0: first hidden state, (n_a, m).
        parameters: see the module.

    Returns:
        a (n_a, m, T_x), y_pred (n_y, m, T_x), and the caches: a list of one a step, and x.
    """
    sizes = check_arrays({"x": x, "a0": a0}, {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m")})
    a = a0
    hidden, predicted, caches = [], [], []
    for t in range(sizes["T_x"]):
        a, yt_pred, cache = rnn_cell_forward(x[:, :, t], a, parameters)
        hidden.append(a)
        predicted.append(yt_pred)
        caches.append(cache)
    return np.stack(hidden, axis=2), np.stack(predicted, axis=2), (caches, x)


def rnn_cell_backward(da_next: np.ndarray, cache: RnnCache) -> Gradients:
    """Return the gradients of one step.

    Args:
        da_next: gradient of the loss by a_next, all paths added up, (n_a, m).
        cache: from `rnn_cell_forward`, or a plain tuple of the same entries.

    Returns:
        dxt, da_prev, dWax, dWaa and dba.
    """
    a_next, a_prev, xt, parameters = as_cache(RnnCache, cache)
    check_arrays({"a_next": a_next, "da_next": da_next}, {"a_next": ("n_a", "m"), "da_next": ("n_a", "m")})
    dz = (1 - a_next**2) * da_next
    return {
        "dxt": parameters["Wax"].T @ dz,
        "da_prev": parameters["Waa"].T @ dz,
        "dWax": dz @ xt.T,
        "dWaa": dz @ a_prev.T,
        "dba": dz.sum(axis=1, keepdims=True),
    }


def rnn_backward(da: np.ndarray, caches: RnnCaches) -> Gradients:
    """Return the gradients of a sequence, adding at each step what comes from above and from the step after.

    Args:
        da: gradient of the loss by each hidden state from above, (n_a, m, T_x).
        caches: from `rnn_forward`.

    Returns:
        dx (n_x, m, T_x), da0 (n_a, m), dWax, dWaa and dba.
    """
    steps, x = as_caches(RnnCache, caches)
    arrays = {"x": x, "a_next": steps[0].a_next, "da": da}
    check_arrays(arrays, {"x": ("n_x", "m", "T_x"), "a_next": ("n_a", "m"), "da": ("n_a", "m", "T_x")})
    totals = {f"d{name}": np.zeros_like(steps[0].parameters[name], np.float64) for name in ("Wax", "Waa", "ba")}
    dx = []
    da_prev = np.zeros_like(steps[0].a_next)
    for t, cache in reversed(list(enumerate(steps))):
        step = rnn_cell_backward(da[:, :, t] + da_prev, cache)
        da_prev = step["da_prev"]
        dx.append(step["dxt"])
        totals = {name: total + step[name] for name, total in totals.items()}
    return {"dx": np.stack(dx[::-1], axis=2), "da0": da_prev, **totals}


def rnn_loss(x: np.ndarray, a0: np.ndarray, parameters: Arrays, targets: np.ndarray) -> tuple[float, Gradients]:
    """Return a batch's mean cross-entropy and its gradients, for the whole network.

    Args:
        targets: one-hot, (n_y, m, T_x); an all-zero column is ignored.

    Returns:
        The loss in nats a target, and dx, da0 and the gradient of every parameter.
    """
    a, y, caches = rnn_forward(x, a0, parameters)
    loss = cross_entropy(y, targets)
    dWya, dby, da = output_backward(y, targets, a, parameters["Wya"])
    return loss, rnn_backward(da, caches) | {"dWya": dWya, "dby": dby}

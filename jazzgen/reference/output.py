"""The output layer y = softmax(W a + b), its mean cross-entropy, and the gradients of that.

Columns are examples; a sequence has its steps along a third axis. The gradient of softmax and cross-entropy
together is y - target (C. M. Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4).
"""

import numpy as np

from jazzgen.errors import ArrayError
from jazzgen.reference.shapes import check_arrays


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), computed as a tanh, which never overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return 0.5 * np.tanh(0.5 * z) + 0.5


def softmax(z: np.ndarray) -> np.ndarray:
    """Return probabilities along the first axis."""
    exponentials = np.exp(z - z.max(axis=0))
    return exponentials / exponentials.sum(axis=0)


def cross_entropy(y: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean of -log y over the targets, in nats; an all-zero column is ignored.

    Args:
        y: probabilities, (n_y, m, T_x).
        targets: one-hot, the same shape.

    Raises:
        ArrayError, ShapeError: the shapes differ, or there is no target.
    """
    check_arrays({"y": y, "targets": targets}, {"y": ("n_y", "m", "T_x"), "targets": ("n_y", "m", "T_x")})
    floor = np.finfo(y.dtype).tiny  # keeps the logarithm finite where a probability has underflowed
    return float(-(targets * np.log(np.maximum(y, floor))).sum() / _count(targets))


def output_backward(
    y: np.ndarray, targets: np.ndarray, a: np.ndarray, W: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of `cross_entropy(y, targets)` where y = softmax(W a + b).

    Args:
        y, targets: as in `cross_entropy`.
        a: hidden states, (n_a, m, T_x).
        W: (n_y, n_a).

    Returns:
        dW (n_y, n_a), db (n_y, 1) and da (n_a, m, T_x).
    """
    shapes = {name: (n, "m", "T_x") for name, n in (("y", "n_y"), ("targets", "n_y"), ("a", "n_a"))}
    check_arrays({"y": y, "targets": targets, "a": a, "W": W}, shapes | {"W": ("n_y", "n_a")})
    dz = (y * targets.sum(axis=0) - targets) / _count(targets)
    dW = np.einsum("ymt,amt->ya", dz, a)
    db = dz.sum(axis=(1, 2))[:, None]
    da = np.einsum("ya,ymt->amt", W, dz)
    return dW, db, da


def _count(targets: np.ndarray) -> float:
    count = float(targets.sum())
    if not count > 0:
        raise ArrayError(f"targets sum to {count:g}: there is nothing to learn from; give one-hot columns")
    return count

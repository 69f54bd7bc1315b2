"""Check gradients against finite differences of the function itself, in float64.

The derivative is the central difference of fourth order,

    f'(x) = (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h,

whose error is of order h^4 (M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 1964, table 25.2), so
that a step large enough to avoid rounding errors still gives ten digits.
"""

from collections.abc import Callable, Mapping

import numpy as np

from jazzgen.errors import ShapeError

# Set by hand: h, the largest relative error that passes, and the least divisor.
STEP = 5e-4
LIMIT = 1e-7
_FLOOR = 1e-3  # smaller gradients are compared absolutely, as rounding is all that is left of their differences
_STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))


def gradient_check(
    loss: Callable[[], float],
    arrays: Mapping[str, np.ndarray],
    gradients: Mapping[str, np.ndarray],
    step: float = STEP,
) -> dict[str, float]:
    """Return the relative error of each gradient; correct ones stay below `LIMIT`.

    Args:
        loss: computes a number from the arrays.
        arrays: what the loss depends on, by name, float64; each entry is moved in place and restored.
        gradients: of the loss, under the arrays' names with a d in front.

    Returns:
        By array name, |gradient - differences| / (|gradient| + |differences|), Euclidean norms.

    Raises:
        ShapeError: a gradient is missing or has another shape than its array.

    Example:
        >>> x = np.array([1.0, 2.0])
        >>> gradient_check(lambda: float((x**2).sum()), {"x": x}, {"dx": 2 * x})["x"] < LIMIT
        True
    """
    errors = {}
    for name, array in arrays.items():
        gradient = gradients.get(f"d{name}")
        if gradient is None or gradient.shape != array.shape:
            found = "is missing" if gradient is None else f"has shape {gradient.shape}"
            raise ShapeError(f"d{name} {found}, expected {array.shape} as {name} has")
        errors[name] = relative_error(gradient, numerical_gradient(loss, array, step))
    return errors


def numerical_gradient(loss: Callable[[], float], array: np.ndarray, step: float = STEP) -> np.ndarray:
    """Return the derivative of `loss` by each entry of `array`, (array.shape), by finite differences."""
    gradient = np.empty(array.shape)
    for index in np.ndindex(array.shape):
        kept = array[index]
        slope = 0.0
        for offset, weight in _STENCIL:
            array[index] = kept + offset * step
            slope += weight * loss()
        array[index] = kept
        gradient[index] = slope / step
    return gradient


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    """Return |a - b| / (|a| + |b|), Euclidean norms, with a divisor of at least 0.001."""
    return float(np.linalg.norm(a - b)) / max(float(np.linalg.norm(a) + np.linalg.norm(b)), _FLOOR)

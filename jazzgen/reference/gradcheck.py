"""Are these gradients right? Measured against differences of the function itself, in float64.

The derivative is taken as the central difference of fourth order,

    f'(x) = (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h,

whose error is of order h^4 (M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 1964, table 25.2), so
that a step large enough to keep rounding away still gives ten figures.
"""

from collections.abc import Callable, Mapping

import numpy as np

from jazzgen.errors import ShapeError

STEP = 5e-4
LIMIT = 1e-7
_FLOOR = 1e-3  # below this norm a gradient is measured on an absolute scale: there rounding is all there is
_STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))


def gradient_check(
    loss: Callable[[], float],
    arrays: Mapping[str, np.ndarray],
    gradients: Mapping[str, np.ndarray],
    step: float = STEP,
) -> dict[str, float]:
    """Relative error of each gradient; right ones stay below `LIMIT`.

    Args:
        loss: reads the arrays and gives a number.
        arrays: what the loss depends on, by name, float64; each entry is moved in place and put back.
        gradients: those of the loss, under the same names with a d before them.

    Returns:
        By the name of the array, |gradient - differences| / (|gradient| + |differences|), Euclidean norms.

    Raises:
        ShapeError: when a gradient is missing, or has another shape than its array.
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
    """The derivative of `loss` by each entry of `array`, (array.shape), by differences."""
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
    """|a - b| / (|a| + |b|), Euclidean norms, the divisor not below 0.001."""
    return float(np.linalg.norm(a - b)) / max(float(np.linalg.norm(a) + np.linalg.norm(b)), _FLOOR)

"""Check array shapes, written as in a textbook, before any arithmetic, so that nothing broadcasts by accident."""

from collections.abc import Mapping

import numpy as np

from jazzgen.errors import ArrayError, ShapeError

Arrays = Mapping[str, np.ndarray]
# The size of each axis: a letter such as "m", a number such as "1", or a sum such as "n_a + n_x" or "4 n_a".
Shape = tuple[str, ...]


def check_arrays(arrays: Arrays, shapes: Mapping[str, Shape]) -> dict[str, int]:
    """Check every array named in `shapes`, in that order; a letter's first use sets its size.

    Returns:
        The size of each letter, 1 or more.

    Raises:
        ArrayError: an array is missing, is not of real numbers, or holds NaN or infinity.
        ShapeError: an array has another shape; the message says which, and what was found and expected.

    Example:
        >>> check_arrays({"W": np.ones((2, 5)), "a": np.ones((2, 1))}, {"a": ("n", "1"), "W": ("n", "n + k")})
        {'n': 2, 'k': 3}
    """
    sizes: dict[str, int] = {}
    for name, shape in shapes.items():
        found = _numbers(name, arrays).shape
        if len(found) == len(shape):
            if 0 in found:
                raise ShapeError(f"{name} has shape {found}: {shape[found.index(0)]} is 0, give 1 or more")
            for terms, size in zip(shape, found, strict=True):
                _bind(terms, size, sizes)
        if found != tuple(_size(terms, sizes) for terms in shape):
            raise ShapeError(f"{name} has shape {found}, expected {_wanted(shape, sizes)}")
    return sizes


def _numbers(name: str, arrays: Arrays) -> np.ndarray:
    if name not in arrays:
        raise ArrayError(f"there is no {name} among {', '.join(arrays) or 'no arrays'}; give it too")
    array = arrays[name]
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise ArrayError(f"{name} is of type {kind}, expected a NumPy array of real numbers")
    if not np.isfinite(array).all():
        where = tuple(int(index[0]) for index in np.nonzero(~np.isfinite(array)))
        raise ArrayError(
            f"{name}{list(where)} is {array[where]}, expected a finite number; "
            "if training led there, lower the learning rate"
        )
    return array


def _bind(terms: str, size: int, sizes: dict[str, int]) -> None:
    """Set the one unknown letter of a sum, if that leaves it 1 or more."""
    unknown = [term for term in terms.split(" + ") if _term(term, sizes) is None]
    if len(unknown) == 1 and unknown[0].isidentifier():
        rest = size - (_size(terms, {**sizes, unknown[0]: 0}) or 0)
        if rest > 0:
            sizes[unknown[0]] = rest


def _size(terms: str, sizes: Mapping[str, int]) -> int | None:
    values = [_term(term, sizes) for term in terms.split(" + ")]
    return None if None in values else sum(value for value in values if value is not None)


def _term(term: str, sizes: Mapping[str, int]) -> int | None:
    """Return the size of "1", "m" or "4 m"; None if m is unknown."""
    *times, last = term.split()
    value = int(last) if last.isdigit() else sizes.get(last)
    return None if value is None else int(*times or (1,)) * value


def _wanted(shape: Shape, sizes: Mapping[str, int]) -> str:
    """Describe a shape as in "(n_a, m) = (5, 10)"; an unknown size keeps its letter."""
    values = tuple(_size(terms, sizes) for terms in shape)
    written = _tuple([terms if value is None else str(value) for terms, value in zip(shape, values, strict=True)])
    return f"{_tuple(list(shape))} = {written}" if any(value is not None for value in values) else written


def _tuple(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"

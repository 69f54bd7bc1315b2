"""Convert the plain tuples that notebooks pass around to the caches that `rnn.py` and `lstm.py` use."""

from typing import Any, NamedTuple, TypeVar

import numpy as np

from jazzgen.errors import ArrayError

_Cache = TypeVar("_Cache", bound=NamedTuple)


def as_cache(kind: type[_Cache], cache: Any, name: str = "cache") -> _Cache:
    """Return the cache of one step as a `kind`, given one or a plain tuple of the same entries in order.

    Args:
        kind: RnnCache or LstmCache.
        cache: the last value that the cell's forward function returned.
        name: what to call it in an error.

    Raises:
        ArrayError: it has other entries.
    """
    if isinstance(cache, kind):
        return cache
    fields = kind._fields
    found = f"{len(cache)} entries" if isinstance(cache, tuple | list) else f"type {type(cache).__name__}"
    if not isinstance(cache, tuple | list) or len(cache) != len(fields):
        raise ArrayError(f"{name} has {found}, expected the {len(fields)} of a forward step: {', '.join(fields)}")
    made = kind(*cache)
    *arrays, parameters = cache
    strange = next((f for f, array in zip(fields, arrays, strict=False) if not isinstance(array, np.ndarray)), None)
    if strange or not isinstance(parameters, dict):
        wrong = strange or fields[-1]
        raise ArrayError(
            f"{name}: its {wrong} is of type {type(getattr(made, wrong)).__name__}; "
            f"the entries of a forward step are {', '.join(fields)}, in that order"
        )
    return made


def as_caches(kind: type[_Cache], caches: Any) -> tuple[list[_Cache], np.ndarray]:
    """Return the caches of a sequence, one a step, and its inputs x (n_x, m, T_x).

    Raises:
        ArrayError: `caches` is not the last value that the forward function returned.
    """
    if not isinstance(caches, tuple | list) or len(caches) != 2 or not isinstance(caches[0], list | tuple):
        raise ArrayError("caches must be a pair: one cache a step, and x; give what the forward function returned")
    steps, x = caches
    if not isinstance(x, np.ndarray) or x.ndim != 3 or len(steps) != x.shape[2]:
        shape = x.shape if isinstance(x, np.ndarray) else type(x).__name__
        raise ArrayError(f"caches has {len(steps)} steps beside an x of {shape}; x is (n_x, m, T_x), one cache a step")
    return [as_cache(kind, cache, f"caches[0][{t}]") for t, cache in enumerate(steps)], x

"""Keep libraries from writing to stderr past Python and from taking every core."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# The number of threads, for each linear algebra library that NumPy may be built on.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def compute_in_one_thread() -> None:
    """Limit NumPy's linear algebra to one thread unless the environment says otherwise; call before importing NumPy.

    The matrices are small, so more threads are slower, on a busy machine many times. And sums split over threads round
    differently: a seed would give other notes on a machine with more cores.
    """
    for variable in _THREADS:
        os.environ.setdefault(variable, "1")


@contextmanager
def stderr_closed() -> Iterator[None]:
    """Discard what the process writes to stderr, C++ code included."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)

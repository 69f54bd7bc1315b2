"""Libraries kept from what they would do unasked: writing to stderr past Python, and taking every core."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# How many threads each library that NumPy may be built on multiplies in.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def compute_in_one_thread() -> None:
    """Has NumPy, which is not loaded yet, multiply in one thread, unless somebody has said otherwise.

    The matrices are small: threads that wait for one another take longer, on a busy machine many times so. And sums
    that are split otherwise are rounded otherwise: a seed would give other notes where there are more cores.
    """
    for variable in _THREADS:
        os.environ.setdefault(variable, "1")


@contextmanager
def stderr_closed() -> Iterator[None]:
    """Sends what is written to the process's stderr nowhere, C++ code included."""
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

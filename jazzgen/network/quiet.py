"""TensorFlow without its greetings: its C++ code logs to stderr before any setting reaches it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def load_tensorflow() -> None:
    """Imports TensorFlow and finds its devices, with stderr closed meanwhile; errors still come as exceptions."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if "tensorflow" in sys.modules:
        return
    with _stderr_closed():
        import tensorflow as tf  # noqa: PLC0415 - that it is imported here is the point

        tf.config.list_logical_devices()


@contextmanager
def _stderr_closed() -> Iterator[None]:
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

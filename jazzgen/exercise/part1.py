"""Part 1: an RNN and an LSTM in NumPy, step by step.

    from jazzgen.exercise.part1 import *

Everything but the two functions below is `jazzgen.reference` itself.
"""

from typing import TypeVar

import numpy as np

from jazzgen.errors import ShapeError
from jazzgen.reference import lstm, rnn
from jazzgen.reference.caches import as_caches
from jazzgen.reference.lstm import lstm_cell_backward, lstm_cell_forward, lstm_forward
from jazzgen.reference.output import sigmoid, softmax
from jazzgen.reference.rnn import Gradients, rnn_cell_backward, rnn_cell_forward, rnn_forward

__all__ = [
    "lstm_backward",
    "lstm_cell_backward",
    "lstm_cell_forward",
    "lstm_forward",
    "rnn_backward",
    "rnn_cell_backward",
    "rnn_cell_forward",
    "rnn_forward",
    "sigmoid",
    "softmax",
]


_Step = TypeVar("_Step")


def rnn_backward(da: np.ndarray, caches: rnn.RnnCaches) -> Gradients:
    """Run `reference.rnn.rnn_backward`, on the first steps alone if `da` has fewer than the caches.

    Args:
        da: gradient of the loss by the hidden states of the first T steps, (n_a, m, T); later steps have none.
        caches: from `rnn_forward`.

    Returns:
        dx (n_x, m, T), da0, dWax, dWaa and dba.
    """
    return rnn.rnn_backward(da, _first_steps(as_caches(rnn.RnnCache, caches), da))


def lstm_backward(da: np.ndarray, caches: lstm.LstmCaches) -> Gradients:
    """Run `reference.lstm.lstm_backward`, on the first steps alone if `da` has fewer than the caches.

    The exercise's own example runs seven steps forward and passes a gradient for four.

    Args:
        da: gradient of the loss by the hidden states of the first T steps, (n_a, m, T); later steps have none.
        caches: from `lstm_forward`.

    Returns:
        dx (n_x, m, T), da0, dc0, dWf, dbf, dWi, dbi, dWc, dbc, dWo and dbo.
    """
    return lstm.lstm_backward(da, _first_steps(as_caches(lstm.LstmCache, caches), da))


def _first_steps(caches: tuple[list[_Step], np.ndarray], da: np.ndarray) -> tuple[list[_Step], np.ndarray]:
    """Keep the caches of as many steps as `da` has."""
    if not isinstance(da, np.ndarray) or da.ndim != 3:
        found = da.shape if isinstance(da, np.ndarray) else type(da).__name__
        raise ShapeError(f"da has shape {found}, expected (n_a, m, T_x)")
    steps, x = caches
    return steps[: da.shape[2]], x[:, :, : da.shape[2]]

"""Part 2: a character model that makes up names, letter by letter.

    from jazzgen.exercise.part2 import *

    data = open("dinos.txt").read().lower()
    chars = sorted(set(data))
    char_to_ix = {c: i for i, c in enumerate(chars)}
    ix_to_char = {i: c for i, c in enumerate(chars)}
    parameters = model(data, ix_to_char, char_to_ix)

The maths is `jazzgen.reference.charlm`'s, and so are `clip`, `smooth`, `get_initial_loss`, `rnn_step_forward`,
`rnn_step_backward` and `update_parameters`. Here a cache is three dictionaries by step, and a seed is an integer, with
which NumPy's legacy generator draws the numbers of the exercise's listings. A `numpy.random.Generator` works too.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from jazzgen.errors import ArrayError, CorpusError, OptionError
from jazzgen.reference import charlm, charlm_net
from jazzgen.reference.charlm import clip, get_initial_loss, rnn_step_backward, rnn_step_forward, smooth
from jazzgen.reference.charlm_cells import Parameters
from jazzgen.reference.charlm_net import Gradients, Indices, update_parameters
from jazzgen.reference.output import softmax

__all__ = [
    "clip",
    "get_initial_loss",
    "initialize_parameters",
    "model",
    "optimize",
    "print_sample",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sample",
    "smooth",
    "softmax",
    "update_parameters",
]

Seed = int | np.random.Generator | None  # None draws differently each time
Steps = dict[int, np.ndarray]  # a column (n, 1) for each step
StepCache = tuple[Steps, Steps, Steps]

_SHOW_EVERY = 2000  # as in the exercise


def initialize_parameters(n_a: int, n_x: int, n_y: int, seed: Seed = 1) -> dict[str, np.ndarray]:
    """Draw Wax (n_a, n_x), Waa (n_a, n_a) and Wya (n_y, n_a) with a deviation of 0.01; b and by are zeros.

    Raises:
        OptionError: a size is below 1.
    """
    rng = np.random.RandomState(seed) if isinstance(seed, int) else np.random.default_rng(seed)
    return charlm.initialize_parameters(n_a, n_x, n_y, cast(np.random.Generator, rng))


def sample(parameters: Parameters, char_to_ix: Mapping[str, int], seed: Seed = 0) -> list[int]:
    r"""Make up a name of at most 50 characters.

    >>> sample(initialize_parameters(20, 27, 27), {c: i for i, c in enumerate("\nabcdefghijklmnopqrstuvwxyz")}, 3)[-1]
    0

    Returns:
        Indices; the last is the newline's.
    """
    _check_vocabulary("char_to_ix", len(char_to_ix), parameters)
    rng = _Listing(seed) if isinstance(seed, int) else np.random.default_rng(seed)
    return charlm.sample(parameters, char_to_ix, cast(np.random.Generator, rng))


class _Listing:
    """The exercise's own random draws, which reseed NumPy's legacy generator for each character."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def random(self) -> float:
        drawn = np.random.RandomState(self.seed).random_sample()
        self.seed += 2  # the listing's seed and the counter added to it each grow by one
        return float(drawn)


def print_sample(sample_ix: Sequence[int], ix_to_char: Mapping[int, str]) -> None:
    """Print a name with a capital, and the newline that it ends with."""
    missing = next((index for index in sample_ix if index not in ix_to_char), None)
    if missing is not None:
        raise OptionError(f"ix_to_char: it lacks {missing}, which is in sample_ix; give that of the same vocabulary")
    text = "".join(ix_to_char[index] for index in sample_ix)
    print(text[:1].upper() + text[1:], end="")


def rnn_forward(
    X: Indices, Y: Indices, a0: np.ndarray, parameters: Parameters, vocab_size: int = 27
) -> tuple[float, StepCache]:
    """Run a whole name.

    Args:
        X: indices of the inputs; None is the zero vector.
        Y: indices of the target characters, as many.
        a0: first state, (n_a, 1).
        parameters: of the network.
        vocab_size: number of characters.

    Returns:
        The loss in nats, and the cache: dictionaries by step of the probabilities y_hat (vocab_size, 1), the states a
        (n_a, 1), with a0 at -1, and the one-hot inputs x (vocab_size, 1).

    Raises:
        ArrayError: something does not fit, the vocabulary's size included.
    """
    _check_vocabulary("vocab_size", vocab_size, parameters)
    loss, cache = charlm.rnn_forward(X, Y, a0, parameters)
    y_hat = {t: p[:, None] for t, p in enumerate(cache.p)}
    a = {t - 1: state[:, None] for t, state in enumerate(cache.states)}
    x = {t: _one_hot(index, vocab_size) for t, index in enumerate(X)}
    return loss, (y_hat, a, x)


def rnn_backward(X: Indices, Y: Indices, parameters: Parameters, cache: StepCache) -> tuple[Gradients, Steps]:
    """Run a whole name backward.

    Returns:
        The gradients dWax, dWaa, dWya, db, dby and da_next, which is a0's; and the states by step, as in the cache.

    Raises:
        ArrayError: the cache is not what `rnn_forward` returned for this name.
    """
    y_hat, a, _ = _as_steps(cache, len(X))
    states = np.hstack([a[t] for t in range(-1, len(X))]).T
    inner = charlm_net.Cache(np.hstack([y_hat[t] for t in range(len(X))]).T, states, ())
    gradients, _ = charlm.rnn_backward(X, Y, parameters, inner)
    return gradients, a


def optimize(
    X: Indices, Y: Indices, a_prev: np.ndarray, parameters: Parameters, learning_rate: float = 0.01
) -> tuple[float, Gradients, np.ndarray]:
    """Learn one name: forward, backward, clip at 5, one SGD step on `parameters` in place.

    Returns:
        The loss before the step, the clipped gradients, and the last state (n_a, 1).
    """
    return charlm.optimize(X, Y, a_prev, parameters, learning_rate)


def model(  # noqa: PLR0913, PLR0917 - the exercise's arguments
    data: str | Sequence[str],
    ix_to_char: Mapping[int, str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35_000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    *,
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Learn one name an iteration, over and over; print the loss and some names every 2,000.

    A name that occurs twice in `data` is learnt twice as often. The state is carried from name to name, as in the
    exercise; `jazzgen.reference.charlm.model` can start each name from zeros, which learns better.

    Args:
        data: a text with one name a line, or the names.
        ix_to_char, char_to_ix: its characters, the newline among them.
        num_iterations: names to learn.
        n_a: units.
        dino_names: number of names to print.
        vocab_size: number of characters.
        seed: of the order of the names.

    Returns:
        The parameters.

    Raises:
        CorpusError: there is no name, or one with a character outside `char_to_ix`.
        OptionError: the vocabulary's sizes differ, or a number is out of range.
        TrainingError: the loss explodes.
    """
    names = _names(data, char_to_ix)
    if not vocab_size == len(char_to_ix) == len(ix_to_char):
        raise OptionError(
            f"vocab_size {vocab_size}: char_to_ix has {len(char_to_ix)} characters and ix_to_char {len(ix_to_char)}; "
            "give one number for all three"
        )
    np.random.RandomState(seed).shuffle(names)
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    pairs = [charlm.as_pair(name, char_to_ix) for name in names]
    first = get_initial_loss(vocab_size, dino_names)
    for j, loss in enumerate(charlm.learn_in_turn(pairs, parameters, first, num_iterations)):
        if j % _SHOW_EVERY == 0:
            print(f"Iteration: {j}, Loss: {loss:f}\n")
            for number in range(dino_names):
                print_sample(sample(parameters, char_to_ix, number), ix_to_char)
            print()
    return parameters


def _names(data: str | Sequence[str], char_to_ix: Mapping[str, int]) -> list[str]:
    lines = data.splitlines() if isinstance(data, str) else list(data)
    names = [name for line in lines if (name := line.strip())]
    if not names:
        raise CorpusError("data: it holds no name; give a text with one a line")
    if "\n" not in char_to_ix:
        raise OptionError("char_to_ix: it has no newline, which ends every name; make it from the text as a whole")
    for name in names:
        strange = next((c for c in name if c not in char_to_ix), None)
        if strange is not None:
            raise CorpusError(f"data: '{name[:40]}' has {strange!r}, which char_to_ix lacks; make it from this data")
    return names


def _check_vocabulary(argument: str, size: int, parameters: Parameters) -> None:
    known = charlm_net.check_parameters(parameters) and parameters["Wax"].shape[1]
    if size != known:
        raise OptionError(f"{argument}: {size} characters, and the parameters are for {known}; give those of one model")


def _one_hot(index: int | None, size: int) -> np.ndarray:
    column = np.zeros((size, 1))
    if index is not None and index != charlm_net.NOTHING:
        column[index] = 1
    return column


def _as_steps(cache: StepCache, steps: int) -> StepCache:
    """Return the cache, after checking that its dictionaries hold exactly the steps of the name."""
    if not isinstance(cache, tuple | list) or len(cache) != 3 or not all(isinstance(part, dict) for part in cache):
        raise ArrayError("cache is three dictionaries by step, (y_hat, a, x); give what rnn_forward returned")
    y_hat, a, x = cache
    if sorted(y_hat) != list(range(steps)) or sorted(a) != list(range(-1, steps)):
        raise ArrayError(f"cache has the steps {sorted(y_hat)}, X has {steps}; give that of the same name")
    return y_hat, a, x

"""The character model: learn names one at a time by SGD, then make up new ones letter by letter.

The functions and their arguments are those of the exercise's second part: a name is its characters' indices, X[0] is
None, the zero vector, and columns are (n, 1). Each takes an RNN's or an LSTM's parameters, as `charlm_cells` lays them
out; `initialize_parameters(..., cell="lstm")` decides, and a_prev is then the state [a; c] (2 n_a, 1).

`rnn_step_forward` and `rnn_step_backward` are the equations of one step. `rnn_forward` and `rnn_backward`, which
training uses, give the same for a whole name with one product over all steps. The usual listing starts each name in the
state that the previous name ended in, though names are shuffled and sampling starts from zeros. `model` does as the
listing does, or starts each name from zeros with `carry_state=False`, which learns better.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jazzgen.errors import CorpusError, OptionError, TrainingError
from jazzgen.reference.charlm_cells import Parameters, cell_of
from jazzgen.reference.charlm_net import (
    NOTHING,
    check_parameters,
    clip,
    forward,
    initialize_parameters,
    learn,
    optimize,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    update_parameters,
)
from jazzgen.reference.output import softmax

__all__ = [
    "Progress",
    "as_pair",
    "clip",
    "decode",
    "get_initial_loss",
    "initialize_parameters",
    "learn_in_turn",
    "mean_loss",
    "model",
    "optimize",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sample",
    "smooth",
    "update_parameters",
    "vocabulary",
]

END = "\n"
MAX_LENGTH = 50  # as in the exercise
_SEQ_LENGTH = 7  # characters that the first smoothed loss stands for, as in the exercise
_SAMPLES = 7  # names printed at a time, as in the exercise
_RUNAWAY = 1e6  # nats a name, set by hand: training does not recover from there

Pair = tuple[np.ndarray, np.ndarray]  # a name as X and Y, indices (T,)


def vocabulary(text: str) -> tuple[dict[str, int], dict[int, str]]:
    r"""Return char_to_ix and ix_to_char of a text with one name a line: its characters sorted, the newline among them.

    Raises:
        CorpusError: it has fewer than two different characters besides the newline.

    Example:
        >>> vocabulary("ada\nbob")[0]
        {'\n': 0, 'a': 1, 'b': 2, 'd': 3, 'o': 4}
    """
    characters = sorted({*text, END})
    if len(characters) < 3:
        found = f"'{characters[-1]}' alone" if characters[-1] != END else "no characters"
        raise CorpusError(f"the text holds {found}; give names with two different characters or more")
    return {c: i for i, c in enumerate(characters)}, dict(enumerate(characters))


def smooth(loss: float, cur_loss: float) -> float:
    """Update the loss's moving average over about the last thousand names; 0.999 is the exercise's."""
    return 0.999 * loss + 0.001 * cur_loss


def get_initial_loss(vocab_size: int, seq_length: int) -> float:
    """Return the loss in nats of `seq_length` characters when all are equally likely."""
    return float(-np.log(1 / vocab_size) * seq_length)


def sample(
    parameters: Parameters,
    char_to_ix: Mapping[str, int],
    rng: np.random.Generator,
    *,
    temperature: float = 1.0,
    prefix: str = "",
    max_length: int = MAX_LENGTH,
) -> list[int]:
    """Make up a name, drawing each character by its probability.

    Args:
        parameters: as `charlm_cells` lays them out.
        char_to_ix: the vocabulary.
        rng: source of randomness.
        temperature: 1 samples as learnt; lower values favour likely characters.
        prefix: start of the name, included in the result.
        max_length: of the name.

    Returns:
        Indices that end with the newline's, which is drawn or added after `max_length` characters.

    Raises:
        OptionError: the temperature is not above 0, or the prefix has a character outside the vocabulary.
    """
    check_sampling(prefix, temperature, char_to_ix, max_length)
    check_parameters(parameters)
    return draw(parameters, [char_to_ix[c] for c in prefix], char_to_ix[END], rng, temperature, max_length)


def draw(
    parameters: Parameters, given: Sequence[int], end: int, rng: np.random.Generator, temperature: float, longest: int
) -> list[int]:
    """Sample as `sample` does, from indices and without checks."""
    step, states = cell_of(parameters).step, cell_of(parameters).states
    Waa, Wya, by = parameters["Waa"], parameters["Wya"], parameters["by"][:, 0]
    b = parameters["b"][:, 0]
    n_a = Waa.shape[1]
    # What each character adds to the gates, as columns that `step` reads: Wax x + b.
    z = parameters["Wax"].T + b
    indices = list(given)
    state = step(b, Waa, np.zeros(states * n_a))
    # Run the prefix through the network, then draw.
    for index in indices:
        state = step(z[index], Waa, state)
    while len(indices) < longest:
        p = softmax((Wya @ state[:n_a] + by) / temperature)
        index = int(np.searchsorted(p[:-1].cumsum(), rng.random(), side="right"))
        if index == end:
            break
        indices.append(index)
        state = step(z[index], Waa, state)
    return [*indices, end]


def check_sampling(prefix: str, temperature: float, char_to_ix: Mapping[str, int], max_length: int) -> None:
    """Raise OptionError unless the prefix can start a name and the temperature is above 0."""
    if not 0 < temperature < float("inf"):
        raise OptionError(f"temperature {temperature:g}: must be above 0; 1 samples as learnt, 0.5 plays safe")
    for character in prefix:
        if character not in char_to_ix or character == END:
            known = "".join(sorted(set(char_to_ix) - {END}))
            raise OptionError(f"the start {prefix!r} has {character!r}, which the model never met; it knows {known!r}")
    if len(prefix) >= max_length:
        raise OptionError(f"the start {prefix!r} is {len(prefix)} characters, names have at most {max_length}")


@dataclass(frozen=True)
class Progress:
    """The progress of a training.

    Attributes:
        iteration: names learnt so far, from 1.
        loss: smoothed, in nats a name.
        held_out: loss on the names held out, in nats a character, newlines included; None without any.
        names: samples.
        parameters: as they are now; training goes on changing them.
    """

    iteration: int
    loss: float
    held_out: float | None
    names: tuple[str, ...]
    parameters: Parameters


def model(  # noqa: PLR0913 - the exercise's settings, by name
    names: Sequence[str],
    *,
    rng: np.random.Generator,
    num_iterations: int = 35_000,
    n_a: int = 50,
    learning_rate: float = 0.01,
    cell: str = "rnn",
    sample_every: int = 2000,
    carry_state: bool = True,
    validation: Sequence[str] = (),
    progress: Callable[[Progress], None] = lambda _: None,
) -> dict[str, np.ndarray]:
    """Learn one name an iteration, in shuffled order, over and over.

    Args:
        names: to learn.
        rng: source of randomness.
        num_iterations: names to learn, counting repetitions.
        n_a: units.
        learning_rate: of SGD.
        cell: rnn or lstm.
        sample_every: iterations between calls of `progress`.
        carry_state: start each name in the state that the previous name ended in, instead of zeros.
        validation: names held out: their loss is reported, and their characters are in the vocabulary.
        progress: called every `sample_every` iterations and after the last.

    Returns:
        The parameters, for the `vocabulary` of all the names.

    Raises:
        CorpusError: there is nothing to learn.
        TrainingError: the loss explodes, or it or a weight is not finite.
    """
    _check_above_0(iterations=num_iterations, learning_rate=learning_rate, sample_every=sample_every)
    char_to_ix, _ = vocabulary(END.join([*names, *validation]))
    held_out = [as_pair(name, char_to_ix) for name in validation]
    pairs = [as_pair(names[i], char_to_ix) for i in rng.permutation(len(names))]
    parameters = initialize_parameters(n_a, len(char_to_ix), len(char_to_ix), rng, cell)
    first = get_initial_loss(len(char_to_ix), _SEQ_LENGTH)
    learning = learn_in_turn(
        pairs, parameters, first, num_iterations, learning_rate=learning_rate, carry_state=carry_state
    )
    for iteration, loss in enumerate(learning, 1):
        if iteration == num_iterations or iteration % sample_every == 0:
            _check_finite(parameters, iteration, loss, learning_rate)
            drawn = tuple(decode(sample(parameters, char_to_ix, rng), char_to_ix) for _ in range(_SAMPLES))
            progress(Progress(iteration, loss, _mean_loss(held_out, parameters), drawn, parameters))
    return parameters


def learn_in_turn(
    pairs: Sequence[Pair],
    parameters: Parameters,
    loss: float,
    iterations: int,
    *,
    learning_rate: float = 0.01,
    carry_state: bool = True,
) -> Iterator[float]:
    """Learn names one after the other, over and over, changing `parameters` in place.

    Args:
        pairs: names, from `as_pair`.
        parameters: updated in place.
        loss: first value of the smoothed loss.
        iterations: names to learn, counting repetitions.
        learning_rate: of SGD.
        carry_state: start each name in the state that the previous name ended in, instead of zeros.

    Yields:
        The smoothed loss after each name.

    Raises:
        TrainingError: the loss explodes.
    """
    zeros = a_prev = _zero_state(parameters)
    for iteration in range(iterations):
        with np.errstate(all="ignore"):  # a loss that is not finite raises an error below
            cur_loss, _, last = learn(*pairs[iteration % len(pairs)], a_prev, parameters, learning_rate)
        if not cur_loss < _RUNAWAY:
            raise _ran_away(iteration + 1, cur_loss, learning_rate)
        a_prev = last if carry_state else zeros
        loss = smooth(loss, cur_loss)
        yield loss


def _check_finite(parameters: Parameters, iteration: int, loss: float, learning_rate: float) -> None:
    if not all(np.isfinite(array).all() for array in parameters.values()):
        raise _ran_away(iteration, loss, learning_rate)


def _ran_away(iteration: int, loss: float, learning_rate: float) -> TrainingError:
    return TrainingError(
        f"iteration {iteration}: the loss is {loss:g} or a weight is not finite; "
        f"lower the learning rate (it is {learning_rate:g})"
    )


def decode(indices: Sequence[int], char_to_ix: Mapping[str, int]) -> str:
    """Convert the indices that `sample` returns to a name without its newline."""
    characters = {index: character for character, index in char_to_ix.items()}
    return "".join(characters[index] for index in indices).rstrip(END)


def mean_loss(names: Sequence[str], parameters: Parameters, char_to_ix: Mapping[str, int]) -> float | None:
    """Return the mean loss of some names in nats a character, newlines included; None without names."""
    check_parameters(parameters)
    return _mean_loss([as_pair(name, char_to_ix) for name in names], parameters)


def _mean_loss(pairs: Sequence[Pair], parameters: Parameters) -> float | None:
    if not pairs:
        return None
    zeros = _zero_state(parameters)
    nats = sum(forward(x, y, zeros, parameters)[0] for x, y in pairs)
    return nats / sum(len(y) for _, y in pairs)


def _zero_state(parameters: Parameters) -> np.ndarray:
    return np.zeros((cell_of(parameters).states * parameters["Waa"].shape[1], 1))


def as_pair(name: str, char_to_ix: Mapping[str, int]) -> Pair:
    """Convert a name to X, which starts with NOTHING, and Y, which ends with the newline."""
    indices = [char_to_ix[character] for character in name]
    return np.array([NOTHING, *indices], np.intp), np.array([*indices, char_to_ix[END]], np.intp)


def _check_above_0(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < float("inf"):
            raise OptionError(f"{name.replace('_', ' ')} {value:g}: must be above 0")

"""Measure the character model: its speed against the exercise's code, and what it learns.

`textbook_optimize` computes one step at a time, with a one-hot column as input and an outer product for each parameter.
Both learn the same names from the same weights, and must end with the same ones.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from jazzgen.learning.names.training import read_names
from jazzgen.reference.charlm import Progress, as_pair, initialize_parameters, model, vocabulary
from jazzgen.reference.charlm_net import learn

UNITS, RATE = 50, 0.01  # the exercise's
# Set by hand.
_ROUNDS, _NAMES = 5, 1000
_ITERATIONS = 35_000  # the exercise's
_SEEDS = 5
_HELD_OUT = 0.1


def main(path: Path) -> None:
    """Print both speeds and their ratio for the names of a text, in lower case."""
    names = [name.lower() for name in read_names(path)]
    textbook, fast = compare(names)
    print(
        f"{path.name}: textbook {textbook:.0f} names/s, jazzgen {fast:.0f} names/s, {fast / textbook:.1f} times as many"
    )


def compare(names: Sequence[str], rounds: int = _ROUNDS, count: int = _NAMES) -> tuple[float, float]:
    """Return names a second of the textbook's code and of `learn`, the best of some alternating rounds."""
    char_to_ix, _ = vocabulary("\n".join(names))
    pairs = [as_pair(names[i % len(names)], char_to_ix) for i in range(count)]
    lists = [([None, *x[1:].tolist()], y.tolist()) for x, y in pairs]
    mine, theirs = (
        initialize_parameters(UNITS, len(char_to_ix), len(char_to_ix), np.random.default_rng(0)) for _ in range(2)
    )
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        seconds[0].append(_seconds(lambda X, Y, a: textbook_optimize(X, Y, a, theirs, RATE)[-1], lists))
        seconds[1].append(_seconds(lambda x, y, a: learn(x, y, a, mine, RATE)[-1], pairs))
    for name, array in mine.items():
        np.testing.assert_allclose(array, theirs[name], atol=1e-6)
    return count / min(seconds[0]), count / min(seconds[1])


def print_losses(path: Path) -> None:
    """Print the losses on a text's names, in lower case, by seed and by the state that a name starts in."""
    names = [name.lower() for name in read_names(path)]
    print(f"{path.name}: {len(names)} names, {_ITERATIONS} iterations, {UNITS} units")
    for seed in range(_SEEDS):
        for carry_state, label in ((True, "carried on"), (False, "zeros")):
            loss, held_out = final_losses(names, seed, carry_state=carry_state)
            print(f"seed {seed}, {label}: {loss:.2f} nats a name; held out {held_out:.3f} nats a character", flush=True)


def final_losses(
    names: Sequence[str], seed: int, *, carry_state: bool, iterations: int = _ITERATIONS
) -> tuple[float, float]:
    """Train networks of 50 units on names, one an iteration.

    Returns:
        The final smoothed loss in nats a name, with all names learnt; and, with a tenth of them held out, the lowest
        loss on those in nats a character.
    """
    order = np.random.default_rng(seed).permutation(len(names))
    count = round(_HELD_OUT * len(names))
    held_out, rest = ([names[i] for i in part] for part in np.split(order, [count]))
    last = _learn(names, (), seed, carry_state, iterations)[-1]
    seen = _learn(rest, held_out, seed, carry_state, iterations)
    return last.loss, min(now.held_out for now in seen if now.held_out is not None)


def _learn(
    names: Sequence[str], held_out: Sequence[str], seed: int, carry_state: bool, iterations: int
) -> list[Progress]:
    seen: list[Progress] = []
    model(
        names,
        rng=np.random.default_rng(seed),
        num_iterations=iterations,
        n_a=UNITS,
        learning_rate=RATE,
        carry_state=carry_state,
        validation=held_out,
        progress=seen.append,
    )
    return seen


def _seconds(learn_one: Callable[..., np.ndarray], pairs: Sequence[tuple[object, object]]) -> float:
    start = time.perf_counter()
    a = np.zeros((UNITS, 1))
    for x, y in pairs:
        a = learn_one(x, y, a)
    return time.perf_counter() - start


def textbook_optimize(
    X: Sequence[int | None], Y: Sequence[int], a_prev: np.ndarray, parameters: Mapping[str, np.ndarray], lr: float
) -> tuple[float, np.ndarray]:
    """Learn one name step by step; return its loss and the last state."""
    n_x = parameters["Wax"].shape[1]
    states, inputs, outputs = [a_prev], [], []
    loss = 0.0
    for index, target in zip(X, Y, strict=True):
        x = np.zeros((n_x, 1))
        if index is not None:
            x[index] = 1
        states.append(np.tanh(np.dot(parameters["Wax"], x) + np.dot(parameters["Waa"], states[-1]) + parameters["b"]))
        scores = np.dot(parameters["Wya"], states[-1]) + parameters["by"]
        exponentials = np.exp(scores - np.max(scores))
        outputs.append(exponentials / exponentials.sum(axis=0))
        inputs.append(x)
        loss -= float(np.log(outputs[-1][target, 0]))
    gradients = {name: np.zeros_like(array) for name, array in parameters.items()}
    da_next = np.zeros_like(a_prev)
    for t in reversed(range(len(X))):
        dy = np.copy(outputs[t])
        dy[Y[t]] -= 1
        gradients["Wya"] += np.dot(dy, states[t + 1].T)
        gradients["by"] += dy
        dz = (1 - states[t + 1] * states[t + 1]) * (np.dot(parameters["Wya"].T, dy) + da_next)
        gradients["b"] += dz
        gradients["Wax"] += np.dot(dz, inputs[t].T)
        gradients["Waa"] += np.dot(dz, states[t].T)
        da_next = np.dot(parameters["Waa"].T, dz)
    for name, gradient in gradients.items():
        np.clip(gradient, -5, 5, out=gradient)
        parameters[name][...] += -lr * gradient
    return loss, states[-1]

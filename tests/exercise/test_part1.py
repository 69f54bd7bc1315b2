"""Part 1: plain tuples as caches, gradients of the first steps, and what is wrong said in one line."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from jazzgen.errors import ArrayError, ShapeError
from jazzgen.exercise import part1
from jazzgen.reference import lstm, rnn

N_X, N_A, N_Y, M, T = 3, 4, 2, 5, 6


def arrays(shapes: Mapping[str, tuple[int, ...]], seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, 0.5, shape) for name, shape in shapes.items()}


RNN = arrays({"Wax": (N_A, N_X), "Waa": (N_A, N_A), "Wya": (N_Y, N_A), "ba": (N_A, 1), "by": (N_Y, 1)})
LSTM = arrays(
    {f"W{gate}": (N_A, N_A + N_X) for gate in "fico"}
    | {f"b{gate}": (N_A, 1) for gate in "fico"}
    | {"Wy": (N_Y, N_A), "by": (N_Y, 1)}
)
GIVEN = arrays({"x": (N_X, M, T), "a0": (N_A, M), "da": (N_A, M, T)}, 1)


def caches_of(kind: str) -> Any:
    forward: Callable[..., Any] = part1.rnn_forward if kind == "rnn" else part1.lstm_forward
    return forward(GIVEN["x"], GIVEN["a0"], RNN if kind == "rnn" else LSTM)[-1]


BACKWARD: dict[str, Callable[..., Any]] = {"rnn": part1.rnn_backward, "lstm": part1.lstm_backward}
CELL_BACKWARD: dict[str, Callable[..., Any]] = {
    "rnn": lambda cache: part1.rnn_cell_backward(GIVEN["da"][:, :, 0], cache),
    "lstm": lambda cache: part1.lstm_cell_backward(GIVEN["da"][:, :, 0], GIVEN["da"][:, :, 1], cache),
}


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_caches_may_be_plain_tuples(kind: str) -> None:
    steps, x = caches_of(kind)
    plain = ([tuple(cache) for cache in steps], x)
    for name, gradient in BACKWARD[kind](GIVEN["da"], (steps, x)).items():
        np.testing.assert_array_equal(BACKWARD[kind](GIVEN["da"], plain)[name], gradient)
    for name, gradient in CELL_BACKWARD[kind](steps[2]).items():
        np.testing.assert_array_equal(CELL_BACKWARD[kind](tuple(steps[2]))[name], gradient)


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_a_gradient_of_the_first_steps_is_one_of_zeros_after_them(kind: str) -> None:
    few = BACKWARD[kind](GIVEN["da"][:, :, :2], caches_of(kind))
    padded = np.concatenate([GIVEN["da"][:, :, :2], np.zeros((N_A, M, T - 2))], axis=2)
    whole = BACKWARD[kind](padded, caches_of(kind))
    assert few["dx"].shape == (N_X, M, 2)
    np.testing.assert_array_equal(whole["dx"][:, :, 2:], 0)
    np.testing.assert_allclose(few["dx"], whole["dx"][:, :, :2], rtol=1e-12)
    for name in set(few) - {"dx"}:
        np.testing.assert_allclose(few[name], whole[name], rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_a_gradient_of_more_steps_than_there_are_is_an_error(kind: str) -> None:
    more = np.concatenate([GIVEN["da"], GIVEN["da"]], axis=2)
    with pytest.raises(ShapeError, match=r"da has shape \(4, 5, 12\), expected \(n_a, m, T_x\) = \(4, 5, 6\)"):
        BACKWARD[kind](more, caches_of(kind))


WRONG_CACHES: list[tuple[Any, str]] = [
    (None, "caches must be a pair"),
    (([], np.zeros((3, 5))), r"caches has 0 steps beside an x of \(3, 5\)"),
    ((["step"] * T, GIVEN["x"]), r"caches\[0\]\[0\] has type str, expected the (4|10) of a forward step: a_next, "),
    (([(1, 2)] * T, GIVEN["x"]), r"caches\[0\]\[0\] has 2 entries, expected"),
]


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
@pytest.mark.parametrize(("caches", "message"), WRONG_CACHES)
def test_wrong_caches_are_named(kind: str, caches: Any, message: str) -> None:
    with pytest.raises(ArrayError, match=message):
        BACKWARD[kind](GIVEN["da"], caches)


def test_the_cache_of_another_cell_is_named() -> None:
    with pytest.raises(ArrayError, match="cache has 10 entries, expected the 4 of a forward step"):
        CELL_BACKWARD["rnn"](caches_of("lstm")[0][0])
    with pytest.raises(ArrayError, match=r"cache: its parameters is of type ndarray; the entries of .* in that order"):
        CELL_BACKWARD["rnn"]((*caches_of("rnn")[0][0][:3], RNN["ba"]))
    with pytest.raises(ArrayError, match="cache: its a_prev is of type dict"):
        CELL_BACKWARD["rnn"]((GIVEN["a0"], RNN, GIVEN["x"][:, :, 0], RNN))


def test_a_gradient_that_is_no_sequence_is_named() -> None:
    with pytest.raises(ShapeError, match=r"da has shape \(4, 5\), expected \(n_a, m, T_x\)"):
        part1.lstm_backward(GIVEN["da"][:, :, 0], caches_of("lstm"))
    with pytest.raises(ShapeError, match="da has shape list"):
        part1.lstm_backward([1.0], caches_of("lstm"))  # type: ignore[arg-type]


def test_every_other_name_is_the_reference_itself() -> None:
    assert part1.lstm_cell_forward is lstm.lstm_cell_forward
    assert part1.rnn_cell_backward is rnn.rnn_cell_backward
    assert set(part1.__all__) >= {f"{cell}_{way}" for cell in ("rnn", "lstm") for way in ("forward", "backward")}

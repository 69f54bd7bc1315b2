"""The values that the exercise publishes for its seeded cases: facts, where they are right.

Each case draws from NumPy's legacy generator in the exercise's order. The values of the way back through a sequence are
those of its later edition; the earlier edition's belong to a pass that carries neither da nor dc from step to step.
"""

import numpy as np
import pytest

from jazzgen.errors import ShapeError
from jazzgen.reference.lstm import lstm_backward, lstm_cell_backward, lstm_cell_forward, lstm_forward
from jazzgen.reference.rnn import rnn_backward, rnn_cell_backward, rnn_cell_forward, rnn_forward

Arrays = dict[str, np.ndarray]
RNN = {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
FORWARD_ORDER = ("Waa", "Wax", "Wya", "ba", "by")
RTOL = 1e-7  # eight figures are printed


def seeded() -> np.random.RandomState:
    return np.random.RandomState(1)


def rnn_parameters(draw: np.random.RandomState, order: tuple[str, ...] = tuple(RNN)) -> Arrays:
    return {name: draw.randn(*RNN[name]) for name in order}


def lstm_parameters(draw: np.random.RandomState) -> Arrays:
    """The gates, weight before bias, in the order that they are drawn in: f, i, o, c."""
    gates: Arrays = {}
    for gate in "fioc":
        gates |= {f"W{gate}": draw.randn(5, 8), f"b{gate}": draw.randn(5, 1)}
    return gates


def assert_published(found: Arrays, published: dict[str, tuple[tuple[int, ...], float | list[float]]]) -> None:
    for name, (index, value) in published.items():
        np.testing.assert_allclose(found[name][index], value, rtol=RTOL, atol=5e-9, err_msg=name)


def test_rnn_cell_forward() -> None:
    draw = seeded()
    xt, a_prev = draw.randn(3, 10), draw.randn(5, 10)
    a_next, yt_pred, _ = rnn_cell_forward(xt, a_prev, rnn_parameters(draw, FORWARD_ORDER))
    assert_published(
        {"a_next": a_next, "yt_pred": yt_pred},
        {
            "a_next": (
                (4,),
                [
                    0.59584544,
                    0.18141802,
                    0.61311866,
                    0.99808218,
                    0.85016201,
                    0.99980978,
                    -0.18887155,
                    0.99815551,
                    0.6531151,
                    0.82872037,
                ],
            ),
            "yt_pred": (
                (1,),
                [
                    0.9888161,
                    0.01682021,
                    0.21140899,
                    0.36817467,
                    0.98988387,
                    0.88945212,
                    0.36920224,
                    0.9966312,
                    0.9982559,
                    0.17746526,
                ],
            ),
        },
    )


def test_rnn_forward() -> None:
    draw = seeded()
    x, a0 = draw.randn(3, 10, 4), draw.randn(5, 10)
    a, y_pred, caches = rnn_forward(x, a0, rnn_parameters(draw, FORWARD_ORDER))
    assert len(caches) == 2
    assert_published(
        {"a": a, "y_pred": y_pred, "x": caches[1]},
        {
            "a": ((4, 1), [-0.99999375, 0.77911235, -0.99861469, -0.99833267]),
            "y_pred": ((1, 3), [0.79560373, 0.86224861, 0.11118257, 0.81515947]),
            "x": ((1, 3), [-1.1425182, -0.34934272, -0.20889423, 0.58662319]),
        },
    )


def test_lstm_cell_forward() -> None:
    draw = seeded()
    xt, a_prev, c_prev = draw.randn(3, 10), draw.randn(5, 10), draw.randn(5, 10)
    parameters = lstm_parameters(draw) | {"Wy": draw.randn(2, 5), "by": draw.randn(2, 1)}
    a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    assert len(cache) == 10
    assert_published(
        {"a_next": a_next, "c_next": c_next, "yt": yt, "cache": cache[1]},
        {
            "a_next": (
                (4,),
                [
                    -0.66408471,
                    0.0036921,
                    0.02088357,
                    0.22834167,
                    -0.85575339,
                    0.00138482,
                    0.76566531,
                    0.34631421,
                    -0.00215674,
                    0.43827275,
                ],
            ),
            "c_next": (
                (2,),
                [
                    0.63267805,
                    1.00570849,
                    0.35504474,
                    0.20690913,
                    -1.64566718,
                    0.11832942,
                    0.76449811,
                    -0.0981561,
                    -0.74348425,
                    -0.26810932,
                ],
            ),
            "yt": (
                (1,),
                [
                    0.79913913,
                    0.15986619,
                    0.22412122,
                    0.15606108,
                    0.97057211,
                    0.31146381,
                    0.00943007,
                    0.12666353,
                    0.39380172,
                    0.07828381,
                ],
            ),
            "cache": (
                (3,),
                [
                    -0.16263996,
                    1.03729328,
                    0.72938082,
                    -0.54101719,
                    0.02752074,
                    -0.30821874,
                    0.07651101,
                    -1.03752894,
                    1.41219977,
                    -0.37647422,
                ],
            ),
        },
    )


def test_lstm_forward() -> None:
    draw = seeded()
    x, a0 = draw.randn(3, 10, 7), draw.randn(5, 10)
    parameters = lstm_parameters(draw) | {"Wy": draw.randn(2, 5), "by": draw.randn(2, 1)}
    a, y, c, caches = lstm_forward(x, a0, parameters)
    assert_published(
        {"a": a, "y": y, "c": c, "x": caches[1]},
        {
            "a": ((4, 3, 6), 0.172117767533),
            "y": ((1, 4, 3), 0.95087346185),
            "c": ((1, 2, 1), -0.855544916718),
            "x": (
                (1, 1),
                [0.82797464, 0.23009474, 0.76201118, -0.22232814, -0.20075807, 0.18656139, 0.41005165],
            ),
        },
    )


def test_rnn_cell_backward() -> None:
    draw = seeded()
    xt, a_prev = draw.randn(3, 10), draw.randn(5, 10)
    _, _, cache = rnn_cell_forward(xt, a_prev, rnn_parameters(draw))
    assert_published(
        rnn_cell_backward(draw.randn(5, 10), cache),
        {
            "dxt": ((1, 2), -1.3872130506),
            "da_prev": ((2, 3), -0.152399493774),
            "dWax": ((3, 1), 0.410772824935),
            "dWaa": ((1, 2), 1.15034506685),
            "dba": ((4, 0), 0.20023491),
        },
    )


def test_rnn_cell_backward_with_the_bias_of_the_case_before() -> None:
    """The earlier edition draws a bias but hands over the one that `test_rnn_forward` has drawn."""
    before = seeded()
    before.randn(3, 10, 4)
    before.randn(5, 10)
    ba = rnn_parameters(before, FORWARD_ORDER)["ba"]
    draw = seeded()
    xt, a_prev = draw.randn(3, 10), draw.randn(5, 10)
    _, _, cache = rnn_cell_forward(xt, a_prev, rnn_parameters(draw) | {"ba": ba})
    assert_published(
        rnn_cell_backward(draw.randn(5, 10), cache),
        {
            "dxt": ((1, 2), -0.460564103059),
            "da_prev": ((2, 3), 0.0842968653807),
            "dWax": ((3, 1), 0.393081873922),
            "dWaa": ((1, 2), -0.28483955787),
            "dba": ((4, 0), 0.80517166),
        },
    )


def test_rnn_backward() -> None:
    draw = seeded()
    x, a0 = draw.randn(3, 10, 4), draw.randn(5, 10)
    _, _, caches = rnn_forward(x, a0, rnn_parameters(draw))
    assert_published(
        rnn_backward(draw.randn(5, 10, 4), caches),
        {
            "dx": ((1, 2), [-2.07101689, -0.59255627, 0.02466855, 0.01483317]),
            "da0": ((2, 3), -0.314942375127),
            "dWax": ((3, 1), 11.2641044965),
            "dWaa": ((1, 2), 2.30333312658),
            "dba": ((4, 0), -0.74747722),
        },
    )


def test_lstm_cell_backward() -> None:
    draw = seeded()
    xt, a_prev, c_prev = draw.randn(3, 10), draw.randn(5, 10), draw.randn(5, 10)
    parameters = lstm_parameters(draw) | {"Wy": draw.randn(2, 5), "by": draw.randn(2, 1)}
    cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)[-1]
    da_next, dc_next = draw.randn(5, 10), draw.randn(5, 10)
    assert_published(
        lstm_cell_backward(da_next, dc_next, cache),
        {
            "dxt": ((1, 2), 3.23055911511),
            "da_prev": ((2, 3), -0.0639621419711),
            "dc_prev": ((2, 3), 0.797522038797),
            "dWf": ((3, 1), -0.147954838164),
            "dWi": ((1, 2), 1.05749805523),
            "dWc": ((3, 1), 2.30456216369),
            "dWo": ((1, 2), 0.331311595289),
            "dbf": ((4, 0), 0.18864637),
            "dbi": ((4, 0), -0.40142491),
            "dbc": ((4, 0), 0.25587763),
            "dbo": ((4, 0), 0.13893342),
        },
    )


def test_lstm_backward() -> None:
    """The case runs seven steps forward and gives a gradient for four: those four are a whole sequence here."""
    draw = seeded()
    x, a0 = draw.randn(3, 10, 7), draw.randn(5, 10)
    parameters = lstm_parameters(draw) | {"Wy": np.zeros((2, 5)), "by": np.zeros((2, 1))}
    da = draw.randn(5, 10, 4)
    with pytest.raises(ShapeError, match=r"da has shape \(5, 10, 4\), expected \(n_a, m, T_x\) = \(5, 10, 7\)"):
        lstm_backward(da, lstm_forward(x, a0, parameters)[-1])
    caches = lstm_forward(x[:, :, :4], a0, parameters)[-1]
    assert_published(
        lstm_backward(da, caches),
        {
            "dx": ((1, 2), [0.00218254, 0.28205375, -0.48292508, -0.43281115]),
            "da0": ((2, 3), 0.312770310257),
            "dWf": ((3, 1), -0.0809802310938),
            "dWi": ((1, 2), 0.40512433093),
            "dWc": ((3, 1), -0.0793746735512),
            "dWo": ((1, 2), 0.038948775763),
            "dbf": ((4, 0), -0.15745657),
            "dbi": ((4, 0), -0.50848333),
            "dbc": ((4, 0), -0.42510818),
            "dbo": ((4, 0), -0.17958196),
        },
    )

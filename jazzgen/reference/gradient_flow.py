"""Measure how gradients vanish or explode on their way back through time, and what clipping does about it.

A gradient that reaches a<t> goes on to a<t-1> as Waa^T (1 - a<t>^2) da<t>. Over many steps that product shrinks or
grows like a power of Waa's spectral radius, the largest modulus of its eigenvalues, times the slopes of tanh
(Y. Bengio et al., 1994; R. Pascanu et al., 2013, whose picture of a cliff in the loss `Latch` follows).
"""

from dataclasses import dataclass

import numpy as np

from jazzgen.reference.charlm_net import clip
from jazzgen.reference.lstm import GATES, lstm_cell_backward, lstm_forward
from jazzgen.reference.rnn import rnn_cell_backward, rnn_forward, rnn_loss

# Set by hand, as are the other numbers of this module.
UNITS, INPUTS, EXAMPLES = 64, 16, 16
_STARTS = np.array([[0.9, -0.9]])


def rnn_flow(radius: float, steps: int, rng: np.random.Generator, *, input_deviation: float = 0.0) -> np.ndarray:
    """Return the norm of dL/da<t> in a random network whose loss reads the last state alone.

    Args:
        radius: spectral radius of Waa.
        steps: steps of the sequence.
        rng: draws weights, inputs and the last gradient.
        input_deviation: standard deviation of the input's contribution to each unit; 0 keeps all states at 0, where
            tanh has slope 1 and the weights alone decide.

    Returns:
        Norms from the last state, where it is 1, back to the first, (steps + 1,): the geometric mean of the examples.
    """
    Waa = rng.standard_normal((UNITS, UNITS))
    Waa *= radius / np.abs(np.linalg.eigvals(Waa)).max()
    Wax = input_deviation * INPUTS**-0.5 * rng.standard_normal((UNITS, INPUTS))
    x = rng.standard_normal((INPUTS, EXAMPLES, steps))
    parameters = {"Wax": Wax, "Waa": Waa, "ba": np.zeros((UNITS, 1)), **_no_output("Wya")}
    _, _, (caches, _) = rnn_forward(x, np.zeros((UNITS, EXAMPLES)), parameters)
    da = _last_gradient(rng)
    norms = [_norm(da)]
    for cache in reversed(caches):
        da = rnn_cell_backward(da, cache)["da_prev"]
        norms.append(_norm(da))
    return np.array(norms)


def lstm_flow(forget_bias: float, steps: int, rng: np.random.Generator) -> np.ndarray:
    """Return the same for an LSTM with inputs of deviation 1 and weights of deviation 1 / sqrt(n_a + n_x).

    Returns:
        Norms of the gradients of [a<t>; c<t>], both paths back taken together, (steps + 1,).
    """
    size = UNITS + INPUTS
    parameters = {f"W{gate}": size**-0.5 * rng.standard_normal((UNITS, size)) for gate in GATES}
    parameters |= {f"b{gate}": np.full((UNITS, 1), forget_bias if gate == "f" else 0.0) for gate in GATES}
    x = rng.standard_normal((INPUTS, EXAMPLES, steps))
    *_, (caches, _) = lstm_forward(x, np.zeros((UNITS, EXAMPLES)), parameters | _no_output("Wy"))
    da = _last_gradient(rng)
    dc = np.zeros_like(da)
    norms = [_norm(da)]
    for cache in reversed(caches):
        step = lstm_cell_backward(da, dc, cache)
        da, dc = step["da_prev"], step["dc_prev"]
        norms.append(_norm(np.concatenate([da, dc])))
    return np.array(norms)


@dataclass(frozen=True)
class Latch:
    """One unit that must keep one bit: a<0> is 0.9 or -0.9, and after `steps` steps its sign is the target.

    There is no input. Two weights are learnt, w = Waa and b = ba; the output layer is fixed.
    """

    steps: int = 30

    def loss(self, w: float, b: float) -> tuple[float, dict[str, np.ndarray]]:
        """Return the loss in nats and its gradients, under the names that `clip` knows."""
        targets = np.zeros((2, 2, self.steps))
        targets[:, :, -1] = np.eye(2)
        loss, gradients = rnn_loss(np.zeros((1, 2, self.steps)), _STARTS, _latch(w, b), targets)
        return loss, gradients | {"db": gradients["dba"]}

    def surface(self, ws: np.ndarray, bs: np.ndarray) -> np.ndarray:
        """Return the loss at every pair (w, b), (len(bs), len(ws)); one batch holds all biases, given as inputs."""
        x = np.broadcast_to(np.repeat(bs, 2)[None, :, None], (1, 2 * len(bs), self.steps))
        a0 = np.tile(_STARTS, len(bs))
        losses = []
        for w in ws:
            _, y, _ = rnn_forward(x, a0, _latch(w, 0.0) | {"Wax": np.ones((1, 1))})
            last = y[:, :, -1].reshape(2, len(bs), 2)
            losses.append(-np.log(last[[0, 1], :, [0, 1]]).mean(axis=0))
        return np.stack(losses, axis=1)

    def descend(self, w: float, b: float, *, rate: float, moves: int, max_value: float | None = None) -> np.ndarray:
        """Run gradient descent, clipping at `max_value` if given, and return the points visited, (moves + 1, 2)."""
        places = [(w, b)]
        for _ in range(moves):
            _, gradients = self.loss(w, b)
            if max_value is not None:
                clip(gradients, max_value)
            w -= rate * gradients["dWaa"].item()
            b -= rate * gradients["db"].item()
            places.append((w, b))
        return np.array(places)


def _latch(w: float, b: float) -> dict[str, np.ndarray]:
    Wya = np.array([[2.0], [-2.0]])
    return {"Wax": np.zeros((1, 1)), "Waa": np.array([[w]]), "Wya": Wya, "ba": np.array([[b]]), "by": np.zeros((2, 1))}


def _no_output(name: str) -> dict[str, np.ndarray]:
    return {name: np.zeros((1, UNITS)), "by": np.zeros((1, 1))}


def _last_gradient(rng: np.random.Generator) -> np.ndarray:
    da = rng.standard_normal((UNITS, EXAMPLES))
    return da / np.linalg.norm(da, axis=0)


def _norm(columns: np.ndarray) -> float:
    return float(np.exp(np.log(np.linalg.norm(columns, axis=0)).mean()))

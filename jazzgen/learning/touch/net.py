"""The network in NumPy: what `graphs` computes, without TensorFlow.

    x     = sum of the embedding's rows of a note's columns + numbers W
    e     = [forward LSTM(x), backward LSTM(x), x]: the note among all notes
    p     = sum of the rows of the last note's bins + drift W: how it was played so far
    a, c  = LSTM([e, p], a, c)
    j_q   = tanh([a, e] W_q + b_q + rows of the note's own bins drawn before), for loudness, lateness and length
    logits_q = j_q V_q + d_q

The means come from e alone: no draw bears on them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jazzgen.learning.lstm import State, halved, lstm_step
from jazzgen.learning.touch.columns import N_ROWS, NUMBERS, STARTS, Facts
from jazzgen.learning.touch.scale import N_BINS, QUANTITIES

N_DRIFT = 6  # two running means of each quantity
KEEP = np.array([[0.85], [0.98]], np.float32)  # share that each running mean keeps at a note; set by hand
_WAYS = ("forward", "backward")
_N = len(QUANTITIES)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the network: of the embedding, of the LSTMs over the notes and over what was drawn, of the heads."""

    n_x: int = 64
    n_a: int = 96
    n_d: int = 96
    n_j: int = 64

    @property
    def n_e(self) -> int:
        return 2 * self.n_a + self.n_x

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each array, by its name in weights.npz."""
        x, a, d, j, e = self.n_x, self.n_a, self.n_d, self.n_j, self.n_e
        shapes: dict[str, tuple[int, ...]] = {"embedding": (N_ROWS, x), "numbers": (len(NUMBERS), x)}
        for way in _WAYS:
            shapes |= {f"{way}_kernel": (x, 4 * a), f"{way}_recurrent": (a, 4 * a), f"{way}_bias": (4 * a,)}
        shapes |= {"mean": (e, _N), "mean_bias": (_N,)}
        shapes |= {"last": (_N * (N_BINS + 1), x), "drift": (N_DRIFT, x)}
        shapes |= {"player_kernel": (e + x, 4 * d), "player_recurrent": (d, 4 * d), "player_bias": (4 * d,)}
        for place, quantity in enumerate(QUANTITIES):
            shapes |= {
                f"{quantity}_joint": (d + e + place * (N_BINS + 1), j),
                f"{quantity}_joint_bias": (j,),
                f"{quantity}_out": (j, N_BINS),
                f"{quantity}_out_bias": (N_BINS,),
            }
        return shapes


@dataclass(frozen=True, eq=False)
class Net:
    """The network: its sizes, and its arrays by name as `Sizes.shapes` has them."""

    sizes: Sizes
    arrays: Mapping[str, np.ndarray]

    def encode(self, facts: Facts) -> np.ndarray:
        """Return e (n, n_e), each note among all of them."""
        arrays = self.arrays
        x = arrays["embedding"][facts.columns + STARTS].sum(axis=1) + facts.numbers @ arrays["numbers"]
        both = np.stack([x, x[::-1]]).astype(np.float32)
        kernel, recurrent, bias = self._both_ways
        given = both @ kernel + bias
        state = State(*(np.zeros((2, self.sizes.n_a), np.float32) for _ in range(2)))
        hidden = np.empty((2, len(x), self.sizes.n_a), np.float32)
        for note in range(len(x)):
            state = lstm_step(given[:, note] + (state.a[:, None] @ recurrent)[:, 0], state)
            hidden[:, note] = state.a
        return np.concatenate([hidden[0], hidden[1, ::-1], x], axis=1, dtype=np.float32)

    def means(self, e: np.ndarray) -> np.ndarray:
        """Return the means (n, 3) of the three quantities given the notes, standardised."""
        return np.asarray(e @ self.arrays["mean"] + self.arrays["mean_bias"])

    @cached_property
    def _both_ways(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        kernel, recurrent, bias = (
            np.stack([halved(self.arrays[f"{way}_{name}"]) for way in _WAYS])
            for name in ("kernel", "recurrent", "bias")
        )
        return kernel, recurrent, bias[:, None]

    @cached_property
    def player(self) -> "Player":
        return Player.of(self)


@dataclass(frozen=True, eq=False)
class Player:
    """The part of the network that draws, its products of weights computed once.

    Attributes:
        last: (3, N_BINS + 1, 4 n_d), what each bin of the last note adds to the gates.
        drift: (N_DRIFT, 4 n_d), likewise.
        recurrent: (n_d, 4 n_d).
        joint: (n_d, 3 n_j), of all heads side by side.
        own: for each head, (bins before it, N_BINS + 1, n_j).
        out, out_bias: (3, n_j, N_BINS) and (3, N_BINS).
    """

    net: Net
    last: np.ndarray
    drift: np.ndarray
    recurrent: np.ndarray
    joint: np.ndarray
    own: tuple[np.ndarray, ...]
    out: np.ndarray
    out_bias: np.ndarray

    @classmethod
    def of(cls, net: Net) -> "Player":
        arrays, sizes = net.arrays, net.sizes
        kernel = halved(arrays["player_kernel"])[sizes.n_e :]
        above = sizes.n_d + sizes.n_e
        joints = [arrays[f"{quantity}_joint"] for quantity in QUANTITIES]
        return cls(
            net,
            (arrays["last"] @ kernel).reshape(_N, N_BINS + 1, -1),
            arrays["drift"] @ kernel,
            halved(arrays["player_recurrent"]),
            np.concatenate([joint[: sizes.n_d] for joint in joints], axis=1),
            tuple(joint[above:].reshape(place, N_BINS + 1, sizes.n_j) for place, joint in enumerate(joints)),
            np.stack([arrays[f"{quantity}_out"] for quantity in QUANTITIES]),
            np.stack([arrays[f"{quantity}_out_bias"] for quantity in QUANTITIES]),
        )

    def given(self, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what e (n, n_e) adds to the gates (n, 4 n_d) and to the heads (n, 3 n_j)."""
        arrays, sizes = self.net.arrays, self.net.sizes
        gates = e @ halved(arrays["player_kernel"])[: sizes.n_e] + halved(arrays["player_bias"])
        joints = [arrays[f"{quantity}_joint"][sizes.n_d : sizes.n_d + sizes.n_e] for quantity in QUANTITIES]
        biases = [arrays[f"{quantity}_joint_bias"] for quantity in QUANTITIES]
        return gates, e @ np.concatenate(joints, axis=1) + np.concatenate(biases)

    def step(self, gates: np.ndarray, bins: Sequence[int] | np.ndarray, drift: np.ndarray, state: State) -> State:
        """Go on by a note: what e adds (4 n_d,), the last note's bins (3,), the running means (N_DRIFT,)."""
        loudness, late, length = bins
        z = gates + self.last[0, loudness] + self.last[1, late] + self.last[2, length] + drift @ self.drift
        return lstm_step(z + state.a @ self.recurrent, state)

    def above(self, heads: np.ndarray, state: State) -> np.ndarray:
        """Return the heads' inputs before tanh (3, n_j), without the note's own bins, from what e adds (3 n_j,)."""
        return np.asarray(heads + state.a[0] @ self.joint).reshape(_N, -1)

    def logits(self, head: int, above: np.ndarray, bins: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return a head's logits (N_BINS,) from its inputs before tanh (n_j,) and the note's own bins drawn before."""
        z = above
        for place in range(head):
            z = z + self.own[head][place, bins[place]]
        return np.asarray(np.tanh(z) @ self.out[head] + self.out_bias[head])


def drifts(scores: np.ndarray) -> np.ndarray:
    """Return the running means (n, N_DRIFT) before each note of normal scores (n, 3)."""
    found = np.zeros((len(scores), N_DRIFT), np.float32)
    drift = np.zeros((2, _N))
    for note, score in enumerate(scores):
        found[note] = drift.ravel()
        drift = drift + (1 - KEEP) * (score - drift)
    return found

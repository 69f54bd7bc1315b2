"""The soloist's layers and graphs: a shared cell, reshaper and densor for each part of a note.

`training_graph` runs Tx notes over what was played (teacher forcing). `step_graph` makes one choice from given states;
`check` steps it through a session of notes, feeding every choice back as the next one-hot input. The memories' advice
is an input: they are look-up tables, outside the graphs.
"""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from jazzgen.learning.soloist.bundle import Config, net_of
from jazzgen.learning.soloist.examples import N_HEARD
from jazzgen.learning.soloist.memory import N_ADVISERS
from jazzgen.learning.soloist.moments import CLASSES, PARTS, WIDEST, PartName
from jazzgen.learning.soloist.net import MASKED, Net, n_outputs

Tensor = Any  # a Keras tensor, symbolic or not
_COLUMNS = ("pitch", "degree", "next_degree")
_TRUST = 2.0  # initial sum of the gates of a part's advisers, set by hand


@dataclass(frozen=True)
class Dropout:
    """Shares dropped in training of the input, the hidden state and the joint layer."""

    heard: float = 0.25
    hidden: float = 0.5
    joint: float = 0.6


@dataclass(frozen=True)
class VoiceLayers:
    """The layers of one part.

    Attributes:
        lstm_cell: (m, T, n_x) and states (m, n_a) to hidden states (m, T, n_a) and the last two states.
        joint: (..., n_a + n_x + advisers) to (..., n_joint).
        densor: (..., n_joint) to the outputs of `net.n_outputs`.
    """

    lstm_cell: keras.layers.LSTM
    joint: keras.layers.Dense
    densor: keras.layers.Dense


@dataclass(frozen=True)
class SoloistLayers:
    """One set of layers, hence one set of weights, for every graph.

    Attributes:
        reshaper: (m, N_HEARD) to (m, 1, N_HEARD): one note as a sequence of one.
        embedder: (..., N_HEARD) to (..., n_x): a sum of rows, as its input is ones and zeros.
        voices: by part.
    """

    reshaper: keras.layers.Reshape
    embedder: keras.layers.Dense
    voices: dict[PartName, VoiceLayers]

    @classmethod
    def build(cls, config: Config, seed: int = 0, dtype: str = "float32") -> "SoloistLayers":
        """Create layers of the sizes in `config`, initialised from `seed`."""
        embedder = keras.layers.Dense(
            config.n_x, use_bias=False, name="embedder", dtype=dtype, kernel_initializer=_glorot(seed)
        )
        embedder.build((None, None, N_HEARD))
        voices = {
            part: _voice_layers(part, config, seed + 10 * number, dtype) for number, part in enumerate(PARTS, start=1)
        }
        return cls(keras.layers.Reshape((1, N_HEARD), name="reshaper", dtype=dtype), embedder, voices)

    @property
    def variables(self) -> list[keras.Variable]:
        """The variables of the embedder, then of each voice in the order of `bundle.arrays_of`."""
        layers = [layer for v in self.voices.values() for layer in (v.lstm_cell, v.joint, v.densor)]
        return [variable for layer in (self.embedder, *layers) for variable in layer.trainable_variables]

    def net(self, values: list[np.ndarray] | None = None) -> Net:
        """Build the NumPy network with these weights, or with `values` in place of `variables`."""
        arrays = values if values is not None else [variable.numpy() for variable in self.variables]
        return net_of(dict(zip(_array_names(), arrays, strict=True)))

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Load a bundle's arrays, as `bundle.arrays_of` returns them; the inverse of `net`."""
        for variable, name in zip(self.variables, _array_names(), strict=True):
            variable.assign(arrays[name])


def _array_names() -> list[str]:
    return list(Config().shapes())


def _glorot(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed)


def _voice_layers(part: PartName, config: Config, seed: int, dtype: str) -> VoiceLayers:
    sizes = n_outputs(part)
    bias = np.zeros(sum(sizes.values()), np.float32)
    bias[CLASSES[part] : CLASSES[part] + N_ADVISERS[part]] = _TRUST / N_ADVISERS[part]
    lstm_cell = keras.layers.LSTM(
        config.n_a,
        return_sequences=True,
        return_state=True,
        name=f"lstm_cell_{part}",
        dtype=dtype,
        kernel_initializer=_glorot(seed),
        recurrent_initializer=keras.initializers.Orthogonal(seed=seed + 1),
    )
    joint = keras.layers.Dense(
        config.n_joint, activation="tanh", name=f"joint_{part}", dtype=dtype, kernel_initializer=_glorot(seed + 2)
    )
    densor = keras.layers.Dense(
        len(bias),
        name=f"densor_{part}",
        dtype=dtype,
        kernel_initializer=_glorot(seed + 3),
        bias_initializer=lambda shape, dtype: ops.cast(bias, dtype),  # noqa: ARG005 - as Keras calls it
    )
    lstm_cell.build((None, None, config.n_x))
    joint.build((None, None, config.n_a + config.n_x + N_ADVISERS[part]))
    densor.build((None, None, config.n_joint))
    return VoiceLayers(lstm_cell, joint, densor)


def training_graph(
    shared: SoloistLayers, config: Config, tx: int, dropout: Dropout = Dropout(), seed: int = 0
) -> keras.Model:
    """Build the graph for teacher forcing over Tx notes.

    Returns:
        A model of the inputs of `_inputs`, (m, Tx, ...) each, and two states, to the logits of each part
        (m, Tx, classes).
    """
    inputs = _inputs(tx)
    states = [keras.Input((config.n_a,), name=name) for name in ("a0", "c0")]
    outputs = []
    for number, part in enumerate(PARTS):
        voice = shared.voices[part]
        seeds = [seed + 100 * number + place for place in range(3)]
        x = shared.embedder(inputs[f"heard_{part}"])
        fed = keras.layers.Dropout(dropout.heard, seed=seeds[0])(x)
        hidden, _, _ = voice.lstm_cell(fed, initial_state=states)
        hidden = keras.layers.Dropout(dropout.hidden, seed=seeds[1])(hidden)
        joint = voice.joint(ops.concatenate([hidden, x, inputs[f"orders_{part}"]], axis=-1))
        out = voice.densor(keras.layers.Dropout(dropout.joint, seed=seeds[2])(joint))
        outputs.append(_logits(part, out, inputs))
    return keras.Model([*inputs.values(), *states], outputs, name="soloist_training_graph")


def step_graph(shared: SoloistLayers, config: Config, part: PartName) -> keras.Model:
    """Build the graph of one choice.

    Its inputs are `heard` (m, N_HEARD), the states (m, n_a), and, with T = 1, advice, orders and what the pitch depends
    on.

    Returns:
        A model to the logits (m, classes) and the next two states.
    """
    voice = shared.voices[part]
    dtype = shared.embedder.compute_dtype
    inputs = {name: value for name, value in _inputs(1, dtype).items() if name in _step_inputs(part)}
    heard = keras.Input((N_HEARD,), name="heard", dtype=dtype)
    states = [keras.Input((config.n_a,), name=name, dtype=dtype) for name in ("a0", "c0")]
    x = shared.embedder(shared.reshaper(heard))
    hidden, a, c = voice.lstm_cell(x, initial_state=states)
    out = voice.densor(voice.joint(ops.concatenate([hidden, x, inputs[f"orders_{part}"]], axis=-1)))
    logits = _logits(part, out, inputs)[:, 0]
    return keras.Model([heard, *states, *inputs.values()], [logits, a, c], name=f"soloist_step_{part}")


def _step_inputs(part: PartName) -> tuple[str, ...]:
    return f"advice_{part}", f"orders_{part}", *_COLUMNS, "recency"


def _inputs(tx: int, dtype: str = "float32") -> dict[str, Tensor]:
    """Return the inputs by name, in the order of a batch's arrays."""
    shapes: dict[str, tuple[int, ...]] = {f"heard_{part}": (tx, N_HEARD) for part in PARTS}
    shapes |= {f"advice_{part}": (tx, N_ADVISERS[part], CLASSES[part]) for part in PARTS}
    shapes |= {f"orders_{part}": (tx, N_ADVISERS[part]) for part in PARTS}
    inputs = {name: keras.Input(shape, name=name, dtype=dtype) for name, shape in shapes.items()}
    inputs |= {name: keras.Input((tx,), name=name, dtype="int32") for name in _COLUMNS}
    return inputs | {"recency": keras.Input((tx, CLASSES["pitch"]), name="recency", dtype="int32")}


def _logits(part: PartName, out: Tensor, inputs: dict[str, Tensor]) -> Tensor:
    """Compute the logits from the densor's outputs (m, T, outputs), as `net.Voice.logits` does."""
    sizes = n_outputs(part)
    bounds = np.cumsum(list(sizes.values())).tolist()
    logits, gates, *rest = ops.split(out, bounds[:-1], axis=-1)
    # Classes, plus the advisers' log-probabilities weighted by their gates.
    logits = logits + ops.einsum("mte,mtec->mtc", gates, inputs[f"advice_{part}"])
    if part != "pitch":
        return logits
    # Pitch: shift logits of pitches to steps from the last pitch, out-of-range ones masked; then recency and degrees.
    steps = np.arange(2 * WIDEST + 1)
    pitches = ops.pad(rest[0], ((0, 0), (0, 0), (WIDEST, WIDEST)), constant_values=float(MASKED))
    reached = ops.take_along_axis(pitches, inputs["pitch"][..., None] - 1 + steps, axis=-1)
    logits = logits + reached + ops.take_along_axis(rest[3], inputs["recency"], axis=-1)
    for of_degrees, name in ((rest[1], "degree"), (rest[2], "next_degree")):
        degrees = ops.pad(of_degrees, ((0, 0), (0, 0), (0, 1)))  # index 12, a zero, stands for no chord
        degree = inputs[name][..., None]
        of_step = ops.where(degree > 0, (degree - 1 + steps - WIDEST) % 12, 12)
        logits = logits + ops.take_along_axis(degrees, of_step, axis=-1)
    return logits

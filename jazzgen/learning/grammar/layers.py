"""The layers that training and inference share."""

from dataclasses import dataclass

import keras

from jazzgen.errors import OptionError
from jazzgen.learning.grammar.bundle import Config, Weights


@dataclass(frozen=True)
class SharedLayers:
    """One set of layers, hence one set of weights, for every graph.

    Attributes:
        reshaper: (m, n_values) to (m, 1, n_values): one step as a sequence of one.
        lstm_cell: (m, T, n_values) and states (m, n_a) to hidden states (m, T, n_a) and the last two states.
        densor: (..., n_a) to probabilities (..., n_values).

    Raises:
        OptionError: a layer has another form; the message names the layer and the cure.
    """

    reshaper: keras.layers.Reshape
    lstm_cell: keras.layers.RNN
    densor: keras.layers.Dense

    def __post_init__(self) -> None:
        _check_lstm_cell(self.lstm_cell)
        if not (self.lstm_cell.return_sequences and self.lstm_cell.return_state):
            raise OptionError(
                "lstm_cell: it returns its last state alone; make it with return_sequences=True and return_state=True, "
                "or take SharedLayers.around(reshapor, LSTM_cell, densor)"
            )
        _check_densor(self.densor)
        _check_reshaper(self.reshaper, self.densor.units)

    @classmethod
    def build(cls, config: Config, seed: int = 0, dtype: str = "float32") -> "SharedLayers":
        """Create layers of the sizes in `config`, initialised from `seed`; all their graphs compute in `dtype`."""
        layers = cls(
            reshaper=keras.layers.Reshape((1, config.n_values), name="reshaper", dtype=dtype),
            lstm_cell=keras.layers.LSTM(
                config.n_a,
                return_sequences=True,
                return_state=True,
                name="lstm_cell",
                dtype=dtype,
                kernel_initializer=keras.initializers.GlorotUniform(seed),
                recurrent_initializer=keras.initializers.Orthogonal(seed=seed + 1),
            ),
            densor=keras.layers.Dense(
                config.n_values,
                activation="softmax",
                name="densor",
                dtype=dtype,
                kernel_initializer=keras.initializers.GlorotUniform(seed + 2),
            ),
        )
        layers.lstm_cell.build((None, None, config.n_values))
        layers.densor.build((None, None, config.n_a))
        return layers

    @classmethod
    def around(
        cls, reshapor: keras.layers.Reshape, LSTM_cell: keras.layers.LSTM, densor: keras.layers.Dense
    ) -> "SharedLayers":
        """Share the exercise's own layers, whose `LSTM(n_a, return_state=True)` returns its last state alone.

        Raises:
            OptionError: a layer is of another kind or size.
        """
        _check_lstm_cell(LSTM_cell, "LSTM_cell")
        _check_densor(densor)
        for layer, shape in ((LSTM_cell, (None, None, densor.units)), (densor, (None, LSTM_cell.cell.units))):
            if not layer.built:
                layer.build(shape)
        over_time = keras.layers.RNN(LSTM_cell.cell, return_sequences=True, return_state=True, name=LSTM_cell.name)
        return cls(reshapor, over_time, densor)

    def check_sizes(self, n_values: int, n_a: int) -> None:
        """Raise OptionError unless the layers are of these sizes."""
        for name, asked, layer, size in (
            ("n_values", n_values, "densor", self.densor.units),
            ("n_a", n_a, "lstm_cell", self.lstm_cell.cell.units),
        ):
            if asked != size:
                raise OptionError(f"{name} {asked}: the {layer} has {size} units; give {name}={size}, or other layers")

    @property
    def dtype(self) -> str:
        return str(self.lstm_cell.compute_dtype)

    @property
    def variables(self) -> list[keras.Variable]:
        """Kernel, recurrent kernel and bias of the cell (gates i, f, c, o), kernel and bias of the densor."""
        return [*self.lstm_cell.trainable_variables, *self.densor.trainable_variables]

    def weights(self) -> Weights:
        """Return the weights as NumPy arrays."""
        return Weights(*(variable.numpy() for variable in self.variables))

    def load(self, weights: Weights) -> None:
        """Load weights; inverse of `weights`."""
        for variable, value in zip(self.variables, weights, strict=True):
            variable.assign(value)


def _check_lstm_cell(layer: keras.layers.RNN, name: str = "lstm_cell") -> None:
    if not isinstance(layer, keras.layers.RNN) or not isinstance(layer.cell, keras.layers.LSTMCell):
        found = type(layer).__name__
        raise OptionError(f"{name}: it is of type {found}; give keras.layers.LSTM(n_a, return_state=True)")


def _check_densor(layer: keras.layers.Dense) -> None:
    if not isinstance(layer, keras.layers.Dense) or layer.activation is not keras.activations.softmax:
        raise OptionError(
            f"densor: it is not a softmax layer but a {type(layer).__name__}; "
            "give keras.layers.Dense(n_values, activation='softmax')"
        )


def _check_reshaper(layer: keras.layers.Reshape, n_values: int) -> None:
    shape = getattr(layer, "target_shape", None)
    if shape != (1, n_values):
        raise OptionError(
            f"reshapor: it reshapes to {shape}, and the densor has {n_values} values; "
            f"give keras.layers.Reshape((1, {n_values}))"
        )

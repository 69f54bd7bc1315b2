"""The layers that training and inference share."""

from dataclasses import dataclass

import keras

from jazzgen.network.bundle import Config, Weights


@dataclass(frozen=True)
class SharedLayers:
    """One set of layers, hence one set of weights, for every graph.

    Attributes:
        reshaper: (m, n_values) to (m, 1, n_values): one step as a sequence of one.
        lstm_cell: (m, T, n_values) and states (m, n_a) to hidden states (m, T, n_a) and the last two states.
        densor: (..., n_a) to probabilities (..., n_values).
    """

    reshaper: keras.layers.Reshape
    lstm_cell: keras.layers.LSTM
    densor: keras.layers.Dense

    @classmethod
    def build(cls, config: Config, seed: int = 0, dtype: str = "float32") -> "SharedLayers":
        """Fresh layers of the sizes in `config`, initialised from `seed`; every graph of them computes in `dtype`."""
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

    @property
    def dtype(self) -> str:
        return str(self.lstm_cell.compute_dtype)

    @property
    def variables(self) -> list[keras.Variable]:
        """Kernel, recurrent kernel and bias of the cell (gates i, f, c, o), kernel and bias of the densor."""
        return [*self.lstm_cell.trainable_variables, *self.densor.trainable_variables]

    def weights(self) -> Weights:
        """The weights as NumPy arrays."""
        return Weights(*(variable.numpy() for variable in self.variables))

    def load(self, weights: Weights) -> None:
        """Inverse of `weights`."""
        for variable, value in zip(self.variables, weights, strict=True):
            variable.assign(value)

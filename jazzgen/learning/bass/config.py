"""What a bassist is: sizes, and what it has heard enough of to play."""

from dataclasses import dataclass

from jazzgen.learning.bass.hearing import N_HEARD
from jazzgen.learning.bass.net import N_OUTPUTS


@dataclass(frozen=True, slots=True)
class BassConfig:
    """Everything about the bassist that playing needs.

    Attributes:
        n_x: size of the embedding of what is heard.
        n_a: units of the LSTM.
        n_joint: units of the layer before the choice.
        grooves: in which it has heard enough, as the Weimar Jazz Database names them.
        meters: quarters of a bar of which it has heard enough.
    """

    n_x: int = 64
    n_a: int = 128
    n_joint: int = 64
    grooves: tuple[str, ...] = ("SWING",)
    meters: tuple[int, ...] = (4,)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each of the network's arrays, by its name in weights.npz."""
        x, a, j = self.n_x, self.n_a, self.n_joint
        return {
            "embedding": (N_HEARD, x),
            "kernel": (x, 4 * a),
            "recurrent": (a, 4 * a),
            "bias": (4 * a,),
            "joint": (a + x, j),
            "joint_bias": (j,),
            "out": (j, N_OUTPUTS),
            "out_bias": (N_OUTPUTS,),
        }

"""How to train; without TensorFlow, so that a mistake shows before it loads."""

from dataclasses import dataclass

from jazzgen.errors import OptionError


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How to train.

    Attributes:
        epochs: at most so many passes over the windows.
        batch_size: windows a step.
        learning_rate: Adam's.
        clip_norm: the gradient's global norm is cut to this.
        patience: stop after so many epochs without a better loss on the tunes held out (in training, if none are).
        seed: of the weights' start and the order of the windows.
    """

    epochs: int = 200
    batch_size: int = 64
    learning_rate: float = 0.005
    clip_norm: float = 1.0
    patience: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "learning_rate", "clip_norm", "patience"):
            value = getattr(self, name)
            if not value > 0:
                raise OptionError(f"{name.replace('_', ' ')} {value:g}: it is above 0")
        if self.seed < 0:
            raise OptionError(f"seed {self.seed}: it is 0 or more")

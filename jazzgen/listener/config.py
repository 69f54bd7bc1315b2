"""The listener's configuration: three kinds, each hearing all features of a note or some."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jazzgen.errors import OptionError
from jazzgen.learning.soloist.ear import COLUMNS

Kind = Literal["recurrent", "convolutional", "figures"]
KINDS: tuple[Kind, ...] = ("recurrent", "convolutional", "figures")

# The columns of each group of features.
FEATURES: Mapping[str, tuple[str, ...]] = {
    "all": tuple(COLUMNS),
    "pitches": ("step", "degree", "quality", "pitch"),
    "steps": ("step",),
    "degrees": ("degree", "quality"),
    "rhythm": ("ioi", "tatum", "beat"),
    "lengths": ("duration",),
}


@dataclass(frozen=True, slots=True)
class ListenerOptions:
    """How to train a listener; the defaults are set by hand.

    Attributes:
        epochs: passes over the solos; the weights that do best on a tenth of the training tunes are kept.
        batch_size: windows a step.
        learning_rate: Adam's initial rate; it falls to 0 along a cosine.
        units: of the recurrent layer in each direction, or filters of the convolutions.
        dropout: share of activations dropped in training.
        penalty: weight of the logistic regression's squared weights, for each solo.
        seed: of all randomness.
    """

    epochs: int = 10
    batch_size: int = 128
    learning_rate: float = 2e-3
    units: int = 64
    dropout: float = 0.3
    penalty: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise OptionError(f"epochs {self.epochs}: must be 1 or more")

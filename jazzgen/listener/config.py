"""What a listener hears and how it learns: three kinds of listener, each from all features of a note or from some."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jazzgen.errors import OptionError
from jazzgen.learning.soloist.ear import COLUMNS

Kind = Literal["recurrent", "convolutional", "figures"]
KINDS: tuple[Kind, ...] = ("recurrent", "convolutional", "figures")

# Which columns a listener hears, by the name of what it goes by.
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
    """How a listener is trained.

    Attributes:
        epochs: passes over the solos; the weights of the one best on a tenth of the training tunes are kept.
        batch_size: windows a step.
        learning_rate: of Adam, at first; it falls to nothing along a cosine.
        units: of the recurrent layer in each direction, or filters of the convolutions.
        dropout: share of what is left out in training.
        penalty: on the squared weights of the logistic regression, for each solo.
        seed: of all that is chance.
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
            raise OptionError(f"epochs {self.epochs}: a listener is trained for 1 or more")

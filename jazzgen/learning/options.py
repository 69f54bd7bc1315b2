"""Training options, without TensorFlow, so that a mistake shows before it loads."""

from collections.abc import Sequence
from dataclasses import dataclass

from jazzgen.errors import OptionError


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How to train a grammar model; the defaults are set by hand.

    Attributes:
        epochs: most passes over the windows.
        batch_size: windows a step.
        learning_rate: Adam's.
        clip_norm: limit on the gradient's global norm.
        patience: stop after this many epochs without a lower loss on held-out tunes (in training, if none are held
            out).
        seed: of the initial weights and the order of the windows.
    """

    epochs: int = 200
    batch_size: int = 64
    learning_rate: float = 0.005
    clip_norm: float = 1.0
    patience: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        _require_positive(self, ("epochs", "batch_size", "learning_rate", "clip_norm", "patience"))


@dataclass(frozen=True, slots=True)
class SoloistFitOptions:
    """How to train a soloist; the defaults were found on held-out tunes (docs/results.md).

    Attributes:
        epochs: passes over the solos; the learning rate falls to 0 over them, along a cosine.
        batch_size: windows a step.
        learning_rate: AdamW's initial rate.
        weight_decay: AdamW's.
        clip_norm: limit on the gradient's global norm.
        tx: notes of a window.
        dropout: shares dropped of the input, the hidden state and the joint layer.
        nameless: share of windows that hide the performer; likewise style, instrument and each profile figure.
        planless: share of windows that hide the whole profile; likewise the ideas.
        seed: of the initial weights, the windows and the dropout.
    """

    epochs: int = 30
    batch_size: int = 32
    learning_rate: float = 0.004
    weight_decay: float = 0.2
    clip_norm: float = 1.0
    tx: int = 64
    dropout: tuple[float, float, float] = (0.25, 0.5, 0.6)
    nameless: float = 0.3
    planless: float = 0.4
    seed: int = 0

    def __post_init__(self) -> None:
        _require_positive(self, ("epochs", "batch_size", "learning_rate", "clip_norm", "tx"))
        for share in (*self.dropout, self.nameless, self.planless):
            if not 0 <= share < 1:
                raise OptionError(f"share {share:g} to leave out: must be 0 to below 1")
        if not 0 <= self.weight_decay < 1 / self.learning_rate:
            raise OptionError(
                f"weight decay {self.weight_decay:g}: must be 0 or more, and below 1 over the learning rate"
            )


@dataclass(frozen=True, slots=True)
class BassFitOptions:
    """How to train a bassist; the defaults were found on tunes held out of the training ones (docs/results.md).

    Attributes:
        epochs: passes over the lines; the learning rate falls to 0 over them, along a cosine.
        batch_size: windows a step.
        learning_rate: AdamW's initial rate.
        weight_decay: AdamW's.
        clip_norm: limit on the gradient's global norm.
        tx: beats of a window.
        dropout: shares dropped of the input, the hidden state and the joint layer.
        seed: of the initial weights, the windows and the dropout.
    """

    epochs: int = 25
    batch_size: int = 32
    learning_rate: float = 0.004
    weight_decay: float = 0.1
    clip_norm: float = 1.0
    tx: int = 96
    dropout: tuple[float, float, float] = (0.3, 0.5, 0.5)
    seed: int = 0

    def __post_init__(self) -> None:
        _require_positive(self, ("epochs", "batch_size", "learning_rate", "clip_norm", "tx"))


@dataclass(frozen=True, slots=True)
class TouchFitOptions:
    """How to train touch; the defaults were found on a tenth of the training tunes (docs/results.md).

    Attributes:
        epochs: passes over the solos; the learning rate falls to 0 over them, along a cosine.
        batch_size: windows a step.
        learning_rate: AdamW's initial rate.
        weight_decay: AdamW's.
        clip_norm: limit on the gradient's global norm.
        tx: notes of a window.
        dropout: shares dropped of the input, the hidden states and the layers before the choices.
        nameless: share of windows that hide the performer; likewise style, groove, instrument and ideas.
        wordless: share of windows that hide how long notes are written.
        seed: of the initial weights, the windows and the dropout.
    """

    epochs: int = 14
    batch_size: int = 32
    learning_rate: float = 0.004
    weight_decay: float = 0.05
    clip_norm: float = 1.0
    tx: int = 96
    dropout: tuple[float, float, float] = (0.1, 0.15, 0.1)
    nameless: float = 0.3
    wordless: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        _require_positive(self, ("epochs", "batch_size", "learning_rate", "clip_norm", "tx"))
        for share in (*self.dropout, self.nameless, self.wordless):
            if not 0 <= share < 1:
                raise OptionError(f"share {share:g} to leave out: must be 0 to below 1")


_AnyOptions = FitOptions | SoloistFitOptions | BassFitOptions | TouchFitOptions


def _require_positive(options: _AnyOptions, names: Sequence[str]) -> None:
    for name in names:
        value = getattr(options, name)
        if not value > 0:
            raise OptionError(f"{name.replace('_', ' ')} {value:g}: must be above 0")
    if options.seed < 0:
        raise OptionError(f"seed {options.seed}: must be 0 or more")

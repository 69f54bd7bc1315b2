"""How a soloist plays if nothing else is asked for: the settings at which its solos are most like people's.

They were chosen over changes of the tunes that it was trained on, so that the figures of `jazzgen metrics` come nearest
to those of the corpus (docs/results.md has what was tried). As learnt, it repeats itself a little more than people do.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from jazzgen.improvise.controls import Controls, Curve
from jazzgen.score import Feel
from jazzgen.soloist.bundle import Config

PITCH_TEMPERATURE, MOTIFS = 0.95, 0.85
_GROOVES: dict[Feel, str] = {"swing": "SWING", "straight": "LATIN"}


def usual_controls(controls: Controls, asked: Collection[str], config: Config) -> Controls:
    """The controls with the usual settings for those that were not asked for.

    Args:
        controls: what was asked for.
        asked: names of the fields that were.
        config: whose range is played in, unless the user gives one, or wants a register of its own.
    """
    usual: dict[str, Any] = {"pitch_temperature": Curve.of(PITCH_TEMPERATURE), "motifs": Curve.of(MOTIFS)}
    if not {"low", "high", "register"} & set(asked) and not controls.targets:
        usual |= {"low": Curve.of(config.low), "high": Curve.of(config.high)}
    return replace(controls, **{name: curve for name, curve in usual.items() if name not in asked})


def in_groove(controls: Controls, feel: Feel) -> Controls:
    """The controls with the groove that goes with a feel, unless one was asked for."""
    return replace(controls, groove=controls.groove or _GROOVES[feel])

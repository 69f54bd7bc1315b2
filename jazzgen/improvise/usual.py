"""A soloist's default settings: those at which its solos are most like people's.

They were chosen over changes of its training tunes, by how well a listener tells the solos from people's
(docs/results.md has what was tried). The result: the model as learnt, with `sayings` against excess repetition. Older
soloists hold no runs for that, and keep their defaults: lower pitch temperature, weaker motifs.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from jazzgen.improvise.controls import Controls, Curve
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Feel

_WITHOUT_RUNS = {"pitch_temperature": Curve.of(0.95), "motifs": Curve.of(0.85)}
_GROOVES: dict[Feel, str] = {"swing": "SWING", "straight": "LATIN"}


def usual_controls(controls: Controls, asked: Collection[str], soloist: Soloist) -> Controls:
    """Return the controls with default settings for those that were not asked for.

    Args:
        controls: what was asked for.
        asked: the names of the fields that were asked for.
        soloist: the model. Without plans it plays in its own range, unless a range, register or targets are asked
            for; a plan has a range of its own.
    """
    usual: dict[str, Any] = dict(_WITHOUT_RUNS) if soloist.runs is None else {}
    config = soloist.config
    if soloist.habits is None and not {"low", "high", "register"} & set(asked) and not controls.targets:
        usual |= {"low": Curve.of(config.low), "high": Curve.of(config.high)}
    return replace(controls, **{name: curve for name, curve in usual.items() if name not in asked})


def in_groove(controls: Controls, feel: Feel) -> Controls:
    """Return the controls with the groove of a feel, unless one was asked for."""
    return replace(controls, groove=controls.groove or _GROOVES[feel])

"""How a soloist plays if nothing else is asked for: the settings at which its solos are most like people's.

They were chosen over changes of the tunes that it was trained on, by how well a listener tells the solos from people's
(docs/results.md has what was tried). As learnt comes first, with `sayings` to keep it from repeating itself more than
people do. A soloist from before those has no runs for them, and plays as it did: safer, its motifs turned down.
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
    """The controls with the usual settings for those that were not asked for.

    Args:
        controls: what was asked for.
        asked: names of the fields that were.
        soloist: who plays; one without plans plays in its range, unless the user gives one, or wants a register of its
            own. A plan has a register, and nobody's notes stop at one pitch.
    """
    usual: dict[str, Any] = dict(_WITHOUT_RUNS) if soloist.runs is None else {}
    config = soloist.config
    if soloist.habits is None and not {"low", "high", "register"} & set(asked) and not controls.targets:
        usual |= {"low": Curve.of(config.low), "high": Curve.of(config.high)}
    return replace(controls, **{name: curve for name, curve in usual.items() if name not in asked})


def in_groove(controls: Controls, feel: Feel) -> Controls:
    """The controls with the groove that goes with a feel, unless one was asked for."""
    return replace(controls, groove=controls.groove or _GROOVES[feel])

"""Read controls from text by name, as the command line's options and the page's fields give them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jazzgen.improvise.control_kinds import read_value
from jazzgen.improvise.control_table import CONTROLS
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.models import Model
from jazzgen.improvise.quotes import usual_max_quote
from jazzgen.improvise.usual import usual_controls
from jazzgen.learning.soloist.bundle import Soloist


def controls_from(asked: Mapping[str, Any], model: Model) -> Controls:
    """Read the controls asked for; add the soloist's limit on quotes and its usual settings for the rest.

    Args:
        asked: text by the name of a control, a sequence of texts for targets; None or absent if not asked for.
        model: the model that will play.

    Raises:
        OptionError: naming the control, when a value does not parse or is out of range.
    """
    found: dict[str, Any] = {}
    for row in CONTROLS:
        if asked.get(row.name) not in (None, (), []):
            value = read_value(row, asked[row.name])
            found |= dict.fromkeys(row.sets or (row.name,), value)
    controls = Controls(**found)
    if not isinstance(model, Soloist):
        return controls
    controls = usual_controls(controls, found.keys(), model)
    return controls if "max_quote" in found else replace(controls, max_quote=usual_max_quote(model))

"""The recipe that a rendered file carries: all it takes to make it again."""

from dataclasses import asdict
from typing import Any

from jazzgen import __version__
from jazzgen.arrange import Arrangement
from jazzgen.harmony.changes import cut_at_bars, format_changes
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise import Options
from jazzgen.network.bundle import Bundle
from jazzgen.timing import iter_bars


def make_recipe(bundle: Bundle, tune: Tune, options: Options, how: Arrangement, seed: int) -> dict[str, Any]:
    """Model, changes, options and seed, as JSON holds them."""
    bars = list(iter_bars(((0, tune.meter),), 0, tune.changes[-1].end))
    return {
        "jazzgen": __version__,
        "model": bundle.name,
        "weights": bundle.checksum,
        "title": tune.title,
        "key": str(tune.key),
        "meter": str(tune.meter),
        "changes": format_changes(cut_at_bars(tune.changes, bars), tune.meter),
        "seed": seed,
        "options": asdict(options),
        "arrangement": asdict(how),
    }

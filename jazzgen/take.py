"""A take: one solo, as written and as played, with the recipe that makes it again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from jazzgen import __version__
from jazzgen.arrange import Arrangement, arrange
from jazzgen.harmony.changes import format_chart
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise import Options, improvise
from jazzgen.network.bundle import Bundle
from jazzgen.score import Score


@dataclass(frozen=True)
class Take:
    """What one seed gives.

    Attributes:
        written: the solo alone, eighths even.
        played: the solo as performed, and the band.
        recipe: model, changes, options and seed, as JSON holds them.
    """

    written: Score
    played: Score
    recipe: Mapping[str, Any]


def make_take(bundle: Bundle, tune: Tune, options: Options, how: Arrangement, *, seed: int) -> Take:
    """Improvises over `tune` and plays it: the same for the same arguments."""
    rng = np.random.default_rng(seed)
    written = improvise(bundle, tune, options, rng=rng)
    return Take(written, arrange(written, how, rng=rng), _recipe(bundle, tune, options, how, seed))


def _recipe(bundle: Bundle, tune: Tune, options: Options, how: Arrangement, seed: int) -> dict[str, Any]:
    return {
        "jazzgen": __version__,
        "model": bundle.name,
        "weights": bundle.checksum,
        "title": tune.title,
        "key": str(tune.key),
        "meter": str(tune.chart.meter),
        "changes": format_chart(tune.chart),
        "straight": tune.straight,
        "seed": seed,
        "options": asdict(options),
        "arrangement": asdict(how),
    }

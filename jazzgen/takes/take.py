"""A take: one solo, as written and as played, with the recipe that makes it again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from jazzgen import __version__
from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.choice import find_style
from jazzgen.harmony.changes import format_chart
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.critics import Human, Verdict
from jazzgen.improvise.form import form_score
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.improvise.solo import improvise_takes
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Score


@dataclass(frozen=True)
class Take:
    """What one seed gives.

    Attributes:
        written: the solo alone, eighths even.
        played: the solo as performed, and the band.
        recipe: model, changes, options and seed, as JSON holds them; of one that was worked on, what was done.
    """

    written: Score
    played: Score
    recipe: Mapping[str, Any]

    def titled(self, title: str) -> "Take":
        """The same under another title, for a take that is as it was improvised."""
        written, played = (replace(score, title=title) for score in (self.written, self.played))
        return Take(written, played, {**self.recipe, "title": title})


@dataclass(frozen=True)
class Takes:
    """The best takes of one seed.

    Attributes:
        best: the best first.
        verdicts: what the critics say of all, those not kept too; nothing if there is only one.
        human: what they judge by.
    """

    best: tuple[Take, ...]
    verdicts: tuple[Verdict, ...]
    human: Human


def make_take(model: Model, tune: Tune, options: Options, how: Arrangement, *, seed: int) -> Take:
    """Improvises over `tune` and plays it, the best if there are several: the same for the same arguments."""
    return make_takes(model, tune, options, how, seed=seed).best[0]


def make_takes(model: Model, tune: Tune, options: Options, how: Arrangement, *, seed: int, keep: int = 1) -> Takes:
    """Improvises `options.takes` times over `tune` and plays the `keep` best.

    Raises:
        OptionError: when the model, the band or the style cannot do what is asked for.
    """
    options, how = in_style(model, tune, options, how)
    rng = np.random.default_rng(seed)
    judged = improvise_takes(model, tune, options, rng=rng)
    recipe = _recipe(model, tune, options, how, seed)
    best = (
        Take(take.score, arrange(take.score, how, rng=rng), recipe | _ranked(rank, options))
        for rank, take in enumerate(judged[:keep], 1)
    )
    human = (isinstance(model, Soloist) and model.config.human) or {}
    return Takes(tuple(best), tuple(take.verdict for take in judged if take.verdict), human)


def in_style(model: Model, tune: Tune, options: Options, how: Arrangement) -> tuple[Options, Arrangement]:
    """Options and arrangement with one style for soloist and band, and with the players by name.

    A style that is asked for, or the tune's own, says whether eighths swing; one that is not is found by feel, meter
    and tempo. A soloist that knows the groove plays in it.
    """
    named = how.style or tune.style
    if named:
        options = replace(options, feel=find_style(named, options.bpm).feel)
    feel = options.feel or ("straight" if tune.straight else model.config.feel)
    options = replace(options, feel=feel)
    if not named and how.band == ():
        return options, how
    style = replace(how, style=named or None).style_of(form_score(tune, 1, options.bpm, feel))
    if isinstance(model, Soloist) and not options.controls.groove:
        options = replace(options, controls=replace(options.controls, groove=style.rhythm_feel))
    return options, replace(how, style=style.name, band=style.band if how.band is None else how.band)


def _ranked(rank: int, options: Options) -> dict[str, int]:
    return {"rank": rank} if options.takes > 1 else {}


def _recipe(model: Model, tune: Tune, options: Options, how: Arrangement, seed: int) -> dict[str, Any]:
    return {
        "jazzgen": __version__,
        "model": model.name,
        "weights": model.checksum,
        "title": tune.title,
        "key": str(tune.key),
        "meter": str(tune.chart.meter),
        "changes": format_chart(tune.chart),
        "straight": tune.straight,
        "style": tune.style,
        "seed": seed,
        "options": options.to_json(),
        "arrangement": how.to_json(),
    }

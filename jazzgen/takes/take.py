"""A take: one solo, as written and as played, with the recipe that makes it again."""

from dataclasses import dataclass, replace

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.choice import find_style
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.critics import Human, Verdict
from jazzgen.improvise.form import form_score
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.improvise.solo import improvise_takes
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Score
from jazzgen.takes.recipe import Recipe
from jazzgen.takes.steps import Improvised


@dataclass(frozen=True)
class Take:
    """What one seed gives.

    Attributes:
        written: the solo alone, eighths even.
        played: the solo as performed, and the band.
        recipe: what made it.
    """

    written: Score
    played: Score
    recipe: Recipe

    def titled(self, title: str) -> "Take":
        """The same under another title, for a take that is as it was improvised."""
        assert isinstance(self.recipe.step, Improvised)
        written, played = (replace(score, title=title) for score in (self.written, self.played))
        return Take(written, played, replace(self.recipe, step=replace(self.recipe.step, title=title)))


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
    best = (
        Take(
            take.score,
            arrange(take.score, how, rng=rng),
            Recipe(Improvised.over(tune, options, how, model=model, seed=seed, rank=rank)),
        )
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

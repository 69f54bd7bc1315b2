"""Takes: a solo as written and as played, with the recipe that makes it again."""

from dataclasses import dataclass, replace

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.choice import find_style
from jazzgen.band.touch import known_player, require_player
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
    """One solo.

    Attributes:
        written: the solo alone, eighths even.
        played: the solo as performed, with the band.
        recipe: how it was made.
    """

    written: Score
    played: Score
    recipe: Recipe

    def titled(self, title: str) -> "Take":
        """Return the take under another title; it must be as it was improvised."""
        assert isinstance(self.recipe.step, Improvised)
        written, played = (replace(score, title=title) for score in (self.written, self.played))
        return Take(written, played, replace(self.recipe, step=replace(self.recipe.step, title=title)))


@dataclass(frozen=True)
class Takes:
    """The best takes of one seed.

    Attributes:
        best: best first.
        verdicts: what the critics say of all takes, including those not kept; empty if there is only one take.
        human: the figures of human solos that they judge by.
    """

    best: tuple[Take, ...]
    verdicts: tuple[Verdict, ...]
    human: Human


def make_take(model: Model, tune: Tune, options: Options, how: Arrangement, *, seed: int) -> Take:
    """Improvise over `tune` and return the best take; the same arguments give the same take.

    Example:
        >>> from jazzgen.harmony.tunes import find_tune
        >>> from jazzgen.improvise.models import load_model
        >>> from jazzgen.system.places import shipped_soloist
        >>> model = load_model(shipped_soloist())
        >>> take = make_take(model, find_tune("blues-f"), Options(), Arrangement(), seed=7)
        >>> [part.name for part in take.played.parts]
        ['Solo', 'Piano', 'Bass', 'Drums']
    """
    return make_takes(model, tune, options, how, seed=seed).best[0]


def make_takes(model: Model, tune: Tune, options: Options, how: Arrangement, *, seed: int, keep: int = 1) -> Takes:
    """Improvise `options.takes` times over `tune` and return the `keep` best takes.

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
    """Choose one style for soloist and band, and write it and the players' names into the options and arrangement.

    The style asked for, or else the tune's, says whether eighths swing. Without either, the style is chosen by feel,
    meter and tempo. A soloist that knows grooves plays in the style's groove.
    """
    named = how.style or tune.style
    if named:
        options = replace(options, feel=find_style(named, options.bpm).feel)
    feel = options.feel or ("straight" if tune.straight else model.config.feel)
    options = replace(options, feel=feel)
    if how.perform and how.touch:
        require_player(how.player)
        how = replace(how, player=how.player or known_player(options.controls.performer))
    if not named and how.band == ():
        return options, how
    style = replace(how, style=named or None).style_of(form_score(tune, 1, options.bpm, feel))
    if isinstance(model, Soloist) and not options.controls.groove:
        options = replace(options, controls=replace(options.controls, groove=style.rhythm_feel))
    return options, replace(how, style=style.name, band=style.band if how.band is None else how.band)

"""Titles for solos, made up by the names model that ships with the package."""

from functools import cache
from itertools import count

import numpy as np

from jazzgen.learning.names.model import NameOptions, NamesModel, load_names_model, make_names
from jazzgen.system.places import shipped_names

# Words for forms: "waltz" over a blues in four would be wrong.
_FORMS = frozenset(
    [
        "waltz",
        "ballad",
        "bossa",
        "blues",
        "shuffle",
        "samba",
        "rumba",
        "mambo",
        "march",
        "minor",
        "three",
        "swing",
        "bounce",
    ]
)
_OPTIONS = NameOptions(temperature=1.0, real_words=True)


def made_up_title(seed: int, number: int = 0) -> str:
    """Make up the title of a seed's solo. It has its own random stream, so that a title changes no note.

    Args:
        seed: of the solo.
        number: which of the seed's solos, from 0.
    """
    return name_tune(np.random.default_rng([seed, 1 + number]))


def name_tune(rng: np.random.Generator) -> str:
    """Make up a title of real words that the model was not trained on and that names no form."""
    drawn = (make_names(_model(), 1, _OPTIONS, rng=rng)[0] for _ in count())
    return next(title for title in drawn if _FORMS.isdisjoint(title.casefold().split()))


@cache
def _model() -> NamesModel:
    return load_names_model(shipped_names())

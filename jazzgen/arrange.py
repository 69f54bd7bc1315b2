"""From a written solo to what is played: a band is added, then the performance. The one way through to a file."""

from dataclasses import dataclass

import numpy as np

from jazzgen.band.comping import add_comping
from jazzgen.perform import with_accents, with_articulation, with_swing
from jazzgen.score import Score


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a solo is played.

    Attributes:
        comping: whether a piano accompanies.
        swing: ratio of the first eighth to the second; None goes by the tempo. Scores that are straight stay so.
        articulate: whether notes are shortened as players do; without it each lasts as written.
    """

    comping: bool = True
    swing: float | None = None
    articulate: bool = True


def arrange(score: Score, how: Arrangement = Arrangement(), *, rng: np.random.Generator) -> Score:
    """The score as played, its solo first."""
    played = with_accents(score, rng=rng)
    if how.comping:
        played = add_comping(played, rng=rng)
    played = with_swing(played, how.swing)
    return with_articulation(played) if how.articulate else played

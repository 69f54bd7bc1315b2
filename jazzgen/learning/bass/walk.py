"""A bass line as it comes about: what a bassist would play at a beat, given what was played before it."""

from dataclasses import dataclass

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.config import BassConfig
from jazzgen.learning.bass.hearing import Past, note_rows, place_rows
from jazzgen.learning.bass.net import Net
from jazzgen.learning.bass.places import Places


@dataclass(frozen=True, eq=False)
class Bassist:
    """A bassist in memory: `name` is its folder's, `checksum` of its weights."""

    name: str
    config: BassConfig
    net: Net
    checksum: str = ""


class Walk:
    """Goes through places beat by beat: `probabilities` of the beat at hand, then `take` what is played there.

    Example:
        >>> from jazzgen.harmony.changes import parse_chart
        >>> from jazzgen.learning.bass.bundle import load_bassist
        >>> from jazzgen.learning.bass.places import places_of
        >>> from jazzgen.music.score import Score
        >>> from jazzgen.system.places import shipped_bass
        >>> places = places_of(Score(changes=parse_chart("Dm7 | G7 | Cmaj7 | %").changes), "SWING")
        >>> walk = Walk(load_bassist(shipped_bass()), places)
        >>> for pitch in (38, 40, 41, 42):
        ...     walk.take(pitch)
        >>> int(walk.probabilities().argmax()) + 28  # up by half steps: G
        43
    """

    def __init__(self, bassist: Bassist, places: Places) -> None:
        net = bassist.net
        self._net = net
        self._heard = net.embed(place_rows(places), places.tones)
        self._roots = places.root.tolist()
        self._targets = places.next_bass.tolist()
        self._state = net.start()
        self._beat = 0
        self._past = Past()
        self._logits: np.ndarray | None = None

    @property
    def beat(self) -> int:
        """The index of the beat at hand."""
        return self._beat

    def probabilities(self) -> np.ndarray:
        """Return how likely each pitch from `hearing.LOW` to `HIGH` is at this beat, (N_PITCHES,)."""
        weights = np.exp(self.logits() - self.logits().max())
        return weights / weights.sum()

    def logits(self) -> np.ndarray:
        """Return the logits (N_PITCHES,) of this beat."""
        if self._logits is None:
            root, target = self._roots[self._beat], self._targets[self._beat]
            rows = note_rows(self._past, root, target)
            x = self._heard[self._beat : self._beat + 1] + self._net.embedding[rows].sum(axis=0)
            self._state = self._net.step(x, self._state)
            last = self._past.pitches[-1] if self._past.pitches else NONE
            self._logits = self._net.logits(self._state.a, x, last, root, target)
        return self._logits

    def take(self, pitch: int | None) -> None:
        """Go on to the next beat; None if nothing sounds at this one."""
        self.logits()  # the state goes by every beat
        self._logits = None
        self._past = self._past.then(pitch)
        self._beat += 1

"""The learned bassist in the bass's line: how likely it finds each pitch at a beat, given the line so far.

It knows beats, in the grooves and meters of which it has heard enough; everything else goes by rules (`band.bass`). On
a beat without a stroke the note before it is held, as its corpus has it.
"""

from functools import cache
from typing import Literal

import numpy as np

from jazzgen.band.players import Register
from jazzgen.band.styles import Style
from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.bundle import load_bassist
from jazzgen.learning.bass.hearing import HIGH, LOW
from jazzgen.learning.bass.places import Places, places_of
from jazzgen.learning.bass.walk import Bassist, Walk
from jazzgen.music.score import Score
from jazzgen.system.places import shipped_bass

BassKind = Literal["learned", "rules"]
BASSES: tuple[BassKind, ...] = ("learned", "rules")


class Listening:
    """A bassist that hears a line come about, step by step."""

    def __init__(self, bassist: Bassist, places: Places) -> None:
        self._walk = Walk(bassist, places)
        known = np.isin(places.beats, bassist.config.meters) & (places.root != NONE)
        self._known = set(places.onset[known].tolist())
        self._places = places
        self._beats = {onset: beat for beat, onset in enumerate(places.onset.tolist())}
        self._last: int | None = None

    @classmethod
    def over(cls, score: Score, style: Style) -> "Listening | None":
        """Return the band's bassist over a score; None if it does not know the style.

        Raises:
            BundleError: the model that ships is missing or damaged.
        """
        bassist = band_bassist()
        if style.rhythm_feel not in bassist.config.grooves:
            return None
        return cls(bassist, places_of(score, style.rhythm_feel))

    def knows(self, onset: int) -> bool:
        """Return True if it has a say at this tick: on a beat with a chord, in a meter that it knows."""
        return onset in self._known

    def chances(self, onset: int, register: Register) -> np.ndarray:
        """Return the probabilities (pitches,) of a register's pitches at a step; ones where it has no say."""
        if not self.knows(onset):
            return np.ones(register.high - register.low + 1)
        self._come_to(self._beats[onset])
        pitches = np.arange(register.low, register.high + 1)
        within = (pitches >= LOW) & (pitches <= HIGH)
        found = self._walk.probabilities()[np.clip(pitches, LOW, HIGH) - LOW]
        return np.where(within, found, 0.0)

    def hear(self, onset: int, pitch: int) -> None:
        """Hear what is played at a step; notes between beats pass by."""
        beat = self._beats.get(onset)
        if beat is None:
            return
        self._come_to(beat)
        self._last = pitch - 12 if pitch > HIGH else pitch
        self._walk.take(self._last)

    def _come_to(self, beat: int) -> None:
        """Go on to a beat; on those passed over the last note is held, or nothing sounds where there is no chord."""
        while self._walk.beat < beat:
            sounds = self._places.root[self._walk.beat] != NONE
            self._walk.take(self._last if sounds else None)


@cache
def band_bassist() -> Bassist:
    """Return the bassist that ships, loaded once."""
    return load_bassist(shipped_bass())

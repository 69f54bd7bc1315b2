"""A chord while it is being read, in any notation."""

from dataclasses import dataclass, field

from jazzgen.harmony.chord_qualities import ALTERED, FIFTHS, NATURAL, SEVENTHS, THIRDS, Tones, tones_of

_PLACES = {2: "third", 3: "third", 4: "third", 5: "fifth", 6: "seventh", 7: "seventh"}
_RANGES = {"third": THIRDS, "fifth": FIFTHS, "seventh": SEVENTHS}


class MisreadError(Exception):
    """What a reader does not understand, and its position from 0. Never leaves the chord modules."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


@dataclass
class Parts:
    """Third, fifth and seventh, each in its place or missing, and the tensions, in semitones above the root."""

    third: int | None = 4
    fifth: int | None = 7
    seventh: int | None = None
    tensions: set[int] = field(default_factory=set)

    def spelled(self) -> tuple[Tones, Tones]:
        """Return chord tones, with a lone fifth or major seventh from the tensions, and tensions; both ascending."""
        if self.fifth is None and 7 in self.tensions:
            self.fifth = 7
        if self.seventh != 10 and 11 in self.tensions:
            self.fill(7, 1)
        tones = tones_of(self.third, self.fifth, self.seventh)
        return tones, tuple(sorted(self.tensions - set(tones)))

    def add(self, degree: int, by: int) -> None:
        """Add a tension, whatever is there."""
        self.tensions.add((NATURAL[degree] + by) % 12)

    def alter(self, degree: int, by: int) -> None:
        """Replace the natural degree by an altered one, or add that if the natural one is missing."""
        altered = (NATURAL[degree] + by) % 12
        if degree == 5 and self.fifth in (7, None):
            self.fifth = altered
        else:
            self.tensions = self.tensions - {NATURAL[degree]} | {altered}

    def fill(self, degree: int, by: int = 0) -> None:
        """Put a degree in its place among the chord tones if that is free, else add it as a tension.

        A seventh turns a sixth into a 13th.
        """
        tone = NATURAL[degree] + by
        place = _PLACES.get(degree)
        if degree == 7 and self.seventh == 9 and tone > 9:
            self.seventh = None
            self.tensions = self.tensions | {9}
        if place and getattr(self, place) is None and tone in _RANGES[place]:
            setattr(self, place, tone)
        else:
            self.add(degree, by)

    def omit(self, degree: int) -> None:
        """Remove a degree, natural or altered, if it is there."""
        if degree in (3, 5, 6, 7):
            setattr(self, _PLACES[degree], None)
        else:
            self.tensions -= {NATURAL[degree] + by for by in (-1, 0, 1)}

    def make_altered(self) -> None:
        """Turn the chord into the altered dominant: altered fifths and ninths only."""
        self.fifth = None
        self.seventh = 10
        self.tensions |= set(ALTERED)

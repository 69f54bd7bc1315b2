"""The divisions of time that notation offers, and what each costs a reader.

A `Division` cuts a stretch of a bar into equal parts: an eighth into two sixteenths, a beat into a triplet. Costs are
in squared standard deviations of onsets (`quantize.DEVIATION_MS`), set by hand and by `scripts/legibility.py` over 300
solos: a division is worth its cost if it brings notes so much nearer.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Division:
    """A stretch of so many ticks in equal parts.

    Attributes:
        normal: how many parts would fill the stretch if they were no tuplet; 0 for plain values.
        unit: printed value of a part, as MusicXML names it.
        cost: of reading it.
        sparse: cost of each part of a tuplet without a note of its own.
        is_rare: offered to what is written exactly, not to what was played.
    """

    length: int
    count: int
    normal: int
    unit: str
    cost: float
    sparse: float = 0.0
    is_rare: bool = False

    @property
    def family(self) -> int:
        """2, 3, 5 or 7, the division's only odd factor; 0 if there is nothing to count."""
        if self.count == 1 or not self.unit:
            return 0
        return next((odd for odd in (3, 5, 7) if self.count % odd == 0), 2)

    def point(self, part: int) -> int:
        """Return where a part starts, in ticks from the start of the stretch."""
        return (2 * part * self.length + self.count) // (2 * self.count)

    def part(self, tick: int) -> int:
        """Return the part nearest to a tick."""
        return (2 * tick * self.count + self.length) // (2 * self.length)


DIVISIONS = (
    # a part of a beat: an eighth, or a sixteenth in meters of sixteenths
    Division(240, 1, 0, "eighth", 0),
    Division(240, 2, 0, "16th", 0.5),
    Division(240, 3, 2, "16th", 2.5, sparse=1),
    Division(240, 4, 0, "32nd", 10),
    Division(240, 5, 4, "32nd", 12, sparse=2, is_rare=True),
    Division(240, 6, 4, "32nd", 12, sparse=2),
    Division(240, 8, 0, "64th", 16, is_rare=True),
    Division(120, 1, 0, "16th", 0),
    Division(120, 2, 0, "32nd", 3),
    Division(120, 3, 2, "32nd", 9, sparse=2),
    Division(120, 4, 0, "64th", 12, is_rare=True),
    # a beat
    Division(480, 3, 2, "eighth", 1, sparse=0.3),
    Division(480, 5, 4, "16th", 4, sparse=1),
    Division(480, 6, 4, "16th", 3, sparse=0.8),
    Division(480, 7, 4, "16th", 5, sparse=1),
    Division(480, 9, 8, "32nd", 12, sparse=2, is_rare=True),
    # two beats, and the bar
    Division(960, 3, 2, "quarter", 2, sparse=0.3),
    Division(960, 5, 4, "eighth", 9, sparse=2, is_rare=True),
    Division(960, 6, 4, "eighth", 4, sparse=0.5, is_rare=True),
    Division(960, 7, 4, "eighth", 9, sparse=2, is_rare=True),
    Division(1920, 3, 2, "half", 3, sparse=0.3),
    Division(1920, 5, 4, "quarter", 9, sparse=2, is_rare=True),
    Division(1920, 6, 4, "quarter", 5, sparse=0.5, is_rare=True),
    Division(1920, 7, 4, "quarter", 9, sparse=2, is_rare=True),
    # a beat of three eighths
    Division(720, 2, 3, "eighth", 2, sparse=1),
    Division(720, 4, 3, "eighth", 2, sparse=0.8),
    Division(720, 5, 6, "16th", 5, sparse=1),
    Division(720, 7, 6, "16th", 6, sparse=1),
)

"""Share a bar of an iReal Pro chart among its chords; the chart is a grid of cells, which are not beats.

The app's own rule is not published; this one follows what its users found (https://irealb.com/forums, "Using empty
cells to control chord duration"):

- Each chord takes one beat, and one more for each blank cell after it.
- Beats left over go to the chords in turn, first chord first; small chords get some only if all are small.
- If there are too few beats, they are taken from the chords in turn, last chord first, down to one beat each.
- Chords separated by one blank each, with none after the last, were typed by hand: they share equally.
- In 6/8, 9/8 and 12/8 a beat is three eighths. If there are more chords than beats, beats are halved.

So `C G7` and `C   G7` are halves of a 4/4 bar, `C G7  ` is one beat and three, `C G7 ` in 3/4 is two and one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jazzgen.errors import CorpusError
from jazzgen.harmony.chords import Chord
from jazzgen.music.timing import Meter

_SMALLEST_BEAT = 15  # ticks, a 128th note; set by hand


@dataclass(frozen=True, slots=True)
class Slot:
    """A chord (None for N.C.), the number of cells it takes, and whether it is printed small."""

    chord: Chord | None
    cells: int = 1
    small: bool = False


def lay_out(slots: Sequence[Slot], meter: Meter) -> Iterator[tuple[int, Chord | None]]:
    """Yield (duration in ticks, chord) for each chord of a bar, by the rule above.

    Raises:
        CorpusError: when the bar holds more chords than 128th notes.

    Example:
        >>> [ticks for ticks, _ in lay_out([Slot(None, cells=1), Slot(None, cells=3)], Meter())]
        [480, 1440]
    """
    beats = count_beats(meter, len(slots))
    for slot, count in zip(slots, _share(slots, beats), strict=True):
        yield count * (meter.bar_ticks // beats), slot.chord


def count_beats(meter: Meter, chords: int) -> int:
    """Return the number of beats in a bar, after halving beats until every chord can have one.

    Raises:
        CorpusError: when beats would be shorter than a 128th note.
    """
    compound = meter.denominator == 8 and meter.numerator > 3 and meter.numerator % 3 == 0
    if compound and chords <= meter.numerator // 3:
        return meter.numerator // 3
    beats = meter.numerator
    while beats < chords:
        beats *= 2
        if meter.bar_ticks < beats * _SMALLEST_BEAT:
            raise CorpusError(f"{chords} chords do not fit into {meter}; a bar line is missing")
    return beats


def _share(slots: Sequence[Slot], beats: int) -> list[int]:
    """Return how many beats each chord takes."""
    shares = [slot.cells for slot in slots]
    if sum(shares) < beats and shares == [2] * (len(shares) - 1) + [1]:
        shares[-1] = 2
    takers = [place for place, slot in enumerate(slots) if not slot.small] or list(range(len(slots)))
    excess = sum(shares) - beats
    while excess > 0:
        for place in reversed(range(len(shares))):
            if excess > 0 and shares[place] > 1:
                shares[place] -= 1
                excess -= 1
    for turn in range(-excess):
        shares[takers[turn % len(takers)]] += 1
    return shares

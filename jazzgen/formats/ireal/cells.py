"""How the chords of a bar share it in an iReal Pro chart, which is a grid of cells; a cell is not a beat.

The app's own rule is not published; this one follows what its users found out (https://irealb.com/forums, "Using empty
cells to control chord duration"). Each chord takes one beat and one more for each blank cell after it. Beats left over
are dealt out in turn from the first chord on, to small ones only if all are small; beats too many are taken away in
turn from the last one back. Chords parted by one blank each, with none after the last, were typed by hand and share
evenly. In 6/8, 9/8 and 12/8 a beat is three eighths. More chords than beats halve the beats.

So `C G7` and `C   G7` are halves of a bar of 4/4, `C G7  ` is one beat and three, `C G7 ` in 3/4 is two and one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jazzgen.errors import CorpusError
from jazzgen.harmony.chords import Chord
from jazzgen.music.timing import Meter

_SMALLEST_BEAT = 15  # ticks: a 128th


@dataclass(frozen=True, slots=True)
class Slot:
    """A chord (None for N.C.), how many cells it takes, and whether it is printed small."""

    chord: Chord | None
    cells: int = 1
    small: bool = False


def lay_out(slots: Sequence[Slot], meter: Meter) -> Iterator[tuple[int, Chord | None]]:
    """How many ticks each chord of a bar lasts, by the rule above.

    Raises:
        CorpusError: when the bar holds more chords than it has 128th notes.
    """
    beats = count_beats(meter, len(slots))
    for slot, count in zip(slots, _share(slots, beats), strict=True):
        yield count * (meter.bar_ticks // beats), slot.chord


def count_beats(meter: Meter, chords: int) -> int:
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

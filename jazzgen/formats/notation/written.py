"""Written music, bar by bar, as every notation format has it; `played` makes a score of it.

Times are in ticks from the start of their bar. Pitches sound as written here: transposing parts are transposed back.
"""

from dataclasses import dataclass, field

from jazzgen.formats.reading import Provenance
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import Feel
from jazzgen.music.timing import Meter

MAX_NOTES = 1_000_000  # with repeats played


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note head.

    Attributes:
        voice: 0 for the first voice of the part, as it is printed from the top.
        tied: it goes on in the next note of its pitch, if that starts where it ends.
        ends_tie: whether it may go on from a tied note of another voice; its own voice's always may.
    """

    onset: int
    duration: int
    pitch: int
    velocity: int = 80
    voice: int = 0
    tied: bool = False
    ends_tie: bool = True


@dataclass(frozen=True, slots=True)
class WrittenChord:
    """A chord symbol; None for N.C. One at the end of its bar or later stands after the last note."""

    onset: int
    chord: Chord | None


@dataclass(slots=True)
class PartBar:
    """What one part has in one bar."""

    notes: list[WrittenNote] = field(default_factory=list)
    chords: list[WrittenChord] = field(default_factory=list)


@dataclass(slots=True)
class SheetPart:
    """A staff, or the staves of one player; `program` is None where the file does not say."""

    name: str
    bars: list[PartBar]
    program: int | None = None


@dataclass(frozen=True, slots=True)
class SheetBar:
    """What all parts have in common in one bar.

    Attributes:
        number: as printed.
        length: ticks that it lasts, which may be less or more than the meter says.
        tempos: (onset, quarter notes a minute).
        section: the rehearsal mark here, or empty.
    """

    number: str
    length: int
    meter: Meter
    signs: Signs
    tempos: tuple[tuple[int, float], ...] = ()
    section: str = ""


@dataclass(slots=True)
class Sheet:
    """A piece as it is written; every part has as many bars as `bars`.

    Attributes:
        has_mode: whether the key is known to be major or minor; its signature alone is where not.
    """

    title: str
    bars: list[SheetBar]
    parts: list[SheetPart]
    composer: str = ""
    key: Key = Key()
    has_mode: bool = True
    feel: Feel = "straight"
    rhythm_feel: str = ""
    provenance: Provenance = Provenance()
    left_out: list[str] = field(default_factory=list)

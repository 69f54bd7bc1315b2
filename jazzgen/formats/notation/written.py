"""Written music, bar by bar, as all notation formats have it; `played` makes scores of it.

Onsets are in ticks from the start of the bar. Pitches are sounding pitches: transposing parts are already transposed.
"""

from dataclasses import dataclass, field

from jazzgen.formats.reading import Provenance
from jazzgen.harmony.chords import Chord
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import Feel
from jazzgen.music.timing import Meter

MAX_NOTES = 1_000_000  # with repeats unfolded; set by hand


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note head.

    Attributes:
        voice: number within the part; the lowest is the top voice.
        tied: whether the next note of this pitch continues it, if that starts where it ends.
        ends_tie: whether it may continue a tied note of another voice; one of its own voice it always may.
        fifths: its spelling at sounding pitch, as a place on the line of fifths; None if there is none.
    """

    onset: int
    duration: int
    pitch: int
    velocity: int = 80  # set by hand
    voice: int = 0
    tied: bool = False
    ends_tie: bool = True
    fifths: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenChord:
    """A chord symbol; None for N.C. An onset at the end of the bar or later means after the last note."""

    onset: int
    chord: Chord | None


@dataclass(slots=True)
class PartBar:
    """What one part has in one bar."""

    notes: list[WrittenNote] = field(default_factory=list)
    chords: list[WrittenChord] = field(default_factory=list)


@dataclass(slots=True)
class SheetPart:
    """A staff, or the staves of one player; `program` is General MIDI's, or None if the file has none."""

    name: str
    bars: list[PartBar]
    program: int | None = None


@dataclass(frozen=True, slots=True)
class SheetBar:
    """What all parts have in common in one bar.

    Attributes:
        number: as printed.
        length: in ticks; it may differ from the meter's.
        tempos: (onset, quarter notes per minute).
        section: rehearsal mark, or empty.
    """

    number: str
    length: int
    meter: Meter
    signs: Signs
    tempos: tuple[tuple[int, float], ...] = ()
    section: str = ""


@dataclass(slots=True)
class Sheet:
    """A piece as written; every part has as many bars as `bars`.

    Attributes:
        has_mode: whether the key's mode is known; otherwise only its signature counts.
        left_out: what the file holds but the sheet does not, in a few words each.
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

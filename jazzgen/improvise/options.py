"""Options of a solo, whichever model plays it."""

from dataclasses import dataclass

from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.primer import Primer
from jazzgen.music.score import Feel
from jazzgen.music.timing import MAX_BPM

# Limits keep time and memory in bounds; set by hand.
MAX_CHORUSES = 1000
MIN_TEMPO = 20.0
MAX_TAKES = 256
MAX_BEAM = 64
EAR_CANDIDATES = 8  # what they do and cost: docs/soloist.md, docs/results.md
MAX_EAR_CANDIDATES = 32


@dataclass(frozen=True, slots=True)
class Options:
    """How to improvise.

    Attributes:
        choruses: the number of choruses.
        bpm: tempo, quarter notes a minute.
        controls: what the user asks of the notes.
        feel: None takes the tune's, or what the model was trained on.
        join_repeats: whether to join notes of one pitch that follow each other without a gap.
        primer: notes that the solo starts from; None for none.
        primer_before: whether the primer is heard as if played right before the form, and left out of the solo.
        takes: the number of takes, of which the one nearest to human solos is chosen.
        tag: whether to repeat the last four bars of the form.
        beam: width of a beam search for the likeliest solo; None to draw at random.
        ear: the number of continuations that the soloist's ear chooses from; 1 turns it off. A soloist may have no ear.
    """

    choruses: int = 1
    bpm: float = 140.0
    controls: Controls = Controls()
    feel: Feel | None = None
    join_repeats: bool = False
    primer: Primer | None = None
    primer_before: bool = False
    takes: int = 1
    tag: bool = False
    beam: int | None = None
    ear: int = EAR_CANDIDATES

    def __post_init__(self) -> None:
        if not 1 <= self.choruses <= MAX_CHORUSES:
            raise OptionError(f"choruses {self.choruses}: play 1 to {MAX_CHORUSES}")
        if not MIN_TEMPO <= self.bpm <= MAX_BPM:
            raise OptionError(f"tempo {self.bpm:g}: it is {MIN_TEMPO:g} to {MAX_BPM:g} beats a minute")
        check_takes(self.takes)
        if self.beam is not None and not 1 <= self.beam <= MAX_BEAM:
            raise OptionError(f"beam {self.beam}: the width is 1 to {MAX_BEAM}")
        if not 1 <= self.ear <= MAX_EAR_CANDIDATES:
            raise OptionError(f"ear {self.ear}: it chooses from 1 to {MAX_EAR_CANDIDATES} continuations")
        if self.beam is not None and self.takes > 1:
            raise OptionError(f"beam {self.beam} and best of {self.takes}: a beam finds one solo; give one of the two")
        if self.primer_before and self.primer is None:
            raise OptionError("a primer to hear before the form: give the primer too")


def check_takes(takes: int) -> int:
    """Return `takes`; raise OptionError unless so many can be played side by side."""
    if not 1 <= takes <= MAX_TAKES:
        raise OptionError(f"best of {takes}: play 1 to {MAX_TAKES} to choose from")
    return takes

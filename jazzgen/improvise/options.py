"""How to improvise: what a user asks of a solo, whatever model plays it."""

from dataclasses import dataclass

from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.primer import Primer
from jazzgen.music.score import Feel
from jazzgen.music.timing import MAX_BPM

MAX_CHORUSES = 1000
MIN_TEMPO = 20.0
MAX_TAKES = 256
MAX_BEAM = 64
EAR_CANDIDATES, MAX_EAR_CANDIDATES = 8, 32


@dataclass(frozen=True, slots=True)
class Options:
    """How to improvise.

    Attributes:
        choruses: times through the form.
        bpm: tempo, quarter notes a minute.
        controls: what the notes are held to.
        feel: None takes the tune's, or what the model was trained on.
        join_repeats: make one long note of one that is struck again at once.
        primer: what the solo starts from, or None.
        primer_before: whether the primer is heard as if it had been played right before the form, and is left out.
        takes: play so many and choose the one that is nearest to human solos.
        tag: whether the last bars of the form are played once more.
        beam: search for the likeliest solo, this wide, instead of drawing one; None to draw.
        ear: how many ways on the soloist's ear chooses from, every few notes; 1 for none. A soloist may have no ear.
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
            raise OptionError(f"beam {self.beam}: keep 1 to {MAX_BEAM} solos under way")
        if not 1 <= self.ear <= MAX_EAR_CANDIDATES:
            raise OptionError(f"ear {self.ear}: it chooses from 1 to {MAX_EAR_CANDIDATES} ways on")
        if self.beam is not None and self.takes > 1:
            raise OptionError(f"beam {self.beam} and best of {self.takes}: a beam finds one solo; give one of the two")
        if self.primer_before and self.primer is None:
            raise OptionError("a primer to hear before the form: give the primer too")


def check_takes(takes: int) -> int:
    """Returns it, or raises OptionError unless so many can be played side by side."""
    if not 1 <= takes <= MAX_TAKES:
        raise OptionError(f"best of {takes}: play 1 to {MAX_TAKES} to choose from")
    return takes

"""What a bassist hears of the notes before a beat, as rows of one embedding with the columns of `places`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.places import COLUMNS, N_TONES, Places

# The pitches of the Weimar Jazz Database's bass: the strings' lowest, E1, to F3.
LOW, HIGH = 28, 53
N_PITCHES = HIGH - LOW + 1
WIDEST = N_PITCHES - 1  # half steps
_MOST = 4  # beats since the last note, and beats of one pitch; set by hand
_BACK = 4  # notes remembered

# What is heard of the notes before, and the number of values of each column; 0 is "nothing".
OF_NOTES: Mapping[str, int] = {
    "pitch": N_PITCHES + 1,
    "degree": 13,
    "degree_2": 13,
    "degree_3": 13,
    "degree_4": 13,
    "next_degree": 13,
    "step": 2 * WIDEST + 2,
    "step_2": 2 * WIDEST + 2,
    "rest": _MOST + 1,
    "held": _MOST + 1,
}
N_ROWS = sum(COLUMNS.values()) + sum(OF_NOTES.values())
N_HEARD = N_ROWS + N_TONES
_PLACE_OFFSETS = np.cumsum([0, *COLUMNS.values()])[:-1]
_NOTE_OFFSETS = (sum(COLUMNS.values()) + np.cumsum([0, *OF_NOTES.values()])[:-1]).tolist()


@dataclass(frozen=True, slots=True)
class Past:
    """The notes before a beat.

    Attributes:
        pitches: the last ones, the latest last.
        rest: beats since the last note; 1 if it was on the beat before.
        held: beats that had the last pitch in a row.
    """

    pitches: tuple[int, ...] = ()
    rest: int = 0
    held: int = 0

    def then(self, pitch: int | None) -> "Past":
        """Return the past of the next beat; None for a beat without a note.

        Example:
            >>> Past().then(40).then(40).then(None)
            Past(pitches=(40, 40), rest=2, held=2)
        """
        if pitch is None:
            return Past(self.pitches, self.rest + 1 if self.pitches else 0, self.held)
        again = self.pitches[-1:] == (pitch,)
        return Past((*self.pitches[1 - _BACK :], pitch), 1, self.held + 1 if again else 1)


def place_rows(places: Places) -> np.ndarray:
    """Return the embedding's rows (n, columns) of what places say."""
    return places.columns + _PLACE_OFFSETS


def note_rows(past: Past, root: int, next_bass: int) -> list[int]:
    """Return the embedding's rows of what the notes before say.

    Args:
        past: the notes.
        root, next_bass: pitch classes of this chord's root and of the next chord's bass; `NONE` for none.
    """
    return [offset + value for offset, value in zip(_NOTE_OFFSETS, _values(past, root, next_bass), strict=True)]


def _values(past: Past, root: int, next_bass: int) -> Sequence[int]:
    """Return the values of `OF_NOTES`, in its order."""
    back = past.pitches[::-1]
    degrees = [0] * _BACK if root == NONE else [(pitch - root) % 12 + 1 for pitch in back]
    degrees += [0] * (_BACK - len(degrees))
    steps = [a - b + WIDEST + 1 for a, b in pairwise(back)][:2]
    steps += [0] * (2 - len(steps))
    return (
        back[0] - LOW + 1 if back else 0,
        *degrees,
        (back[0] - next_bass) % 12 + 1 if back and next_bass != NONE else 0,
        *steps,
        min(past.rest, _MOST),
        min(past.held, _MOST),
    )

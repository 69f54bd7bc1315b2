"""What the network hears at a moment: a sum of rows of its embedding.

There is one row for each column's value, and one for each pitch class of this chord and of the next: relative to the
last pitch, and for the chord that sounds also relative to its root.
"""

import numpy as np

from jazzgen.codec.context import Context
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.moments import COLUMNS, INDEX
from jazzgen.learning.soloist.profile import PROFILE

HEARD: tuple[str, ...] = (
    *("step1", "step2", "ioi1", "ioi2", "duration1", "pitch", "degree", "rest"),
    *("tatum", "beat", "meter", "form_bar", "tempo"),
    *("quality", "next_quality", "next_root", "until", "performer", "style", "groove"),
    *("centre", "phrase", "next_degree", "instrument", *PROFILE, "idea", "back"),
)
_N_FIRST = HEARD.index("centre")  # soloists of format 1 heard only the columns before it
HEARD_COLUMNS = np.array([INDEX[name] for name in HEARD])
_SIZES = [COLUMNS[name] + 1 for name in HEARD]
OFFSETS = np.cumsum([0, *_SIZES[:-1]])  # first row of each column, which stands for nothing
N_ROWS = sum(_SIZES)
N_FIRST_ROWS = sum(_SIZES[:_N_FIRST])
N_CHORD = 36


def heard_rows(columns: np.ndarray) -> np.ndarray:
    """Return the rows (..., len(HEARD)) that columns (..., columns) select."""
    return columns[..., HEARD_COLUMNS] + OFFSETS


def chord_classes(context: Context) -> np.ndarray:
    """Return the pitch classes from C up of the chord and of the next, (n, 2, 12) booleans."""
    return np.stack([context.chord.pitch_classes, context.next_chord.pitch_classes], axis=-2)


def heard_chords(classes: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the weights (..., 36), 0 or 1, of the rows after `N_ROWS`.

    Args:
        classes: (..., 2, 12), from `chord_classes`.
        columns: (..., columns).
    """
    pitch = columns[..., INDEX["pitch"]] + LOWEST - 1
    root = columns[..., INDEX["root"]] - 1
    chord, coming = classes[..., 0, :], classes[..., 1, :]
    return np.concatenate([_from(chord, pitch), _from(coming, pitch), _from(chord, root)], axis=-1)


def _from(classes: np.ndarray, start: np.ndarray) -> np.ndarray:
    return np.take_along_axis(classes, (start[..., None] + np.arange(12)) % 12, axis=-1)

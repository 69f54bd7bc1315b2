"""What the network hears at a moment: which rows of its embedding add up.

One row for each of the columns heard, one for each pitch class of the chord and of the next: counted from the last
pitch, and for the chord that sounds from its root too.
"""

import numpy as np

from jazzgen.codec.context import Context
from jazzgen.learning.soloist.moments import COLUMNS, INDEX, LOWEST
from jazzgen.learning.soloist.profile import PROFILE

HEARD: tuple[str, ...] = (
    *("step1", "step2", "ioi1", "ioi2", "duration1", "pitch", "degree", "rest"),
    *("tatum", "beat", "meter", "form_bar", "tempo"),
    *("quality", "next_quality", "next_root", "until", "performer", "style", "groove"),
    *("centre", "phrase", "next_degree", "instrument", *PROFILE, "idea", "back"),
)
_N_FIRST = HEARD.index("centre")  # what the first soloists heard
HEARD_COLUMNS = np.array([INDEX[name] for name in HEARD])
_SIZES = [COLUMNS[name] + 1 for name in HEARD]
OFFSETS = np.cumsum([0, *_SIZES[:-1]])  # of the rows of each column; the first stands for nothing to say
N_ROWS, N_FIRST_ROWS = sum(_SIZES), sum(_SIZES[:_N_FIRST])
N_CHORD = 36


def heard_rows(columns: np.ndarray) -> np.ndarray:
    """Rows (..., len(HEARD)) that columns (..., columns) pick."""
    return columns[..., HEARD_COLUMNS] + OFFSETS


def chord_classes(context: Context) -> np.ndarray:
    """Pitch classes from C up, of the chord and of the next, (n, 2, 12) booleans."""
    return np.stack([context.chord.pitch_classes, context.next_chord.pitch_classes], axis=-2)


def heard_chords(classes: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Weights (..., 36) of the rows after `N_ROWS`, 0 or 1.

    Args:
        classes: (..., 2, 12) as `chord_classes` gives them.
        columns: (..., columns).
    """
    pitch, root = columns[..., INDEX["pitch"]] + LOWEST - 1, columns[..., INDEX["root"]] - 1
    chord, coming = classes[..., 0, :], classes[..., 1, :]
    return np.concatenate([_from(chord, pitch), _from(coming, pitch), _from(chord, root)], axis=-1)


def _from(classes: np.ndarray, start: np.ndarray) -> np.ndarray:
    return np.take_along_axis(classes, (start[..., None] + np.arange(12)) % 12, axis=-1)

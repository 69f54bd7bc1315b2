"""How a note's gesture moves its sound: the place in the recording, and the gain, as functions of time alone."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_FOREVER_SECONDS = 24 * 3_600.0  # longer than any note
_FULL_LEVEL = 127


@dataclass(frozen=True, slots=True)
class Moves:
    """What a gesture does to a note. Both pairs are joined by straight lines, and empty if nothing moves.

    Attributes:
        played: seconds from the onset, and seconds of the note as it would sound without bends that have passed then.
        levels: seconds from the onset, and gains.
    """

    played: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    levels: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())

    def bent(self, seconds: np.ndarray) -> np.ndarray:
        """Return how far the unbent note is at some times, both (frames,) in seconds."""
        return np.interp(seconds, *self.played) if self.played[0] else seconds

    def faded(self, gains: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """Return gains, (frames,), as expression leaves them at those times."""
        return gains * np.interp(seconds, *self.levels) if self.levels[0] else gains


STILL = Moves()


def moves_of(bends: Iterable[tuple[float, int]], levels: Iterable[tuple[float, int]]) -> Moves:
    """Return what steps do, each of which holds until the next.

    Args:
        bends: (seconds from the onset, cents).
        levels: (seconds from the onset, expression); its square is the gain, as with a part's volume.
    """
    return Moves(_played([*bends]), _levels([*levels]))


def _played(bends: list[tuple[float, int]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if not bends:
        return (), ()
    seconds, played, speed = [0.0], [0.0], 1.0
    for at, cents in (*bends, (_FOREVER_SECONDS, 0)):
        if at > seconds[-1]:
            played.append(played[-1] + (at - seconds[-1]) * speed)
            seconds.append(at)
        speed = 2 ** (cents / 1_200)
    return tuple(seconds), tuple(played)


def _levels(levels: list[tuple[float, int]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if not levels:
        return (), ()
    full = [(0.0, _FULL_LEVEL)] if levels[0][0] > 0 else []
    seconds, values = zip(*full, *levels, strict=True)
    return seconds, tuple((value / _FULL_LEVEL) ** 2 for value in values)

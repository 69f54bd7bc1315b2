"""A form as the soloist hears it, tatum by tatum: everything known before a note is played."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jazzgen.codec.context import context_at
from jazzgen.codec.events import IOIS
from jazzgen.harmony.changes import Changes
from jazzgen.harmony.scales import chord_scale
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.hearing import N_ROWS, chord_classes, heard_chords
from jazzgen.learning.soloist.moments import COLUMNS, INDEX, PLACE, place_columns
from jazzgen.learning.soloist.profile import ECHO_BARS
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_TATUM, iter_bars


@dataclass(frozen=True, eq=False)
class Stage:
    """The columns of each tatum, and the chords there.

    Attributes:
        end: length of the form in tatums; the arrays go on beyond it, so that a line may look past the end.
        place: (tatums, 10).
        harmony: (tatums,) index into `classes`.
        classes: (harmonies, 2, 12), each a chord and the next.
        roots: (harmonies,) column of the chord's root.
        scales: (harmonies, 12), the chord's scale from C up; empty where no chord sounds.
        bar: (tatums,) index into `bar_starts`.
        bar_starts: (bars,) tatum at which each bar starts, a pickup bar being the first.
        has_pickup: whether there is one.
    """

    end: int
    place: np.ndarray
    harmony: np.ndarray
    classes: np.ndarray
    roots: np.ndarray
    scales: np.ndarray
    bar: np.ndarray
    bar_starts: np.ndarray
    has_pickup: bool

    @classmethod
    def of(cls, score: Score) -> "Stage":
        """Read the changes, meters and tempo of a score, ignoring its notes."""
        bare = score.with_parts()
        end = -(-bare.end // TICKS_PER_TATUM)
        context = context_at(bare, np.arange(end + len(IOIS)))
        place = place_columns(context)
        root = place[:, INDEX["root"] - PLACE.start]
        keys = np.concatenate([root[:, None], chord_classes(context).reshape(len(place), -1)], axis=1)
        distinct, first, harmony = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        bars = iter_bars(bare.meters, bare.pickup, len(place) * TICKS_PER_TATUM)
        starts = np.array([bar.onset // TICKS_PER_TATUM for bar in bars])
        return cls(
            end=end,
            place=place,
            harmony=harmony.ravel(),
            classes=distinct[:, 1:].reshape(-1, 2, 12).astype(bool),
            roots=distinct[:, 0],
            scales=np.stack([_scale(bare.changes, tatum * TICKS_PER_TATUM) for tatum in first.tolist()]),
            bar=np.searchsorted(starts, np.arange(len(place)), side="right") - 1,
            bar_starts=starts,
            has_pickup=bare.pickup > 0,
        )

    @cached_property
    def echoed(self) -> np.ndarray:
        """The tatums (3, tatums) `ECHO_BARS` before each, at the same place in the bar; -1 if there is no such bar."""
        starts = np.append(self.bar_starts, 0)
        place = np.arange(len(self.bar)) - self.bar_starts[self.bar]
        earlier = self.bar - np.array(ECHO_BARS)[:, None]
        there = starts[np.maximum(earlier, -1)] + place
        return np.where((earlier >= 0) & (self.bar[np.minimum(there, len(self.bar) - 1)] == earlier), there, -1)

    def heard(self, embedding: np.ndarray) -> np.ndarray:
        """Tabulate what each harmony adds to the input, by pitch class of the last pitch: (harmonies, 12, n_x)."""
        columns = np.zeros((len(self.roots), 12, len(COLUMNS)), np.int64)
        columns[..., INDEX["root"]] = self.roots[:, None]
        columns[..., INDEX["pitch"]] = (np.arange(12) - LOWEST) % 12 + 1
        weights = heard_chords(np.repeat(self.classes[:, None], 12, axis=1), columns)
        return weights.astype(embedding.dtype) @ embedding[N_ROWS:]


def _scale(changes: Changes, tick: int) -> np.ndarray:
    """Return the pitch classes (12,) of the scale of the chord at a tick."""
    classes = np.zeros(12, bool)
    for chord in (span.chord for span in changes if span.onset <= tick < span.end and span.chord):
        classes[[(chord.root_class + tone) % 12 for tone in chord_scale(chord)]] = True
    return classes

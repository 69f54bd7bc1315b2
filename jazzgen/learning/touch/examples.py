"""Solos as examples: what is known of their notes, how they were played, and windows of them as batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jazzgen.learning.touch.columns import IDEA, INDEX, LENGTHS, STARTS, WHO, Facts
from jazzgen.learning.touch.net import drifts
from jazzgen.learning.touch.scale import MISSING, N_BINS, QUANTITIES, REACH_BEATS, Scale
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT

_SHORTEST, _LONGEST = 0.02, 1.25  # of the time to the next onset; shares beyond are clipped; set by hand
N_BINNED = N_BINS + 1
_BIN_ROWS = np.arange(len(QUANTITIES)) * N_BINNED


@dataclass(frozen=True, eq=False)
class Example:
    """A solo: its facts, its touch (n, 3) with NaN where not measured, the touch's bins and running means."""

    facts: Facts
    touch: np.ndarray
    bins: np.ndarray
    drift: np.ndarray

    def __len__(self) -> int:
        return len(self.touch)


def touch_of(score: Score, facts: Facts) -> np.ndarray:
    """Return how the melody was played (n, 3): loudness, lateness (ms) on the facts' grid, length; NaN if unknown."""
    played = [note.played for note in score.melody.notes]
    columns = [
        (touch.loudness, touch.late_ms, touch.duration_ms, touch.quarter_ms) if touch else (None,) * 4
        for touch in played
    ]
    loudness, late, duration, quarter = np.array(columns, float).reshape(-1, 4).T
    late_even = late - (facts.swung - facts.onset) * facts.tick_ms
    return np.stack([loudness, late_even, lengths(facts.onset, late, duration, quarter)], axis=-1)


def lengths(onset: np.ndarray, late: np.ndarray, duration: np.ndarray, quarter: np.ndarray) -> np.ndarray:
    """Return durations as shares of the time to the next onset as played, at most `REACH_BEATS`; NaN if unknown.

    Args:
        onset: written places in ticks.
        late: lateness on the even grid, in ms.
        duration: in ms.
        quarter: length of a quarter note in ms.
    """
    beats = onset / TICKS_PER_BEAT + late / quarter
    reach = np.append(np.diff(beats), REACH_BEATS)[: len(onset)]
    reach = np.where(reach > 0, np.minimum(reach, REACH_BEATS), np.nan)
    return np.clip(duration / quarter / reach, _SHORTEST, _LONGEST)


def example_of(facts: Facts, touch: np.ndarray, scale: Scale) -> Example:
    return Example(facts, touch, scale.bins(touch), drifts(scale.scores(touch)))


class Batch(NamedTuple):
    """Windows of Tx notes, zero-padded where a solo is shorter.

    Attributes:
        heard: (m, Tx, len(COLUMNS)) rows of the embedding.
        numbers: (m, Tx, len(NUMBERS)).
        last: (m, Tx, 3), rows of the bins of the note before.
        drift: (m, Tx, N_DRIFT).
        own: (m, Tx, 3), the note's own bins.
        bins: (m, Tx, 3) to foretell; 0 where there is nothing to foretell.
        values: (m, Tx, 3), the same as standardised values.
        weights: (m, Tx, 3), 1 where there is something to foretell.
    """

    heard: np.ndarray
    numbers: np.ndarray
    last: np.ndarray
    drift: np.ndarray
    own: np.ndarray
    bins: np.ndarray
    values: np.ndarray
    weights: np.ndarray


def windows(examples: Sequence[Example], tx: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Cut windows (m, 2): the number of the solo and the first note; with `rng`, cut anywhere and shuffled.

    A solo's first and last window overlap others, so that they are whole.
    """
    cuts = []
    for number, example in enumerate(examples):
        first = -int(rng.integers(tx)) if rng else 0
        latest = max(len(example) - tx, 0)
        cuts += [
            (number, start) for start in dict.fromkeys(min(max(s, 0), latest) for s in range(first, len(example), tx))
        ]
    table = np.array(cuts, np.int64).reshape(-1, 2)
    return table[rng.permutation(len(table))] if rng else table


def make_batch(
    examples: Sequence[Example],
    chosen: np.ndarray,
    tx: int,
    scale: Scale,
    *,
    nameless: float = 0.0,
    wordless: float = 0.5,
    rng: np.random.Generator | None = None,
) -> Batch:
    """Put windows side by side.

    Args:
        examples: the solos.
        chosen: rows of `windows`.
        tx: notes of a window.
        scale: of the quantities.
        nameless: share of windows that hide the performer; likewise style, groove, instrument and ideas.
        wordless: share of windows that hide written lengths; without `rng`, those at odd starts do.
        rng: hides; None hides names in none.
    """
    m = len(chosen)
    batch = Batch(
        np.zeros((m, tx, len(STARTS)), np.int32),
        np.zeros((m, tx, examples[0].facts.numbers.shape[1]), np.float32),
        np.zeros((m, tx, len(QUANTITIES)), np.int32),
        np.zeros((m, tx, examples[0].drift.shape[1]), np.float32),
        *(np.zeros((m, tx, len(QUANTITIES)), np.int32) for _ in range(2)),
        *(np.zeros((m, tx, len(QUANTITIES)), np.float32) for _ in range(2)),
    )
    for row, (number, start) in enumerate(chosen):
        example = examples[number]
        part = slice(start, min(start + tx, len(example)))
        count = part.stop - part.start
        columns = example.facts.columns[part].copy()
        columns[:, _hidden(start, nameless, wordless, rng)] = 0
        batch.heard[row, :count] = columns + STARTS
        batch.numbers[row, :count] = example.facts.numbers[part]
        before = example.bins[start - 1 : part.stop - 1] if start else np.roll(example.bins[part], 1, axis=0)
        before = before.copy()
        if not start:
            before[0] = MISSING
        batch.last[row, :count] = before + _BIN_ROWS
        batch.drift[row, :count] = example.drift[part]
        batch.own[row, :count] = example.bins[part]
        known = example.bins[part] != MISSING
        batch.bins[row, :count] = np.where(known, example.bins[part], 0)
        batch.values[row, :count] = scale.standardised(example.touch[part])
        batch.weights[row, :count] = known
    return batch


def _hidden(start: int, nameless: float, wordless: float, rng: np.random.Generator | None) -> list[int]:
    """Draw the columns that a window hides."""
    if rng is None:
        return LENGTHS if start // 2 % 2 else []
    hidden = [INDEX[name] for name in WHO if rng.random() < nameless]
    hidden += IDEA if rng.random() < nameless else []
    return hidden + (LENGTHS if rng.random() < wordless else [])
